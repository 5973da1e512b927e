"""The parameters of a Paddle model: names and shapes from the program (`.pdmodel`), values from
`.pdiparams`.

A parameter file has no names: one entry after the other, in the sorted order of the program's
persistable variables.
"""

from __future__ import annotations

from collections.abc import Callable

from aisbom.weights.read.protobuf import Field, Walk
from aisbom.weights.read.source import Cursor, Source
from aisbom.weights.read.stored import (
    BITS,
    MAX_TENSORS,
    Note,
    Place,
    StoredCheckpoint,
    TensorInfo,
    check_shape,
    plain,
)

_TYPES = {
    0: "BOOL",
    1: "I16",
    2: "I32",
    3: "I64",
    4: "F16",
    5: "F32",
    6: "F64",
    20: "U8",
    21: "I8",
    22: "BF16",
    23: "C64",
    24: "C128",
    32: "F8_E4M3",
    33: "F8_E5M2",
}
_TENSOR, _FEED, _FETCH, _RAW = 7, 9, 10, 17
Row = tuple[TensorInfo, Place | None]


def open_program(
    source: Source, name: str, beside: Callable[[str], Source | None]
) -> StoredCheckpoint:
    """The persistable variables of a `.pdmodel`, with values from the `.pdiparams` beside it.
    Raises ValueError.
    """
    listed = _variables(source)
    stem = name.rpartition(".")[0]
    values = beside(f"{stem}.pdiparams")
    if values is None:
        rows: list[Row] = [
            (TensorInfo(i.name, i.dtype, i.shape, i.nbytes, False), None) for i in listed
        ]
        absent = Note(f"{stem[:80]}.pdiparams is not here: values unknown", "absent")
        return StoredCheckpoint("paddle", rows, (), [absent], (source,))
    try:
        return StoredCheckpoint(
            "paddle", _match_entries(listed, _entries(values)), (), (), (source, values)
        )
    except ValueError:
        values.close()
        raise


def open_parameters(
    source: Source, name: str, beside: Callable[[str], Source | None]
) -> StoredCheckpoint:
    """A `.pdiparams`, its entries named by the `.pdmodel` beside it, by their number where there is
    none. Raises ValueError.
    """
    entries = _entries(source)
    program = beside(f"{name.rpartition('.')[0]}.pdmodel")
    if program is None:
        return StoredCheckpoint(
            "paddle",
            entries,
            (),
            ["no .pdmodel beside it: entries are numbered, their names are not known"],
            (source,),
        )
    try:
        return StoredCheckpoint(
            "paddle", _match_entries(_variables(program), entries), (), (), (source,)
        )
    except ValueError as error:
        return StoredCheckpoint(
            "paddle",
            entries,
            (),
            [f"the .pdmodel beside it does not fit ({error}): entries are numbered"],
            (source,),
        )
    finally:
        program.close()


def is_parameters(source: Source) -> bool:
    """Whether this begins like a parameter file: three zero versions and counts, then a short
    description.
    """
    if source.size < 21 or source.read_at(0, 16) != bytes(16):
        return False
    return (
        2 <= int.from_bytes(source.read_at(16, 4), "little") <= 1024
        and source.read_at(20, 1) == b"\x08"
    )


def _match_entries(
    listed: list[TensorInfo], entries: list[tuple[TensorInfo, Place]]
) -> list[tuple[TensorInfo, Place]]:
    if len(listed) != len(entries):
        raise ValueError(
            f"the program names {len(listed):,} parameters, {len(entries):,} are stored"
        )
    rows = []
    for told, (info, place) in zip(listed, entries, strict=True):
        # A dimension that varies is -1 in the program; a parameter has none, so shapes must agree.
        if told.shape != info.shape:
            raise ValueError(
                f"parameter {told.name[:80]!r} has another shape than what is stored in its place"
            )
        rows.append((TensorInfo(told.name, info.dtype, info.shape, info.nbytes, info.exact), place))
    return rows


def _entries(source: Source) -> list[tuple[TensorInfo, Place]]:
    cursor = Cursor(source, 0, 256)
    rows: list[tuple[TensorInfo, Place]] = []
    while cursor.at < source.size:
        if len(rows) >= MAX_TENSORS:
            raise ValueError(f"more than {MAX_TENSORS:,} entries")
        name = f"parameter#{len(rows):05}"
        if cursor.read_unsigned(4):
            raise ValueError("no Paddle parameters: an entry of an unknown version")
        levels = cursor.read_unsigned(8)
        if levels > 16:
            raise ValueError("no Paddle parameters: an entry with an endless table of levels")
        for _ in range(levels):
            cursor.skip(cursor.read_unsigned(8))
        if cursor.read_unsigned(4):
            raise ValueError("no Paddle parameters: a tensor of an unknown version")
        length = cursor.read_unsigned(4)
        if length > 1024:
            raise ValueError(f"no Paddle parameters: a description of {length:,} bytes")
        walk = Walk(source)
        dtype, shape = _read_tensor_type(walk, Field(0, 2, cursor.at, length))
        cursor.skip(length)
        if dtype not in BITS:
            raise ValueError(
                f"parameter {len(rows):,} has the unknown type {dtype}: the ones behind it cannot"
                " be found"
            )
        info = plain(name, dtype, shape)
        rows.append((info, Place(source, cursor.at)))
        cursor.skip(info.nbytes)
    return rows


def _read_tensor_type(walk: Walk, message: Field) -> tuple[str, tuple[int, ...]]:
    """(type, shape) of a TensorDesc."""
    dtype, dims = "", list[int]()
    for part in walk.fields(message.value, message.size):
        if part.number == 1 and part.wire == 0:
            dtype = _TYPES.get(part.value, f"PADDLE_{part.value}")
        elif part.number == 2:
            dims += walk.varints(part)
    return dtype, tuple(dims)


def _variables(source: Source) -> list[TensorInfo]:
    """The persistable variables of the first block, sorted by name. Raises ValueError for what is
    no program.
    """
    walk = Walk(source)
    blocks = [part for part in walk.fields() if part.number == 1 and part.wire == 2]
    if not blocks:
        raise ValueError("no Paddle program: it has no blocks")
    found = []
    for part in walk.fields(blocks[0].value, blocks[0].size):
        if part.number == 3 and part.wire == 2:
            info = _variable(walk, part)
            if info is not None:
                found.append(info)
    return sorted(found)


def _variable(walk: Walk, message: Field) -> TensorInfo | None:
    name, kind, persistable = "", -1, False
    dtype, shape = "", tuple[int, ...]()
    for part in walk.fields(message.value, message.size):
        if part.number == 1 and part.wire == 2:
            name = walk.text(part)
        elif part.number == 3 and part.wire == 0:
            persistable = bool(part.value)
        elif part.number == 2 and part.wire == 2:
            for inner in walk.fields(part.value, part.size):
                if inner.number == 1 and inner.wire == 0:
                    kind = inner.value
                elif inner.number == 3 and inner.wire == 2:
                    for described in walk.fields(inner.value, inner.size):
                        if described.number == 1 and described.wire == 2:
                            dtype, shape = _read_tensor_type(walk, described)
    if not persistable or kind in (_FEED, _FETCH, _RAW) or kind != _TENSOR:
        return None
    check_shape(name, shape)
    return plain(name, dtype, shape)
