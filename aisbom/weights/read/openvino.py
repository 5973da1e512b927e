"""The constants of an OpenVINO model: described in an `.xml`, their values in the `.bin`
beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from aisbom.weights.read.source import Source
from aisbom.weights.read.stored import (
    MAX_TENSORS,
    Note,
    Place,
    StoredCheckpoint,
    TensorInfo,
    apart,
    plain,
)

_TYPES = {
    "f32": "F32",
    "f16": "F16",
    "bf16": "BF16",
    "f64": "F64",
    "i8": "I8",
    "i16": "I16",
    "i32": "I32",
    "i64": "I64",
    "u8": "U8",
    "u16": "U16",
    "u32": "U32",
    "u64": "U64",
    "boolean": "BOOL",
    "i4": "I4",
    "u4": "U4",
    "f8e4m3": "F8_E4M3",
    "f8e5m2": "F8_E5M2",
    "f8e8m0": "F8_E8M0",
    "f4e2m1": "F4",
}
_MAX_XML = 512 * 1024 * 1024
_MAX_DEPTH = 100
_CHUNK = 256 * 1024


class _Reader:
    """Collects `<data>` of the layers of type Const; knows nothing of entities, which are
    refused.
    """

    def __init__(self) -> None:
        self.found: list[tuple[str, dict[str, str]]] = []
        self.net: dict[str, str] = {}
        self._layers: list[tuple[str, str]] = []
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ValueError("elements are nested too deeply")
        if self._depth == 1:
            if tag != "net":
                raise ValueError("no OpenVINO model: its root is no <net>")
            self.net = attributes
        elif tag == "layer":
            self._layers.append((attributes.get("name", ""), attributes.get("type", "")))
        elif tag == "data" and self._layers and self._layers[-1][1] == "Const":
            if len(self.found) >= MAX_TENSORS:
                raise ValueError(f"more than {MAX_TENSORS:,} constants")
            self.found.append(("/".join(name for name, _ in self._layers), attributes))

    def end(self, tag: str) -> None:
        self._depth -= 1
        if tag == "layer" and self._layers:
            self._layers.pop()


def open_openvino(
    source: Source, name: str, beside: Callable[[str], Source | None]
) -> StoredCheckpoint:
    """The constants of the model in `source`. Raises ValueError for XML that is broken or no such
    model, and for places that lie.
    """
    reader = _Reader()
    _parse(source, reader)
    metadata = [
        (key, value[:200]) for key, value in reader.net.items() if key in ("name", "version")
    ]
    values = (
        beside(re.sub(r"\.xml$", ".bin", name, flags=re.IGNORECASE))
        if name.lower().endswith(".xml")
        else None
    )
    notes = (
        []
        if values is not None
        else [Note("the .bin beside it is not here: values unknown", "absent")]
    )
    rows: dict[str, tuple[TensorInfo, Place | None]] = {}
    try:
        for full, attributes in reader.found:
            unique, number = full or "const", 1
            while unique in rows:
                number += 1
                unique = f"{full}~{number}"
            rows[unique] = _constant(unique, attributes, values)
        placed = {
            (place.offset, info.nbytes): (info, place)
            for info, place in rows.values()
            if place is not None
        }
        apart("OpenVINO", placed.values())
    except ValueError:
        if values is not None:
            values.close()
        raise
    return StoredCheckpoint(
        "openvino",
        rows.values(),
        metadata,
        notes,
        [source, *([values] if values is not None else [])],
    )


def _constant(
    name: str, attributes: dict[str, str], values: Source | None
) -> tuple[TensorInfo, Place | None]:
    words = [word.strip() for word in attributes.get("shape", "").split(",") if word.strip()]
    numbers = [*words, attributes.get("offset", ""), attributes.get("size", "")]
    if not all(word.isdecimal() and len(word) < 20 for word in numbers):
        raise ValueError(f"constant {name[:80]!r} has no sound shape or place")
    shape, offset, size = tuple(map(int, words)), int(numbers[-2]), int(numbers[-1])
    dtype = _TYPES.get(attributes.get("element_type", ""))
    if dtype is None:
        return (
            TensorInfo(
                name, attributes.get("element_type", "").upper()[:20] or "OTHER", shape, size, False
            ),
            None,
        )
    info = plain(name, dtype, shape)
    if info.nbytes != size:
        raise ValueError(f"constant {name[:80]!r} takes {size:,} bytes, which its shape does not")
    if values is None:
        return TensorInfo(name, dtype, shape, size, False), None
    return info, Place(values, offset)


def _parse(source: Source, reader: _Reader) -> None:
    if source.size > _MAX_XML:
        raise ValueError(f"a description of more than {_MAX_XML:,} bytes")
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = _no_entities
    parser.buffer_text = True
    try:
        for at in range(0, source.size, _CHUNK):
            parser.Parse(source.read_at(at, min(_CHUNK, source.size - at)), False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise ValueError(f"not sound XML: {error}") from error


def _no_entities(*_: Any) -> None:
    raise ValueError("XML with entities of its own: not read")
