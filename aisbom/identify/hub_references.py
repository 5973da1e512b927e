"""Who operates a hosted service, who collected a data set, and who made a tokenizer."""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.identify.cite import Rule, SeenFact, facts, of_organisation, unknown, without_owner
from aisbom.identify.model_origin import claim_undisclosed
from aisbom.knowledge import Knowledge
from aisbom.knowledge.references import ENDPOINT, SELF_HOSTED
from aisbom.model import Claim, Component


def claim_operator(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.operated`, its organisation and `control` of a service: from the row of the service,
    by what its client was known.
    """
    if "service" not in component.kinds:
        return
    by_id = {row.id: row for row in knowledge.services}
    seen: dict[str, list[SeenFact]] = {}
    for words, evidence in component.facts("service"):
        seen.setdefault(words, []).append(
            SeenFact("service", f"{component.name}, known by {evidence.excerpt}", evidence)
        )
    for words, told in sorted(seen.items()):
        if words == SELF_HOSTED:
            continue  # whoever runs the project operates it
        row = by_id.get(words)
        operator = knowledge.organisation(row.organisation) if row and row.organisation else None
        if words.startswith(ENDPOINT):
            operator = knowledge.by_domain(words.removeprefix(ENDPOINT))
        if operator is None:
            yield unknown(
                component,
                "origin.operated",
                "origin/service",
                told[0],
                "no operator with a known seat",
            )
        else:
            yield from of_organisation(
                component, "operated", Rule("origin/service"), operator, told
            )


def tokenizer(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.developed` of a tokenizer that is taken from a model's repository: by the owner of
    that model's id.
    """
    if component.kind != "file" or "reference" not in component.kinds:
        return
    for seen in facts(component, "model-id"):
        owner, _, name = seen.words.partition("/")
        row = None if knowledge.not_origin(owner, name) else knowledge.by_owner("hub", owner)
        if row:
            yield from of_organisation(
                component, "developed", Rule("origin/hub-owner"), row, [seen]
            )
            return


def claim_dataset_collector(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.collected` of a data set: the owner of its id. A namespace that only mirrors is
    nobody's origin.
    """
    if "dataset" not in component.kinds:
        return
    ids = list(facts(component, "dataset-id"))
    answered = False
    for seen in ids:
        owner = seen.words.partition("/")[0]
        row = None if knowledge.not_origin(owner) else knowledge.by_owner("hub", owner)
        claim = claim_undisclosed(component, knowledge, owner, seen, "origin.collected")
        if claim and not row:
            answered = True
            yield claim
        if row:
            answered = True
            yield from (
                c
                for c in of_organisation(
                    component, "collected", Rule("origin/hub-owner"), row, [seen]
                )
                if c.attribute != "control"
            )
    if ids and not answered:
        yield unknown(
            component,
            "origin.collected",
            "origin/examined",
            ids[0],
            "no organisation is known to own this name",
        )
    elif not ids:
        yield without_owner(component, "origin.collected", "dataset")
