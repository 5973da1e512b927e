"""Products of hidden units with the labelled vectors of one table: read from a checkpoint, or kept
by a sketch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from aisbom.weights import anchors, gains, labels, units
from aisbom.weights import axes as axes_of
from aisbom.weights.anchors import Anchor
from aisbom.weights.axes import Axis
from aisbom.weights.gains import Gain
from aisbom.weights.held import LabelledProducts
from aisbom.weights.side import Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.read.reader import Checkpoint

GROUPS = ("in", "out")
PLACES = 512
"""Units that can be labels, over all layers."""

_STRIDE = 1 << 32
Block = tuple[int, int]
"""Where contiguous units begin, and how many they are."""

EVEN = 0.3
"""Second moments are evened out down to this share of their mean; what is smaller is noise."""


@dataclass(frozen=True, slots=True)
class UnitVectors:
    """Units of one axis by the matrices that feed them or that they feed: units x labels per kind,
    centred and of length 1; which units are usable; and how long their products were.
    """

    kinds: dict[str, NDArray[np.float32]]
    usable: NDArray[np.bool_]
    lengths: NDArray[np.float64]


class Products(Protocol):
    """Products with chosen labels. `alike` and `structured` are those of `LabelledProducts`."""

    @property
    def alike(self) -> NDArray[np.float64]:
        """Cosines of the labels with each other."""

    @property
    def is_structured(self) -> bool:
        """Whether the table shows more than chance would."""

    def is_known(self, axis: Axis) -> bool:
        """Whether the normalisations before the axis and before the output head were recognised."""

    def raw(self, axis: Axis, group: str, block: Block) -> dict[str, NDArray[np.float32]]:
        """Units x labels by kind of matrix; empty where the axis has none of that group. Raises
        ValueError as the reader does.
        """


class Table(Protocol):
    """A table of labelled vectors, and the axes whose units read it."""

    kind: str
    texts: bool

    @property
    def axes(self) -> Sequence[Axis]:
        """Those whose units read it."""

    def labels(self, by_text: bool) -> Mapping[str, int]:
        """What stands for each label when `products` is called, by the hash of its text or of its
        number.
        """

    def products(self, chosen: NDArray[np.int64]) -> Products:
        """Those with chosen labels. Raises ValueError as the reader does."""


def tables(side: Side) -> Sequence[Table]:
    """Those of a checkpoint or of a sketch."""
    if side.checkpoint is None:
        return [_SketchTable(held, side.axes) for held in side.tables]
    found = anchors.anchors(side.checkpoint.tensors)
    rows: list[Table] = []
    for anchor in found:
        mine = [axis for axis in side.axes if anchors.of_axis(found, axis) is anchor]
        if mine:
            rows.append(_CheckpointTable(side.checkpoint, anchor, mine, side.vocabulary))
    for width in sorted({axis.ins[0].across for axis in side.axes if axis.outs}):
        writing = [axis for axis in side.axes if axis.outs and axis.ins[0].across == width]
        for at in (0, 1):
            if writing[at::2] and writing[1 - at :: 2]:
                kind = f"units of {('even', 'odd')[at]} layers"
                rows.append(_Units(side.checkpoint, kind, writing[at::2], writing[1 - at :: 2]))
    return rows


class _CheckpointTable:
    """A table of a checkpoint."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        anchor: Anchor,
        axes: Sequence[Axis],
        vocabulary: Mapping[str, int],
    ) -> None:
        self.kind = anchor.kind
        self.axes = axes
        self.texts = anchor.kind == "tokens" and bool(vocabulary)
        self._checkpoint, self._anchor, self._vocabulary = checkpoint, anchor, vocabulary

    def labels(self, by_text: bool) -> Mapping[str, int]:
        """Rows of the table."""
        if by_text:
            return {
                anchors.hash_label(text): row
                for text, row in self._vocabulary.items()
                if 0 <= row < self._anchor.count
            }
        return {anchors.hash_label(str(row)): row for row in range(self._anchor.count)}

    def products(self, chosen: NDArray[np.int64]) -> Products:
        """Vectors are read now, units when they are asked for."""
        checkpoint, anchor = self._checkpoint, self._anchor
        last = gains.NONE
        if anchor.kind == "tokens":
            last = gains.last(checkpoint, anchor.width, anchor.after is not None)
        into, after = (
            anchors.vectors(checkpoint, anchor, chosen, after=after) for after in (False, True)
        )
        return Read(checkpoint, into, last.fold(after), last)


class _Units:
    """Units of every second layer as labels for those of the others: what they write into the
    residual stream is turned with it.

    No unit is a label for itself: the labels of a layer that is tested are arbitrary given all
    other layers, and that is all that the exact test needs.
    """

    texts = False

    def __init__(
        self, checkpoint: Checkpoint, kind: str, writing: Sequence[Axis], axes: Sequence[Axis]
    ) -> None:
        self.kind = kind
        self.axes = axes
        self._checkpoint, self._writing = checkpoint, writing

    def labels(self, by_text: bool) -> Mapping[str, int]:
        """The place of each unit, some of each layer; all of one layer stand together."""
        del by_text
        most = max(1, PLACES // len(self._writing))
        return {
            anchors.hash_label(f"{layer}:{unit}"): layer * _STRIDE + unit
            for layer, axis in enumerate(self._writing)
            for unit in range(min(axis.units, most))
        }

    def products(self, chosen: NDArray[np.int64]) -> Products:
        """What the chosen units write, one layer after another."""
        found = np.empty((chosen.size, self._writing[0].ins[0].across), np.float32)
        for layer, axis in enumerate(self._writing):
            here = np.flatnonzero(chosen // _STRIDE == layer)
            if here.size:
                part = axis.outs[0]
                every = np.arange(part.across)
                rows = axes_of.read(
                    self._checkpoint, part, 0, int(chosen[here].max() % _STRIDE) + 1, every
                )
                found[here] = rows[chosen[here] % _STRIDE]
        return Read(self._checkpoint, found, found, gains.NONE)


class Read:
    """Products that are computed from the matrices of a checkpoint."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        into: NDArray[np.float32],
        after: NDArray[np.float32],
        last: Gain,
    ) -> None:
        """`into` and `after`: labels x width, what reading and what writing units meet."""
        self._checkpoint, self.into, self.after, self._last = checkpoint, into, after, last
        self._before: dict[str, Gain] = {}

    @cached_property
    def alike(self) -> NDArray[np.float64]:
        """Of both tables together: a head learns before an embedding does."""
        found: NDArray[np.float64] = np.mean(
            [labels.alike(x) for x in (self.into, self.after)], axis=0
        )
        return found

    @cached_property
    def is_structured(self) -> bool:
        """Whether either table is."""
        return labels.is_structured(self.into) or labels.is_structured(self.after)

    def is_known(self, axis: Axis) -> bool:
        """By the names of normalisations."""
        return self._gain(axis).known and self._last.known

    def raw(self, axis: Axis, group: str, block: Block) -> dict[str, NDArray[np.float32]]:
        """Whole rows of the matrices are read."""
        parts = axis.ins if group == "in" else axis.outs
        labelled = self._gain(axis).fold(self.into) if group == "in" else self.after
        found = {}
        for part in parts:
            every = np.arange(part.across)
            rows = axes_of.read(self._checkpoint, part, *block, every)
            with np.errstate(invalid="ignore", over="ignore"):
                found[part.kind] = rows @ labelled.T
        return found

    def _gain(self, axis: Axis) -> Gain:
        if axis.label not in self._before:
            self._before[axis.label] = gains.before(
                self._checkpoint, axis.label, axis.ins[0].across
            )
        return self._before[axis.label]


class _SketchTable:
    """A table whose products a sketch keeps."""

    def __init__(self, held: LabelledProducts, axes: Sequence[Axis]) -> None:
        self.kind, self.texts, self._held = held.kind, held.texts, held
        known = {label for label, _ in held.values}
        self.axes = [axis for axis in axes if axis.label in known]

    def labels(self, by_text: bool) -> Mapping[str, int]:
        """Places among the labels of the sketch."""
        if by_text:
            return {text: at for at, text in enumerate(self._held.hashes)}
        return {anchors.hash_label(str(row)): at for at, row in enumerate(self._held.numbers)}

    def products(self, chosen: NDArray[np.int64]) -> Products:
        """Columns of what was kept."""
        return _SketchProducts(self._held, chosen)


class _SketchProducts:
    """Products that a sketch keeps; it chose the units."""

    def __init__(self, held: LabelledProducts, chosen: NDArray[np.int64]) -> None:
        self._held, self._chosen = held, chosen
        self.alike, self.is_structured = held.alike[np.ix_(chosen, chosen)], held.structured

    def is_known(self, axis: Axis) -> bool:
        """As the maker of the sketch found."""
        return axis.label in self._held.known

    def raw(self, axis: Axis, group: str, block: Block) -> dict[str, NDArray[np.float32]]:
        """The kept units: every sketch begins at the same one."""
        return {
            part.kind: self._held.values[axis.label, part.kind][: block[1], self._chosen]
            for part in (axis.ins if group == "in" else axis.outs)
            if (axis.label, part.kind) in self._held.values
        }


def describe(products: Products, axis: Axis, group: str, block: Block) -> UnitVectors | None:
    """Units of an axis by their products, evened out, centred and scaled; None where it has no
    matrix of that group. Raises ValueError as the reader does.
    """
    raw = products.raw(axis, group, block)
    if not raw:
        return None
    rows, usable = units.features([even(x) for x in raw.values()])
    squares = np.zeros(usable.size)
    for x in raw.values():
        squares += (np.nan_to_num(x).astype(np.float64) ** 2).sum(axis=1)
    return UnitVectors(dict(zip(raw, rows, strict=True)), usable, np.sqrt(squares))


def even(products: NDArray[np.float32]) -> NDArray[np.float32]:
    """Units x labels, centred, with the second moments of the labels evened out; what is no number
    stays none.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        products = products - products.mean(axis=1, keepdims=True)
        length = np.sqrt((products.astype(np.float64) ** 2).sum(axis=1))
    good = np.isfinite(length) & (length > 0)
    if not good.any():
        return products
    x = np.where(good[:, None], products, 0) / np.where(good, length, 1)[:, None]
    # With x = U S V', x (V S**2 V' + floor)**-1/2 is the same from U, of which the smaller is used.
    few = x.shape[0] < x.shape[1]
    spectrum, vectors = np.linalg.eigh((x @ x.T if few else x.T @ x) / good.sum())
    floor = EVEN * float(spectrum.sum()) / x.shape[1]
    scale = 1 / np.sqrt(np.maximum(spectrum, 0) + floor)
    whitened = (vectors * scale) @ vectors.T
    evened = (whitened @ x if few else x @ whitened).astype(np.float32)
    return np.where(good[:, None], evened, np.float32(np.nan))


def similarity(x: UnitVectors, y: UnitVectors) -> NDArray[np.float32] | None:
    """Units of A x units of B over the kinds that both have; None where they have none."""
    kinds = sorted(x.kinds.keys() & y.kinds.keys())
    if not kinds:
        return None
    return units.similarity([x.kinds[k] for k in kinds], [y.kinds[k] for k in kinds])
