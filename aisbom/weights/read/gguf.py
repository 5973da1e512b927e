"""The header of a GGUF file, versions 1 to 3: key-value pairs, then names, shapes and types of
tensors. No tensor is read.

Lengths are 32 bits in version 1, 64 in later ones. Dimensions are stored innermost first; they are
turned round here.
"""

from __future__ import annotations

import struct

from aisbom.weights.read.ggml import TYPES
from aisbom.weights.read.source import Cursor, Source
from aisbom.weights.read.stored import (
    BITS,
    MAX_TENSORS,
    Place,
    StoredCheckpoint,
    TensorInfo,
    apart,
    check_shape,
    text,
)

_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_TEXT, _ARRAY = 8, 9
_MAX_PAIRS = 100_000
_MAX_KEY = 65_535
_MAX_TEXT = 64 * 1024 * 1024
_SHOWN = 2000
_BLOCK = 1024 * 1024
_MANY = 10_000
_STEPS = 64
"""Texts that are passed one by one before the rest of a block is looked at as a whole again."""


def open_gguf(source: Source) -> StoredCheckpoint:
    """The checkpoint in a GGUF file. Raises ValueError for a broken or lying header."""
    cursor, version, wide, tensors, pairs = _begun(source)
    metadata = [("gguf.version", str(version))]
    alignment = 32
    for _ in range(pairs):
        key = _text(cursor, wide, _MAX_KEY)
        kind = cursor.read_unsigned(4)
        value = _value(cursor, source, wide, kind)
        if key == "general.alignment":
            alignment = int(value) if kind in (4, 10) and value.isdigit() else 0
        if value:
            metadata.append((key, value))
    if not 8 <= alignment <= 2**20 or alignment & (alignment - 1):
        raise ValueError("its alignment is no power of two from 8 up")
    entries = [_entry(cursor, wide) for _ in range(tensors)]
    start = (cursor.at + alignment - 1) // alignment * alignment
    notes = []
    rows: list[tuple[TensorInfo, Place]] = []
    for name, shape, kind, offset in entries:
        if offset % alignment:
            raise ValueError(f"tensor {name[:80]!r} begins off the alignment of {alignment}")
        if kind not in TYPES:
            raise ValueError(f"tensor {name[:80]!r} has the unknown type {kind}")
        dtype, each, size = TYPES[kind]
        check_shape(name, shape)
        info = TensorInfo(name, dtype, shape, 0, False)
        row = shape[-1] if shape else 1
        if row % each:
            raise ValueError(
                f"tensor {name[:80]!r}: rows of {row:,} values do not fill blocks of {each}"
            )
        info = TensorInfo(name, dtype, shape, info.numel // each * size, dtype in BITS)
        rows.append((info, Place(source, start + offset)))
    apart("GGUF", rows)
    if not rows:
        notes.append("holds no tensors: a vocabulary or the first piece of a split file")
    return StoredCheckpoint("gguf", rows, metadata, notes, (source,))


def tokens(source: Source, most: int) -> list[str]:
    """The token list in the header, by number; empty without one. Raises ValueError for a broken
    header or more than `most`.
    """
    cursor, _, wide, _, pairs = _begun(source)
    for _ in range(pairs):
        key, kind = _text(cursor, wide, _MAX_KEY), cursor.read_unsigned(4)
        if key != "tokenizer.ggml.tokens" or kind != _ARRAY:
            _value(cursor, source, wide, kind)
            continue
        inner, count = cursor.read_unsigned(4), cursor.read_unsigned(wide)
        if inner != _TEXT or count > min(most, source.size // wide):
            raise ValueError(f"{count:,} tokens, or tokens that are no texts")
        return [
            cursor.take(_length(cursor, wide, _MAX_KEY)).decode("utf-8", "replace")
            for _ in range(count)
        ]
    return []


def templates(source: Source) -> list[str]:
    """The chat templates in the header, whole. Raises ValueError for a broken header."""
    cursor, _, wide, _, pairs = _begun(source)
    found = []
    for _ in range(pairs):
        key, kind = _text(cursor, wide, _MAX_KEY), cursor.read_unsigned(4)
        if key.startswith("tokenizer.chat_template") and kind == _TEXT:
            length = _length(cursor, wide, _MAX_TEXT)
            found.append(cursor.take(length).decode("utf-8", "replace"))
        else:
            _value(cursor, source, wide, kind)
    return found


def _begun(source: Source) -> tuple[Cursor, int, int, int, int]:
    """(cursor behind it, version, bytes of a length, tensors, pairs) of the fixed part."""
    cursor = Cursor(source)
    if cursor.take(4) != b"GGUF":
        raise ValueError("no GGUF file: the first bytes are others")
    version = cursor.read_unsigned(4)
    if version & 0xFFFF == 0:
        raise ValueError("a big-endian GGUF file: not read")
    if version not in (1, 2, 3):
        raise ValueError(f"GGUF version {version}: not known")
    wide = 4 if version == 1 else 8
    tensors, pairs = cursor.read_unsigned(wide), cursor.read_unsigned(wide)
    # The smallest tensor entry takes 3 lengths; a count beyond what the file can hold is a lie.
    if tensors > min(MAX_TENSORS, source.size // 16) or pairs > min(_MAX_PAIRS, source.size // 8):
        raise ValueError(
            f"declares {tensors:,} tensors and {pairs:,} pairs: more than the file can hold or than"
            " is read"
        )
    return cursor, version, wide, tensors, pairs


def _text(cursor: Cursor, wide: int, most: int) -> str:
    return text(cursor.take(_length(cursor, wide, most)))


def _length(cursor: Cursor, wide: int, most: int) -> int:
    length = cursor.read_unsigned(wide)
    if length > most:
        raise ValueError(f"a text of {length:,} bytes, where {most:,} are the most")
    return length


def _value(cursor: Cursor, source: Source, wide: int, kind: int) -> str:
    """A scalar or text as text (cut), an array as its count; arrays are passed over."""
    if kind in _SCALARS:
        code = _SCALARS[kind]
        (value,) = struct.unpack("<" + code, cursor.take(struct.calcsize("<" + code)))
        return str(value)
    if kind == _TEXT:
        length = cursor.read_unsigned(wide)
        if length > _MAX_TEXT:
            raise ValueError(f"a text of {length:,} bytes in its header")
        shown = cursor.take(min(length, _SHOWN))
        cursor.skip(length - len(shown))
        return shown.decode("utf-8", "replace")
    if kind != _ARRAY:
        raise ValueError(f"a value of the unknown type {kind}")
    inner, count = cursor.read_unsigned(4), cursor.read_unsigned(wide)
    if inner in _SCALARS:
        cursor.skip(count * struct.calcsize("<" + _SCALARS[inner]))
    elif inner == _TEXT:
        _pass_texts(cursor, source, wide, count)
    else:
        raise ValueError("an array of arrays in its header")
    return f"[{count} values]"


def _pass_texts(cursor: Cursor, source: Source, wide: int, count: int) -> None:
    """Pass over a list of texts: a vocabulary has hundreds of thousands, so this loop keeps to one
    block at a time.
    """
    if count > source.size // wide:
        raise ValueError(f"an array of {count:,} texts in a file of {source.size:,} bytes")
    length_of = struct.Struct("<I" if wide == 4 else "<Q").unpack_from
    at, left = cursor.at, count
    while left:
        size = min(_BLOCK, source.size - at)
        block = Cursor(source, at, 0).take(size)
        here, last = 0, size - wide
        while left and here <= last:
            if left > _MANY and wide == 8:
                passed, here = _skip_texts(block, here, left)
                left -= passed
            for _ in range(min(left, _STEPS)):
                if here > last:
                    break
                here += wide + length_of(block, here)[0]
                left -= 1
        if not here:
            raise ValueError("the file ends inside a list of texts: truncated")
        at += here
        if at > source.size:
            raise ValueError("the file ends inside a list of texts: truncated")
    cursor.skip(at - cursor.at)


def _skip_texts(block: bytes, here: int, most: int) -> tuple[int, int]:
    """(how many texts from `here` were passed, where the next one begins), by looking at the whole
    block at once.

    A text of 1 to 255 bytes without a zero stands behind its length and seven zeros, so the lengths
    are the bytes before a run of exactly seven. That is a guess until it is checked: each length
    leads to the next one, from `here` on; at the first that does not it ends.
    """
    import numpy as np

    solid = np.flatnonzero(np.frombuffer(block, np.uint8, offset=here) != 0)
    starts = solid[:-1][solid[1:] - solid[:-1] == 8]
    if not starts.size or starts[0]:
        return 0, here
    lengths = np.frombuffer(block, np.uint8, offset=here)[starts]
    wrong = np.flatnonzero(starts[1:] != starts[:-1] + 8 + lengths[:-1])
    count = min(most, int(wrong[0]) if wrong.size else starts.size - 1)
    return count, here + int(starts[count]) if count < starts.size else here


def _entry(cursor: Cursor, wide: int) -> tuple[str, tuple[int, ...], int, int]:
    name = _text(cursor, wide, _MAX_KEY)
    count = cursor.read_unsigned(4)
    if count > 8:
        raise ValueError(f"tensor {name[:80]!r} has {count:,} dimensions")
    shape = tuple(cursor.read_unsigned(wide) for _ in range(count))[::-1]
    return name, shape, cursor.read_unsigned(4), cursor.read_unsigned(8)
