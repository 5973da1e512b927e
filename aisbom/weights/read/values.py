"""Stored bytes to numbers: the few codings that floats and small integers come in, with numpy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights.loops import widen_halves

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.read.reader import Checkpoint
    from aisbom.weights.read.stored import TensorInfo

FLOATS = frozenset({"F64", "F32", "F16", "BF16"})
_PLAIN = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I8": "i1",
    "U8": "u1",
    "BOOL": "u1",
    "I16": "<i2",
    "U16": "<u2",
    "I32": "<i4",
    "U32": "<u4",
    "I64": "<i8",
    "U64": "<u8",
}
_EIGHTS = {
    "F8_E4M3": (4, 7, True),
    "F8_E4M3FNUZ": (4, 8, True),
    "F8_E5M2": (5, 15, False),
    "F8_E5M2FNUZ": (5, 16, True),
}


def decode(dtype: str, data: bytes) -> NDArray[np.float32]:
    """The values of a plain type as f32, not to be written to. Raises ValueError for a type that is
    not numbers of a known coding.
    """
    if dtype == "BF16":
        bits = np.frombuffer(data, "<u2").astype(np.uint32)
        bits <<= np.uint32(16)
        return bits.view(np.float32)
    if dtype == "F16":
        return np.take(widen_halves(), np.frombuffer(data, "<u2")).view(np.float32)
    if dtype in _PLAIN:
        with np.errstate(over="ignore"):
            return np.frombuffer(data, _PLAIN[dtype]).astype(np.float32, copy=False)
    if dtype in _EIGHTS:
        found: NDArray[np.float32] = np.take(_eight(dtype), np.frombuffer(data, "u1"))
        return found
    raise ValueError(f"values of {dtype} are not decoded")


def readable(info: TensorInfo) -> bool:
    """Whether `rows` can be asked of it."""
    return not info.exact or info.dtype == "BF16" or info.dtype in _PLAIN or info.dtype in _EIGHTS


def elements(
    checkpoint: Checkpoint, info: TensorInfo, start: int, count: int
) -> NDArray[np.float32]:
    """Elements `start` to `start + count` in stored order; block types are read in whole rows.
    Raises ValueError as the reader does.
    """
    if info.exact:
        return decode(info.dtype, checkpoint.read(info.name, start, count))
    width = info.shape[-1] if info.shape else 1
    first = start // width
    last = -(-(start + count) // width)
    row = np.frombuffer(checkpoint.read_f32(info.name, first, last - first), "<f4")
    return row[start - first * width : start - first * width + count]


def bf16(bits: NDArray[np.uint32]) -> NDArray[np.uint16]:
    """The codes of f32 bits rounded to the nearest bfloat16, ties to even; what is not a number
    stays none.
    """
    rounded = (bits + (((bits >> 16) & 1) + np.uint32(0x7FFF))) >> 16
    odd = (bits & np.uint32(0x7FFFFFFF)) > np.uint32(0x7F800000)
    return np.where(odd, (bits >> 16) | 0x40, rounded).astype(np.uint16)


def f16(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    """The codes of f32 values rounded to the nearest half."""
    with np.errstate(over="ignore", invalid="ignore"):
        return values.astype(np.float16).view(np.uint16)


def _eight(dtype: str) -> NDArray[np.float32]:
    exponent, bias, finite = _EIGHTS[dtype]
    mantissa = 7 - exponent
    table = np.zeros(256, np.float32)
    for code in range(256):
        e, m = (code >> mantissa) & ((1 << exponent) - 1), code & ((1 << mantissa) - 1)
        size = (
            math.ldexp(m, 1 - bias - mantissa)
            if e == 0
            else math.ldexp((1 << mantissa) + m, e - bias - mantissa)
        )
        if not finite and e == (1 << exponent) - 1:
            size = math.nan if m else math.inf
        table[code] = -size if code & 0x80 else size
    if dtype.endswith("FNUZ"):
        table[0x80] = math.nan
    elif finite:
        table[0x7F] = table[0xFF] = math.nan
    return table
