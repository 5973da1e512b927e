"""The block types of GGML: how many values a block holds, how many bytes it takes, and its values
as f32.

Layouts are those of ggml's `block_*` structures; super-blocks of the K types hold 256 values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

TYPES: dict[int, tuple[str, int, int]] = {
    0: ("F32", 1, 4),
    1: ("F16", 1, 2),
    2: ("Q4_0", 32, 18),
    3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24),
    8: ("Q8_0", 32, 34),
    9: ("Q8_1", 32, 36),
    10: ("Q2_K", 256, 84),
    11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144),
    13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210),
    15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66),
    17: ("IQ2_XS", 256, 74),
    18: ("IQ3_XXS", 256, 98),
    19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18),
    21: ("IQ3_S", 256, 110),
    22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136),
    24: ("I8", 1, 1),
    25: ("I16", 1, 2),
    26: ("I32", 1, 4),
    27: ("I64", 1, 8),
    28: ("F64", 1, 8),
    29: ("IQ1_M", 256, 56),
    30: ("BF16", 1, 2),
    34: ("TQ1_0", 256, 54),
    35: ("TQ2_0", 256, 66),
    39: ("MXFP4", 32, 17),
    40: ("NVFP4", 64, 36),
    41: ("Q1_0", 128, 18),
}
"""Number in a GGUF file: (name, values of a block, bytes of a block)."""

BLOCKS: dict[str, tuple[int, int]] = {
    name: (each, size) for name, each, size in TYPES.values() if each > 1
}
"""The quantised types: (values, bytes) of a block."""


def floats(dtype: str, data: bytes) -> bytes:
    """Little-endian f32 of plain values or whole blocks of `dtype`.

    Raises ValueError for types that are not decoded.
    """
    if dtype == "F32":
        return data
    import numpy as np

    if dtype in _PLAIN:
        return bytes(np.frombuffer(data, _PLAIN[dtype]).astype("<f4").tobytes())
    if dtype == "BF16":
        return bytes((np.frombuffer(data, "<u2").astype("<u4") << 16).tobytes())
    if dtype not in _DECODERS:
        raise ValueError(f"values of {dtype} are not decoded")
    blocks = np.frombuffer(data, np.uint8).reshape(-1, BLOCKS[dtype][1])
    with np.errstate(all="ignore"):
        return bytes(_DECODERS[dtype](np, blocks).astype("<f4").tobytes())


_PLAIN = {
    "F16": "<f2",
    "F64": "<f8",
    "I8": "i1",
    "U8": "u1",
    "I16": "<i2",
    "U16": "<u2",
    "I32": "<i4",
    "U32": "<u4",
    "I64": "<i8",
    "U64": "<u8",
    "BOOL": "u1",
}


def _half(np: Any, blocks: Any, at: int) -> Any:
    """One f16 per block as a column of f32."""
    return np.ascontiguousarray(blocks[:, at : at + 2]).view("<f2").astype("f4")


def _nibbles(np: Any, packed: Any) -> Any:
    """Low halves first, then high ones: (blocks, 2 n)."""
    return np.concatenate([packed & 15, packed >> 4], axis=1)


def _q4_0(np: Any, b: Any) -> Any:
    return _half(np, b, 0) * (_nibbles(np, b[:, 2:]).astype("f4") - 8)


def _q4_1(np: Any, b: Any) -> Any:
    return _half(np, b, 0) * _nibbles(np, b[:, 4:]).astype("f4") + _half(np, b, 2)


def _fifth(np: Any, bits: Any) -> Any:
    """32 bits of each block, least significant first."""
    return np.unpackbits(np.ascontiguousarray(bits), axis=1, bitorder="little")


def _q5_0(np: Any, b: Any) -> Any:
    values = _nibbles(np, b[:, 6:]) | _fifth(np, b[:, 2:6]) << 4
    return _half(np, b, 0) * (values.astype("f4") - 16)


def _q5_1(np: Any, b: Any) -> Any:
    values = _nibbles(np, b[:, 8:]) | _fifth(np, b[:, 4:8]) << 4
    return _half(np, b, 0) * values.astype("f4") + _half(np, b, 2)


def _q8_0(np: Any, b: Any) -> Any:
    return _half(np, b, 0) * b[:, 2:].view("i1").astype("f4")


def _crumbs(np: Any, packed: Any) -> Any:
    """Two-bit fields of each 32-byte run, four passes over the run: (blocks, 4 n)."""
    runs = packed.reshape(len(packed), -1, 1, 32)
    shifts = np.array([0, 2, 4, 6], "u1").reshape(1, 1, 4, 1)
    return ((runs >> shifts) & 3).reshape(len(packed), -1)


def _q2_k(np: Any, b: Any) -> Any:
    scale = np.repeat((b[:, :16] & 15).astype("f4") * _half(np, b, 80), 16, axis=1)
    least = np.repeat((b[:, :16] >> 4).astype("f4") * _half(np, b, 82), 16, axis=1)
    return scale * _crumbs(np, b[:, 16:80]).astype("f4") - least


def _q3_k(np: Any, b: Any) -> Any:
    low = _nibbles(np, b[:, 96:104])
    shifts = np.array([0, 2, 4, 6], "u1").reshape(1, 4, 1)
    high = ((b[:, 104:108].reshape(-1, 1, 4) >> shifts) & 3).reshape(-1, 16)
    scale = np.repeat(((low | high << 4).astype("f4") - 32) * _half(np, b, 108), 16, axis=1)
    masks = np.arange(8, dtype="u1").reshape(1, 8, 1)
    set_bits = ((b[:, :32].reshape(-1, 1, 32) >> masks) & 1).reshape(-1, 256)
    return scale * (_crumbs(np, b[:, 32:96]).astype("f4") - 4 * (1 - set_bits.astype("f4")))


def _scales_k4(np: Any, packed: Any) -> tuple[Any, Any]:
    """Eight 6-bit scales and eight 6-bit minima from 12 bytes."""
    first, second, third = packed[:, :4], packed[:, 4:8], packed[:, 8:12]
    scale = np.concatenate([first & 63, (third & 15) | (first >> 6) << 4], axis=1)
    least = np.concatenate([second & 63, (third >> 4) | (second >> 6) << 4], axis=1)
    return scale.astype("f4"), least.astype("f4")


def _runs(np: Any, packed: Any) -> Any:
    """Of each 32-byte run first all low halves, then all high ones."""
    runs = packed.reshape(len(packed), -1, 32)
    return np.stack([runs & 15, runs >> 4], axis=2).reshape(len(packed), -1)


def _q4_k(np: Any, b: Any) -> Any:
    scale, least = _scales_k4(np, b[:, 4:16])
    values = _runs(np, b[:, 16:144]).astype("f4")
    return np.repeat(scale * _half(np, b, 0), 32, axis=1) * values - np.repeat(
        least * _half(np, b, 2), 32, axis=1
    )


def _q5_k(np: Any, b: Any) -> Any:
    scale, least = _scales_k4(np, b[:, 4:16])
    masks = np.arange(8, dtype="u1").reshape(1, 8, 1)
    fifth = ((b[:, 16:48].reshape(-1, 1, 32) >> masks) & 1).reshape(-1, 256)
    values = (_runs(np, b[:, 48:176]) | fifth << 4).astype("f4")
    return np.repeat(scale * _half(np, b, 0), 32, axis=1) * values - np.repeat(
        least * _half(np, b, 2), 32, axis=1
    )


def _q6_k(np: Any, b: Any) -> Any:
    halves = b[:, :128].reshape(-1, 2, 1, 64)
    low = np.concatenate([halves & 15, halves >> 4], axis=2).reshape(-1, 256)
    high = _crumbs(np, b[:, 128:192])
    scale = np.repeat(b[:, 192:208].view("i1").astype("f4") * _half(np, b, 208), 16, axis=1)
    return scale * ((low | high << 4).astype("f4") - 32)


_DECODERS: dict[str, Callable[[Any, Any], Any]] = {
    "Q4_0": _q4_0,
    "Q4_1": _q4_1,
    "Q5_0": _q5_0,
    "Q5_1": _q5_1,
    "Q8_0": _q8_0,
    "Q2_K": _q2_k,
    "Q3_K": _q3_k,
    "Q4_K": _q4_k,
    "Q5_K": _q5_k,
    "Q6_K": _q6_k,
}
