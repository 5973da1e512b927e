"""How strong the findings of a comparison are together: the smallest corrected p, and how many
tensor groups that share no units are below the threshold.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from aisbom.weights import units
from aisbom.weights.circuits import Alike
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
    if not cells:
        return Strength()
    alone = [units.log10_hits(c.hits) for c in cells]
    best = cells[min(range(len(cells)), key=lambda at: (alone[at], not cells[at].paired))]
    factor = math.log10(tests + 2)
    log10_p = min(alone) + factor
    for group, through in sorted({(c.group, c.through) for c in cells}):
        # One table at a time: the same units described twice are not relabelled independently.
        same = [c for c in cells if c.paired and (c.group, c.through) == (group, through)]
        if same and group != "embedding":
            total = sum(c.hits for c in same)
            log10_p = min(log10_p, units.log10_hits(total, len(same)) + factor)
    strong = frozenset(
        (c.b, c.group)
        for c, log10 in zip(cells, alone, strict=True)
        if log10 + factor < LOG10_ACCUSE
    )
    return Strength(
        min(0.0, log10_p), strong, True, words if strong else "", (best.hits, best.units)
    )


def heads_in_place(cells: Sequence[Cell], tests: int) -> Strength:
    """Attention heads in place. A layer has few of them: what counts are all layers at the same
    place together, queries with keys as one group of tensors, values with outputs as the other.
    """
    factor = math.log10(tests + 2)
    best = Strength()
    strong = set()
    for group, through in sorted({(c.group, c.through) for c in cells}):
        same = [c for c in cells if c.paired and (c.group, c.through) == (group, through)]
        if len({(c.units, c.together) for c in same}) != 1:
            continue
        total, together = sum(c.hits for c in same), same[0].together
        bound = units.log10_grouped(total, len(same), same[0].units // together, together)
        log10_p = min(0.0, bound + factor)
        if log10_p < LOG10_ACCUSE:
            strong.add(("heads", group))
        if log10_p < best.log10_p:
            hits = total, sum(c.units for c in same)
            best = Strength(log10_p, found_by="attention heads in place", hits=hits)
    return replace(best, groups=frozenset(strong), found_by=best.found_by if strong else "")


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


def heads_alike(found: Iterable[Alike], tests: int) -> Strength:
    """Attention heads that both of their tables match alike. Too few of them to accuse still have
    their p: nobody is cleared in spite of it.
    """
    factor = math.log10(tests + 2)
    strong = [r for r in found if r.strong]
    if not strong:
        return Strength()
    best = min(strong, key=lambda r: r.log10_p)
    groups = {("heads", r.layers) for r in strong if r.log10_p + factor < LOG10_ACCUSE}
    words = "attention heads after undoing a permutation (empirical)"
    return Strength(
        min(0.0, best.log10_p + factor),
        frozenset(groups),
        False,
        words if groups else "",
        (best.count, best.of),
    )


def together(exact: Sequence[Strength], empirical: Sequence[Strength] = ()) -> Strength:
    """What all kinds of facts come to. Empirical ones count only where exact ones do not suffice,
    and then give their own p.
    """
    groups = frozenset[tuple[str, str]]().union(*(s.groups for s in exact))
    best = min(exact, key=lambda s: s.log10_p, default=Strength())
    modelled = [s for s in empirical if s.groups]
    modelled = modelled or [s for s in empirical if s.log10_p < best.log10_p]
    if modelled and len(groups) < GROUPS_NEEDED:
        groups = groups.union(*(s.groups for s in modelled))
        best = min(modelled, key=lambda s: s.log10_p)
    return replace(best, groups=groups)
