"""What two models share by construction and no laundering can rename: tokens, pixels of a patch,
bands of a spectrum, places in a sequence.

Each is a table of vectors in the residual stream, one for a label that both sides know. Products
of hidden units with such vectors stay as they are when the residual stream is rotated, permuted or
flipped: the rotation meets its own inverse. The labels say nothing of the units, so that the test
of `units` holds for such products as it does for the weights, whatever was paired with what.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights import axes
from aisbom.weights.read import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.axes import Axis
    from aisbom.weights.read.reader import Checkpoint
    from aisbom.weights.read.stored import TensorInfo

LEAST = 48
"""Fewer labels in common tell units apart too badly."""

_HEAD = re.compile(r"(?:^|[./])(lm_head|embed_out|output)[./](?:weight|kernel)$")
_PATCH = re.compile(r"patch_?emb|(?:^|[./])(?:visual|vision_model|vision_tower)[./].*conv1[./]")
_STEM = re.compile(r"(?:^|[./])conv([12])[./]weight$")
_PLACES = re.compile(
    r"(?:^|[./])(wpe|pos_embed|embed_positions|position_embeddings?)([./]weight)?$"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A table of a checkpoint: `count` labelled vectors of length `width`. `after` is what units
    that write are multiplied with (an output head), `into` where there is none.

    `kind` names what the labels are; tables of different kinds are never paired.
    """

    kind: str
    width: int
    count: int
    into: tuple[TensorInfo, ...]
    after: TensorInfo | None = None


def anchors(tensors: Sequence[TensorInfo]) -> list[Anchor]:
    """The tables of a checkpoint that can be read, most telling kind first."""
    usable = [t for t in tensors if values.readable(t) and t.numel]
    found = []
    table = axes.embedding(usable)
    if table is not None:
        found.append(
            Anchor("tokens", table.shape[1], table.shape[0], (table,), _head(usable, table))
        )
    for t in usable:
        width, count = t.shape[0] if t.shape else 0, t.numel // max(1, t.shape[0] if t.shape else 0)
        if len(t.shape) in (4, 5) and _PATCH.search(t.name) and t.shape[1] <= 4 and count >= LEAST:
            found.append(Anchor(f"pixels {'x'.join(map(str, t.shape[1:]))}", width, count, (t,)))
    found += _spectra(usable)
    for t in usable:
        if _PLACES.search(t.name) and len(t.shape) in (2, 3) and t.shape[-2] >= LEAST:
            found.append(Anchor("places", t.shape[-1], t.shape[-2], (t,)))
    return found


def of_axis(found: Iterable[Anchor], axis: Axis) -> Anchor | None:
    """The table whose vectors the units of this axis read: of their width, and nearest by name."""
    if axis.ins[0].kind == "channel":
        return None
    fits = [anchor for anchor in found if anchor.width == axis.ins[0].across]
    return max(fits, key=lambda anchor: _common(anchor.into[0].name, axis.label), default=None)


def hash_label(text: str) -> str:
    """What a label is paired and chosen by: 48 bits, hex."""
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=6).hexdigest()


def vectors(
    checkpoint: Checkpoint, anchor: Anchor, rows: NDArray[np.int64], after: bool
) -> NDArray[np.float32]:
    """The vectors of these labels: labels x width. `after`: of the output head, where there is one.

    Raises ValueError as the reader does.
    """
    if after and anchor.after is not None:
        return _lines(checkpoint, anchor.after, rows)
    if anchor.kind.startswith("pixels"):
        whole = _all(checkpoint, anchor.into[0]).reshape(anchor.width, -1)
        return np.ascontiguousarray(whole[:, rows].T)
    if anchor.kind.startswith("bands"):
        first, second = (_all(checkpoint, info).reshape(info.shape) for info in anchor.into)
        # The channels between the two convolutions may be in any order: summed over.
        both = np.einsum("wct,cms->wmst", second, first, optimize=True)
        return np.ascontiguousarray(both.reshape(anchor.width, -1)[:, rows].T)
    return _lines(checkpoint, anchor.into[0], rows)


def _head(tensors: Iterable[TensorInfo], table: TensorInfo) -> TensorInfo | None:
    fits = [
        t
        for t in tensors
        if len(t.shape) == 2
        and t.shape[1] == table.shape[1]
        and t.shape[0] >= table.shape[0] // 2
        and _HEAD.search(t.name)
    ]
    return max(fits, key=lambda t: (_common(t.name, table.name), t.name), default=None)


def _spectra(tensors: Sequence[TensorInfo]) -> list[Anchor]:
    """Two convolutions over a spectrum, the second of which writes the residual stream."""
    stems: dict[str, dict[str, TensorInfo]] = {}
    for t in tensors:
        match = _STEM.search(t.name)
        if match and len(t.shape) == 3:
            stems.setdefault(t.name[: match.start()], {})[match[1]] = t
    found = []
    for pair in stems.values():
        first, second = pair.get("1"), pair.get("2")
        if first is None or second is None or second.shape[1] != first.shape[0]:
            continue
        count = first.shape[1] * first.shape[2] * second.shape[2]
        if count >= LEAST and second.numel * first.shape[1] * first.shape[2] <= 1 << 31:
            found.append(Anchor(f"bands {first.shape[1]}", second.shape[0], count, (first, second)))
    return found


def _lines(
    checkpoint: Checkpoint, info: TensorInfo, rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Rows of the last two dimensions of a table."""
    width = info.shape[-1]
    return np.stack(
        [values.elements(checkpoint, info, int(row) * width, width) for row in rows]
    ).astype(np.float32, copy=False)


def _all(checkpoint: Checkpoint, info: TensorInfo) -> NDArray[np.float32]:
    return values.elements(checkpoint, info, 0, info.numel)


def _common(one: str, other: str) -> int:
    """How many first parts two names share."""
    count = 0
    for x, y in zip(re.split(r"[./]", one), re.split(r"[./]", other), strict=False):
        if x != y:
            break
        count += 1
    return count
