"""The tensors of an ONNX model: initialisers, constants and attributes, in subgraphs and functions
too, and external data.

Field numbers are those of onnx.proto. Bytes outside the model file are looked for in its own folder
only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from aisbom.weights.read.protobuf import Field, Walk
from aisbom.weights.read.source import Source
from aisbom.weights.read.stored import (
    BITS,
    MAX_NOTES,
    MAX_TENSORS,
    Note,
    Place,
    StoredCheckpoint,
    TensorInfo,
    apart,
    check_shape,
    plain,
)

_TYPES = {
    1: "F32",
    2: "U8",
    3: "I8",
    4: "U16",
    5: "I16",
    6: "I32",
    7: "I64",
    8: "STRING",
    9: "BOOL",
    10: "F16",
    11: "F64",
    12: "U32",
    13: "U64",
    14: "C64",
    15: "C128",
    16: "BF16",
    17: "F8_E4M3",
    18: "F8_E4M3FNUZ",
    19: "F8_E5M2",
    20: "F8_E5M2FNUZ",
    21: "U4",
    22: "I4",
    23: "F4",
    24: "F8_E8M0",
}
_MAX_DEPTH = 32
_TYPED = {4: "F32", 10: "F64"}
"""Fields of TensorProto whose packed form is the plain little-endian values of a type."""


@dataclass
class _Model:
    walk: Walk
    beside: Callable[[str], Source | None]
    rows: dict[str, tuple[TensorInfo, Place | None]] = field(default_factory=dict)
    metadata: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    external: dict[str, Source | None] = field(default_factory=dict)

    def note(self, words: str) -> None:
        if words not in self.notes and len(self.notes) < MAX_NOTES:
            self.notes.append(words)

    def add(self, info: TensorInfo, place: Place | None) -> None:
        if len(self.rows) >= MAX_TENSORS:
            raise ValueError(f"more than {MAX_TENSORS:,} tensors")
        name, number = info.name, 1
        # Names are unique within a graph only.
        while name in self.rows:
            number += 1
            name = f"{info.name}~{number}"
        self.rows[name] = (TensorInfo(name, info.dtype, info.shape, info.nbytes, info.exact), place)


def open_onnx(source: Source, beside: Callable[[str], Source | None]) -> StoredCheckpoint:
    """The checkpoint in an ONNX file. `beside` finds external data. Raises ValueError for what is
    no sound model.
    """
    walk = Walk(source)
    model = _Model(walk, beside)
    try:
        graphs = version = 0
        for part in walk.fields():
            if part.number == 7 and part.wire == 2:
                graphs += 1
                _graph(model, part, "", 0)
            elif part.number == 1 and part.wire == 0:
                version = part.value
            elif part.number in (2, 3, 4) and part.wire == 2:
                model.metadata.append(
                    (
                        ("producer_name", "producer_version", "domain")[part.number - 2],
                        walk.text(part)[:200],
                    )
                )
            elif part.number == 14 and part.wire == 2:
                model.metadata.append(_pair(walk, part))
            elif part.number == 25 and part.wire == 2:
                _function(model, part)
        if not graphs or not version:
            raise ValueError("no ONNX model: it has no graph or no version")
        apart("ONNX", _distinct(model))
    except ValueError:
        for extra in model.external.values():
            if extra is not None:
                extra.close()
        raise
    model.metadata.append(("ir_version", str(version)))
    sources = [source, *(extra for extra in model.external.values() if extra is not None)]
    return StoredCheckpoint("onnx", model.rows.values(), model.metadata, model.notes, sources)


def _distinct(model: _Model) -> list[tuple[TensorInfo, Place]]:
    """The tensors inside the file itself, which cannot overlap, and those outside, which may be one
    another.
    """
    rows = [(info, place) for info, place in model.rows.values() if place is not None]
    once = {(id(place.source), place.offset, info.nbytes): (info, place) for info, place in rows}
    return list(once.values())


def _pair(walk: Walk, message: Field) -> tuple[str, str]:
    found = {
        part.number: walk.text(part, 2**24)[:500]
        for part in walk.fields(message.value, message.size)
        if part.wire == 2
    }
    return found.get(1, ""), found.get(2, "")


def _graph(model: _Model, message: Field, prefix: str, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise ValueError("graphs are nested too deeply")
    for part in model.walk.fields(message.value, message.size):
        if part.wire != 2:
            continue
        if part.number == 5:
            _tensor(model, part, prefix, "")
        elif part.number == 1:
            _node(model, part, prefix, depth)
        elif part.number == 15:
            _sparse(model, part, prefix)


def _function(model: _Model, message: Field) -> None:
    name = ""
    for part in model.walk.fields(message.value, message.size):
        if part.number == 1 and part.wire == 2:
            name = model.walk.text(part)
    for part in model.walk.fields(message.value, message.size):
        if part.number == 7 and part.wire == 2:
            _node(model, part, f"{name}/", 1)


def _node(model: _Model, message: Field, prefix: str, depth: int) -> None:  # noqa: C901, PLR0912
    walk = model.walk
    name = output = kind = ""
    attributes = []
    for part in walk.fields(message.value, message.size):
        if part.wire != 2:
            continue
        if part.number == 2 and not output:
            output = walk.text(part)
        elif part.number == 3:
            name = walk.text(part)
        elif part.number == 4:
            kind = walk.text(part)
        elif part.number == 5:
            attributes.append(part)
    for attribute in attributes:
        word = ""
        inner = []
        for part in walk.fields(attribute.value, attribute.size):
            if part.wire == 2 and part.number == 1:
                word = walk.text(part)
            elif part.wire == 2 and part.number in (5, 6, 10, 11, 22):
                inner.append(part)
        owner = output if kind == "Constant" else f"{name or output}.{word}"
        for part in inner:
            if part.number in (5, 10):
                _tensor(model, part, prefix, owner)
            elif part.number == 22:
                _sparse(model, part, prefix)
            else:
                _graph(model, part, f"{prefix}{name or output}.{word}/", depth + 1)


def _sparse(model: _Model, message: Field, prefix: str) -> None:
    """A sparse tensor: its values are listed, and said to be so."""
    for part in model.walk.fields(message.value, message.size):
        if part.number == 1 and part.wire == 2:
            _tensor(model, part, prefix, "")
    model.note("holds sparse tensors: their stored values are listed, not their full shapes")


def _tensor(model: _Model, message: Field, prefix: str, owner: str) -> None:  # noqa: C901, PLR0912
    walk = model.walk
    name, number, dims = "", 0, list[int]()
    place: Place | None = None
    stored = -1
    typed = 0
    external: dict[str, str] = {}
    outside = False
    for part in walk.fields(message.value, message.size):
        if part.number == 1:
            dims += walk.varints(part)
        elif part.number == 2 and part.wire == 0:
            number = part.value
        elif part.number == 8 and part.wire == 2:
            name = walk.text(part)
        elif part.number == 9 and part.wire == 2:
            place, stored = Place(walk.source, part.value), part.size
        elif part.number in (4, 5, 6, 7, 10, 11):
            typed = (
                part.number if typed in (0, part.number) and part.wire == 2 and stored < 0 else -1
            )
            if part.number in _TYPED and typed > 0 and place is None:
                place, stored = Place(walk.source, part.value), part.size
        elif part.number == 13 and part.wire == 2:
            key, value = _pair(walk, part)
            external[key] = value
        elif part.number == 14 and part.wire == 0:
            outside = part.value == 1
    full = prefix + (owner or name or f"tensor@{message.value}")
    shape = tuple(dims)
    check_shape(full, shape)
    dtype = _TYPES.get(number, f"ONNX_{number}")
    if dtype not in BITS:
        model.note(f"tensor {full[:80]!r} holds {dtype}: no weights")
        model.add(TensorInfo(full, dtype, shape, max(stored, 0), False), None)
        return
    info = plain(full, dtype, shape)
    inexact = TensorInfo(full, dtype, shape, info.nbytes, False)
    if outside:
        _external(model, info, external)
    elif typed and _TYPED.get(typed) != dtype:
        # Small integers and halves may be stored as lists of varints.
        model.add(inexact, None)
    elif place is None and info.nbytes:
        raise ValueError(f"tensor {full[:80]!r} has a shape and no values")
    elif place is not None and stored != info.nbytes:
        raise ValueError(f"tensor {full[:80]!r} takes {stored:,} bytes, which its shape does not")
    else:
        model.add(info, place or Place(walk.source, message.value))


def _external(model: _Model, info: TensorInfo, words: dict[str, str]) -> None:
    location = words.get("location", "")
    if location not in model.external:
        try:
            model.external[location] = model.beside(location)
        except ValueError as error:
            model.external[location] = None
            model.note(f"external data {location[:80]!r}: {error}")
    source = model.external[location]
    if source is None:
        told = f"external data {location[:80]!r} is not here: values of its tensors unknown"
        model.note(Note(told, "absent"))
        model.add(TensorInfo(info.name, info.dtype, info.shape, info.nbytes, False), None)
        return
    offset, length = words.get("offset") or "0", words.get("length") or str(info.nbytes)
    if (
        not offset.isdecimal()
        or not length.isdecimal()
        or max(len(offset), len(length)) > 19
        or int(length) != info.nbytes
    ):
        raise ValueError(f"tensor {info.name[:80]!r} has no sound place in {location[:80]!r}")
    model.add(info, Place(source, int(offset)))
