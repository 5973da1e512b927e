"""How often each value of a tensor occurs, from blocks of its bits: what the order-free keys of
`identity` are made of.

Values are counted by the upper 20 bits of their 32-bit code, once for all values and once for those
whose lower 12 bits are zero. Together the two say how every value rounds to bfloat16 and to half
precision, so that no value is rounded one by one. An order-free sum over mixed codes confirms the
lower bits. It adds up: the sum of a fused tensor is that of its parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from aisbom.weights.read import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK = 1 << 16
"""Values that are mixed at a time: what fits the second-level cache."""

_PIECE = 1 << 17
_SHIFT = 12
_BINS = 1 << 20
_LOW = (1 << _SHIFT) - 1
_FEW = 1 << 15
_M64 = (1 << 64) - 1
_M32 = (1 << 32) - 1


class Table(NamedTuple):
    """Codes in ascending order, and how often each occurs."""

    codes: NDArray[np.int64]
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Histogram:
    """`upper` counts the upper 20 bits, `exact` those of values with nothing below them; `total` is
    the order-free sum, 96 bits.
    """

    upper: Table
    exact: Table
    total: int

    def halves(self, label: str) -> Table:
        """How often each 16-bit code of `bf16` or `f16` occurs after rounding to it, ties
        to even.
        """
        kept = self.upper.counts.copy()
        kept[np.searchsorted(self.upper.codes, self.exact.codes)] -= self.exact.counts
        bits = np.concatenate([self.exact.codes << _SHIFT, self.upper.codes << _SHIFT | 1]).astype(
            np.uint32
        )
        rounded = values.bf16(bits) if label == "bf16" else values.f16(bits.view(np.float32))
        return table(rounded, np.concatenate([self.exact.counts, kept]))

    @property
    def high(self) -> Table:
        """How often each upper half occurs."""
        return table(self.upper.codes >> 4, self.upper.counts)


class Counting:
    """A histogram that is being filled, block after block of 32-bit codes."""

    def __init__(self) -> None:
        self._upper = Table(np.zeros(0, np.int64), np.zeros(0, np.int64))
        self._exact = self._upper
        self._total = [0, 0]

    def add(self, bits: NDArray[np.uint32]) -> None:
        """Count these too."""
        upper = bits >> np.uint32(_SHIFT)
        whole = (bits & np.uint32(_LOW)) == 0
        found = count_codes(upper, _BINS)
        self._upper = _join_tables(self._upper, found)
        exact = int(np.count_nonzero(whole))
        if exact:
            self._exact = _join_tables(
                self._exact, found if exact == bits.size else count_codes(upper[whole], _BINS)
            )
        for start in range(0, bits.size, CHUNK):
            first, second = _mix_bits(bits[start : start + CHUNK])
            self._total = [
                self._total[0] + int(first.sum(dtype=np.uint64)),
                self._total[1] + int(second.sum(dtype=np.uint64)),
            ]

    def done(self) -> Histogram:
        """What was counted."""
        return Histogram(self._upper, self._exact, _pack_pair(*self._total))


def count_halves(codes: NDArray[np.uint16], counts: NDArray[np.int64]) -> None:
    """Add how often each code occurs to `counts`, of 65,536 places.

    bincount widens codes to 64 bits: piece after piece, so that the widened ones stay in a cache.
    """
    for start in range(0, codes.size, _PIECE):
        counts += np.bincount(codes[start : start + _PIECE], minlength=1 << 16)


def of_codes(label: str, codes: Table) -> Histogram:
    """The histogram of values given by their `bf16` or `f16` codes."""
    bits: NDArray[np.uint32] = (
        (codes.codes.astype(np.uint32) << np.uint32(16))
        if label == "bf16"
        else _of_f16()[codes.codes]
    )
    first, second = _mix_bits(bits)
    whole = (bits & np.uint32(_LOW)) == 0
    upper = bits.astype(np.int64) >> _SHIFT
    return Histogram(
        table(upper, codes.counts),
        table(upper[whole], codes.counts[whole]),
        _pack_pair(
            *(
                int((mixed.astype(np.uint64) * codes.counts.astype(np.uint64)).sum(dtype=np.uint64))
                for mixed in (first, second)
            )
        ),
    )


def count_codes(codes: NDArray[np.unsignedinteger[Any]], bins: int) -> Table:
    """How often each code below `bins` occurs."""
    if codes.size < min(_FEW, bins):
        found, counts = np.unique(codes, return_counts=True)
        return Table(found.astype(np.int64), counts.astype(np.int64))
    every = np.bincount(codes, minlength=bins)
    at = np.flatnonzero(every)
    return Table(at, every[at])


def table(codes: NDArray[np.integer[Any]], counts: NDArray[np.int64]) -> Table:
    """Counts of codes that may repeat, added up; codes of no count are left out."""
    kept: NDArray[np.int64] = codes[counts > 0].astype(np.int64)
    often = counts[counts > 0]
    if not kept.size:
        return Table(kept, often)
    order = np.argsort(kept, kind="stable")
    kept, often = kept[order], often[order]
    starts = np.flatnonzero(np.concatenate([[True], kept[1:] != kept[:-1]]))
    return Table(kept[starts], np.add.reduceat(often, starts))


def exact_in(label: str, codes: Table) -> bool:
    """Whether all values given by f16 codes are bfloat16 values as well, or by bf16 codes
    half-precision ones.
    """
    if label == "f16":
        return not bool((_of_f16()[codes.codes] & np.uint32(0xFFFF)).any())
    bits = codes.codes.astype(np.uint32) << 16
    return bool(np.array_equal(_widen_halves(values.f16(bits.view(np.float32))), bits))


def add_totals(*totals: int) -> int:
    """The sum of a tensor that is these strung together."""
    return _pack_pair(sum(t >> 32 for t in totals), sum(t & _M32 for t in totals))


def _join_tables(a: Table, b: Table) -> Table:
    if not a.codes.size:
        return b
    return table(np.concatenate([a.codes, b.codes]), np.concatenate([a.counts, b.counts]))


def _mix_bits(bits: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Two mixed forms of each code: the finaliser of MurmurHash3, and one more round of it."""
    z = bits ^ (bits >> np.uint32(16))
    z *= np.uint32(0x85EBCA6B)
    z ^= z >> np.uint32(13)
    z *= np.uint32(0xC2B2AE35)
    z ^= z >> np.uint32(16)
    again = z * np.uint32(0x9E3779B1)
    again ^= again >> np.uint32(15)
    return z, again


def _pack_pair(first: int, second: int) -> int:
    return (first & _M64) << 32 | (second & _M32)


@cache
def _of_f16() -> NDArray[np.uint32]:
    return _widen_halves(np.arange(65536, dtype=np.uint16))


def _widen_halves(halves: NDArray[np.uint16]) -> NDArray[np.uint32]:
    return halves.view(np.float16).astype(np.float32).view(np.uint32)
