"""The argument behind each opcode of a pickle, read as CPython's own C unpickler reads it.

`pickletools` is stricter (it refuses `I0x1`, names beyond ASCII, lines beyond 64 KiB), so a pickle
that loads could not be followed with it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import Any, Protocol

MAX_VALUE = 64 * 1024 * 1024
ENDED = "it ends before its STOP"
_LARGE = f"a value of more than {MAX_VALUE:,} bytes"


class Stream(Protocol):
    """A binary stream that a pickle is read from."""

    def read(self, count: int, /) -> bytes:
        """The next `count` bytes, fewer at the end."""
        ...

    def readline(self, most: int, /) -> bytes:
        """The next line with its end, or `most` bytes of it."""
        ...

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move; returns the new position."""
        ...

    def tell(self) -> int:
        """Where it stands."""
        ...


def exactly(stream: Stream, count: int) -> bytes:
    """`count` bytes. Raises ValueError where the stream ends before, or where they are too many."""
    if count > MAX_VALUE:
        raise ValueError(_LARGE)
    data = stream.read(count)
    if len(data) != count:
        raise ValueError(ENDED)
    return data


def line(stream: Stream) -> bytes:
    """The next line without its end. Raises ValueError where the stream ends before it does, or
    where it is too long.
    """
    found = stream.readline(MAX_VALUE)
    if not found.endswith(b"\n"):
        raise ValueError(ENDED if len(found) < MAX_VALUE else _LARGE)
    return found[:-1]


def _make_fixed_reader(form: str) -> Callable[[Stream], Any]:
    layout = struct.Struct(form)

    def read(stream: Stream) -> Any:
        return layout.unpack(exactly(stream, layout.size))[0]

    return read


def _make_sized_reader(form: str, kind: Callable[[bytes], Any]) -> Callable[[Stream], Any]:
    """Bytes behind their length."""
    layout = struct.Struct(form)

    def read(stream: Stream) -> Any:
        (size,) = layout.unpack(exactly(stream, layout.size))
        if size < 0:
            raise ValueError("a negative length")
        return kind(exactly(stream, size))

    return read


def _utf8(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def _latin(data: bytes) -> str:
    # The texts of Python 2. Loaders choose the coding; this one gives every byte a letter.
    return data.decode("latin-1")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)


def whole(text: bytes) -> int:
    """A whole number as C's `strtol` with base 0, or else Python with base 0, takes it."""
    words = text.strip(b" \t\n\r\v\f\0").decode("latin-1")
    if re.fullmatch(r"[+-]?0[0-7]+", words):
        return int(words, 8)
    return int(words, 0)


def _int(stream: Stream) -> int | bool:
    text = line(stream)
    if text in (b"00", b"01"):
        return text == b"01"
    return whole(text)


def _long(stream: Stream) -> int:
    text = line(stream)
    return whole(text.removesuffix(b"L"))


def _float(stream: Stream) -> float:
    return float(line(stream))


def _read_quoted(stream: Stream) -> str:
    text = line(stream).strip(b" \t\r\v\f")
    if len(text) < 2 or text[:1] != text[-1:] or text[:1] not in (b"'", b'"'):
        raise ValueError("a text without its quotes")
    return text[1:-1].decode("unicode_escape", "replace")


def _raw(stream: Stream) -> str:
    return line(stream).decode("raw_unicode_escape", "replace")


def _name(stream: Stream) -> str:
    return line(stream).decode("utf-8", "surrogateescape")


def _names(stream: Stream) -> tuple[str, str]:
    return _name(stream), _name(stream)


def _index(stream: Stream) -> int:
    return int(line(stream))


_BYTE, _WORD, _UINT, _WIDE = (_make_fixed_reader(form) for form in ("B", "<H", "<I", "<Q"))

ARGUMENTS: dict[bytes, Callable[[Stream], Any]] = {
    b"I": _int,
    b"J": _make_fixed_reader("<i"),
    b"K": _BYTE,
    b"M": _WORD,
    b"L": _long,
    b"\x8a": _make_sized_reader("B", _little),
    b"\x8b": _make_sized_reader("<i", _little),
    b"F": _float,
    b"G": _make_fixed_reader(">d"),
    b"S": _read_quoted,
    b"T": _make_sized_reader("<i", _latin),
    b"U": _make_sized_reader("B", _latin),
    b"V": _raw,
    b"X": _make_sized_reader("<I", _utf8),
    b"\x8c": _make_sized_reader("B", _utf8),
    b"\x8d": _make_sized_reader("<Q", _utf8),
    b"B": _make_sized_reader("<I", bytes),
    b"C": _make_sized_reader("B", bytes),
    b"\x8e": _make_sized_reader("<Q", bytes),
    b"\x96": _make_sized_reader("<Q", bytes),
    b"c": _names,
    b"i": _names,
    b"P": _name,
    b"p": _index,
    b"q": _BYTE,
    b"r": _UINT,
    b"g": _index,
    b"h": _BYTE,
    b"j": _UINT,
    b"\x80": _BYTE,
    b"\x82": _BYTE,
    b"\x83": _WORD,
    b"\x84": _make_fixed_reader("<i"),
    b"\x95": _WIDE,
}
"""What stands behind an opcode, for those that have an argument."""
