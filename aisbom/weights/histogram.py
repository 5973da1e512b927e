"""How often each value of a tensor occurs, from blocks of its bits: what the order-free keys of
`identity` are made of.

Values are counted by the upper 20 bits of their 32-bit code, once for all values and once for those
whose lower 12 bits are zero. Together the two say how every value rounds to bfloat16 and to half
precision, so that no value is rounded one by one. An order-free sum over mixed codes confirms the
lower bits. It adds up: the sum of a fused tensor is that of its parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from aisbom.weights.loops import SHIFT, mix, widen_halves
from aisbom.weights.read import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HALVES = 1 << 16
_FEW = 1 << 12
"""Codes below which sorting is cheaper than a place for every one of 16 bits."""

_M64 = (1 << 64) - 1
_M32 = (1 << 32) - 1


class Table(NamedTuple):
    """Codes in ascending order, and how often each occurs."""

    codes: NDArray[np.int64]
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Histogram:
    """`upper` counts the upper 20 bits, `exact` those of values with nothing below them (the same
    object where that holds for all); `total` is the order-free sum, 96 bits.
    """

    upper: Table
    exact: Table
    total: int

    def halves(self, label: str) -> Table:
        """How often each 16-bit code of `bf16` or `f16` occurs after rounding to it, ties
        to even.
        """
        bits, counts = self.exact.codes << SHIFT, self.exact.counts
        if self.exact is not self.upper:
            kept = self.upper.counts.copy()
            kept[np.searchsorted(self.upper.codes, self.exact.codes)] -= self.exact.counts
            bits = np.concatenate([bits, self.upper.codes << SHIFT | 1])
            counts = np.concatenate([counts, kept])
        codes = bits.astype(np.uint32)
        rounded = values.bf16(codes) if label == "bf16" else values.f16(codes.view(np.float32))
        return table(rounded, counts)

    @property
    def high(self) -> Table:
        """How often each upper half occurs."""
        return table(self.upper.codes >> 4, self.upper.counts)


def of_codes(label: str, codes: Table) -> Histogram:
    """The histogram of values given by their `bf16` or `f16` codes."""
    bits: NDArray[np.uint32] = (
        (codes.codes.astype(np.uint32) << np.uint32(16))
        if label == "bf16"
        else widen_halves()[codes.codes]
    )
    # In the order of the codes, and with nothing in their lower bits.
    upper = Table(bits.astype(np.int64) >> SHIFT, codes.counts)
    first, second = (
        int((mixed.astype(np.uint64) * codes.counts.astype(np.uint64)).sum(dtype=np.uint64))
        for mixed in mix(bits)
    )
    return Histogram(upper, upper, pack_pair(first, second))


def table(codes: NDArray[np.integer[Any]], counts: NDArray[np.int64]) -> Table:
    """Counts of codes that may repeat, added up; codes of no count are left out."""
    if codes.size > _FEW and codes.max() < _HALVES:
        # Sums below 2**53 are exact as f64, which is how they are added up here.
        every = np.bincount(codes, counts, _HALVES).astype(np.int64)
        at = np.flatnonzero(every != 0)
        return Table(at, every[at])
    there = counts > 0
    kept, often = codes[there].astype(np.int64), counts[there]
    if not kept.size:
        return Table(kept, often)
    order = np.argsort(kept, kind="stable")
    kept, often = kept[order], often[order]
    ends = np.flatnonzero(np.append(kept[1:] != kept[:-1], True))
    return Table(kept[ends], np.diff(np.cumsum(often)[ends], prepend=0))


def are_bf16(codes: Table) -> bool:
    """Whether all values given by f16 codes are bfloat16 values as well."""
    return not bool((widen_halves()[codes.codes] & np.uint32(0xFFFF)).any())


def add_totals(*totals: int) -> int:
    """The sum of a tensor that is these strung together."""
    return pack_pair(sum(t >> 32 for t in totals), sum(t & _M32 for t in totals))


def pack_pair(first: int, second: int) -> int:
    """The order-free sum of two: 64 bits of the first, 32 of the second."""
    return (first & _M64) << 32 | (second & _M32)
