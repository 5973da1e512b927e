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


def reservations(stated: Bom, found: Bom) -> Iterator[str]:
    """Why the two might differ although nobody changed anything, a line each."""
    if stated.program != found.program:
        yield f"the document was made by version {stated.program}, this is {found.program}"
    if stated.knowledge != found.knowledge:
        yield "the tables of knowledge are other ones than those that the document was made with"
    if stated.index != found.index:
        yield "the index of known code is another one than the one that the document was made with"
