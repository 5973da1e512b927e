"""Who trained a model, from the owner of its id; and who designed its architecture, from its
configuration.

The two are separate questions. What a configuration or a source header says of the architecture
never answers whose weights they are, and a namespace that converts, mirrors or quantises other
labs' weights is nobody's origin: the weights are those of the model that the copy is named after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packageurl import PackageURL

from aisbom.identify import hub_table
from aisbom.identify.cite import (
    COMMUNITY,
    UNDISCLOSED,
    UNKNOWN,
    Rule,
    SeenFact,
    cap_confidence,
    cite,
    describe_organisation,
    facts,
    of_organisation,
    status,
    together,
    unknown,
)
from aisbom.knowledge import Knowledge, Organisation
from aisbom.knowledge.rows import NotOrigin
from aisbom.lazy_module import Function
from aisbom.model import Claim, Component, Confidence, Evidence
from aisbom.model.facts import TableRow
from aisbom.model.path_roles import path_role

_find_original = Function("aisbom.identify.republished", "find_original")
_find_cast_original = Function("aisbom.identify.republished", "find_cast_original")
_ID = re.compile(r"(?P<owner>[A-Za-z0-9][\w.-]*)/(?P<name>[A-Za-z0-9][\w.-]*)")
_RULE = "origin/hub-owner"
_FAMILY = "origin/model-family"
_SURE: tuple[Confidence, ...] = ("high", "medium", "low")
_REPUBLISHED = frozenset({"quantized"})


def claim_trainer(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.trained` and `origin.trained.organisation` of a model. A declared base model's maker
    trained it too: both count.
    """
    if not _is_model(component):
        return
    bases = [
        (seen, base)
        for seen in (*facts(component, "base-model"), *hub_table.bases(component, knowledge))
        if (base := _ID.fullmatch(seen.words.strip()))
    ]
    relations = {words.casefold() for words, _ in component.facts("base-model-relation")}
    answered = False
    seen_ids = list(_ids(component))
    for seen in seen_ids:
        found = _ID.fullmatch(seen.words)
        if not found:
            continue
        owner, name = found["owner"], found["name"]
        row = knowledge.not_origin(owner, name)
        maker = knowledge.by_owner("hub", owner)
        if original := _find_copied(name, row, maker, knowledge):
            yield from _claim_copy(component, seen, *original)
            answered = True
            continue
        if row or relations & _REPUBLISHED:
            why = (
                f"{row.why} [{row.namespace}, {row.as_of}]"
                if row
                else "a quantised copy: its owner did not train it"
            )
            yield unknown(component, "origin.trained", _RULE, seen, f"{why} -> {UNKNOWN}")
            answered = True
            continue
        if maker is None:
            if claim := claim_undisclosed(component, knowledge, owner, seen, "origin.trained"):
                answered = True
                yield claim
            continue
        answered = True
        if bases:
            yield from _claim_continued_training(component, knowledge, seen, maker, bases)
        else:
            rule = Rule(_RULE, "low") if _is_hinted(component) else Rule(_RULE)
            yield from (
                claim
                for claim in of_organisation(component, "trained", rule, maker, [seen])
                if claim.attribute != "control"
            )
    if seen_ids and not answered:
        yield unknown(
            component,
            "origin.trained",
            "origin/examined",
            seen_ids[0],
            "no organisation is known to own this name",
        )
    elif not seen_ids and "model" in component.kinds:
        sighting = next(o for o in component.observations if o.kind == "model")
        seen = SeenFact("model", component.name or sighting.name, sighting.evidence)
        yield unknown(
            component, "origin.trained", "origin/examined", seen, "no id that names an owner"
        )


def _find_copied(
    name: str, row: NotOrigin | None, maker: Organisation | None, knowledge: Knowledge
) -> tuple[str, Organisation] | None:
    """The original of a copy, in a namespace that only republishes (`row`) or in a maker's own."""
    if row is None:
        return _find_cast_original(name, maker, knowledge) if maker else None
    return _find_original(name, knowledge) if row.kind != "test" else None


def _is_hinted(component: Component) -> bool:
    """Whether nothing but the names of folders says which model is meant, and none is that of the
    release, letter for letter.
    """
    name = component.name.rpartition("/")[2].lower()
    return all(
        o.fact("named-by") == "folder" and o.fact("alias").lower() != name
        for o in component.observations
    )


def _claim_copy(
    component: Component, seen: SeenFact, original: str, maker: Organisation
) -> Iterator[Claim]:
    copied = seen._replace(words=f"{seen.words}, a copy of {original}")
    for claim in of_organisation(component, "trained", Rule("origin/republished"), maker, [copied]):
        if claim.attribute != "control":
            yield claim


def claim_undisclosed(
    component: Component, knowledge: Knowledge, owner: str, seen: SeenFact, attribute: str
) -> Claim | None:
    """What is said where an account of the hub is one person's, or a community's without a seat."""
    row = knowledge.account("hub", owner)
    if row is None:
        return None
    value = UNDISCLOSED if row.kind == "person" else COMMUNITY
    words = f"{row.kind}'s account [{row.account}, {row.as_of}] -> {value}"
    cited = TableRow("accounts.csv", f"{row.host}/{row.account}")
    return Claim(component.ref, attribute, value, (cite(_RULE, "medium", seen, words, cited),))


def _claim_continued_training(
    component: Component,
    knowledge: Knowledge,
    seen: SeenFact,
    maker: Organisation,
    bases: list[tuple[SeenFact, re.Match[str]]],
) -> Iterator[Claim]:
    """A model trained on from another: the value holds both makers' countries. An unplaced base
    leaves a hint only.
    """
    rows = [maker]
    evidence = []
    confidence: Confidence = "medium"
    for base_seen, base in bases:
        row = (
            None
            if knowledge.not_origin(base["owner"], base["name"])
            else knowledge.by_owner("hub", base["owner"])
        )
        if row is None or row.origin == UNKNOWN:
            confidence = "low"
        else:
            rows.append(row)
            evidence.append((base_seen, row))
    confidence = cap_confidence(confidence, *rows)
    cited = tuple(
        cite(_RULE, confidence, sighting, describe_organisation(row), row)
        for sighting, row in [(seen, maker), *sorted(evidence)]
    )
    yield Claim(component.ref, "origin.trained", together(rows), cited, status(*rows))
    yield Claim(component.ref, "origin.trained.organisation", maker.name, cited[:1], status(maker))


def header_designs(component: Component) -> list[SeenFact]:
    """The architectures that headers of weight files name. `clip` is the name of a container there,
    whatever encoder is in it.
    """
    return [seen for seen in facts(component, "header-architecture") if seen.words != "clip"]


def architecture(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.architecture` and `origin.architecture.organisation`: the designer of the family that
    `model_type` names.
    """
    if not _is_model(component) and not header_designs(component):
        return
    for seen in (*facts(component, "model-type"), *header_designs(component)):
        family = knowledge.families.get(seen.words.strip())
        if family is None and seen.key == "header-architecture":
            continue  # the names of another program
        if family is None:
            yield unknown(
                component,
                "origin.architecture",
                _FAMILY,
                seen,
                "no designer is known for this model_type",
            )
            continue
        rows = [row for one in family.organisations if (row := knowledge.organisation(one))]
        sure: Confidence = cap_confidence("medium" if family.basis == "curated" else "low", *rows)
        if not rows:
            (word,) = family.organisations
            cited = (
                cite(
                    _FAMILY,
                    sure,
                    seen,
                    f"{family.note or 'no organisation designed it'} [{family.as_of}] -> {word}",
                    TableRow("model_families.csv", family.model_type),
                ),
            )
            yield Claim(component.ref, "origin.architecture", word, cited)
            continue
        stated = TableRow("model_families.csv", family.model_type)
        evidence = tuple(
            sorted(
                cite(_FAMILY, sure, seen, describe_organisation(row), row, stated) for row in rows
            )
        )
        yield Claim(component.ref, "origin.architecture", together(rows), evidence)
        yield Claim(
            component.ref,
            "origin.architecture.organisation",
            "; ".join(row.name for row in rows),
            evidence,
        )


def _is_model(component: Component) -> bool:
    hub = component.purl.startswith("pkg:huggingface/") and not component.purl.startswith(
        "pkg:huggingface/datasets/"
    )
    return bool(component.kinds & {"model", "submodel"}) or hub


def _says_most(seen: SeenFact) -> tuple[int, bool, Evidence]:
    at = seen.evidence.at
    return _SURE.index(seen.evidence.confidence), path_role(at.path) != "product", seen.evidence


def _ids(component: Component) -> Iterator[SeenFact]:
    """The ids under which a model is known on the hub, `owner/name`, each once and at the place
    that says most: where the product loads it, before a test or a text that names it.
    """
    places: dict[str, list[SeenFact]] = {}
    for seen in facts(component, "model-id"):
        words = seen.words.strip().removeprefix("https://huggingface.co/").strip("/")
        if _ID.fullmatch(words):
            places.setdefault(words.casefold(), []).append(seen._replace(words=words))
    for found in places.values():
        yield min(found, key=_says_most)
    if component.purl.startswith("pkg:huggingface/") and component.observations:
        try:
            purl = PackageURL.from_string(component.purl)
        except ValueError:
            return
        words = f"{purl.namespace}/{purl.name}"
        if purl.namespace and words.casefold() not in places:
            yield SeenFact("purl", words, component.observations[0].evidence)
