"""The parts of a model: who designed what their configuration names, whose weights they say they
hold, how those began.

Three questions that never answer each other. A `model_type` names a design; `mm_vision_tower:
owner/name` names weights; a configuration without tensors names neither, and the answer is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from aisbom.identify import hub_table, model_names
from aisbom.identify.cite import (
    SeenFact,
    cap_confidence,
    cite,
    describe_organisation,
    facts,
    unknown,
)
from aisbom.identify.model_origin import header_designs
from aisbom.knowledge import Knowledge
from aisbom.lazy_module import Function
from aisbom.model import Claim, Component, Confidence, Observation
from aisbom.model.vocabulary import BY_PUBLISHED

_find_stated_bases = Function("aisbom.identify.stated_bases", "find_stated_bases")
_is_plain = Function("aisbom.identify.republished", "is_plain")
_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_STATED = "weights/stated"


def is_part(component: Component) -> bool:
    """Whether this is a part inside the files of a model, or one that its configuration
    describes.
    """
    return "submodel" in component.kinds and component.kind == "machine-learning-model"


def ancestry(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`architecture-from`: the public architecture that a known `model_type` names. It says nothing
    of the weights.
    """
    if component.kind != "machine-learning-model":
        return
    for seen in (*facts(component, "model-type"), *header_designs(component)):
        family = knowledge.families.get(seen.words.strip())
        if family:
            rows = [row for one in family.organisations if (row := knowledge.organisation(one))]
            sure: Confidence = cap_confidence(
                "medium" if family.basis == "curated" else "low", *rows
            )
            words = "architecture of " + (
                ", ".join(f"{row.name} [{row.id}, {row.as_of}]" for row in rows)
                or "designers not known"
            )
            yield Claim(
                component.ref,
                "architecture-from",
                seen.words.strip(),
                (cite("architecture/model-type", sure, seen, words, *rows),),
            )


def weights_from(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`weights-from` where a file states it: a part loaded from an id, or a card's base model.

    `_name_or_path` is a hint only: a configuration keeps it too when nothing but the configuration
    was loaded. So is a model that the prose of a card names.
    """
    if component.kind != "machine-learning-model":
        return
    own = {words.casefold() for words, _ in component.facts("model-id")}
    for seen in facts(component, "source"):
        yield _claim(component, seen, "medium", "the configuration loads this part from there")
    for base in _find_stated_bases(component) if component.facts("base-model") else ():
        yield _claim(component, base.seen, "medium", base.why)
    for seen in hub_table.bases(component, knowledge):
        why = "trained on from it, as its card says elsewhere"
        yield _claim(component, seen, "medium", why, BY_PUBLISHED)
    for key, why in (
        ("name-or-path", "once loaded from there, or only its configuration"),
        ("names-model", "a sentence of the card names it"),
        ("header-base", "the header of the file names it"),
    ):
        for seen in facts(component, key):
            named = (
                _ID.fullmatch(seen.words)
                or key == "header-base"
                or (key == "name-or-path" and _is_release(seen.words, knowledge))
            )
            if named and seen.words.casefold() not in own and not _adapter(seen):
                yield _claim(component, seen, "low", why)
    yield from _of_folder(component, knowledge)
    if is_part(component) and not any(
        o.fact("basis") == "tensors" or o.kind == "weights" for o in component.observations
    ):
        first = _first(component)
        words = SeenFact("part", component.fact("part"), first.evidence)
        yield unknown(
            component,
            "weights-from",
            "weights/examined",
            words,
            "described only: no tensors of it are here, whose they are is unknown",
        )


def _is_release(name: str, knowledge: Knowledge) -> bool:
    """Whether a name without owner is that of a published model in a size: `Norae2-7B`."""
    if not re.search(r"\d[bB]\b", name):
        return False
    row = model_names.find_named_maker(name, knowledge)
    return row is not None and _is_plain(name, row, knowledge)


def _of_folder(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """A hint where a folder says in its name from what its contents come; the name is all there
    is.
    """
    for o in component.observations:
        if o.kind not in ("model", "submodel", "weights"):
            continue
        for folder in o.evidence.at.folder.split("/"):
            found = model_names.source_of(folder, knowledge)
            if found:
                words, model = found
                seen = SeenFact("folder", folder, replace(o.evidence, excerpt=folder))
                why = (
                    f"a folder's name says so; {model.word} is a model of {model.organisation.name}"
                )
                row = model.organisation
                yield Claim(
                    component.ref,
                    "weights-from",
                    words,
                    (cite("weights/folder-name", "low", seen, why, row),),
                )
                return


def _first(component: Component) -> Observation:
    """The sighting that speaks for a part: what describes it before what lies beside it."""
    return min(
        component.observations,
        key=lambda o: (o.kind in ("notice", "format"), o.fact("basis") == "surroundings", o),
    )


def _adapter(seen: SeenFact) -> bool:
    """An adapter's base is loaded beside it, not into it."""
    return seen.evidence.at.path.endswith("adapter_config.json")


def _claim(
    component: Component, seen: SeenFact, sure: Confidence, why: str, rule: str = _STATED
) -> Claim:
    return Claim(component.ref, "weights-from", seen.words.strip(), (cite(rule, sure, seen, why),))


def claim_part_initialisation(component: Component, _: Knowledge) -> Iterator[Claim]:
    """`initialisation` of a part: frozen or pretrained where its configuration says from where it
    is loaded, else unknown.

    The settings of a training answer it too, where it starts from somebody's published model and no
    other training of the part is here.
    """
    if not is_part(component):
        return
    yield from _claim_frozen(component)
    sources = list(facts(component, "source"))
    frozen = list(facts(component, "frozen"))
    first = _first(component)
    if sources and frozen:
        evidence = tuple(
            sorted(
                cite(
                    "initialisation/config",
                    "medium",
                    seen,
                    f"{sources[0].words}, kept as it is -> frozen",
                )
                for seen in frozen
            )
        )
        yield Claim(component.ref, "initialisation", "frozen", evidence)
    elif sources:
        evidence = tuple(
            sorted(
                cite("initialisation/config", "medium", seen, "loaded from there -> pretrained")
                for seen in sources
            )
        )
        yield Claim(component.ref, "initialisation", "pretrained", evidence)
    elif not component.kinds & {"model", "weights"}:
        words = SeenFact("part", component.fact("part") or component.name, first.evidence)
        why = "no file says how its weights began; it can be attested"
        yield unknown(component, "initialisation", "initialisation/examined", words, why)


def _claim_frozen(component: Component) -> Iterator[Claim]:
    runs = [o for o in component.observations if o.kind == "training"]
    if any(o.fact("trainer") == "trained" for o in runs):
        return
    for o in runs:
        # A run that starts from a folder may have trained the part in an earlier one.
        base = o.fact("trainer-base")
        sure: Confidence = (
            "medium" if o.fact("of-model") == "path" and o.fact("trainer-base-id") else "low"
        )
        seen = SeenFact("training", o.evidence.excerpt, o.evidence)
        words = f"the training that starts from {base[:80]} keeps this part as it is -> frozen"
        yield Claim(
            component.ref,
            "initialisation",
            "frozen",
            (cite("initialisation/trainer", sure, seen, words),),
        )


def claim_part_trainer(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.trained` of a part that is loaded from an id: its owner's. Of any other part:
    unknown.
    """
    if not is_part(component):
        return
    for seen in facts(component, "source"):
        owner, _, name = seen.words.partition("/")
        row = None if knowledge.not_origin(owner, name) else knowledge.by_owner("hub", owner)
        if row:
            evidence = (
                cite(
                    "origin/stated-source",
                    cap_confidence("medium", row),
                    seen,
                    describe_organisation(row),
                    row,
                ),
            )
            yield Claim(component.ref, "origin.trained", row.origin, evidence)
            yield Claim(component.ref, "origin.trained.organisation", row.name, evidence)
            return
    if "model" in component.kinds:
        return
    words = SeenFact("part", component.fact("part") or component.name, _first(component).evidence)
    yield unknown(
        component, "origin.trained", "origin/examined", words, "no file says who trained this part"
    )
