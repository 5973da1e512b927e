"""How often each value of a tensor occurs, from the counts of its codes: what the order-free keys
of `identity` are made of.

Values of 32 bits are counted by the upper 20 bits of their code, once for all values and once for
those whose lower 12 bits are zero. Together the two say how every value rounds to bfloat16 and to
half precision, so that no value is rounded one by one. An order-free sum over mixed codes confirms
the lower bits. It adds up: the sum of a fused tensor is that of its parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from aisbom.weights.loops import BINS, NUMPY, SHIFT, Loops, mix, widen_halves
from aisbom.weights.read import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Places = NDArray[np.unsignedinteger[Any]]

ROW = 1 << 11
"""Codes of a row: of upper 20 bits all that have one sign and exponent."""

_HALVES = 1 << 16
_M64 = (1 << 64) - 1
_M32 = (1 << 32) - 1


class Counts(NamedTuple):
    """How often codes occur: the numbers of the rows of ROW codes that hold any, ascending, and the
    counts of all codes in each of them.
    """

    rows: NDArray[np.intp]
    counts: Places

    @classmethod
    def of(cls, places: Places) -> Counts:
        """Those in a table with a place for every code."""
        table = places.reshape(-1, ROW)
        rows = np.flatnonzero(table.max(axis=1))
        return cls(rows, table[rows])


class Exact(NamedTuple):
    """Upper 20 bits of values with nothing below them, and how often each occurs."""

    codes: NDArray[np.intp]
    counts: Places

    @classmethod
    def of(cls, places: Places, rows: NDArray[np.intp]) -> Exact:
        """Those in these rows of a table with a place for every code."""
        counts = places.reshape(-1, ROW)[rows].ravel()
        at = np.flatnonzero(counts != 0)
        return cls((rows * ROW)[at // ROW] + at % ROW, counts[at])


@dataclass(frozen=True, slots=True)
class Histogram:
    """`codes` counts the codes of `label`, which is `bf16` or `f16`, or the upper 20 bits of those
    of `f32`, of which `exact` counts those with nothing below. `total` is the order-free sum, 96
    bits.
    """

    label: str
    codes: Counts
    total: int
    exact: Exact | None = None

    def cast(self, label: str, loops: Loops = NUMPY) -> Counts:
        """How often each code of `bf16` or `f16` occurs after rounding to it, ties to even."""
        rows, counts = self.codes
        if self.exact is None:
            rounded = _round_codes(self.label, label)
            if self.label == label and not _is_any_of(self.codes, rounded != np.arange(_HALVES)):
                return self.codes
            return _map_codes(self.codes, rounded, loops)
        every = np.zeros(_HALVES, counts.dtype)
        whole, more = _round_upper_bits(label).of(rows)
        _add_counts(more.reshape(-1, ROW)[rows].ravel(), counts.ravel(), every, loops)
        # Those with nothing below may be in the middle, or not beyond it.
        np.subtract.at(every, more[self.exact.codes], self.exact.counts)
        np.add.at(every, whole[self.exact.codes], self.exact.counts)
        return Counts.of(every)

    def drop_signs(self) -> Counts:
        """How often each code occurs without its sign."""
        rows, counts = self.codes
        half = (_HALVES if self.exact is None else BINS) // ROW // 2
        split = int(np.searchsorted(rows, half))
        plus, minus = rows[:split], rows[split:] - half
        if np.array_equal(plus, minus):
            return Counts(plus, counts[:split] + counts[split:])
        sizes = np.union1d(plus, minus)
        found = np.zeros((sizes.size, ROW), counts.dtype)
        found[np.searchsorted(sizes, plus)] = counts[:split]
        found[np.searchsorted(sizes, minus)] += counts[split:]
        return Counts(sizes, found)

    def count_upper_halves(self) -> Places:
        """How often each code of 16 bits occurs, of 32-bit ones the upper halves, in no order."""
        if self.exact is None:
            return self.codes.counts
        found: Places = np.einsum("ij->i", self.codes.counts.reshape(-1, 16))
        return found


def of_codes(label: str, codes: Counts) -> Histogram:
    """The histogram of values given by their `bf16` or `f16` codes."""
    counts = codes.counts.astype(np.uint64)
    first, second = (
        int((counts * mixed[codes.rows]).sum(dtype=np.uint64)) for mixed in _mix_codes(label)
    )
    return Histogram(label, codes, pack_pair(first, second))


def narrow(found: Histogram, loops: Loops = NUMPY) -> Histogram | None:
    """The same by `bf16` codes, where all values given by f16 codes are values of that type."""
    bits = widen_halves()
    if _is_any_of(found.codes, (bits & np.uint32(0xFFFF)) != 0):
        return None
    codes = _map_codes(found.codes, (bits >> np.uint32(16)).astype(np.uint16), loops)
    return Histogram("bf16", codes, found.total)


def add_totals(*totals: int) -> int:
    """The sum of a tensor that is these strung together."""
    return pack_pair(sum(t >> 32 for t in totals), sum(t & _M32 for t in totals))


def pack_pair(first: int, second: int) -> int:
    """The order-free sum of two: 64 bits of the first, 32 of the second."""
    return (first & _M64) << 32 | (second & _M32)


def _map_codes(found: Counts, codes: NDArray[np.uint16], loops: Loops) -> Counts:
    """Counts of 16-bit codes that have become others."""
    every = np.zeros(_HALVES, found.counts.dtype)
    _add_counts(codes.reshape(-1, ROW)[found.rows].ravel(), found.counts.ravel(), every, loops)
    return Counts.of(every)


def _add_counts(codes: NDArray[np.uint16], counts: Places, every: Places, loops: Loops) -> None:
    if every.dtype == np.uint32:
        loops.add_counts(codes, counts, every)
    else:
        np.add.at(every, codes, counts)


def _is_any_of(found: Counts, chosen: NDArray[np.bool_]) -> bool:
    """Whether one of the chosen 16-bit codes occurs."""
    return bool(np.logical_and(found.counts, chosen.reshape(-1, ROW)[found.rows]).any())


class _Rounding:
    """The codes of a type of 16 bits that values are rounded to, by their upper 20 bits. Those of a
    row are computed when it is first met.
    """

    def __init__(self, label: str) -> None:
        self._label = label
        self._whole, self._more = np.empty(BINS, np.uint16), np.empty(BINS, np.uint16)
        self._known = np.zeros(BINS // ROW, np.bool_)

    def of(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        """For values with nothing below, and for others: a place for every code, filled in these
        rows.
        """
        new = rows[~self._known[rows]]
        if new.size:
            upper = (new[:, None] * ROW + np.arange(ROW)).astype(np.uint32)
            for below, codes in enumerate((self._whole, self._more)):
                bits = (upper << np.uint32(SHIFT)) | np.uint32(below)
                codes.reshape(-1, ROW)[new] = _round_bits(self._label, bits)
            self._known[new] = True
        return self._whole, self._more


_round_upper_bits = cache(_Rounding)


@cache
def _round_codes(label: str, to: str) -> NDArray[np.uint16]:
    """What each code of one type of 16 bits is in another."""
    return _round_bits(to, widen(label))


@cache
def _mix_codes(label: str) -> tuple[Places, Places]:
    """The mixed forms of each code of a type of 16 bits, row by row."""
    first, second = (mixed.astype(np.uint64).reshape(-1, ROW) for mixed in mix(widen(label)))
    return first, second


def _round_bits(label: str, bits: NDArray[np.uint32]) -> NDArray[np.uint16]:
    return values.bf16(bits) if label == "bf16" else values.f16(bits.view(np.float32))


def widen(label: str) -> NDArray[np.uint32]:
    """The f32 bits of every code."""
    if label == "f16":
        return widen_halves()
    return np.arange(_HALVES, dtype=np.uint32) << np.uint32(16)
