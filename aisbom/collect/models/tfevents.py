"""Scalars of a TensorBoard event file: records with lengths and checksums around small protobuf
messages. Checksums are not verified.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

MAX_RECORD = 1024 * 1024
MAX_RECORDS = 2_000_000


class Scalar(NamedTuple):
    """One value of one step; `wall` is seconds since 1970."""

    wall: float
    step: int
    tag: str
    value: float


def scalars(stream: BinaryIO, most: int) -> Iterator[Scalar]:
    """The scalars in the first `most` bytes. Raises ValueError where it is no event file; a record
    cut off at the end is left out.
    """
    taken = 0
    for number in range(MAX_RECORDS):
        head = stream.read(12)
        if len(head) < 12:
            return
        (size,) = struct.unpack("<Q", head[:8])
        if size > MAX_RECORD:
            if number == 0:
                raise ValueError("no event file: its first record is too long")
            # Pictures and graphs are long records; they are passed over.
            if not _skip(stream, size + 4, most - taken):
                return
            taken += size + 16
            continue
        data = stream.read(size)
        taken += size + 16
        if len(data) < size or taken > most:
            return
        stream.read(4)
        yield from _event(data)


def _skip(stream: BinaryIO, size: int, most: int) -> bool:
    if size > most:
        return False
    while size > 0:
        piece = stream.read(min(size, 1024 * 1024))
        if not piece:
            return False
        size -= len(piece)
    return True


def _event(data: bytes) -> Iterator[Scalar]:
    """Event: 1 wall_time (double), 2 step (varint), 5 summary; Summary: 1 value; Value: 1 tag, 2
    simple_value (float), 8 tensor.
    """
    wall, step = 0.0, 0
    summaries = []
    for number, wire, value, body in _fields(data):
        if number == 1 and wire == 1:
            (wall,) = struct.unpack("<d", body)
        elif number == 2 and wire == 0:
            step = value
        elif number == 5 and wire == 2:
            summaries.append(body)
    for summary in summaries:
        for number, wire, _, body in _fields(summary):
            if number == 1 and wire == 2:
                found = _value(body)
                if found and math.isfinite(found[1]) and math.isfinite(wall) and step < 2**62:
                    yield Scalar(wall, step, *found)


def _value(data: bytes) -> tuple[str, float] | None:
    tag, number_ = "", None
    for number, wire, _, body in _fields(data):
        if number == 1 and wire == 2:
            tag = body.decode("utf-8", "replace")[:120]
        elif number == 2 and wire == 5:
            (number_,) = struct.unpack("<f", body)
        elif number == 8 and wire == 2:
            # A scalar as a tensor of one float: 4 tensor_content (little-endian), or 5 float_val.
            for inner, kind, _, content in _fields(body):
                if (inner == 4 and kind == 2 and len(content) == 4) or (
                    inner == 5 and len(content) == 4
                ):
                    (number_,) = struct.unpack("<f", content)
    return (tag, float(number_)) if tag and number_ is not None else None


def _fields(data: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """(number, wire type, varint, bytes) of one message. Raises ValueError where it is none."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, wire, value, b""
            continue
        size = {1: 8, 5: 4}.get(wire, -1)
        if wire == 2:
            size, at = _varint(data, at)
        if size < 0 or at + size > len(data):
            raise ValueError("no event file: a message that is cut off")
        yield number, wire, 0, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("no event file: a number that does not end")
