"""From something seen to claims: the fact, the organisation behind it, and that organisation's
seat, each hop cited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from aisbom.knowledge import Organisation
from aisbom.model import Claim, Component, Confidence, Evidence, Facts, Status
from aisbom.model.facts import CITES, CITES_ROW, Citation, TableRow

UNKNOWN = "unknown"
INTERNATIONAL = "international"
COMMUNITY = "community"
UNDISCLOSED = "person-undisclosed"

_MANY = 5


class SeenFact(NamedTuple):
    """A fact as it was read: its key, its words, and the sighting that holds it."""

    key: str
    words: str
    evidence: Evidence


def facts(component: Component, *keys: str) -> Iterator[SeenFact]:
    """Every fact under these keys, key by key, each in a fixed order."""
    for key in keys:
        for words, evidence in component.facts(key):
            yield SeenFact(key, words, evidence)


def cite(
    rule: str,
    confidence: Confidence,
    seen: SeenFact,
    conclusion: str,
    *rows: Organisation | TableRow,
) -> Evidence:
    """Evidence that a rule concluded something from a fact, at the place where the fact was seen.

    `rows` are the organisations and rows of other tables that the conclusion rests on. At most 200
    characters of excerpt.
    """
    words = " ".join(f"{seen.key} {seen.words}".split())
    room = max(40, 196 - len(conclusion))
    if len(words) > room:
        words = words[: room - 1] + "…"
    return Evidence(
        rule,
        "manifest-analysis",
        confidence,
        seen.evidence.at,
        f"{words} -> {conclusion}"[:200],
        citations(*rows),
    )


def citations(*rows: Organisation | TableRow) -> Facts:
    """The facts of evidence that rests on these rows; an organisation with the day for which its
    row was chosen.
    """
    return tuple(
        sorted(
            {
                CITES_ROW(row)
                if isinstance(row, TableRow)
                else CITES(Citation(row.id, row.on[:10]))
                for row in rows
            }
        )
    )


def describe_organisation(row: Organisation) -> str:
    """The second hop in words: the organisation, the row that says where it sits, and the
    answer.
    """
    seat = (
        f" (legal seat {row.legal_seat})"
        if row.legal_seat and row.legal_seat not in (row.effective_seat, row.origin)
        else ""
    )
    return f"{cite_organisation(row)} -> {row.origin}{seat}"


def cite_organisation(row: Organisation) -> str:
    """An organisation and its row; for one whose ownership or seat moved, also for which day the
    row was chosen.
    """
    when = f" as on {row.on[:10]}" if row.on else " now" if row.valid_from else ""
    own = f"; {row.own}:{row.line}" if row.own else ""
    return f"{row.name} [{row.id}, {row.as_of}{own}]{when}"


def status(*rows: Organisation) -> Status:
    """What follows from a row of the user's own is the user's word: it meets what is derived, and
    never overwrites it.
    """
    return "declared" if any(row.own for row in rows) else "derived"


def together(rows: Iterable[Organisation]) -> str:
    """The answer where several organisations made a thing: all their countries, as far as each has
    one.
    """
    values = {row.origin for row in rows}
    for word in (UNKNOWN, INTERNATIONAL, COMMUNITY):
        if word in values:
            return word
    return ",".join(sorted(values))


def cap_confidence(confidence: Confidence, *rows: Organisation) -> Confidence:
    """A claim is no surer than the rows it stands on."""
    return "low" if any(row.confidence == "low" for row in rows) else confidence


class Rule(NamedTuple):
    """A rule that concludes an organisation, how sure it is at the most, and the rows of tables
    that led it there.
    """

    name: str
    confidence: Confidence = "medium"
    rows: tuple[TableRow, ...] = ()


def of_organisation(
    component: Component, stage: str, by: Rule, row: Organisation, seen: Iterable[SeenFact]
) -> Iterator[Claim]:
    """The claims `origin.<stage>`, `origin.<stage>.organisation`; for an organisation with a seat,
    `control`; for an international one, `origin.<stage>.seat` of the body that holds it.
    """
    sightings = sorted(set(seen))[:_MANY]
    rule, sure = by.name, cap_confidence(by.confidence, row)
    evidence = tuple(
        cite(rule, sure, sighting, describe_organisation(row), row, *by.rows)
        for sighting in sightings
    )
    yield Claim(component.ref, f"origin.{stage}", row.origin, evidence, status(row))
    yield Claim(component.ref, f"origin.{stage}.organisation", row.name, evidence, status(row))
    if row.seat:
        words = f"{cite_organisation(row)} -> legal seat {row.seat}"
        seat = tuple(cite(rule, sure, sighting, words, row, *by.rows) for sighting in sightings)
        yield Claim(component.ref, f"origin.{stage}.seat", row.seat, seat, status(row))
    if row.scope == "national" and row.ultimate_parent_country:
        owner = (
            f"{cite_organisation(row)} -> parent {row.ultimate_parent or row.name} ->"
            f" {row.ultimate_parent_country}"
        )
        control = tuple(cite(rule, sure, sighting, owner, row, *by.rows) for sighting in sightings)
        yield Claim(component.ref, "control", row.ultimate_parent_country, control, status(row))


def unknown(component: Component, attribute: str, rule: str, seen: SeenFact, why: str) -> Claim:
    """The question was examined and has no answer."""
    return Claim(component.ref, attribute, UNKNOWN, (cite(rule, "low", seen, why),))


def without_owner(component: Component, attribute: str, what: str) -> Claim:
    """No id names an owner; `what` is what the name is of."""
    seen = SeenFact(what, component.name, min(o.evidence for o in component.observations))
    return unknown(component, attribute, "origin/examined", seen, "no id that names an owner")
