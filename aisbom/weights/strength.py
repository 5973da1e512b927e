"""How strong the findings of a comparison are together: the smallest corrected p, and how many
tensor groups that share no units are below the threshold.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from aisbom.weights import units
from aisbom.weights.placing import Cell
from aisbom.weights.recover import Agreement, Rising
from aisbom.weights.verdict import GROUPS_NEEDED, LOG10_ACCUSE

Groups = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Strength:
    """`groups` are those below the threshold, by axis of B and side of it; units of different
    groups are labelled independently. `hits` are those of the best.
    """

    log10_p: float = 0.0
    groups: Groups = field(default_factory=frozenset)
    exact: bool = True
    found_by: str = ""
    hits: tuple[int, int] = (0, 0)

    @property
    def accuses(self) -> bool:
        """Whether this is enough for an accusation."""
        return self.log10_p < LOG10_ACCUSE and len(self.groups) >= GROUPS_NEEDED


def in_place(cells: Sequence[Cell], tests: int, words: str) -> Strength:
    """Units in place: the best cell alone, and all cells at the same place together."""
    best = max(cells, key=lambda c: (c.hits, c.paired), default=None)
    if best is None:
        return Strength()
    factor = math.log10(tests + 2)
    log10_p = units.log10_hits(best.hits) + factor
    for group, through in sorted({(c.group, c.through) for c in cells}):
        # One table at a time: the same units described twice are not relabelled independently.
        same = [c for c in cells if c.paired and (c.group, c.through) == (group, through)]
        if same and group != "embedding":
            together = units.log10_hits(sum(c.hits for c in same), len(same))
            log10_p = min(log10_p, together + factor)
    strong = frozenset(
        (c.b, c.group) for c in cells if units.log10_hits(c.hits) + factor < LOG10_ACCUSE
    )
    return Strength(
        min(0.0, log10_p), strong, True, words if strong else "", (best.hits, best.units)
    )


def in_order(found: Iterable[Rising], tests: int) -> Strength:
    """Units that rise: some of them were taken out or put between."""
    factor = math.log10(tests + 2)
    strong = [r for r in found if r.log10_p + factor < LOG10_ACCUSE]
    if not strong:
        return Strength()
    best = min(strong, key=lambda r: r.log10_p)
    return Strength(
        best.log10_p + factor,
        frozenset((r.b, r.group) for r in strong),
        True,
        "units in the same order",
        (best.length, best.of),
    )


def agreeing(found: Iterable[Agreement], tests: int) -> Strength:
    """Units that two sets of matrices match alike."""
    factor = math.log10(tests + 2)
    strong = [r for r in found if r.strong and r.log10_p + factor < LOG10_ACCUSE]
    if not strong:
        return Strength()
    best = max(strong, key=lambda r: r.count)
    return Strength(
        best.log10_p + factor,
        frozenset((r.b, "agreement") for r in strong),
        False,
        "units after undoing a permutation (empirical)",
        (best.count, best.of),
    )


def together(exact: Sequence[Strength], empirical: Strength) -> Strength:
    """What all kinds of facts come to. An empirical one counts only where exact ones do not
    suffice, and then gives its own p.
    """
    groups = frozenset[tuple[str, str]]().union(*(s.groups for s in exact))
    best = min(exact, key=lambda s: s.log10_p, default=Strength())
    if empirical.groups and len(groups) < GROUPS_NEEDED:
        return Strength(
            empirical.log10_p,
            groups | empirical.groups,
            False,
            empirical.found_by,
            empirical.hits,
        )
    return Strength(best.log10_p, groups, True, best.found_by, best.hits)
