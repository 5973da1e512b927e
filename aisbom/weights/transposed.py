"""The key of a matrix as it would be if it were stored transposed: `id_t` of `identity`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights.forms import Form
from aisbom.weights.loops import NUMPY, Loops
from aisbom.weights.read import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.read.reader import Checkpoint
    from aisbom.weights.read.stored import TensorInfo

LARGEST = 64 * 1024 * 1024
"""Bytes, as 32-bit values, of the largest matrix that is held in memory to turn it."""

_HEIGHT, _WIDTH, _PADDING = 256, 64, 32
"""Elements of a tile that fits a cache, and of what keeps rows of a band apart: those of a round
length fall into the same places of a cache.
"""


def compute_transposed_id(
    checkpoint: Checkpoint, info: TensorInfo, label: str = "", loops: Loops = NUMPY
) -> str:
    """`id` of the transpose, `""` for anything but a matrix up to LARGEST. `label` is that of the
    narrowest form that holds it, where that is known.

    Raises ValueError as the reader does.
    """
    shape = tuple(n for n in info.shape if n != 1)
    if len(shape) != 2 or info.numel * 4 > LARGEST:
        return ""
    label, codes = _narrowest(checkpoint, info, label, loops)
    matrix = codes.reshape(shape)
    form = Form.of(label)
    rows, width = shape
    band = np.empty((min(_WIDTH, width), rows + _PADDING), matrix.dtype)
    for start in range(0, width, _WIDTH):
        turned = band[: min(_WIDTH, width - start), :rows]
        for row in range(0, rows, _HEIGHT):
            tile = matrix[row : row + _HEIGHT, start : start + _WIDTH].copy()
            turned[:, row : row + _HEIGHT] = tile.T
        form.add(turned.ravel())
    return form.compute_id(shape[::-1])


def _narrowest(
    checkpoint: Checkpoint, info: TensorInfo, label: str, loops: Loops
) -> tuple[str, NDArray[np.unsignedinteger]]:
    """The label of the narrowest form, and all codes in it."""
    if info.exact and info.dtype.lower() == label and label != "f32":
        return label, np.frombuffer(checkpoint.read(info.name), "<u2")
    bits = (
        np.frombuffer(checkpoint.read(info.name), "<u4")
        if info.exact and info.dtype == "F32"
        else np.ascontiguousarray(values.elements(checkpoint, info, 0, info.numel)).view(np.uint32)
    )
    for form in ("bf16", "f16"):
        codes = loops.narrow(form, bits) if label in ("", form) else None
        if codes is not None:
            return form, codes
    return "f32", bits
