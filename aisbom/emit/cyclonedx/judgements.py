"""Class and path role of a part, as the program judges them, with their evidence in one property
each, and back. As `declarations` they would take five times the room, for every part twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from aisbom.emit.cyclonedx.names import Json, property_name
from aisbom.model import Claim, Evidence, Location

FACT = "component.judgement"


def write_judgements(claims: Iterable[Claim]) -> list[Json]:
    """A property a claim: the JSON array of attribute, value and evidence."""
    return [{"name": property_name(FACT), "value": _text(claim)} for claim in claims]


def read_judgements(subject: str, values: Iterable[str]) -> Iterator[Claim]:
    """The claims about a part that `write_judgements` wrote."""
    for value in values:
        attribute, answer, rows = json.loads(value)
        yield Claim(subject, attribute, answer, tuple(_evidence(*row) for row in rows))


def _text(claim: Claim) -> str:
    rows = [[*e.key, e.facts] if e.facts else e.key for e in claim.evidence]
    row = [claim.attribute, claim.value, rows]
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _evidence(*row: Any) -> Evidence:
    by, technique, confidence, path, line, member, excerpt, *more = row
    facts = tuple((str(key), str(value)) for rows in more for key, value in rows)
    return Evidence(by, technique, confidence, Location(path, line, member), excerpt, facts)
