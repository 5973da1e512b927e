"""What the claims about one component come to, as the facts of its part."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aisbom.bom import Acknowledgement, Licence, Maker
from aisbom.model import Claim
from aisbom.model.ledger import Answer
from aisbom.model.sentences import say
from aisbom.model.vocabulary import STAGES

Answers = Mapping[str, Answer]

_COUNTRY = re.compile("[A-Z]{2}")


def declared_claims(answers: Answers) -> list[Claim]:
    """What somebody declares of this component."""
    rows = {
        c
        for answer in answers.values()
        for c in (*answer.carried, *answer.against, *answer.withdrawn)
        if c.status == "declared"
    }
    return sorted(rows)


def judgement(answers: Answers, attribute: str) -> str:
    """The agreed class, role or path role, `""` where there is none. These are judgements of the
    program, of which a weak one counts too.
    """
    answer = answers.get(attribute)
    if answer is None:
        return ""
    if answer.state == "unknown" and answer.against:
        return answer.against[0].value
    return answer.value if answer.state == "agreed" else ""


def judgements(answers: Answers) -> Iterator[tuple[str, str]]:
    """Role, class and path role, and the rule that gave the role."""
    for key in ("role", "class", "path-role"):
        value = judgement(answers, key)
        if value:
            yield f"component.{key.replace('-', '_')}", value
    role = answers.get("role")
    if role is not None:
        rule = next((e.by for c in (*role.carried, *role.against) for e in c.evidence), "")
        yield "component.role_rule", rule


def origins(answers: Answers) -> Iterator[tuple[str, str]]:
    """Where each stage of its making happened; an answer that was not looked for has no fact."""
    for stage in STAGES:
        answer = answers.get(f"origin.{stage}")
        if answer is not None:
            organisation = answers.get(f"origin.{stage}.organisation")
            yield from _origin(stage, answer, organisation)
            seat = answers.get(f"origin.{stage}.seat")
            for code in seat.values if seat else ():
                yield f"origin.{stage}.seat", code


def _origin(stage: str, answer: Answer, organisation: Answer | None) -> Iterator[tuple[str, str]]:
    prefix = f"origin.{stage}"
    if answer.state == "unknown":
        yield f"{prefix}.country", "ZZ"
        return
    for code in ["contested"] if answer.state == "contested" else answer.value.split(","):
        yield f"{prefix}.country", code
    for name in sorted(set(organisation.values)) if organisation else ():
        yield f"{prefix}.organisation", name
    yield f"{prefix}.confidence", answer.confidence
    for claim in answer.carried:
        yield f"{prefix}.claim", claim.ref
    if stage != "architecture" and answer.state == "agreed" and len(answer.value) == 2:
        # As CycloneDX 2.0 drafts `origins`.
        row = {
            "basis": ", ".join(sorted({e.by for c in answer.carried for e in c.evidence})),
            "distribution": [{"isoCode": answer.value, "percentage": 100}],
            "stage": stage,
        }
        yield "origin.cdx2_origins", json.dumps([row], sort_keys=True, separators=(",", ":"))


def control(answers: Answers) -> Iterator[tuple[str, str]]:
    """The country that its maker's parent answers to, where that is agreed."""
    answer = answers.get("control")
    if answer is not None and answer.state == "agreed":
        yield "control.country", answer.value


_SOURCES = {
    "code-from": "code-from",
    "weights-from": "weights-from",
    "architecture-from": "architecture-from",
    "fork-of": "fork.of",
    "fork-by": "fork.by",
    "copyright-organisation": "copyright.organisation",
    "code-from.basis": "code-from.basis",
    "code-from.holder": "code-from.holder",
    "code-from.country": "code-from.country",
    "code-from.member": "code-from.member",
    "code-from.own": "code-from.own",
}
"""Attributes of which each value is a fact, and its name, in their order."""


def sources(answers: Answers) -> Iterator[tuple[str, str]]:
    """What its code, weights and architecture are from, and whose copyright it bears."""
    for attribute, name in _SOURCES.items():
        yield from _side_by_side(answers, attribute, name)


def _side_by_side(answers: Answers, attribute: str, name: str) -> Iterator[tuple[str, str]]:
    """A fact for each value that stands."""
    answer = answers.get(attribute)
    for value in answer.values if answer else ():
        yield name, value


def findings(answers: Answers) -> Iterator[tuple[str, str]]:
    """Beginning of the weights, attribution, what is declared and what contradicts it."""
    for attribute in ("initialisation", "attribution"):
        answer = answers.get(attribute)
        if answer is not None:
            yield attribute, answer.value if answer.state == "agreed" else "unknown"
    yield from _list_declared(answers)
    yield from _contradictions(answers)


def conflicts(answers: Answers) -> Iterator[tuple[str, str]]:
    """Conflicts of licences, and what contradicts itself in the files."""
    steward = answers.get("licence.steward")
    for claim in steward.against if steward else ():
        yield "licence.steward", claim.value
    observed = answers.get("licence.observed")
    for claim in observed.against if observed else ():
        # A text of somebody's own further down is told with its place, as known ones are.
        if claim.value.startswith("LicenseRef-"):
            for e in claim.evidence:
                yield "licence.scope", f"{claim.value} {e.at.path}"
    yield from _side_by_side(answers, "licence.restriction", "licence.restriction")
    clash = answers.get("licence.conflict")
    yield from _side_by_side(answers, "licence.conflict", "licence.conflict")
    for claim in clash.against if clash else ():
        yield "licence.note", claim.value
    yield from _side_by_side(answers, "contradiction", "contradiction")


def code_that_runs(answers: Answers) -> Iterator[tuple[str, str]]:
    """What loading it would run, hints included."""
    for attribute in ("runs-code", "runs-code.remote", "runs-code.loader"):
        answer = answers.get(attribute)
        for claim in (*answer.carried, *answer.against) if answer else ():
            yield "runs-code", claim.value


def _list_declared(answers: Answers) -> Iterator[tuple[str, str]]:
    """`attribute=value [claim]` for what somebody declares of this component: his word, not what
    the files show.
    """
    for attribute, answer in sorted(answers.items()):
        for c in (*answer.carried, *answer.against, *answer.withdrawn):
            if c.status == "declared" and not attribute.endswith(".organisation"):
                yield "declared", f"{attribute}={c.value} [{c.ref}]"


def _contradictions(answers: Answers) -> Iterator[tuple[str, str]]:
    """One sentence, with both places, for each question on which a declaration and the files
    disagree.
    """
    for attribute, answer in sorted(answers.items()):
        said = [c for c in answer.carried if c.status == "declared"]
        found = [c for c in answer.carried if c.status == "derived"]
        if answer.state == "contested" and said and found:
            first, other = said[0].evidence[0], found[0].evidence[0]
            values = (said[0].value, first.at, other.by, found[0].value, other.at)
            yield "contradiction", say("declared", attribute, *values)[0]


def maker(answers: Answers) -> Maker | None:
    """Maker and seat, where both are agreed: who made it, never the host it came from. Of a data
    set, who collected it.
    """
    for stage in ("trained", "developed", "collected"):
        found = organisation(answers, stage)
        if found is not None:
            return found
    return None


def organisation(answers: Answers, stage: str) -> Maker | None:
    """The agreed organisation of a stage, with its seat where that is agreed too."""
    names = answers.get(f"origin.{stage}.organisation")
    if names is None or names.state != "agreed":
        return None
    for attribute in (f"origin.{stage}", f"origin.{stage}.seat"):
        seat = answers.get(attribute)
        if seat is not None and seat.state == "agreed" and _COUNTRY.fullmatch(seat.value):
            return Maker(names.value, seat.value)
    return Maker(names.value, "")


def licences(answers: Answers, texts: Sequence[str]) -> tuple[Licence, ...]:
    """What is concluded and what is declared, once where they are one; a custom licence stays a
    `LicenseRef-`, never an OSI id, and bears its text where the component holds the one.

    An expression stands alone (CycloneDX admits one): the concluded one, or else the declared one.
    """
    words: tuple[Acknowledgement, ...] = ("concluded", "declared")
    found = [
        Licence(answer.value, word)
        for word in words
        if (answer := answers.get(f"licence.{word}")) is not None and answer.state == "agreed"
    ]
    declared = answers.get("licence.declared")
    if not found and declared is not None:
        # Words of a licence field that are no identifier: kept, and no answer.
        own = {c.value for c in declared.against if c.value.startswith("LicenseRef-")}
        found = [Licence(value, "declared") for value in own if len(own) == 1]
    if len({row.value for row in found}) == 1:
        found = found[:1]
    if found and found[0].is_expression:
        return (found[0],)
    if found and found[0].value.startswith("LicenseRef-") and len(texts) == 1:
        found[0] = replace(found[0], text=texts[0])
    return tuple(row for row in found if not row.is_expression)
