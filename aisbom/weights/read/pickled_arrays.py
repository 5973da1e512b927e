"""NumPy arrays inside a pickle, from what its opcodes would build: type, shape and values, with
nothing unpickled.

Three forms: `_reconstruct` with the state (version, shape, dtype, Fortran order, bytes),
`_frombuffer` of protocol 5 with (bytes, dtype, shape, order), and the wrapper of joblib, whose
values lie in the file behind it.
"""

from __future__ import annotations

import math
from typing import Any

from aisbom.weights.read import joblib_arrays
from aisbom.weights.read.arrays import DTYPES
from aisbom.weights.read.pickle_records import CallRecord, Global
from aisbom.weights.read.source import Memory, Source, within
from aisbom.weights.read.stored import MAX_TENSORS, Place, TensorInfo, check_shape
from aisbom.weights.read.strided import CODES, StridedSource

Row = tuple[TensorInfo, Place | None]
_MAX_DEPTH = 100


def arrays(value: object, source: Source) -> list[Row]:
    """Every array inside `value`, which was walked in `source`, named by where it stands.

    Raises ValueError where shape and bytes do not fit, or for endless nesting.
    """
    found: list[Row] = []
    seen: set[int] = set()
    stack: list[tuple[str, object, int]] = [("", value, 0)]
    while stack:
        name, item, depth = stack.pop()
        if not isinstance(item, dict | list | tuple | CallRecord) or not item or id(item) in seen:
            continue
        seen.add(id(item))
        if depth > _MAX_DEPTH or len(name) > 2000 or len(found) >= MAX_TENSORS:
            raise ValueError("nested too deeply, or too many arrays")
        row = _array(name or "array", item, source) if isinstance(item, CallRecord) else None
        if row is not None:
            found.append(row)
            continue
        if isinstance(item, CallRecord):
            children: list[tuple[object, object]] = [("", item.state), ("", item.arguments)]
        else:
            children = list(item.items()) if isinstance(item, dict) else list(enumerate(item))
        for key, child in reversed(children):
            word = str(key)[:500] if isinstance(key, str | int) else ""
            stack.append((f"{name}.{word}" if name and word else name or word, child, depth + 1))
    return _make_names_unique(found)


def _array(name: str, item: CallRecord, source: Source) -> Row | None:
    function = item.function
    if function == joblib_arrays.WRAPPER and item.place >= 0 and isinstance(item.state, dict):
        return _behind(name, item.place, item.state, source)
    if not isinstance(function, Global) or function.module.partition(".")[0] != "numpy":
        return None
    if function.name == "_reconstruct" and isinstance(item.state, tuple) and len(item.state) == 5:
        _, shape, kind, fortran, data = item.state
    elif (
        function.name == "_frombuffer"
        and isinstance(item.arguments, tuple)
        and len(item.arguments) == 4
    ):
        data, kind, shape, order = item.arguments
        fortran = order == "F"
    else:
        return None
    if not isinstance(shape, tuple) or not all(
        isinstance(n, int) and not isinstance(n, bool) for n in shape
    ):
        return None
    check_shape(name, shape)
    dtype, width = _dtype(kind)
    data = _bytes(data)
    if not dtype or not isinstance(data, bytes | bytearray):
        # Objects, texts and records are lists of Python things, or stored in an order of bytes that
        # is not read.
        return TensorInfo(name, "OTHER", shape, 0, False), None
    size = math.prod(shape) * width
    if size != len(data):
        raise ValueError(f"array {name[:80]!r} takes {len(data):,} bytes, which its shape does not")
    return _row(
        TensorInfo(name, dtype, shape, size, True),
        Place(Memory(bytes(data)), 0),
        width,
        bool(fortran),
    )


def _behind(name: str, at: int, state: dict[object, object], source: Source) -> Row:
    """An array of joblib; `size` has looked at its shape."""
    shape = state.get("shape")
    if not isinstance(shape, tuple):
        raise ValueError(f"array {name[:80]!r} has no shape")
    check_shape(name, shape)
    dtype, width = _dtype(state.get("dtype"))
    if not dtype:
        return TensorInfo(name, "OTHER", shape, 0, False), None
    info = TensorInfo(name, dtype, shape, math.prod(shape) * width, True)
    within(at, info.nbytes, source.size)
    return _row(info, Place(source, at), width, state.get("order") == "F")


def _row(info: TensorInfo, place: Place, width: int, fortran: bool) -> Row:
    shape = info.shape
    if fortran and sum(n > 1 for n in shape) > 1:
        if width not in CODES:
            return info._replace(exact=False), None
        strides = tuple(math.prod(shape[:axis]) for axis in range(len(shape)))
        place = Place(StridedSource(place.source, place.offset, shape, strides, width), 0)
    return info, place


def _bytes(data: object) -> object:
    """Protocols before 3 have no bytes: they are written as a text and a call that encodes it."""
    if (
        isinstance(data, CallRecord)
        and data.function == Global("_codecs", "encode")
        and isinstance(data.arguments, tuple)
    ):
        text, codec = (*data.arguments, "", "")[:2]
        if isinstance(text, str) and codec == "latin1":
            return text.encode("latin-1")
    return data


def _dtype(kind: Any) -> tuple[str, int]:
    """(our word, bytes of an element) of a pickled `numpy.dtype`; `""` where its values are not
    read.
    """
    if (
        not isinstance(kind, CallRecord)
        or not isinstance(kind.arguments, tuple)
        or not kind.arguments
    ):
        return "", 0
    code = kind.arguments[0]
    order = kind.state[1] if isinstance(kind.state, tuple) and len(kind.state) > 1 else "|"
    if not isinstance(code, str) or code not in DTYPES or order == ">":
        return "", 0
    return DTYPES[code], int(code[1:])


def _make_names_unique(rows: list[Row]) -> list[Row]:
    """Each name once."""
    taken: dict[str, Row] = {}
    for info, place in rows:
        name, number = info.name, 1
        while name in taken:
            number += 1
            name = f"{info.name}~{number}"
        taken[name] = (info._replace(name=name), place)
    return list(taken.values())
