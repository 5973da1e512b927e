"""The test of `units` over all axes of two sides: which axis of B holds the units of which axis of
A, in the same places.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from aisbom.weights import axes as axes_of
from aisbom.weights import embedding, units
from aisbom.weights.axes import Axis
from aisbom.weights.side import Plan, Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Loaded = tuple[dict[str, NDArray[np.float32]], NDArray[np.bool_]]

GROUPS = ("in", "out")
KEPT = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """One axis of A against one of B, by the matrices that feed (`in`) or are fed (`out`): F of
    `units`, and the matches themselves.
    """

    a: str
    b: str
    group: str
    hits: int
    units: int
    match: NDArray[np.int64]
    paired: bool
    """Whether the two stand at the same place in their models, by name, number or order: pairs
    chosen before looking.
    """
    table: NDArray[np.float32] | None
    """The similarities, kept for pairs and wherever many units are in place."""
    kind: str = "hidden"
    """What the units are: `hidden` ones, `channel`s of a convolution, `embedding` columns,
    attention `head`s.
    """
    through: str = ""
    """The table of labelled vectors they were described by, empty for weights as they stand."""
    together: int = 1
    """How many units stand in one group and move with it: query heads that share a key."""


@dataclass(slots=True)
class Placement:
    """`tests` counts everything that was looked at, for the correction."""

    cells: list[Cell] = field(default_factory=list)
    tests: int = 0
    notes: list[str] = field(default_factory=list)

    def at(self, group: str) -> list[Cell]:
        """The cells of one group."""
        return [cell for cell in self.cells if cell.group == group]


def place(a: Side, b: Side, plan: Plan) -> Placement:
    """Compare every axis of A with every axis of B of the same signature."""
    placed = Placement()
    fixed = a.checkpoint is None or b.checkpoint is None
    classes = _classes(a, b, fixed)
    for (_, _), (rows, columns) in sorted(classes.items()):
        length = min(axis.units for axis in [*rows, *columns])
        for group in GROUPS:
            left = _load_features(a, rows, group, plan, length, notes=placed.notes)
            right = _load_features(b, columns, group, plan, length, notes=placed.notes)
            kind = "channel" if rows[0].ins[0].kind == "channel" else "hidden"
            placed.cells += _cells(left, right, group, same_place(rows, columns), kind)
    if a.checkpoint is not None and b.checkpoint is not None:
        _residual(a, b, plan, placed)
    placed.tests = max(1, len(placed.cells))
    return placed


def _classes(a: Side, b: Side, fixed: bool) -> dict[tuple[str, int], tuple[list[Axis], list[Axis]]]:
    """Axes of equal signature; of equal length too where a sketch has already chosen the units."""
    found: dict[tuple[str, int], tuple[list[Axis], list[Axis]]] = defaultdict(lambda: ([], []))
    for at, side in enumerate((a, b)):
        for axis in side.axes:
            found[axis.signature, axis.units if fixed else 0][at].append(axis)
    return {key: both for key, both in found.items() if both[0] and both[1]}


class Placeable(Protocol):
    """What stands at a place in a model."""

    @property
    def label(self) -> str:
        """Its name."""

    @property
    def index(self) -> tuple[int, ...]:
        """The numbers in it."""


def same_place(rows: Sequence[Placeable], columns: Sequence[Placeable]) -> set[tuple[str, str]]:
    """Which axes stand at the same place: of one name, else of one number that is theirs alone,
    else of one relative depth.
    """
    labels = {axis.label for axis in rows} & {axis.label for axis in columns}
    if labels:
        return {(label, label) for label in labels}
    numbers = Counter(axis.index for axis in rows), Counter(axis.index for axis in columns)
    same = {
        (x.label, y.label)
        for x in rows
        for y in columns
        if x.index == y.index and x.index and numbers[0][x.index] == numbers[1][y.index] == 1
    }
    if same:
        return same
    scale = (len(rows) - 1) / max(1, len(columns) - 1)
    return {(rows[round(at * scale)].label, axis.label) for at, axis in enumerate(columns)}


def _load_features(  # noqa: PLR0913
    side: Side, rows: Sequence[Axis], group: str, plan: Plan, length: int, *, notes: list[str]
) -> dict[str, Loaded]:
    """Features by label; axes that cannot be read, are constant, or have an order of their own are
    left out and said.
    """
    found: dict[str, Loaded] = {}
    for axis in rows:
        parts = axis.ins if group == "in" else axis.outs
        if not parts:
            continue
        try:
            kinds = [side.sample(axis, part, plan, length) for part in parts]
        except ValueError as error:
            notes.append(f"{side.label}: {error}")
            continue
        features, usable = units.features(kinds)
        if usable.sum() < axes_of.MIN_UNITS:
            notes.append(f"{side.label}: {axis.label}: constant or not finite")
        elif units.is_ordered(
            units.similarity(features, features),
            np.sqrt(sum((np.nan_to_num(k).astype(np.float64) ** 2).sum(axis=1) for k in kinds)),
        ):
            notes.append(
                f"{side.label}: {axis.label}: its units are in an order of their own and may not be"
                " relabelled"
            )
        else:
            found[axis.label] = (
                {part.kind: values for part, values in zip(parts, features, strict=True)},
                usable,
            )
    return found


def _cells(
    left: dict[str, Loaded],
    right: dict[str, Loaded],
    group: str,
    pairs: set[tuple[str, str]],
    kind: str,
) -> Iterator[Cell]:
    for name_a, (features_a, usable_a) in left.items():
        for name_b, (features_b, usable_b) in right.items():
            kinds = sorted(
                k
                for k in features_a.keys() & features_b.keys()
                if features_a[k].shape[1] == features_b[k].shape[1]
            )
            if not kinds:
                continue
            # A sketch may hold fewer units; both blocks begin at the same one.
            n = min(usable_a.size, usable_b.size)
            s = units.similarity(
                [features_a[k][:n] for k in kinds], [features_b[k][:n] for k in kinds]
            )
            paired = (name_a, name_b) in pairs
            usable = usable_a[:n], usable_b[:n]
            yield cell((name_a, name_b), group, s, usable, paired=paired, kind=kind)


def cell(  # noqa: PLR0913
    names: tuple[str, str],
    group: str,
    s: NDArray[np.float32],
    usable: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    *,
    paired: bool,
    kind: str = "hidden",
    through: str = "",
    together: int = 1,
) -> Cell:
    """The test of one axis against another, from the similarities of their units."""
    match = units.matches(s, *usable)
    hits = units.in_place(match)
    table = s if paired or hits >= KEPT else None
    return Cell(*names, group, hits, match.size, match, paired, table, kind, through, together)


def _residual(a: Side, b: Side, plan: Plan, placed: Placement) -> None:
    """Residual dimensions through the columns of the token embedding: a tensor group of its own,
    where both have the same width.
    """
    found = embedding.pair_tables(a, b)
    if found is None:
        return
    table_a, table_b, how = found
    placed.notes.append(how)
    if table_a.shape[0] != table_b.shape[0]:
        return
    n = table_a.shape[0]
    count = min(n, 4 * plan.count)
    first = axes_of.start(plan.seed, n, count)
    (x,), usable_x = units.features([table_a[first : first + count]])
    (y,), usable_y = units.features([table_b[first : first + count]])
    if min(usable_x.sum(), usable_y.sum()) < axes_of.MIN_UNITS or units.is_ordered(
        units.similarity([x], [x]),
        np.sqrt(
            (np.nan_to_num(table_a[first : first + count]).astype(np.float64) ** 2).sum(axis=1)
        ),
    ):
        placed.notes.append(
            "embedding columns are constant or in an order of their own: not tested"
        )
        return
    s = units.similarity([x], [y])
    names = "embedding columns", "embedding columns"
    placed.cells.append(
        cell(names, "embedding", s, (usable_x, usable_y), paired=True, kind="embedding")
    )


def best_pairs(placed: Placement, accept: Callable[[Cell], bool]) -> list[tuple[Cell, Cell | None]]:
    """For each axis of B the axis of A with most units in place (its `in` cell, and the `out` cell
    of the same two), if accepted.
    """
    outs = {(cell.a, cell.b): cell for cell in placed.at("out")}
    best: dict[str, Cell] = {}
    for cell in placed.at("in"):
        held = best.get(cell.b)
        if held is None or (cell.hits, cell.paired) > (held.hits, held.paired):
            best[cell.b] = cell
    return [(cell, outs.get((cell.a, cell.b))) for cell in best.values() if accept(cell)]
