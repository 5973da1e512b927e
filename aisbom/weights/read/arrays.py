"""NumPy files: `.npy` (one array) and `.npz` (a zip of them). Arrays of objects are pickles and are
not read.
"""

from __future__ import annotations

import ast
import math
import re
from typing import Any

from aisbom.weights.read.source import Cursor, Source, within
from aisbom.weights.read.stored import Place, StoredCheckpoint, TensorInfo, apart, check_shape
from aisbom.weights.read.strided import CODES, StridedSource
from aisbom.weights.read.zips import Zip

DTYPES = {
    "f2": "F16",
    "f4": "F32",
    "f8": "F64",
    "i1": "I8",
    "i2": "I16",
    "i4": "I32",
    "i8": "I64",
    "u1": "U8",
    "u2": "U16",
    "u4": "U32",
    "u8": "U64",
    "b1": "BOOL",
    "c8": "C64",
    "c16": "C128",
}
"""NumPy's codes of types that are read, in safetensors' words."""

_MAX_HEADER = 65_536
_MAX_ARRAYS = 100_000


def open_npy(source: Source, name: str) -> StoredCheckpoint:
    """One `.npy`. Raises ValueError."""
    info, place, notes = _array(source, name.removesuffix(".npy") or "array")
    within(place.offset, info.nbytes, place.source.size)
    return StoredCheckpoint("npy", [(info, place)], (), notes, (source,))


def open_npz(source: Source, directory: Zip) -> StoredCheckpoint:
    """The arrays of an `.npz`; other members are named in the notes. Raises ValueError."""
    rows: list[tuple[TensorInfo, Place]] = []
    notes = []
    if len(directory.members) > _MAX_ARRAYS:
        raise ValueError(f"more than {_MAX_ARRAYS:,} arrays")
    spans = []
    for member in directory.members.values():
        if not member.name.endswith(".npy"):
            notes.append(f"member {member.name[:80]!r} is no array")
            continue
        inner = directory.open(member)
        info, place, odd = _array(inner, member.name.removesuffix(".npy"))
        within(place.offset, info.nbytes, place.source.size)
        spans.append(
            (
                TensorInfo(member.name, "U8", (), member.packed, True),
                Place(source, directory.begin(member)),
            )
        )
        rows.append((info, place))
        notes += odd
    apart("zip", spans)
    return StoredCheckpoint("npz", rows, (), notes[:200], (source,))


def objects_at(source: Source) -> int:
    """Where the pickle of an array of objects begins, -1 for any other array. Raises ValueError."""
    header, at = _header(source, "array")
    kind = header.get("descr") if isinstance(header, dict) else None
    # `O`, alone or as a field of a record: NumPy pickles the whole array then.
    return at if kind is None or "O" in str(kind) else -1


def _header(source: Source, name: str) -> tuple[Any, int]:
    """The table before the values, and where these begin."""
    cursor = Cursor(source, 0, 256)
    if cursor.take(6) != b"\x93NUMPY":
        raise ValueError(f"{name[:80]!r} is no NumPy array: the first bytes are others")
    major = cursor.take(2)[0]
    if major not in (1, 2, 3):
        raise ValueError(f"NumPy format {major}: not known")
    length = cursor.read_unsigned(2 if major == 1 else 4)
    if length > _MAX_HEADER:
        raise ValueError(f"declares a header of {length:,} bytes")
    try:
        header = ast.literal_eval(
            cursor.take(length).decode("utf-8" if major == 3 else "latin-1").strip()
        )
    except (SyntaxError, RecursionError, MemoryError, TypeError) as error:
        raise ValueError("its header is no table of type, order and shape") from error
    return header, cursor.at


def _array(source: Source, name: str) -> tuple[TensorInfo, Place, list[str]]:
    header, at = _header(source, name)
    shape = header.get("shape") if isinstance(header, dict) else None
    if not isinstance(shape, tuple) or not all(
        isinstance(n, int) and not isinstance(n, bool) for n in shape
    ):
        raise ValueError("its header is no table of type, order and shape")
    check_shape(name, shape)
    kind = header.get("descr")
    match = re.fullmatch(r"([<>|=])([a-zA-Z])(\d{1,3})", kind) if isinstance(kind, str) else None
    dtype = DTYPES.get(match[2] + match[3], "") if match else ""
    place = Place(source, at)
    if not match or not dtype:
        return (
            TensorInfo(name, "OTHER", shape, 0, False),
            place,
            [f"array {name[:80]!r} holds {str(kind)[:40]}: not weights, not read"],
        )
    width = int(match[3])
    info = TensorInfo(name, dtype, shape, math.prod(shape) * width, match[1] != ">" or width == 1)
    if not info.exact:
        return info, place, [f"array {name[:80]!r} is big-endian: its values are not read"]
    if header.get("fortran_order") is not False and sum(n > 1 for n in shape) > 1:
        if width not in CODES:
            kept = TensorInfo(name, dtype, shape, info.nbytes, False)
            return (
                kept,
                place,
                [f"array {name[:80]!r} is stored column by column: its values are not read"],
            )
        within(place.offset, info.nbytes, source.size)
        strides = tuple(math.prod(shape[:axis]) for axis in range(len(shape)))
        return info, Place(StridedSource(source, place.offset, shape, strides, width), 0), []
    return info, place, []
