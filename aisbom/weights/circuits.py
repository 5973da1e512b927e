"""Attention heads as what they compute, free of how they are written down: which token looks at
which (queries and keys), and what is passed on (values and outputs).

For labelled vectors E (tokens, pixels, units of other layers; gains folded in) a head is described
by two tables, labels x labels: E Wq' Wk E' and E Wv' Wo' H', H being the output head or E again.
Any invertible matrix put between queries and keys, or between values and outputs, meets its own
inverse there, so a head that was turned or scaled inside is the same head; what rotary positions
allow (turns within pairs) is a part of that, and the order in which the pairs are stored does not
matter. Rotations of the residual stream cancel as in `anchored`. Mean rows and columns are taken
off: what is added to the scores of all tokens alike changes no attention.

Heads of independently started models carry arbitrary labels, so the test of `units` holds; where
query heads share keys, only whole groups and heads within one can change places, and the bound is
the one for units that stand together. Heads in another order are matched by the first table and
again by the second, and agreements are counted: that step is empirical (`HEADS_ALLOWED`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights import axes as axes_of
from aisbom.weights import gains, heads, units
from aisbom.weights.placing import Placement, cell, same_place
from aisbom.weights.poisson import log10_tail
from aisbom.weights.products import EVEN, Read
from aisbom.weights.read import values
from aisbom.weights.side import Plan, Side, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.anchored import Pairing
    from aisbom.weights.heads import Attention

GROUPS = ("query-key", "value-out")
LABELS = 64
MAX_LAYERS = 24
LEAST_HEADS = 12
"""Fewer heads that are matched alike are never called anything."""

HEADS_ALLOWED = 0.2
"""The share of heads that may be matched alike in independent models: above what was measured
(docs/weights.md). Three times as many are required.
"""

_NORMS = {
    kind: re.compile(rf"[./](?:attn_)?{kind[0]}_?(?:norm|layernorm)[./]weight")
    for kind in ("query", "key")
}


@dataclass(frozen=True, slots=True)
class Alike:
    """`count` of `of` heads, over every second layer (`layers`: even or odd ones), are matched
    alike by both tables; `control` is the most seen with the heads of the second relabelled.
    """

    layers: str
    count: int
    of: int
    control: int

    @property
    def strong(self) -> bool:
        """Whether there are more than independent models could have."""
        return self.count >= max(LEAST_HEADS, 2 * self.control, 3 * HEADS_ALLOWED * self.of)

    @property
    def log10_p(self) -> float:
        """Upper tail of a Poisson count of the control's mean or of the allowance, whichever is
        larger: a model, not an exact bound.
        """
        return log10_tail(self.count, max(1.0, float(self.control), HEADS_ALLOWED * self.of))


@dataclass(slots=True)
class HeadComparison:
    """Heads in place, and heads matched alike."""

    placed: Placement = field(default_factory=Placement)
    alike: list[Alike] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _LayerFeatures:
    """A layer with the features of its heads and which heads are usable, by group."""

    row: Attention
    kinds: dict[str, tuple[NDArray[np.float32], NDArray[np.bool_]]]


def compare(a: Side, b: Side, pairings: Sequence[Pairing], plan: Plan) -> HeadComparison:
    """Every layer of A against every layer of B with as many heads: as they stand, and through each
    table that both label; through units of other layers only where there is no other.
    """
    found = HeadComparison()
    if a.checkpoint is None or b.checkpoint is None or not a.heads or not b.heads:
        return found
    rows = [heads.layers(s.checkpoint.tensors, s.heads) for s in (a, b) if s.checkpoint]
    for width in sorted({r.width for r in rows[0]} & {r.width for r in rows[1]}):
        # As they stand: dimensions of the residual stream are labels, too, until it is rotated.
        chosen = axes_of.columns(plan.seed, width, LABELS)
        eye = np.eye(width, dtype=np.float32)[chosen]
        both = [Read(s.checkpoint, eye, eye, gains.NONE) for s in (a, b) if s.checkpoint]
        described = [_describe_layers(*row) for row in zip((a, b), both, rows, strict=True)]
        _cells(described[0], described[1], "", plan, found)
    for pairing in [p for p in pairings if p.shared] or pairings:
        described = []
        for side, table, chosen, mine in (
            (a, pairing.a, pairing.chosen_a, rows[0]),
            (b, pairing.b, pairing.chosen_b, rows[1]),
        ):
            try:
                products = table.products(chosen[:LABELS])
            except ValueError:
                continue
            if isinstance(products, Read):
                described.append(_describe_layers(side, products, mine))
        if len(described) == 2:
            _cells(described[0], described[1], pairing.a.kind, plan, found)
    found.placed.tests = len(found.placed.cells) + len(found.alike)
    return found


def _describe_layers(
    side: Side, products: Read, rows: Sequence[Attention]
) -> dict[str, _LayerFeatures]:
    """Layers that read vectors of this table; those that cannot be read are left out."""
    found = {}
    for row in spread([r for r in rows if r.width == products.into.shape[1]], MAX_LAYERS):
        try:
            tables = circuits(side, products, row)
        except (ValueError, np.linalg.LinAlgError):
            continue
        kinds = {}
        for group, x in tables.items():
            (rows_of,), usable = units.features([x])
            kinds[group] = rows_of, usable
        found[row.label] = _LayerFeatures(row, kinds)
    return found


def circuits(side: Side, products: Read, row: Attention) -> dict[str, NDArray[np.float32]]:
    """Both tables of every head of a layer, heads x (labels x labels), evened out. Raises
    ValueError as the reader does.
    """
    assert side.checkpoint is not None  # noqa: S101 - compare() returned otherwise
    gain = gains.before(side.checkpoint, row.label, row.width, gains.BEFORE_HEADS)
    into = gain.fold(products.into)
    every = np.arange(row.width)
    query, key, value, out = (
        axes_of.read(side.checkpoint, part, 0, count * row.size, every)
        for part, count in (
            (row.query, row.heads),
            (row.key, row.groups),
            (row.value, row.groups),
            (row.out, row.heads),
        )
    )
    query, key = (_scale_rows(side, row, kind, x) for kind, x in (("query", query), ("key", key)))
    heads_of = np.arange(row.heads)
    groups_of = heads_of // row.together
    with np.errstate(invalid="ignore", over="ignore"):
        cut = {
            name: (vectors @ rows.T).reshape(len(vectors), -1, row.size)[:, which]
            for name, vectors, rows, which in (
                ("query", into, query, heads_of),
                ("key", into, key, groups_of),
                ("value", into, value, groups_of),
                ("out", products.after, out, heads_of),
            )
        }
    return {group: even(_tables(*(cut[n] for n in group.split("-")))) for group in GROUPS}


def _scale_rows(
    side: Side, row: Attention, kind: str, rows: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Rows with the gains of a normalisation inside the heads, where there is one."""
    assert side.checkpoint is not None  # noqa: S101 - compare() returned otherwise
    for info in side.checkpoint.tensors:
        if (
            info.shape == (row.size,)
            and info.name.startswith(row.label)
            and _NORMS[kind].fullmatch(info.name[len(row.label) :])
        ):
            gain = values.elements(side.checkpoint, info, 0, row.size)
            return rows * np.tile(gain, rows.shape[0] // row.size)[:, None]
    return rows


def _tables(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float64]:
    """Heads x labels x labels from labels x heads x size, mean rows and columns taken off, each of
    length 1; not finite where a head is not.
    """
    x = np.einsum("ihs,jhs->hij", left, right, optimize=True).astype(np.float64)
    x -= x.mean(axis=1, keepdims=True)
    x -= x.mean(axis=2, keepdims=True)
    length = np.sqrt((x**2).sum(axis=(1, 2), keepdims=True))
    tables: NDArray[np.float64] = x / np.where(length > 0, length, 1)
    return tables


def even(tables: NDArray[np.float64]) -> NDArray[np.float32]:
    """Heads x (labels x labels) with the second moments of both labels evened out, as
    `products.even` does for units: all heads of a layer are treated alike. What is no number stays
    none.
    """
    good = np.isfinite(tables).all(axis=(1, 2))
    x = tables[good]
    if not x.any():
        return tables.reshape(len(tables), -1).astype(np.float32)
    whitening = []
    for turned in (x, np.swapaxes(x, 1, 2)):
        rows = np.swapaxes(turned, 0, 1).reshape(x.shape[1], -1)
        spectrum, vectors = np.linalg.eigh(rows @ rows.T / len(x))
        scale = 1 / np.sqrt(np.maximum(spectrum, 0) + EVEN * float(spectrum.mean()))
        whitening.append((vectors * scale) @ vectors.T)
    x = whitening[0] @ x @ whitening[1]
    found = np.full((len(tables), x[0].size), np.nan, np.float32)
    found[good] = x.reshape(len(x), -1)
    return found


def _cells(
    left: Mapping[str, _LayerFeatures],
    right: Mapping[str, _LayerFeatures],
    through: str,
    plan: Plan,
    found: HeadComparison,
) -> None:
    """Heads in place for all pairs of layers, and heads matched alike for those at one place."""
    paired = same_place([x.row for x in left.values()], [y.row for y in right.values()])
    agreed: list[tuple[set[tuple[int, int]], set[tuple[int, int]], int]] = []
    for name_a, x in left.items():
        for name_b, y in right.items():
            if (x.row.heads, x.row.groups) != (y.row.heads, y.row.groups):
                continue
            same, mutual = (name_a, name_b) in paired, []
            for group in GROUPS:
                (p, up), (q, uq) = x.kinds[group], y.kinds[group]
                s = units.similarity([p], [q])
                found.placed.cells.append(
                    cell(
                        (name_a, name_b),
                        group,
                        s,
                        (up, uq),
                        paired=same,
                        kind="head",
                        through=through,
                        together=x.row.together,
                    )
                )
                mutual.append(
                    set(units.mutual(units.matches(s, up, uq), units.matches(s.T, uq, up)))
                )
            if same:
                agreed.append((mutual[0], mutual[1], x.row.heads))
    for at, layers in enumerate(("even layers", "odd layers")):
        if agreed[at::2]:
            dice = axes_of.generator(f"heads|{plan.seed}|{layers}")
            found.alike.append(_alike(layers, agreed[at::2], dice))


def _alike(
    layers: str,
    agreed: Sequence[tuple[set[tuple[int, int]], set[tuple[int, int]], int]],
    dice: np.random.Generator,
) -> Alike:
    controls = []
    for _ in range(20):
        total = 0
        for forth, back, n in agreed:
            order = dice.permutation(n)
            total += len(forth & {(i, int(order[j])) for i, j in back})
        controls.append(total)
    return Alike(
        layers,
        sum(len(x & y) for x, y, _ in agreed),
        sum(n for *_, n in agreed),
        max(controls),
    )
