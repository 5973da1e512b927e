"""The constant tensors of a TensorFlow Lite model. Field numbers are those of its published
flatbuffer schema.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

from aisbom.weights.read.source import Source, within
from aisbom.weights.read.stored import (
    BITS,
    MAX_TENSORS,
    Place,
    StoredCheckpoint,
    TensorInfo,
    check_shape,
)

_TYPES = (
    *(
        "F32",
        "F16",
        "I32",
        "U8",
        "I64",
        "STRING",
        "BOOL",
        "I16",
        "C64",
        "I8",
        "F64",
        "C128",
        "U64",
        "RESOURCE",
        "VARIANT",
        "U32",
        "U16",
    ),
    *("I4", "BF16"),
)
_AHEAD = 4096


class _Table:
    """A table of a flatbuffer: its fields through the vtable. Every place is checked against the
    file.
    """

    def __init__(self, file: _Flat, at: int) -> None:
        self.file, self.at = file, at
        table = at - file.read_signed(at)
        size = file.read_unsigned(table, 2)
        if size < 4 or size > 512 or size % 2:
            raise ValueError("no flatbuffer: a table of an impossible size")
        self._fields = struct.unpack(f"<{size // 2 - 2}H", file.take(table + 4, size - 4))

    def field(self, number: int) -> int:
        """Where a field lies, 0 if it is left out."""
        offset = self._fields[number] if number < len(self._fields) else 0
        return self.at + offset if offset else 0

    def read_unsigned(self, number: int, width: int) -> int:
        at = self.field(number)
        return self.file.read_unsigned(at, width) if at else 0

    def vector(self, number: int, width: int) -> tuple[int, int]:
        """(place, count) of a vector, checked to lie in the file; (0, 0) if it is left out."""
        at = self.field(number)
        if not at:
            return 0, 0
        at += self.file.read_unsigned(at, 4)
        count = self.file.read_unsigned(at, 4)
        within(at + 4, count * width, self.file.source.size)
        return at + 4, count

    def tables(self, number: int) -> Iterator[_Table]:
        at, count = self.vector(number, 4)
        # Lists may share their tables: it is the sum that has to end.
        self.file.tables += count
        if self.file.tables > MAX_TENSORS:
            raise ValueError(f"more than {MAX_TENSORS:,} tables")
        return (
            _Table(self.file, place + self.file.read_unsigned(place, 4))
            for place in range(at, at + 4 * count, 4)
        )

    def text(self, number: int) -> str:
        at, count = self.vector(number, 1)
        return self.file.take(at, min(count, 2000)).decode("utf-8", "replace") if count else ""


class _Flat:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.tables = 0
        self._block, self._start = b"", 0

    def take(self, at: int, count: int) -> bytes:
        begin = at - self._start
        if not 0 <= begin <= begin + count <= len(self._block):
            within(at, count, self.source.size)
            self._start = max(0, at - _AHEAD // 2)
            self._block = self.source.read_at(
                self._start,
                min(max(_AHEAD, at - self._start + count), self.source.size - self._start),
            )
            begin = at - self._start
        return self._block[begin : begin + count]

    def read_unsigned(self, at: int, width: int) -> int:
        return int.from_bytes(self.take(at, width), "little")

    def read_signed(self, at: int) -> int:
        return int.from_bytes(self.take(at, 4), "little", signed=True)


def open_tflite(source: Source) -> StoredCheckpoint:
    """The tensors of a .tflite file that have values of their own. Raises ValueError for a broken
    one.
    """
    file = _Flat(source)
    if file.take(4, 4) != b"TFL3":
        raise ValueError("no TensorFlow Lite model: the mark TFL3 is not there")
    model = _Table(file, file.read_unsigned(0, 4))
    buffers = [_buffer(table) for table in model.tables(4)]
    metadata = [("version", str(model.read_unsigned(0, 4)))]
    description = model.text(3)
    if description:
        metadata.append(("description", description[:500]))
    notes: list[str] = []
    rows: dict[str, tuple[TensorInfo, Place | None]] = {}
    owners: dict[int, str] = {}
    shared = 0
    for number, graph in enumerate(model.tables(2)):
        for tensor in graph.tables(0):
            held = tensor.read_unsigned(2, 4)
            if held >= len(buffers):
                raise ValueError(f"a tensor in buffer {held:,} of {len(buffers):,}")
            if not buffers[held][1]:
                continue
            name = tensor.text(3) or f"tensor#{len(rows)}"
            name = f"subgraph{number}/{name}" if number else name
            while name in rows:
                name += "~"
            rows[name] = _row(tensor, name, buffers[held], notes)
            shared += held in owners
            owners[held] = name
    if shared:
        notes.append(f"{shared} tensors share the buffer of another one: counted each time")
    _no_overlap([buffers[number] for number in owners])
    return StoredCheckpoint("tflite", rows.values(), metadata, notes[:200], (source,))


def _row(
    tensor: _Table, name: str, held: tuple[int, int], notes: list[str]
) -> tuple[TensorInfo, Place | None]:
    file, (at, size) = tensor.file, held
    place, rank = tensor.vector(0, 4)
    if rank > 64:
        raise ValueError(f"tensor {name[:80]!r} has {rank:,} dimensions")
    shape = tuple(struct.unpack(f"<{rank}i", file.take(place, 4 * rank))) if rank else ()
    check_shape(name, shape)
    kind = tensor.read_unsigned(1, 1)
    dtype = _TYPES[kind] if kind < len(_TYPES) else f"TFLITE_{kind}"
    if dtype not in BITS:
        return TensorInfo(name, dtype, shape, size, False), None
    nbytes = (math.prod(shape) * BITS[dtype] + 7) // 8
    sparse = tensor.field(6) != 0
    if nbytes != size and not sparse:
        raise ValueError(f"tensor {name[:80]!r} takes {size:,} bytes, which its shape does not")
    if sparse:
        notes.append(f"tensor {name[:80]!r} is stored sparsely: its values are not read")
        return TensorInfo(name, dtype, shape, size, False), None
    return TensorInfo(name, dtype, shape, nbytes, True), Place(file.source, at)


def _buffer(table: _Table) -> tuple[int, int]:
    """(place, bytes): inside the flatbuffer, or behind it where the file is larger than 2 GiB."""
    at, size = table.vector(0, 1)
    if not size and table.read_unsigned(2, 8) > 1:
        at, size = table.read_unsigned(1, 8), table.read_unsigned(2, 8)
        within(at, size, table.file.source.size)
    return at, size


def _no_overlap(buffers: list[tuple[int, int]]) -> None:
    end = 0
    for at, size in sorted(buffers):
        if at < end:
            raise ValueError("two buffers overlap")
        end = at + size
