"""Hidden units described by their products with what both sides share (`anchors`), gains of
normalisations folded in: rotations, permutations and sign flips of the residual stream, and scales
moved from one matrix into the next, cancel.

The products of each model are evened out by their own second moments, so that what all units of any
model of one language have in common (frequent tokens, above all) does not drown what tells them
apart. That step treats all units alike, and so does everything else here: relabelling the units
relabels the rows and does nothing else, which is all that the exact test of `units` asks for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights import axes as axes_of
from aisbom.weights import labels, units
from aisbom.weights.anchors import LEAST
from aisbom.weights.axes import Axis
from aisbom.weights.labels import Labels
from aisbom.weights.placing import Placement, cell, same_place
from aisbom.weights.products import (
    GROUPS,
    Block,
    Products,
    Table,
    UnitVectors,
    describe,
    similarity,
    tables,
)
from aisbom.weights.renumbered import pair_by_similarity
from aisbom.weights.side import Plan, Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.placing import Cell

MOST = 256
"""Labels used of each pair of tables."""


@dataclass(slots=True)
class AnchoredTest:
    """What the exact test over products found. `gains`, `pairing` and `labels` say what it saw
    through: whether all normalisations were known, by what labels were paired, and whether they
    mean the same on both sides. `pairings` are what was tried.
    """

    placed: Placement = field(default_factory=Placement)
    gains: bool = True
    pairing: str = ""
    labels: Labels = labels.NONE
    pairings: list[Pairing] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pairing:
    """A table of A and one of B with the labels that both have; `how` says by what they were
    paired.
    """

    a: Table
    b: Table
    chosen_a: NDArray[np.int64]
    chosen_b: NDArray[np.int64]
    how: str

    @property
    def shared(self) -> bool:
        """Whether the labels mean something to both, as places of units do not."""
        return not self.a.kind.startswith("units")


def pairings(a: Side, b: Side) -> list[Pairing]:
    """Every pair of tables of one kind with labels in common."""
    found = []
    for x in tables(a):
        for y in tables(b):
            if x.kind == y.kind and x.axes and y.axes:
                found.append(_pair_labels(x, y))
    return [pairing for pairing in found if pairing.chosen_a.size >= LEAST]


def _pair_labels(x: Table, y: Table) -> Pairing:
    """Tokens by their texts where both sides have them, else everything by number. Of the labels
    in common those of the smallest hashes: nobody chose them, and sketches keep the same.
    """
    by_text = x.texts and y.texts
    left, right = x.labels(by_text), y.labels(by_text)
    both = sorted(left.keys() & right.keys())
    how = "by what they stand for"
    if x.kind == "tokens":
        how = (
            f"by their texts ({len(both):,} are known to both)"
            if by_text
            else "by number: no tokenizer was read on both sides"
        )
    rows = np.array([(left[name], right[name]) for name in both[:MOST]], np.int64).reshape(-1, 2)
    return Pairing(x, y, rows[:, 0], rows[:, 1], how)


def renumbering(a: Side, b: Side) -> list[Pairing]:
    """Tokens paired by what the models make of them, where two checkpoints have tables of them."""
    found = []
    for x in tables(a):
        for y in tables(b):
            if x.kind == y.kind == "tokens" and a.checkpoint and b.checkpoint:
                try:
                    chosen = pair_by_similarity(x, y)
                except ValueError:
                    chosen = None
                if chosen is not None:
                    found.append(Pairing(x, y, *chosen, "by what the models make of them"))
    return found


def place(a: Side, b: Side, plan: Plan) -> AnchoredTest:
    """The exact test over products: every axis of A with every axis of B that read tables with the
    same labels and are fed by the same kinds of matrices.
    """
    found = AnchoredTest()
    fixed = a.checkpoint is None or b.checkpoint is None
    found.pairings = pairings(a, b)
    for pairing in found.pairings:
        try:
            both = pairing.a.products(pairing.chosen_a), pairing.b.products(pairing.chosen_b)
        except ValueError as error:
            found.placed.notes.append(str(error))
            continue
        found.placed.notes.append(f"{pairing.a.kind} are paired {pairing.how}")
        if pairing.shared:
            structured = both[0].is_structured and both[1].is_structured
            checked = labels.check(both[0].alike, both[1].alike, structured, plan.seed)
            if not found.pairing or checked.status == "untested":
                found.pairing, found.labels = pairing.how, checked
        for rows, columns in _classes(pairing, fixed):
            cells = _test((a.label, b.label), both, (rows, columns), plan, found)
            found.placed.cells += (replace(c, through=pairing.a.kind) for c in cells)
    found.placed.tests = len(found.placed.cells)
    return found


def _classes(pairing: Pairing, fixed: bool) -> Iterator[tuple[list[Axis], list[Axis]]]:
    """All axes together; of equal length where a sketch has already chosen the units."""
    found: dict[int, tuple[list[Axis], list[Axis]]] = defaultdict(lambda: ([], []))
    for at, table in enumerate((pairing.a, pairing.b)):
        for axis in table.axes:
            found[axis.units if fixed else 0][at].append(axis)
    for _, (rows, columns) in sorted(found.items()):
        if rows and columns:
            yield rows, columns


def _test(
    names: tuple[str, str],
    products: tuple[Products, Products],
    axes: tuple[Sequence[Axis], Sequence[Axis]],
    plan: Plan,
    found: AnchoredTest,
) -> Iterator[Cell]:
    length = min(axis.units for rows in axes for axis in rows)
    count = min(length, plan.count)
    block = axes_of.start(plan.seed, length, count), count
    paired = same_place(*axes)
    for group in GROUPS:
        left, right = (
            _describe_axes(name, side, rows, group, block, found)
            for name, side, rows in zip(names, products, axes, strict=True)
        )
        yield from _cells(left, right, group, paired)


def _describe_axes(  # noqa: PLR0913, PLR0917
    name: str,
    products: Products,
    rows: Sequence[Axis],
    group: str,
    block: Block,
    found: AnchoredTest,
) -> dict[str, UnitVectors]:
    kept = {}
    for axis in rows:
        try:
            held = describe(products, axis, group, block)
            known = products.is_known(axis)
        except (ValueError, np.linalg.LinAlgError) as error:
            found.placed.notes.append(f"{name}: {axis.label}: {error}")
            continue
        if held is None or held.usable.sum() < axes_of.MIN_UNITS:
            continue
        found.gains = found.gains and known
        kinds = list(held.kinds.values())
        if not units.is_ordered(units.similarity(kinds, kinds), held.lengths):
            kept[axis.label] = held
    return kept


def _cells(
    left: Mapping[str, UnitVectors],
    right: Mapping[str, UnitVectors],
    group: str,
    paired: set[tuple[str, str]],
) -> Iterator[Cell]:
    for name_a, x in left.items():
        for name_b, y in right.items():
            s = similarity(x, y)
            if s is not None:
                same = (name_a, name_b) in paired
                n = min(s.shape)
                usable = x.usable[:n], y.usable[:n]
                yield cell((name_a, name_b), group, s[:n, :n], usable, paired=same)
