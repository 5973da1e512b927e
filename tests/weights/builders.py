"""Files of formats whose writers are too large to be here, put together from their published
layouts.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence


def gguf(
    tensors: Sequence[tuple[str, tuple[int, ...], int, int]], data: bytes = b"", version: int = 3
) -> bytes:
    """Tensors are (name, dimensions innermost first, type, offset)."""
    wide = "<I" if version == 1 else "<Q"
    out = (
        b"GGUF"
        + struct.pack("<I", version)
        + struct.pack(wide, len(tensors))
        + struct.pack(wide, 0)
    )
    for name, shape, kind, offset in tensors:
        text = name.encode()
        out += struct.pack(wide, len(text)) + text + struct.pack("<I", len(shape))
        out += b"".join(struct.pack(wide, n) for n in shape) + struct.pack("<IQ", kind, offset)
    return out + bytes(-len(out) % 32) + data


def varint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def paddle() -> tuple[bytes, bytes]:
    """(program, parameters) of two persistable variables, named against their order, and one that
    is not.
    """

    def described(shape: tuple[int, ...]) -> bytes:
        return field(1, 5) + b"".join(field(2, n) for n in shape)

    def variable(name: str, shape: tuple[int, ...], persistable: int) -> bytes:
        kind = field(1, 7) + field(3, field(1, described(shape)))
        return field(3, field(1, name.encode()) + field(2, kind) + field(3, persistable))

    program = field(
        1, field(1, 0) + variable("z", (2,), 1) + variable("x", (9,), 0) + variable("a", (1, 3), 1)
    )
    stored = b""
    for shape, values in (((1, 3), (1.0, 2.0, 3.0)), ((2,), (4.0, 5.0))):
        desc = described(shape)
        stored += (
            bytes(16)
            + struct.pack("<I", len(desc))
            + desc
            + struct.pack(f"<{len(values)}f", *values)
        )
    return program, stored


def openvino() -> tuple[bytes, bytes]:
    """(description, values)."""
    text = """<?xml version="1.0"?>
<net name="sample" version="11"><layers>
<layer id="0" name="in" type="Parameter"><data shape="1,2" element_type="f32"/></layer>
<layer id="1" name="w" type="Const"><data element_type="f32" shape="2, 2" offset="0" size="16"/></layer>
<layer id="2" name="half" type="Const"><data element_type="f16" shape="" offset="16" size="2"/></layer>
<layer id="3" name="again" type="Const"><data element_type="f32" shape="4" offset="0" size="16"/></layer>
</layers></net>"""
    return text.encode(), struct.pack("<4fe", 1.0, 2.0, 3.0, 4.0, 0.5)


def tflite() -> bytes:
    """A flatbuffer with one subgraph: an activation, a matrix of f32 and a shape of i32 values."""
    out = bytearray(8)
    out[4:8] = b"TFL3"

    def table(fields: Sequence[bytes | None]) -> int:
        """Write a vtable and its table of inline fields (each 4 bytes or fewer); returns where the
        table lies.
        """
        inline, offsets = b"", []
        for value in fields:
            offsets.append(0 if value is None else 4 + len(inline))
            inline += b"" if value is None else value.ljust(4, b"\0")
        out.extend(bytes(-len(out) % 4))
        vtable = struct.pack(
            f"<{2 + len(offsets)}H", 4 + 2 * len(offsets), 4 + len(inline), *offsets
        )
        vtable += bytes(-len(vtable) % 4)
        at = len(out)
        out.extend(vtable + struct.pack("<i", len(vtable)) + inline)
        return at + len(vtable)

    def point(at: int, target: int) -> None:
        out[at : at + 4] = struct.pack("<I", target - at)

    def vector(count: int, data: bytes) -> int:
        out.extend(bytes(-len(out) % 4))
        at = len(out)
        out.extend(struct.pack("<I", count) + data)
        return at

    empty = b"\0\0\0\0"
    model = table([struct.pack("<I", 3), None, empty, None, empty])
    point(0, model)
    buffers = vector(3, bytes(12))
    point(model + 12, buffers)
    for number, data in enumerate((b"", struct.pack("<4f", 1, 2, 3, 4), struct.pack("<2i", 7, 8))):
        held = table([empty if data else None])
        point(buffers + 4 + 4 * number, held)
        if data:
            point(held + 4, vector(len(data), data))
    graphs = vector(1, bytes(4))
    point(model + 8, graphs)
    graph = table([empty])
    point(graphs + 4, graph)
    tensors = vector(3, bytes(12))
    point(graph + 4, tensors)
    for number, (name, shape, kind) in enumerate(
        ((b"in", (1, 2), 0), (b"w", (2, 2), 0), (b"shape", (2,), 2))
    ):
        tensor = table([empty, bytes([kind]), struct.pack("<I", number), empty])
        point(tensors + 4 + 4 * number, tensor)
        point(tensor + 4, vector(len(shape), struct.pack(f"<{len(shape)}i", *shape)))
        point(tensor + 16, vector(len(name), name + b"\0"))
    return bytes(out)
