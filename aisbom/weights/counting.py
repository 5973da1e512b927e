"""How often each code of a tensor occurs, from blocks of its values: tables with a place for every
code are filled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights.histogram import ROW, Counts, Exact, Histogram, pack_pair
from aisbom.weights.loops import BINS, NUMPY, Loops

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aisbom.weights.histogram import Places
    from aisbom.weights.loops import Bits, Codes

_MOST = (1 << 32) - 1
"""What a place can count up to."""


class CountedCodes:
    """How often each 16-bit code occurs."""

    def __init__(self, loops: Loops = NUMPY) -> None:
        self._loops = loops
        self._tables = _Tables((np.zeros(1 << 16, np.uint32),))

    def add(self, codes: Codes) -> None:
        """Count these too."""
        self._loops.count_codes(codes, *self._tables.make_room(codes.size))

    def done(self) -> Counts:
        """What was counted."""
        return Counts.of(*self._tables.sums())

    def count_bytes(self) -> Places:
        """How often each byte occurs in these codes."""
        table = self._tables.sums()[0].reshape(256, 256)
        found: Places = table.sum(axis=0, dtype=np.uint64) + table.sum(axis=1, dtype=np.uint64)
        return found


class CountedBits:
    """The histogram of 32-bit codes."""

    def __init__(self, loops: Loops = NUMPY) -> None:
        self._loops = loops
        self._places = _borrow_places()
        self._tables = _Tables(self._places)
        self._first = self._second = 0

    def add(self, bits: Bits) -> None:
        """Count these too."""
        first, second = self._loops.count_bits(bits, *self._tables.make_room(bits.size))
        self._first += int(first)
        self._second += int(second)

    def done(self) -> Histogram:
        """What was counted. Asked for once: the places are given back."""
        upper, exact = self._tables.sums()
        codes = Counts.of(upper)
        # No code is in the second table that is not in the first.
        found = Exact.of(exact, codes.rows)
        for places in self._places:
            places.reshape(-1, ROW)[codes.rows] = 0
        _FREE.append(self._places)
        return Histogram("f32", codes, pack_pair(self._first, self._second), found)


class _Tables:
    """Tables of counts, which are added to wider ones before a place of them is full."""

    def __init__(self, tables: tuple[Bits, ...]) -> None:
        self._tables = tables
        self._held = 0
        self._wide: list[Places] = []

    def make_room(self, count: int) -> tuple[Bits, ...]:
        """The tables to count so many codes in."""
        if self._held + count > _MOST:
            self._empty()
        self._held += count
        return self._tables

    def sums(self) -> Sequence[Places]:
        """What they count together with what was in them before."""
        if not self._wide:
            return self._tables
        self._empty()
        return self._wide

    def _empty(self) -> None:
        self._wide = self._wide or [np.zeros(table.size, np.uint64) for table in self._tables]
        for wide, table in zip(self._wide, self._tables, strict=True):
            np.add(wide, table, out=wide)
            table[:] = 0
        self._held = 0


_FREE: list[tuple[Bits, Bits]] = []
"""Tables that count nothing and are not in use, at most two for each thread: to have 8 MB of memory
from the system costs more than to count a million values.
"""


def _borrow_places() -> tuple[Bits, Bits]:
    try:
        return _FREE.pop()
    except IndexError:
        return np.zeros(BINS, np.uint32), np.zeros(BINS, np.uint32)
