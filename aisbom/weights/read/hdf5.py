"""Datasets of an HDF5 file (Keras and others): groups, shapes, types and where contiguous values
lie.

Read are superblocks 0 to 3, object headers 1 and 2, symbol tables and compact links: what h5py
writes by default. Links out of the file are named, never followed. Chunked, compressed and densely
linked content is listed as such and its values are not read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from aisbom.weights.read.source import Cursor, Source, Window
from aisbom.weights.read.stored import (
    MAX_NOTES,
    MAX_TENSORS,
    Note,
    Place,
    StoredCheckpoint,
    TensorInfo,
    apart,
    check_shape,
)

SIGNATURE = b"\x89HDF\r\n\x1a\n"
_MAX_OBJECTS = 1_000_000
_MAX_DEPTH = 64
_MAX_HEADER = 16 * 1024 * 1024
_FLOATS = {(2, 5): "F16", (2, 8): "BF16", (4, 8): "F32", (8, 11): "F64"}


@dataclass
class _File:
    source: Source
    wide: int
    long: int
    rows: list[tuple[TensorInfo, Place | None]] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    links: int = 0

    @property
    def nowhere(self) -> int:
        return int(256**self.wide - 1)


def starts(source: Source) -> bool:
    """Whether this is an HDF5 file. A block of the user's own may stand before the signature."""
    at = 0
    while at + 8 <= min(source.size, 1024 * 1024):
        if source.read_at(at, 8) == SIGNATURE:
            return True
        at = at * 2 or 512
    return False


def open_hdf5(source: Source, form: str = "hdf5") -> StoredCheckpoint:
    """The datasets of an HDF5 file. Raises ValueError for broken structures and cycles."""
    base = 0
    while source.read_at(base, 8) != SIGNATURE:
        base = base * 2 or 512
    inner = Window(source, base, source.size - base) if base else source
    file, root = _superblock(inner)
    stack = [("", root, 0)]
    while stack:
        path, address, depth = stack.pop()
        if address in file.seen:
            if depth:
                file.notes[f"{path[:80]!r} is a second name of an object: listed once"] = None
            continue
        file.seen.add(address)
        if len(file.seen) > _MAX_OBJECTS or depth > _MAX_DEPTH:
            raise ValueError("more objects, or deeper groups, than are read")
        children = _object(file, path, address)
        # Many groups may share one table of names: it is the sum that has to end.
        file.links += len(children)
        if file.links > _MAX_OBJECTS:
            raise ValueError(f"more than {_MAX_OBJECTS:,} links")
        for name, child in children:
            stack.append((f"{path}/{name}" if path else name, child, depth + 1))
    apart("HDF5", [(info, place) for info, place in file.rows if place is not None])
    return StoredCheckpoint(form, file.rows, (), list(file.notes)[:MAX_NOTES], (source,))


def _superblock(source: Source) -> tuple[_File, int]:
    cursor = Cursor(source, 8, 256)
    version = cursor.read_unsigned(1)
    if version in (0, 1):
        cursor.skip(4)
        wide, long = cursor.read_unsigned(1), cursor.read_unsigned(1)
        cursor.skip(9 + (4 if version == 1 else 0))
        file = _make_file(source, wide, long)
        base = cursor.read_unsigned(wide)
        cursor.skip(3 * wide + wide)
    elif version in (2, 3):
        wide, long = cursor.read_unsigned(1), cursor.read_unsigned(1)
        cursor.skip(1)
        file = _make_file(source, wide, long)
        base = cursor.read_unsigned(wide)
        cursor.skip(2 * wide)
    else:
        raise ValueError(f"HDF5 superblock {version}: not known")
    if base:
        raise ValueError("an HDF5 file whose addresses count from elsewhere: not read")
    return file, cursor.read_unsigned(wide)


def _make_file(source: Source, wide: int, long: int) -> _File:
    if wide not in (2, 4, 8) or long not in (2, 4, 8):
        raise ValueError("HDF5 addresses of an impossible width")
    return _File(source, wide, long)


def _object(file: _File, path: str, address: int) -> list[tuple[str, int]]:
    """The links of a group; a dataset is added to the rows."""
    links: list[tuple[str, int]] = []
    dtype: tuple[str, int] | None = None
    shape: tuple[int, ...] | None = None
    place: tuple[int, int] | None = None
    layout = False
    for kind, at, size in _messages(file, address):
        cursor = Cursor(file.source, at, size)
        if kind == 0x01:
            shape = _dataspace(file, cursor)
        elif kind == 0x03:
            dtype = _datatype(cursor)
        elif kind == 0x08:
            layout = True
            place = _layout(file, cursor)
        elif kind == 0x11:
            links += _symbols(
                file, cursor.read_unsigned(file.wide), cursor.read_unsigned(file.wide)
            )
        elif kind == 0x06:
            link = _link(file, path, cursor)
            links += [link] if link else []
        elif kind == 0x02:
            _link_info(file, path, cursor)
        elif kind == 0x0B:
            place = None
            file.notes[f"{path[:80]!r} is compressed: its values are not read"] = None
    if layout and shape is not None and dtype is not None:
        check_shape(path, shape)
        name, size = dtype
        nbytes = math.prod(shape) * size
        if name == "OTHER":
            file.notes[f"{path[:80]!r} holds no plain numbers: not weights"] = None
        exact = name != "OTHER" and ((place is not None and place[1] == nbytes) or nbytes == 0)
        where = (
            Place(file.source, place[0] if place is not None and nbytes else 0) if exact else None
        )
        file.rows.append((TensorInfo(path or "dataset", name, shape, nbytes, exact), where))
        if len(file.rows) > MAX_TENSORS:
            raise ValueError(f"more than {MAX_TENSORS:,} datasets")
    return links


def _messages(file: _File, address: int) -> list[tuple[int, int, int]]:
    """(type, place, size) of the messages of an object header, continuation blocks included."""
    head = file.source.read_at(address, 4)
    second = head == b"OHDR"
    cursor = Cursor(file.source, address, 512)
    ordered = False
    if second:
        cursor.skip(5)
        flags = cursor.read_unsigned(1)
        cursor.skip((16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0))
        size = cursor.read_unsigned(1 << (flags & 3))
        ordered = bool(flags & 4)
    else:
        if head[0] != 1:
            raise ValueError("an HDF5 object without a header")
        cursor.skip(8)
        size = cursor.read_unsigned(4)
        cursor.skip(4)
    blocks = [(cursor.at, size)]
    found: list[tuple[int, int, int]] = []
    done: set[int] = set()
    total = 0
    while blocks:
        at, size = blocks.pop(0)
        total += size
        if at in done or total > _MAX_HEADER:
            raise ValueError("an HDF5 object header that never ends")
        done.add(at)
        cursor = Cursor(file.source, at, 512)
        end = at + size
        least = (4 + 2 * ordered) if second else 8
        while cursor.at + least <= end:
            kind = cursor.read_unsigned(1 if second else 2)
            length = cursor.read_unsigned(2)
            flags = cursor.read_unsigned(1)
            cursor.skip((2 if ordered else 0) if second else 3)
            if cursor.at + length > end:
                raise ValueError("an HDF5 message ends behind its header")
            if kind == 0x10:
                inner = Cursor(file.source, cursor.at, length)
                start, size = inner.read_unsigned(file.wide), inner.read_unsigned(file.long)
                blocks.append((start + 4, size - 8) if second else (start, size))
            elif not flags & 2:
                found.append((kind, cursor.at, length))
            elif kind in (0x03, 0x0B):
                file.notes["shares types between objects: their values are not read"] = None
            cursor.skip(length)
    return found


def _dataspace(file: _File, cursor: Cursor) -> tuple[int, ...] | None:
    version, rank = cursor.read_unsigned(1), cursor.read_unsigned(1)
    cursor.skip(1)
    if version == 1:
        cursor.skip(5)
    elif version == 2:
        if cursor.read_unsigned(1) == 2:
            return None
    else:
        raise ValueError(f"HDF5 dataspace {version}: not known")
    if rank > 32:
        raise ValueError("an HDF5 dataset of more than 32 dimensions")
    return tuple(cursor.read_unsigned(file.long) for _ in range(rank))


def _datatype(cursor: Cursor) -> tuple[str, int]:
    """(type, bytes); `OTHER` for text, compounds and what is not little-endian."""
    kind = cursor.read_unsigned(1) & 15
    bits = cursor.read_unsigned(3)
    size = cursor.read_unsigned(4)
    if kind == 8 and size == 1:
        return "BOOL", 1
    if bits & 1 and size > 1:
        return "OTHER", size
    if kind == 0 and size in (1, 2, 4, 8):
        return f"{'I' if bits & 8 else 'U'}{size * 8}", size
    if kind == 1:
        cursor.skip(5)
        return _FLOATS.get((size, cursor.read_unsigned(1)), "OTHER"), size
    return "OTHER", size


def _layout(file: _File, cursor: Cursor) -> tuple[int, int] | None:
    """(place, bytes) of contiguous values, None for chunks and for values never written."""
    version = cursor.read_unsigned(1)
    if version in (1, 2):
        rank, kind = cursor.read_unsigned(1), cursor.read_unsigned(1)
        cursor.skip(5)
        if kind != 1:
            return None
        at = cursor.read_unsigned(file.wide)
        count = math.prod(cursor.read_unsigned(4) for _ in range(rank))
        return None if at == file.nowhere else (at, count)
    if version not in (3, 4, 5):
        raise ValueError(f"HDF5 layout {version}: not known")
    kind = cursor.read_unsigned(1)
    if kind == 0:
        size = cursor.read_unsigned(2)
        return cursor.at, size
    if kind != 1:
        return None
    at, size = cursor.read_unsigned(file.wide), cursor.read_unsigned(file.long)
    return None if at == file.nowhere else (at, size)


def _symbols(file: _File, tree: int, heap: int) -> list[tuple[str, int]]:
    """The links of an old-style group: a B-tree of symbol nodes, names in a local heap."""
    cursor = Cursor(file.source, heap, 64)
    if cursor.take(4) != b"HEAP":
        raise ValueError("an HDF5 group without its names")
    cursor.skip(4)
    size = cursor.read_unsigned(file.long)
    cursor.skip(file.long)
    names = Window(file.source, cursor.read_unsigned(file.wide), size)
    links: list[tuple[str, int]] = []
    nodes = [(tree, 0)]
    seen: set[int] = set()
    while nodes:
        at, depth = nodes.pop()
        if at in seen or depth > 32 or len(links) > _MAX_OBJECTS:
            raise ValueError("an HDF5 group that never ends")
        seen.add(at)
        mark = file.source.read_at(at, 4)
        cursor = Cursor(file.source, at + 4, 2048)
        if mark == b"TREE":
            if cursor.read_unsigned(1):
                raise ValueError("an HDF5 group whose tree holds no names")
            cursor.skip(1)
            count = cursor.read_unsigned(2)
            cursor.skip(2 * file.wide)
            for _ in range(count):
                cursor.skip(file.long)
                nodes.append((cursor.read_unsigned(file.wide), depth + 1))
        elif mark == b"SNOD":
            cursor.skip(2)
            for _ in range(cursor.read_unsigned(2)):
                name, address = cursor.read_unsigned(file.wide), cursor.read_unsigned(file.wide)
                kind = cursor.read_unsigned(4)
                cursor.skip(20)
                word = _word(names, name)
                if kind == 2:
                    file.notes[f"link {word[:80]!r} points elsewhere: not followed"] = None
                else:
                    links.append((word, address))
        else:
            raise ValueError("an HDF5 group without its tree")
    return links


def _word(names: Source, at: int) -> str:
    data = names.read_at(at, min(512, max(0, names.size - at)))
    return data.partition(b"\0")[0].decode("utf-8", "replace")


def _link(file: _File, path: str, cursor: Cursor) -> tuple[str, int] | None:
    cursor.skip(1)
    flags = cursor.read_unsigned(1)
    kind = cursor.read_unsigned(1) if flags & 8 else 0
    cursor.skip((8 if flags & 4 else 0) + (1 if flags & 16 else 0))
    length = cursor.read_unsigned(1 << (flags & 3))
    if length > 4096:
        raise ValueError("an HDF5 link with an endless name")
    name = cursor.take(length).decode("utf-8", "replace")
    if kind:
        file.notes[f"link {f'{path}/{name}'[:80]!r} points elsewhere: not followed"] = None
        return None
    return name, cursor.read_unsigned(file.wide)


def _link_info(file: _File, path: str, cursor: Cursor) -> None:
    cursor.skip(1)
    flags = cursor.read_unsigned(1)
    cursor.skip(8 if flags & 1 else 0)
    if cursor.read_unsigned(file.wide) != file.nowhere:
        words = f"group {path[:80] or '/'!r} keeps its links in a form that is not read"
        file.notes[Note(f"{words}: its content is unknown", "absent")] = None
