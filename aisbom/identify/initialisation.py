"""How a model's weights began: at random, from another model's weights, or taken over as they are.

Files do not show it. What they do show is a card that names the model these weights were trained on
from, and values that are all those of a known model (`weights_from`); everything else is `unknown`,
and stays so until somebody attests it (docs/declaring.md).
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.identify.cite import SeenFact, cite, facts, unknown
from aisbom.knowledge import Knowledge
from aisbom.lazy_module import Function
from aisbom.model import Claim, Component

ATTRIBUTE = "initialisation"
_find_stated_bases = Function("aisbom.identify.stated_bases", "find_stated_bases")


def claim_initialisation(component: Component, _: Knowledge) -> Iterator[Claim]:
    """`initialisation` of a model: `pretrained` where its card states a base model and that it was
    made from it, else `unknown`.
    """
    if not component.kinds & {"model", "weights"} or component.kind == "file":
        return
    own = {
        seen.words.partition("/")[0].casefold()
        for seen in facts(component, "model-id")
        if "/" in seen.words
    }
    # Who trains on from weights of his own has begun at random before that: such a base decides
    # nothing here.
    stated = _find_stated_bases(component) if component.facts("base-model") else []
    bases = [base for base in stated if base.seen.words.partition("/")[0].casefold() not in own]
    if bases:
        evidence = tuple(
            cite("initialisation/model-card", "medium", seen, f"{seen.words}: {why} -> pretrained")
            for seen, why in bases
        )
        yield Claim(component.ref, ATTRIBUTE, "pretrained", tuple(sorted(evidence)))
        return
    first = component.observations[0]
    seen = SeenFact("weights", component.name, first.evidence)
    yield unknown(
        component,
        ATTRIBUTE,
        "initialisation/examined",
        seen,
        "files do not show whether weights began at random; it can be attested",
    )
