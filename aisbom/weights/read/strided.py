"""A tensor that is stored in another order than row by row (a transposed view, Fortran order), read
as if it were.
"""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from aisbom.weights.read.source import IN_MEMORY, Source, within

CODES: dict[int, Literal["B", "H", "I", "Q"]] = {1: "B", 2: "H", 4: "I", 8: "Q"}
"""Bytes of an element that can be gathered, and the code of a machine word of that width."""


class StridedSource:
    """Row-major bytes of a view on another source, which stays its owner's to close.

    `strides` are in elements of `width` bytes, `offset` in bytes. The stored span of the last
    tensor that was read is held in memory; a span of more than IN_MEMORY bytes is a ValueError.
    """

    _latest: ClassVar[StridedSource | None] = None

    def __init__(
        self,
        source: Source,
        offset: int,
        shape: tuple[int, ...],
        strides: tuple[int, ...],
        width: int,
    ) -> None:
        self._source, self._offset, self._shape, self._strides, self._width = (
            source,
            offset,
            shape,
            strides,
            width,
        )
        self.size = math.prod(shape) * width
        self._span = (
            width * (1 + sum((n - 1) * step for n, step in zip(shape, strides, strict=True)))
            if self.size
            else 0
        )
        self._data = b""

    def read_at(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes from `offset`."""
        within(offset, count, self.size)
        if not count:
            return b""
        if self._span > IN_MEMORY:
            raise ValueError(
                f"a tensor of {self._span:,} bytes that is not stored row by row: not read"
            )
        data = self._data
        if not data:
            if StridedSource._latest is not None:
                StridedSource._latest.close()
            data = self._data = self._source.read_at(self._offset, self._span)
            StridedSource._latest = self
        words = memoryview(data).cast(CODES[self._width])
        length, step = self._shape[-1], self._strides[-1]
        row_bytes = length * self._width
        first, last = offset // row_bytes, (offset + count - 1) // row_bytes
        rows = []
        for row in range(first, last + 1):
            begin = self._begin(row)
            rows.append(
                words[begin : begin + (length - 1) * step + 1 : step].tobytes()
                if step
                else words[begin : begin + 1].tobytes() * length
            )
        skip = offset - first * row_bytes
        return b"".join(rows)[skip : skip + count]

    def _begin(self, row: int) -> int:
        """The element at which a row of the last dimension begins."""
        at = 0
        for n, step in zip(reversed(self._shape[:-1]), reversed(self._strides[:-1]), strict=True):
            row, index = divmod(row, n)
            at += index * step
        return at

    def close(self) -> None:
        """Drop what is held."""
        self._data = b""
