"""A walk over a protobuf message without its schema: fields with the places of their bytes. Nothing
is copied but what is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from aisbom.weights.read.source import Cursor, Source

_AHEAD = 4096
_MOST = 20_000_000


class Field(NamedTuple):
    """`value` is the number of a varint or fixed field; of a length-delimited one (wire 2) it is
    the first byte, `size` the bytes.
    """

    number: int
    wire: int
    value: int
    size: int


class Walk:
    """One file; counts the fields it gives out, so that no nesting can make it endless."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._cursor = Cursor(source, 0, _AHEAD)
        self._given = 0

    def fields(self, begin: int = 0, size: int | None = None) -> Iterator[Field]:
        """The fields of the message in `size` bytes from `begin`. Raises ValueError where it is no
        protobuf message.
        """
        end = self.source.size if size is None else begin + size
        cursor, at = self._cursor, begin
        while at < end:
            cursor.at = at
            key = self._varint(end)
            number, wire = key >> 3, key & 7
            if not number:
                raise ValueError("no protobuf message: a field without a number")
            if wire == 0:
                field = Field(number, 0, self._varint(end), 0)
            elif wire == 2:
                length = self._varint(end)
                field = Field(number, 2, cursor.at, length)
                cursor.at += length
            elif wire in (1, 5):
                field = Field(number, wire, cursor.read_unsigned(8 if wire == 1 else 4), 0)
            else:
                raise ValueError("no protobuf message: a field of no known kind")
            at = cursor.at
            if at > end:
                raise ValueError("a field ends behind its message: truncated")
            self._given += 1
            if self._given > _MOST:
                raise ValueError(f"more than {_MOST:,} fields")
            yield field

    def bytes(self, field: Field, most: int = 65536) -> bytes:
        """The bytes of a length-delimited field. Raises ValueError for other fields and for more
        than `most` bytes.
        """
        if field.wire != 2 or field.size > most:
            raise ValueError(f"field {field.number} is no text of at most {most:,} bytes")
        self._cursor.at = field.value
        return self._cursor.take(field.size)

    def text(self, field: Field, most: int = 65536) -> str:
        """The text of a field, with replacement characters where it is not UTF-8."""
        return self.bytes(field, most).decode("utf-8", "replace")

    def varints(self, field: Field, most: int = 1024) -> Iterator[int]:
        """The numbers of a repeated field, packed or not, as signed 64-bit values. Raises
        ValueError for more than `most` bytes.
        """
        if field.wire == 0:
            yield decode_signed(field.value)
            return
        if field.wire != 2 or field.size > most:
            raise ValueError(f"field {field.number} is no short list of numbers")
        end, self._cursor.at = field.value + field.size, field.value
        while self._cursor.at < end:
            value = self._varint(end)
            at = self._cursor.at
            yield decode_signed(value)
            self._cursor.at = at

    def _varint(self, end: int) -> int:
        value = shift = 0
        while True:
            if self._cursor.at >= end:
                raise ValueError("a number ends behind its message: truncated")
            byte = self._cursor.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value & 0xFFFFFFFFFFFFFFFF
            shift += 7
            if shift > 63:
                raise ValueError("no protobuf message: a number of more than ten bytes")


def decode_signed(value: int) -> int:
    """A varint as int64."""
    return value - 2**64 if value >= 2**63 else value
