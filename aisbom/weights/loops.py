"""The loops over every value of a tensor, with numpy: narrowing values to 16 bits, counting their
codes, and the order-free sum. `compiled` has the same as machine code; both give the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bits = NDArray[np.uint32]
    Codes = NDArray[np.uint16]

SHIFT = 12
"""Values are counted by the bits above the lowest 12 of their 32-bit code."""

BINS = 1 << 32 - SHIFT
LOW = (1 << SHIFT) - 1

PIECE = 1 << 16
"""Values that numpy goes through at a time: what its intermediate arrays need fits a cache."""

NORMAL = 113 << 23
INFINITE = 143 << 23
REBIASED = 112 << 10
"""Bits of the least normal half and of the first value beyond all halves, as f32, and the
difference of the exponents of the two types in a code of f16 (IEEE 754, binary16 and binary32).
"""


class Loops(NamedTuple):
    """What is done with every block of a tensor.

    `count_codes` adds how often each 16-bit code occurs to a table of 65,536 counts, `add_counts`
    counts of codes that were counted before. `count_bits`
    does so for the upper 20 bits of 32-bit codes, in a second table for those with nothing below,
    and returns the sums of two mixed forms of all codes, the second one modulo 2**32.
    `narrow_bf16` and `narrow_f16` give the 16-bit codes of 32-bit ones, None where one value
    would change.
    """

    count_codes: Callable[[Codes, Bits], None]
    add_counts: Callable[[Codes, Bits, Bits], None]
    count_bits: Callable[[Bits, Bits, Bits], tuple[int, int]]
    narrow_bf16: Callable[[Bits], Codes | None]
    narrow_f16: Callable[[Bits], Codes | None]

    def narrow(self, label: str, bits: Bits) -> Codes | None:
        """The codes of `bf16` or `f16`."""
        return (self.narrow_bf16 if label == "bf16" else self.narrow_f16)(bits)


def mix(bits: Bits) -> tuple[Bits, Bits]:
    """Two mixed forms of each code: the finaliser of MurmurHash3, and one more round of it."""
    z = bits ^ (bits >> np.uint32(16))
    z *= np.uint32(0x85EBCA6B)
    z ^= z >> np.uint32(13)
    z *= np.uint32(0xC2B2AE35)
    z ^= z >> np.uint32(16)
    again = z * np.uint32(0x9E3779B1)
    again ^= again >> np.uint32(15)
    return z, again


@cache
def widen_halves() -> Bits:
    """The f32 bits of every code of f16, without the rounding units of a processor, which change
    what is not a number.
    """
    codes = np.arange(1 << 16, dtype=np.uint32)
    sign, size = (codes & 0x8000) << 16, codes & 0x7FFF
    small = (size.astype(np.float32) * np.float32(2.0**-24)).view(np.uint32)
    wide = np.where(size < 0x400, small, (size + REBIASED) << 13)
    return (sign | np.where(size < 0x7C00, wide, 0x7F800000 | (size & 0x3FF) << 13)).astype(
        np.uint32
    )


def _count_codes(codes: Codes, counts: Bits) -> None:
    for start in range(0, codes.size, PIECE):
        np.add.at(counts, codes[start : start + PIECE], np.uint32(1))


def _add_counts(codes: Codes, counts: Bits, table: Bits) -> None:
    # Of a small tensor few codes of a row occur.
    at = np.flatnonzero(counts != 0)
    np.add.at(table, codes[at], counts[at])


def _count_bits(bits: Bits, upper: Bits, exact: Bits) -> tuple[int, int]:
    first = second = 0
    for start in range(0, bits.size, PIECE):
        part = bits[start : start + PIECE]
        at = (part >> np.uint32(SHIFT)).astype(np.intp)
        np.add.at(upper, at, np.uint32(1))
        whole = at[(part & np.uint32(LOW)) == 0]
        if whole.size:
            np.add.at(exact, whole, np.uint32(1))
        mixed, again = mix(part)
        first += int(mixed.sum(dtype=np.uint64))
        second += int(again.sum(dtype=np.uint64))
    return first, second & 0xFFFFFFFF


def _narrow_bf16(bits: Bits) -> Codes | None:
    if int(np.bitwise_or.reduce(bits)) & 0xFFFF:
        return None
    return (bits >> np.uint32(16)).astype(np.uint16)


def _narrow_f16(bits: Bits) -> Codes | None:
    if int(np.bitwise_or.reduce(bits)) & 0x1FFF:
        return None
    found = np.empty(bits.size, np.uint16)
    for start in range(0, bits.size, PIECE):
        part = bits[start : start + PIECE]
        size = part & np.uint32(0x7FFFFFFF)
        sign = (part >> np.uint32(16)) & np.uint32(0x8000)
        codes = ((size >> np.uint32(13)) - np.uint32(REBIASED)) | sign
        odd = np.flatnonzero(size - np.uint32(NORMAL) >= np.uint32(INFINITE - NORMAL))
        codes[odd] = sign[odd]
        others = odd[size[odd] != 0]
        if others.size:
            at = np.searchsorted(_odd_halves()[0], part[others])
            codes[others] = _odd_halves()[1][at]
            if not np.array_equal(widen_halves()[codes[others]], part[others]):
                return None
        found[start : start + PIECE] = codes
    return found


@cache
def _odd_halves() -> tuple[Bits, Bits]:
    """Every f32 code that is a subnormal half, an infinite one or none, in ascending order, its
    half beside it, and one more that is no such code.
    """
    wide = widen_halves()
    size = wide & np.uint32(0x7FFFFFFF)
    odd = np.flatnonzero((size < NORMAL) | (size >= INFINITE))
    order = np.argsort(wide[odd])
    return wide[odd][order], np.append(odd[order], 0).astype(np.uint32)


NUMPY = Loops(_count_codes, _add_counts, _count_bits, _narrow_bf16, _narrow_f16)
