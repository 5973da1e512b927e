"""Whether a bill of materials describes the tree that is there: what a new scan finds, held against
what the bill says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from aisbom.bom import Bom
from aisbom.bom.diff import Change, Topic, diff

Kind = Literal["undeclared", "missing", "changed", "contradicting"]
Reservation = Literal["program", "knowledge", "index"]
KINDS: tuple[Kind, ...] = ("undeclared", "missing", "changed", "contradicting")

_KINDS: dict[Topic, Kind] = {
    "added": "undeclared",
    "removed": "missing",
    "version": "changed",
    "content": "changed",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which the bill does not hold: `change` is from the bill to the tree."""

    kind: Kind
    change: Change


def verify(stated: Bom, found: Bom) -> tuple[Difference, ...]:
    """What of `stated` does not hold in `found`, the bill of a new scan of the same tree."""
    rows = [Difference(_KINDS.get(one.topic, "contradicting"), one) for one in diff(stated, found)]
    return tuple(sorted(rows, key=lambda row: KINDS.index(row.kind)))


def reservations(stated: Bom, found: Bom) -> Iterator[Reservation]:
    """What else may make the two differ although nobody changed anything."""
    if stated.program != found.program:
        yield "program"
    if stated.knowledge != found.knowledge:
        yield "knowledge"
    if stated.index != found.index:
        yield "index"
