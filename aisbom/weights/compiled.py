"""The loops of `loops` as machine code, where numba is installed (the extra `fast`): three to eight
times as fast, and free of the interpreter's lock.

They are compiled anew by every process that has enough to count, which takes about a second: a
cache would be written beside the program or into the user's folders, and be unpickled from there.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from aisbom.weights.loops import BINS, INFINITE, LOW, NORMAL, NUMPY, REBIASED, SHIFT, Loops

if TYPE_CHECKING:
    from aisbom.weights.loops import Bits, Codes

WORTH = 1 << 30
"""Bytes to count from which compiling takes less time than it saves."""

_CHUNK = 1 << 8
"""Values that stay in the first-level cache from one loop to the next. An even number, small enough
for sums of as many halves to fit 32 bits, and for most not to hold one with nothing in its lower
bits.
"""

_ONE = np.uint32(1)
_NONE = np.uint32(0)
_MAGNITUDE = np.uint32(0x7FFFFFFF)
_HALF = np.uint64(0xFFFF)
_UPPER = np.uint64(BINS - 1)


def choose(nbytes: int) -> Loops:
    """The loops for so many bytes of values, compiled where that is worth it and can be done."""
    return (compile_loops() or NUMPY) if nbytes >= WORTH else NUMPY


@cache
def compile_loops() -> Loops | None:
    """The compiled loops, None without numba, or with one that does not know the numpy here."""
    try:
        import numba
        from numba import types
    except ImportError:
        return None

    def compile_as(signature: Any, function: Any) -> Any:
        return numba.njit(signature, nogil=True)(function)

    codes = types.Array(types.uint16, 1, "C", readonly=True)
    bits = types.Array(types.uint32, 1, "C", readonly=True)
    counts = types.Array(types.uint32, 1, "C")
    out = types.Array(types.uint16, 1, "C")
    count_bits = compile_as(types.UniTuple(types.uint64, 2)(bits, counts, counts), _count_bits)
    narrow_bf16 = compile_as(types.uint32(bits, out), _narrow_bf16)
    narrow_f16 = compile_as(types.uint32(bits, out), _narrow_f16)

    def narrow(loop: Any, given: Bits) -> Codes | None:
        found = np.empty(given.size, np.uint16)
        return None if loop(given, found) else found

    return Loops(
        compile_as(types.void(codes, counts), _count_codes),
        compile_as(types.void(codes, bits, counts), _add_counts),
        count_bits,
        lambda given: narrow(narrow_bf16, given),
        lambda given: narrow(narrow_f16, given),
    )


def _count_codes(codes: Codes, counts: Bits) -> None:
    # Four are read at a time: reading takes as long as counting.
    words = codes[: codes.size & ~3].view(np.uint64)
    for word in words:
        counts[word & _HALF] += _ONE
        counts[word >> np.uint64(16) & _HALF] += _ONE
        counts[word >> np.uint64(32) & _HALF] += _ONE
        counts[word >> np.uint64(48)] += _ONE
    for i in range(words.size * 4, codes.size):
        counts[codes[i]] += _ONE


def _add_counts(codes: Codes, counts: Bits, table: Bits) -> None:
    for i in range(codes.size):
        table[codes[i]] += counts[i]


def _count_bits(bits: Bits, upper: Bits, exact: Bits) -> tuple[int, int]:
    first, second = np.uint64(0), _NONE
    words = bits[: bits.size & ~1].view(np.uint64)
    for start in range(0, bits.size, _CHUNK):
        part = bits[start : start + _CHUNK]
        # The first loop becomes vector instructions, which nothing that counts does. It sums halves
        # of 32 bits, so that no vector has to be made wider.
        low, high, least = _NONE, _NONE, np.uint32(0xFFFFFFFF)
        for i in range(part.size):
            z = part[i]
            least = min(least, np.uint32(z << np.uint32(32 - SHIFT)))
            z ^= z >> np.uint32(16)
            z = np.uint32(z * np.uint32(0x85EBCA6B))
            z ^= z >> np.uint32(13)
            z = np.uint32(z * np.uint32(0xC2B2AE35))
            z ^= z >> np.uint32(16)
            low = np.uint32(low + (z & np.uint32(0xFFFF)))
            high = np.uint32(high + (z >> np.uint32(16)))
            z = np.uint32(z * np.uint32(0x9E3779B1))
            z ^= z >> np.uint32(15)
            second = np.uint32(second + z)
        first += np.uint64(low) + (np.uint64(high) << np.uint64(16))
        for word in words[start >> 1 : (start + _CHUNK) >> 1]:
            upper[word >> np.uint64(SHIFT) & _UPPER] += _ONE
            upper[word >> np.uint64(32 + SHIFT)] += _ONE
        if least == _NONE:
            for i in range(part.size):
                if part[i] & np.uint32(LOW) == _NONE:
                    exact[part[i] >> np.uint32(SHIFT)] += _ONE
    if bits.size & 1:
        upper[bits[bits.size - 1] >> np.uint32(SHIFT)] += _ONE
    return first, second  # type: ignore[return-value]


def _narrow_bf16(bits: Bits, out: Codes) -> Any:
    """Zero if no value has changed."""
    low = _NONE
    for i in range(bits.size):
        low |= bits[i]
        out[i] = np.uint16(bits[i] >> np.uint32(16))
    return low & np.uint32(0xFFFF)


def _narrow_f16(bits: Bits, out: Codes) -> Any:
    """Zero if no value has changed."""
    lost = _NONE
    for i in range(bits.size):
        x = bits[i]
        sign = (x >> np.uint32(16)) & np.uint32(0x8000)
        size = x & _MAGNITUDE
        lost |= x & np.uint32(0x1FFF)
        code = (size >> np.uint32(13)) - np.uint32(REBIASED)
        if size < np.uint32(NORMAL):
            exponent = size >> np.uint32(23)
            if exponent >= np.uint32(103):
                # A subnormal half: so many units of 2**-24.
                mantissa = size & np.uint32(0x7FFFFF) | np.uint32(0x800000)
                shift = np.uint32(126) - exponent
                code = mantissa >> shift
                lost |= np.uint32(code << shift) ^ mantissa
            else:
                code = _NONE
                lost |= size
        elif size >= np.uint32(INFINITE):
            code = np.uint32(0x7C00) | size >> np.uint32(13) & np.uint32(0x3FF)
            if size < np.uint32(0x7F800000):
                lost |= _ONE
        out[i] = np.uint16(sign | code)
    return lost
