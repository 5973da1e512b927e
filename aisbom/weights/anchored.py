"""Hidden units described by their products with what both sides share (`anchors`), gains of
normalisations folded in: rotations, permutations and sign flips of the residual stream, and scales
moved from one matrix into the next, cancel.

The products of each model are evened out by their own second moments, so that what all units of any
model of one language have in common (frequent tokens, above all) does not drown what tells them
apart. That step treats all units alike, and so does everything else here: relabelling the units
relabels the rows and does nothing else, which is all that the exact test of `units` asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights import anchors as anchors_of
from aisbom.weights import axes as axes_of
from aisbom.weights import gains, labels, units
from aisbom.weights.anchors import Anchor, Pairing
from aisbom.weights.axes import Axis
from aisbom.weights.gains import Gain
from aisbom.weights.labels import Labels
from aisbom.weights.placing import Cell, Placed, cell, same_place
from aisbom.weights.side import Plan, Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

GROUPS = ("in", "out")
EVEN = 0.3
"""Second moments are evened out down to this share of their mean; what is smaller is noise."""


@dataclass(frozen=True, slots=True)
class Described:
    """Units of one axis by the matrices that feed them or that they feed: units x labels per kind,
    centred and of length 1; which units are usable; and how long their products were.
    """

    kinds: dict[str, NDArray[np.float32]]
    usable: NDArray[np.bool_]
    lengths: NDArray[np.float64]


@dataclass(slots=True)
class Anchored:
    """What the exact test over products found. `gains`, `pairing` and `labels` say what it saw
    through: whether all normalisations were known, by what labels were paired, and whether they
    mean the same on both sides.
    """

    placed: Placed = field(default_factory=Placed)
    gains: bool = True
    pairing: str = ""
    labels: Labels = labels.NONE


class Products:
    """The products of one side with the labels of one pairing."""

    def __init__(self, side: Side, anchor: Anchor, rows: NDArray[np.int64]) -> None:
        if side.checkpoint is None:
            raise ValueError("a sketch holds no products with these labels")
        self._side, self._checkpoint = side, side.checkpoint
        self.into = anchors_of.vectors(side.checkpoint, anchor, rows, after=False)
        tokens = anchor.kind == "tokens"
        self._last = gains.last(side.checkpoint, anchor.width) if tokens else gains.NONE
        self._after = self._last.fold(anchors_of.vectors(side.checkpoint, anchor, rows, after=True))
        self._before: dict[str, Gain] = {}

    def known(self, axis: Axis) -> bool:
        """Whether the normalisations before the axis and before the output head were recognised."""
        return self._gain(axis).known and self._last.known

    def of(self, axis: Axis, group: str, start: int, count: int) -> Described | None:
        """`count` units of an axis from `start`; None where it has no matrix of that group. Raises
        ValueError as the reader does.
        """
        parts = axis.ins if group == "in" else axis.outs
        if not parts:
            return None
        labelled = self._gain(axis).fold(self.into) if group == "in" else self._after
        products = []
        for part in parts:
            every = np.arange(part.across)
            block = axes_of.read(self._checkpoint, part, start, count, every)
            with np.errstate(invalid="ignore", over="ignore"):
                products.append(block @ labelled.T)
        rows, usable = units.features([even(x) for x in products])
        squares = sum((np.nan_to_num(x).astype(np.float64) ** 2).sum(axis=1) for x in products)
        kinds = {part.kind: row for part, row in zip(parts, rows, strict=True)}
        return Described(kinds, usable, np.sqrt(squares))

    def _gain(self, axis: Axis) -> Gain:
        if axis.label not in self._before:
            self._before[axis.label] = gains.before(self._checkpoint, axis)
        return self._before[axis.label]


def even(products: NDArray[np.float32]) -> NDArray[np.float32]:
    """Units x labels with the second moments of the labels evened out; what is no number stays
    none.
    """
    length = np.sqrt((products.astype(np.float64) ** 2).sum(axis=1))
    good = np.isfinite(length) & (length > 0)
    if not good.any():
        return products
    x = np.where(good[:, None], products, 0) / np.where(good, length, 1)[:, None]
    spectrum, vectors = np.linalg.eigh((x.T @ x) / good.sum())
    floor = EVEN * float(spectrum.mean())
    scale = 1 / np.sqrt(np.maximum(spectrum, 0) + floor)
    evened = ((x @ vectors) * scale @ vectors.T).astype(np.float32)
    return np.where(good[:, None], evened, np.float32(np.nan))


def pairings(
    a: Side, b: Side, notes: list[str]
) -> Iterator[tuple[Pairing, list[Axis], list[Axis]]]:
    """Every table that both sides have, with the axes of each that read it."""
    if a.checkpoint is None or b.checkpoint is None:
        return
    left, right = (
        anchors_of.anchors(side.checkpoint.tensors) for side in (a, b) if side.checkpoint
    )
    for x in left:
        for y in right:
            pairing = anchors_of.paired(a, b, x, y)
            rows = [axis for axis in a.axes if anchors_of.of_axis(left, axis) is x]
            columns = [axis for axis in b.axes if anchors_of.of_axis(right, axis) is y]
            if pairing is not None and rows and columns:
                notes.append(f"{x.kind} are paired {pairing.how}")
                yield pairing, rows, columns


def place(a: Side, b: Side, plan: Plan) -> Anchored:
    """The exact test over products: every axis of A with every axis of B that read tables with the
    same labels and are fed by the same kinds of matrices.
    """
    found = Anchored()
    for pairing, rows, columns in pairings(a, b, found.placed.notes):
        try:
            left = Products(a, pairing.a, pairing.rows_a)
            right = Products(b, pairing.b, pairing.rows_b)
        except ValueError as error:
            found.placed.notes.append(str(error))
            continue
        checked = labels.checked(left.into, right.into, plan.seed)
        if not found.pairing or checked.status == "untested":
            found.pairing, found.labels = pairing.how, checked
        length = min(axis.units for axis in [*rows, *columns])
        count = min(length, plan.count)
        block = axes_of.start(plan.seed, length, count), count
        for group in GROUPS:
            x = _described((a, left), rows, group, block, found)
            y = _described((b, right), columns, group, block, found)
            found.placed.cells += _cells(x, y, group, same_place(rows, columns))
    found.placed.tests = len(found.placed.cells)
    return found


def _described(
    side: tuple[Side, Products],
    rows: Sequence[Axis],
    group: str,
    block: tuple[int, int],
    found: Anchored,
) -> dict[str, Described]:
    kept = {}
    for axis in rows:
        try:
            held = side[1].of(axis, group, *block)
            known = side[1].known(axis)
        except (ValueError, np.linalg.LinAlgError) as error:
            found.placed.notes.append(f"{side[0].label}: {axis.label}: {error}")
            continue
        if held is None or held.usable.sum() < axes_of.MIN_UNITS:
            continue
        found.gains = found.gains and known
        kinds = list(held.kinds.values())
        if not units.ordered(units.similarity(kinds, kinds), held.lengths):
            kept[axis.label] = held
    return kept


def _cells(
    left: dict[str, Described],
    right: dict[str, Described],
    group: str,
    paired: set[tuple[str, str]],
) -> Iterator[Cell]:
    for name_a, x in left.items():
        for name_b, y in right.items():
            s = similarity(x, y)
            if s is not None:
                same = (name_a, name_b) in paired
                yield cell((name_a, name_b), group, s, (x.usable, y.usable), paired=same)


def similarity(x: Described, y: Described) -> NDArray[np.float32] | None:
    """Units of A x units of B over the kinds that both have; None where they have none."""
    kinds = sorted(x.kinds.keys() & y.kinds.keys())
    if not kinds:
        return None
    return units.similarity([x.kinds[k] for k in kinds], [y.kinds[k] for k in kinds])
