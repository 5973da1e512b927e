"""What is left when nothing is in place: units removed or inserted (exact), and units or residual
dimensions permuted (empirical).

Removal keeps the order of what remains: mutual best matches rise, and `units.log10_rising` is
exact. A full permutation leaves no label to test. Then residual dimensions are matched through
embedding columns, and with them the units of each layer twice, by two matrices that were not used
before; agreements of the two are counted. Unrelated models agree about once a layer, so the
threshold is empirical.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights import axes as axes_of
from aisbom.weights import embedding, units
from aisbom.weights.axes import Axis, Part
from aisbom.weights.side import Plan, Side, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Signed = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]

THRESHOLD = 12
"""Agreements of one layer that unrelated models were never seen to reach."""

MAX_UNITS = 16384
MAX_PAIRS = 64


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
    """`count` of `of` units are matched alike by two matrices; `control` is the most seen with the
    residual matching shuffled.
    """

    a: str
    b: str
    count: int
    of: int
    control: int

    @property
    def log10_p(self) -> float:
        """Upper tail of a Poisson count of mean max(1, control): a model fitted to the control, not
        an exact bound.
        """
        mean = max(1.0, float(self.control))
        if self.count <= mean:
            return 0.0
        k = self.count
        return min(
            0.0,
            (k * math.log(mean) - mean - math.lgamma(k + 1) + math.log(1 / (1 - mean / (k + 1))))
            / math.log(10),
        )


@dataclass(slots=True)
class Recovered:
    """`tests` counts what was looked at, for the correction; `matched` is how many residual
    dimensions found a mutual partner.
    """

    rising: list[Rising] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    tests: int = 0
    matched: int = 0


def recover(a: Side, b: Side, plan: Plan) -> Recovered:
    """Both searches; nothing where either side is a sketch."""
    found = Recovered()
    if a.checkpoint is None or b.checkpoint is None:
        return found
    pairs = _pairs(a.axes, b.axes)
    for x, y in pairs:
        for group in ("in", "out"):
            _rising((a, b), (x, y), group, plan, found)
    tables = embedding.paired(a, b)
    if tables is not None:
        signed = _residual(tables[0], tables[1], found)
        if signed[0].size >= axes_of.MIN_UNITS:
            for x, y in _pairs(a.axes, b.axes, same=False)[:MAX_PAIRS]:
                _agreement((a, b), (x, y), signed, plan, found)
    return found


def _pairs(
    left: Sequence[Axis], right: Sequence[Axis], same: bool = True
) -> list[tuple[Axis, Axis]]:
    """Axes at the same place, and at the same relative depth; all of them where they are few."""
    fits = [
        (x, y)
        for x in left
        for y in right
        if max(x.units, y.units) <= MAX_UNITS
        and ([p.kind for p in x.ins] == [p.kind for p in y.ins])
        and (not same or x.ins[0].across == y.ins[0].across)
    ]
    if len(fits) <= MAX_PAIRS:
        return fits
    place_a = {axis.label: i for i, axis in enumerate(left)}
    place_b = {axis.label: i for i, axis in enumerate(right)}
    scale = (len(right) - 1) / max(1, len(left) - 1)
    near = [
        (x, y)
        for x, y in fits
        if x.index == y.index or place_b[y.label] == round(place_a[x.label] * scale)
    ]
    return spread(near, MAX_PAIRS)


def _whole(side: Side, axis: Axis, part: Part, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
    assert side.checkpoint is not None  # noqa: S101 - recover() returned otherwise
    return axes_of.read(side.checkpoint, part, 0, axis.units, chosen)


def _rising(
    sides: tuple[Side, Side], axes: tuple[Axis, Axis], group: str, plan: Plan, found: Recovered
) -> None:
    (a, b), (x, y) = sides, axes
    parts = (x.ins, y.ins) if group == "in" else (x.outs, y.outs)
    if not parts[0] or [(p.kind, p.across) for p in parts[0]] != [
        (p.kind, p.across) for p in parts[1]
    ]:
        return
    count = min(x.units, 4 * plan.count)
    first = axes_of.start(plan.seed, x.units, count)
    try:
        kinds_a, kinds_b = [], []
        for p, q in zip(*parts, strict=True):
            chosen = axes_of.columns(plan.seed, p.across, min(plan.inner, 256))
            kinds_a.append(_whole(a, x, p, chosen)[first : first + count])
            kinds_b.append(_whole(b, y, q, chosen))
    except ValueError:
        return
    length, of = _order(kinds_a, kinds_b)
    found.tests += 1
    found.rising.append(Rising(x.label, y.label, group, length, of))


def _order(
    kinds_a: Sequence[NDArray[np.float32]], kinds_b: Sequence[NDArray[np.float32]]
) -> tuple[int, int]:
    features_a, usable_a = units.features(kinds_a)
    features_b, usable_b = units.features(kinds_b)
    s = units.similarity(features_a, features_b)
    pairs = units.mutual(
        units.matches(s, usable_a, usable_b), units.matches(s.T, usable_b, usable_a)
    )
    return units.rising([j for _, j in pairs]), len(pairs)


def _residual(
    table_a: NDArray[np.float32], table_b: NDArray[np.float32], found: Recovered
) -> Signed:
    """Residual dimensions of A, their mutual partners in B, and the sign between them, through
    embedding columns.
    """
    (x,), usable_x = units.features([table_a])
    (y,), usable_y = units.features([table_b])
    raw = x @ y.T
    s = np.abs(raw)
    pairs = units.mutual(
        units.matches(s, usable_x, usable_y), units.matches(s.T, usable_y, usable_x)
    )
    found.matched = len(pairs)
    found.tests += 1
    # With equal widths an order in place was tested already; with different ones (width pruning) it
    # is news, and exact.
    found.rising.append(
        Rising(
            "embedding columns",
            "embedding columns",
            "embedding",
            units.rising([j for _, j in pairs]),
            len(pairs),
        )
    )
    left = np.array([i for i, _ in pairs], np.int64)
    right = np.array([j for _, j in pairs], np.int64)
    return (
        left,
        right,
        np.sign(raw[left, right]).astype(np.float32) if pairs else np.zeros(0, np.float32),
    )


def _agreement(
    sides: tuple[Side, Side], axes: tuple[Axis, Axis], signed: Signed, plan: Plan, found: Recovered
) -> None:
    (a, b), (x, y) = sides, axes
    parts_a, parts_b = [*x.ins, *x.outs][:2], [*y.ins, *y.outs][:2]
    if len(parts_a) < 2 or [p.kind for p in parts_a] != [p.kind for p in parts_b]:
        return
    left, right, signs = signed
    some = axes_of.columns(plan.seed, left.size, 512)
    left, right, signs = left[some], right[some], signs[some]
    count = min(x.units, plan.count)
    first = axes_of.start(plan.seed, x.units, count)
    dice = axes_of.generator(f"agreement|{plan.seed}|{x.label}|{y.label}")
    try:
        a_values = [
            _whole(a, x, p, np.sort(left))[first : first + count][:, left.argsort().argsort()]
            for p in parts_a
        ]
        b_sorted = [_whole(b, y, p, np.sort(right)) for p in parts_b]
    except (ValueError, IndexError):
        return
    b_values = [v[:, right.argsort().argsort()] * signs for v in b_sorted]
    count_true = _agree(a_values, b_values)
    control = max(
        _agree(a_values, [v[:, order] for v in b_values])
        for order in (dice.permutation(left.size) for _ in range(3))
    )
    found.tests += 1
    found.agreements.append(Agreement(x.label, y.label, count_true, count, control))


def _agree(left: Sequence[NDArray[np.float32]], right: Sequence[NDArray[np.float32]]) -> int:
    """Pairs that are mutual best matches by both matrices: mutual, so that one unit that resembles
    everything counts once.
    """
    found = []
    for p, q in zip(left, right, strict=True):
        fp, up = units.features([p])
        fq, uq = units.features([q])
        s = units.similarity(fp, fq)
        found.append(set(units.mutual(units.matches(s, up, uq), units.matches(s.T, uq, up))))
    return len(found[0] & found[1])
