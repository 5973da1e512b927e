"""How often each code of a tensor occurs, from blocks of its values: tables with a place for every
code are filled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights.histogram import Histogram, Table, pack_pair, table
from aisbom.weights.loops import BINS, LOW, NUMPY, SHIFT, Loops, mix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.loops import Bits, Codes

_FEW = 1 << 15
"""Values below which sorting is cheaper than looking through a place for every code."""

_MOST = (1 << 32) - 1
"""What a place can count up to."""

_ROW_BITS = 11
_ROW = 1 << _ROW_BITS


class CountedCodes:
    """How often each 16-bit code occurs."""

    def __init__(self, loops: Loops = NUMPY) -> None:
        self._loops = loops
        self._counts = np.zeros(1 << 16, np.uint32)
        self._held = 0
        self._table = _EMPTY

    def add(self, codes: Codes) -> None:
        """Count these too."""
        if self._held + codes.size > _MOST:
            self._table, self._held = self.done(), 0
            self._counts[:] = 0
        self._held += codes.size
        self._loops.count_codes(codes, self._counts)

    def done(self) -> Table:
        """What was counted."""
        at = np.flatnonzero(self._counts != 0)
        return _join_tables(self._table, Table(at, self._counts[at].astype(np.int64)))

    def count_bytes(self) -> NDArray[np.int64]:
        """How often each byte occurs in these codes."""
        pairs = self.done()
        low, high = (
            np.bincount(part, pairs.counts, 256).astype(np.int64)
            for part in (pairs.codes & 0xFF, pairs.codes >> 8)
        )
        return low + high


class CountedBits:
    """The histogram of 32-bit codes."""

    def __init__(self, loops: Loops = NUMPY) -> None:
        self._loops = loops
        self._places: tuple[Bits, Bits] | None = None
        self._held = 0
        self._upper = self._exact = _EMPTY
        self._total = [0, 0]

    def add(self, bits: Bits) -> None:
        """Count these too."""
        if self._places is None and bits.size < _FEW:
            self._sort(bits)
            return
        if self._held + bits.size > _MOST:
            self._empty()
        self._places = self._places or _borrow_places()
        self._held += bits.size
        self._sum(*self._loops.count_bits(bits, *self._places))

    def done(self) -> Histogram:
        """What was counted."""
        self._empty()
        return Histogram(self._upper, self._exact, pack_pair(*self._total))

    def _sort(self, bits: Bits) -> None:
        upper = bits >> np.uint32(SHIFT)
        self._upper = _join_tables(self._upper, _unique(upper))
        self._exact = _join_tables(self._exact, _unique(upper[(bits & np.uint32(LOW)) == 0]))
        self._sum(*(int(mixed.sum(dtype=np.uint64)) for mixed in mix(bits)))

    def _sum(self, first: int, second: int) -> None:
        self._total = [self._total[0] + int(first), self._total[1] + int(second)]

    def _empty(self) -> None:
        """Take over what the places hold."""
        if self._places is not None:
            upper, exact = (places.reshape(-1, _ROW) for places in self._places)
            # Few exponents occur, and none that is not in the first table.
            used = np.flatnonzero(upper.max(axis=1))
            self._upper = _join_tables(self._upper, _clear(upper, used))
            self._exact = _join_tables(self._exact, _clear(exact, used))
            _FREE.append(self._places)
        self._places, self._held = None, 0


_EMPTY = Table(np.zeros(0, np.int64), np.zeros(0, np.int64))

_FREE: list[tuple[Bits, Bits]] = []
"""Tables that count nothing and are not in use, at most two for each thread: to have 8 MB of memory
from the system costs more than to count a million values.
"""


def _borrow_places() -> tuple[Bits, Bits]:
    try:
        return _FREE.pop()
    except IndexError:
        return np.zeros(BINS, np.uint32), np.zeros(BINS, np.uint32)


def _unique(codes: Bits) -> Table:
    found, counts = np.unique(codes, return_counts=True)
    return Table(found.astype(np.int64), counts.astype(np.int64))


def _clear(rows: Bits, used: NDArray[np.int64]) -> Table:
    """What these rows count, which nothing is left of."""
    held = rows[used].ravel()
    rows[used] = 0
    at = np.flatnonzero(held != 0)
    return Table((used * _ROW)[at >> _ROW_BITS] | at & _ROW - 1, held[at].astype(np.int64))


def _join_tables(a: Table, b: Table) -> Table:
    if not a.codes.size or not b.codes.size:
        return a if a.codes.size else b
    return table(np.concatenate([a.codes, b.codes]), np.concatenate([a.counts, b.counts]))
