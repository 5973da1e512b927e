"""What is left when nothing is in place: units removed or inserted (exact), and units in another
order (empirical).

Removal keeps the order of what remains: mutual best matches rise, and `units.log10_rising` is
exact, on weights as they stand and on products with shared labels (`anchored`), where the residual
stream was rotated as well. A permutation of the units leaves no label to test. Then units are
matched twice, by the matrices that feed them and by those that they feed, and agreements of the two
are counted. Independent models agree in a few units more than chance, since some units of any two
models of one language do the same; so this step has an allowance instead of a proof.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights import anchored, embedding, poisson, units
from aisbom.weights import axes as axes_of
from aisbom.weights.axes import Axis, Part
from aisbom.weights.products import GROUPS, Products, UnitVectors, describe, similarity
from aisbom.weights.side import Plan, Side, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

THRESHOLD = 12
"""Fewer agreements of one layer are never called anything."""

ALLOWED = 0.02
"""The share of units that may agree in independent models: ten times the most that was measured
(docs/weights.md). Five times as many are required."""

MAX_UNITS = 16384
MAX_PAIRS = 64
BLOCK = 1024
"""Units of A that are matched with all of B."""

WORK = 3e12
"""Multiplications that describing whole layers may take: fewer layers of large models."""


@dataclass(frozen=True, slots=True)
class Rising:
    """`length` of `of` mutual matches rise."""

    a: str
    b: str
    group: str
    length: int
    of: int

    @property
    def log10_p(self) -> float:
        """The exact bound."""
        return units.log10_rising(self.length, self.of)


@dataclass(frozen=True, slots=True)
class Agreement:
    """`count` of `of` units are matched alike by two sets of matrices; `control` is the most seen
    with the units of the second set relabelled. `detectable`: what a unit would have had to keep.
    """

    a: str
    b: str
    count: int
    of: int
    control: int
    detectable: float

    @property
    def strong(self) -> bool:
        """Whether there are more than independent models could have."""
        return self.count >= max(THRESHOLD, 4 * self.control, 5 * ALLOWED * self.of)

    @property
    def log10_p(self) -> float:
        """Upper tail of a Poisson count of the control's mean or of the allowance, whichever is
        larger: a model, not an exact bound.
        """
        return poisson.log10_tail(self.count, max(1.0, float(self.control), ALLOWED * self.of))


@dataclass(slots=True)
class Recovery:
    """`tests` counts what was looked at, for the correction; `matched` is how many residual
    dimensions found a mutual partner.
    """

    rising: list[Rising] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    tests: int = 0
    matched: int = 0


def recover(a: Side, b: Side, plan: Plan, labels_hold: bool = True) -> Recovery:
    """All searches; nothing where either side is a sketch. Where labels may not mean the same on
    both sides, tokens are also paired by what the models make of them.
    """
    found = Recovery()
    if a.checkpoint is None or b.checkpoint is None:
        return found
    for x, y in _pairs(a.axes, b.axes, MAX_PAIRS):
        if x.ins[0].across == y.ins[0].across:
            for group in ("in", "out"):
                _rising((a, b), (x, y), group, plan, found)
    tables = embedding.pair_tables(a, b)
    if tables is not None:
        _residual(tables[0], tables[1], found)
    tried = [pairing for pairing in anchored.pairings(a, b) if pairing.shared]
    for pairing in tried if labels_hold else [*tried, *anchored.renumbering(a, b)]:
        try:
            both = pairing.a.products(pairing.chosen_a), pairing.b.products(pairing.chosen_b)
        except ValueError:
            continue
        pairs = _pairs(pairing.a.axes, pairing.b.axes, MAX_PAIRS)
        _recover_pairs(both, spread(pairs, _most(pairs, pairing.chosen_a.size)), plan, found)
    return found


def _pairs(left: Sequence[Axis], right: Sequence[Axis], most: int) -> list[tuple[Axis, Axis]]:
    """Axes at the same place, and at the same relative depth; all of them where they are few."""
    fits = [
        (x, y)
        for x in left
        for y in right
        if max(x.units, y.units) <= MAX_UNITS
        and ([p.kind for p in x.ins] == [p.kind for p in y.ins])
    ]
    if len(fits) <= most:
        return fits
    place_a = {axis.label: i for i, axis in enumerate(left)}
    place_b = {axis.label: i for i, axis in enumerate(right)}
    scale = (len(right) - 1) / max(1, len(left) - 1)
    near = [
        (x, y)
        for x, y in fits
        if x.index == y.index or place_b[y.label] == round(place_a[x.label] * scale)
    ]
    return spread(near, most)


def _most(pairs: Sequence[tuple[Axis, Axis]], labels: int) -> int:
    """How many pairs of whole layers WORK allows for."""
    if not pairs:
        return 1
    work = max(
        labels * sum(p.across for p in [*x.ins, *x.outs]) * axis_units
        for x, axis_units in ((x, x.units + y.units) for x, y in pairs)
    )
    return max(4, min(MAX_PAIRS, int(WORK / max(1, work))))


def _whole(side: Side, axis: Axis, part: Part, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
    assert side.checkpoint is not None  # noqa: S101 - recover() returned otherwise
    return axes_of.read(side.checkpoint, part, 0, axis.units, chosen)


def _rising(
    sides: tuple[Side, Side], axes: tuple[Axis, Axis], group: str, plan: Plan, found: Recovery
) -> None:
    (a, b), (x, y) = sides, axes
    parts = (x.ins, y.ins) if group == "in" else (x.outs, y.outs)
    if not parts[0] or [(p.kind, p.across) for p in parts[0]] != [
        (p.kind, p.across) for p in parts[1]
    ]:
        return
    count = min(x.units, BLOCK)
    first = axes_of.start(plan.seed, x.units, count)
    try:
        kinds_a, kinds_b = [], []
        for p, q in zip(*parts, strict=True):
            chosen = axes_of.columns(plan.seed, p.across, min(plan.inner, 256))
            kinds_a.append(_whole(a, x, p, chosen)[first : first + count])
            kinds_b.append(_whole(b, y, q, chosen))
    except ValueError:
        return
    features_a, usable_a = units.features(kinds_a)
    features_b, usable_b = units.features(kinds_b)
    s = units.similarity(features_a, features_b)
    pairs = _mutual(s, usable_a, usable_b)
    found.tests += 1
    found.rising.append(
        Rising(x.label, y.label, group, units.rising([j for _, j in pairs]), len(pairs))
    )


def _residual(table_a: NDArray[np.float32], table_b: NDArray[np.float32], found: Recovery) -> None:
    """Residual dimensions of A and their mutual partners in B through embedding columns.

    With equal widths an order in place was tested already; with different ones (width pruning) it
    is news, and exact.
    """
    (x,), usable_x = units.features([table_a])
    (y,), usable_y = units.features([table_b])
    pairs = _mutual(np.abs(x @ y.T), usable_x, usable_y)
    found.matched = len(pairs)
    found.tests += 1
    where = "embedding columns"
    length = units.rising([j for _, j in pairs])
    found.rising.append(Rising(where, where, "embedding", length, len(pairs)))


def _recover_pairs(
    products: tuple[Products, Products],
    pairs: Sequence[tuple[Axis, Axis]],
    plan: Plan,
    found: Recovery,
) -> None:
    """Order and agreement of units that are described by products, pair by pair of layers."""
    left, right = products
    held: dict[tuple[str, int], dict[str, UnitVectors]] = {}
    for x, y in pairs:
        both = []
        for at, (side, axis) in enumerate(((left, x), (right, y))):
            if (axis.label, at) not in held:
                held[axis.label, at] = _groups(side, axis, plan, whole=at == 1)
            both.append(held[axis.label, at])
        if len(pairs) > MAX_PAIRS // 2:
            held = {key: value for key, value in held.items() if key[0] in (x.label, y.label)}
        _compare((x.label, y.label), both[0], both[1], plan, found)


def _groups(side: Products, axis: Axis, plan: Plan, *, whole: bool) -> dict[str, UnitVectors]:
    """The units of an axis by group: all of them, or a block of A's."""
    count = axis.units if whole else min(axis.units, BLOCK)
    start = 0 if whole else axes_of.start(plan.seed, axis.units, count)
    found = {}
    for group in GROUPS:
        try:
            described = describe(side, axis, group, (start, count))
        except (ValueError, np.linalg.LinAlgError):
            continue
        if described is not None and described.usable.sum() >= axes_of.MIN_UNITS:
            found[group] = described
    return found


def _compare(
    names: tuple[str, str],
    a: dict[str, UnitVectors],
    b: dict[str, UnitVectors],
    plan: Plan,
    found: Recovery,
) -> None:
    tables, alike = [], []
    for group in GROUPS:
        s = similarity(a[group], b[group]) if group in a and group in b else None
        if s is None:
            continue
        pairs = _mutual(s, a[group].usable, b[group].usable)
        found.tests += 1
        length = units.rising([j for _, j in pairs])
        found.rising.append(Rising(*names, group, length, len(pairs)))
        tables.append(s)
        alike.append(set(pairs))
    if len(alike) < 2:
        return
    dice = axes_of.generator(f"agreement|{plan.seed}|{'|'.join(names)}")
    orders = [dice.permutation(tables[0].shape[1]) for _ in range(3)]
    control = max(len(alike[0] & {(i, int(order[j])) for i, j in alike[1]}) for order in orders)
    of = min(tables[0].shape)
    found.tests += 1
    found.agreements.append(
        Agreement(*names, len(alike[0] & alike[1]), of, control, _detectable(tables, of))
    )


def _mutual(
    s: NDArray[np.float32], usable_a: NDArray[np.bool_], usable_b: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    return units.mutual(
        units.matches(s, usable_a, usable_b), units.matches(s.T, usable_b, usable_a)
    )


def _detectable(tables: Sequence[NDArray[np.float32]], of: int) -> float:
    """The least similarity of a unit with its like at which enough units would agree; 1.0 where
    none is enough.
    """
    needed = max(THRESHOLD, 5 * ALLOWED * of)
    for step in range(1, 100):
        share = 1.0
        for s in tables:
            share *= units.found_share(s, step / 100)
        if share * of - 3 * math.sqrt(share * of) > needed:
            return step / 100
    return 1.0
