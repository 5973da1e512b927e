"""What `match` says of a pair, and which submissions may be a pair at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from aisbom.errors import UsageError
from aisbom.fleet.catalogue import Entry


@dataclass(frozen=True, slots=True)
class Match:
    """A row of the table `matches`, whose columns these are."""

    kind: str
    a: str
    a_path: str
    b: str
    b_path: str
    verdict: str
    shared: int
    log10_p: float
    pairs: int
    words: str

    def row(self) -> dict[str, Any]:
        """As a row."""
        return asdict(self)


class Owners:
    """Whose a unit is. Two units of one submission (rounds of it) are no pair, and what the
    organiser handed out is nobody's.
    """

    def __init__(self, entries: Iterable[Entry], common: Collection[str]) -> None:
        self._names: dict[str, set[str]] = defaultdict(set)
        for entry in entries:
            self._names[entry.unit].add(entry.submission)
        known = {name for names in self._names.values() for name in names}
        for name in common:
            if name not in known:
                raise UsageError(f"--common {name}: no submission of this name in the catalogue")
        self.common = frozenset(unit for unit, names in self._names.items() if names & set(common))

    @property
    def units(self) -> list[str]:
        """The units that may be in a pair, sorted."""
        return sorted(set(self._names) - self.common)

    def list_shared(self) -> list[tuple[str, list[str]]]:
        """The units that answer for several submissions, and these, sorted."""
        return [
            (unit, sorted(self._names[unit])) for unit in self.units if len(self._names[unit]) > 1
        ]

    def are_pair(self, a: str, b: str) -> bool:
        """Whether two units are of different submissions, neither of them handed out."""
        return a != b and not {a, b} & self.common and not self._names[a] & self._names[b]

    def pairs(self, units: Iterable[str]) -> int:
        """How many of the pairs of things, each of such a unit, are pairs."""
        owners = list(units)
        counts: dict[str, int] = defaultdict(int)
        for unit in owners:
            counts[unit] += 1
        names = sorted(counts)
        return sum(
            counts[a] * counts[b]
            for at, a in enumerate(names)
            for b in names[at + 1 :]
            if self.are_pair(a, b)
        )
