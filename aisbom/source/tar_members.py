"""The members of a tar from its headers: ustar, GNU and pax. No header makes more be read than a
bound, and nothing is extracted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aisbom.source.scratch import Bytes

_BLOCK = 512
_MAX_HEADER = 1024 * 1024
"""Extended headers hold names and times: more than this is an attack."""

_REGULAR = (b"0", b"\0", b"7")
_NUMBERS = re.compile(rb"[0-7]*")


@dataclass(frozen=True, slots=True)
class TarMember:
    """A member. `kind` is `file`, `folder`, `link` or `other`; its bytes lie at `offset`."""

    name: str
    kind: str
    offset: int
    size: int


def members(tar: Bytes) -> Iterator[TarMember]:
    """Every member in order. Raises ValueError (one line) at the first header that is not sound;
    what came before has been given then.
    """
    at = 0
    name, size = "", -1
    while at + _BLOCK <= tar.size:
        header = tar.read_at(at, _BLOCK)
        if not header.strip(b"\0"):
            return
        if not _sound(header):
            raise ValueError("a header that is none")
        stated = _number(header[124:136])
        kind = header[156:157]
        begin = at + _BLOCK
        length = stated if size < 0 or kind in b"LKxgX" else size
        if begin + length > tar.size:
            raise ValueError("a member that ends behind the archive")
        at = begin + -(-length // _BLOCK) * _BLOCK
        if kind in (b"L", b"K", b"x", b"X", b"g"):
            if length > _MAX_HEADER:
                raise ValueError(f"an extended header of {length:,} bytes")
            data = tar.read_at(begin, length)
            if kind == b"L":
                name = text(data.rstrip(b"\0"))
            elif kind in (b"x", b"X"):
                found = _pax(data)
                if any(key.startswith(b"GNU.sparse") for key in found):
                    raise ValueError("a sparse member")
                name = text(found[b"path"]) if b"path" in found else name
                size = _decimal(found[b"size"]) if b"size" in found else size
            continue
        yield TarMember(name or _name(header), _kind(kind), begin, length)
        name, size = "", -1
        if kind == b"S":
            return


def text(data: bytes) -> str:
    """A name: UTF-8, or what Korean systems wrote before it."""
    for coding in ("utf-8", "cp949"):
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def is_tar(head: bytes) -> bool:
    """Whether a file that begins with these 512 bytes is a tar."""
    return len(head) >= _BLOCK and _sound(head[:_BLOCK])


def _kind(kind: bytes) -> str:
    if kind in _REGULAR:
        return "file"
    return {b"5": "folder", b"1": "link", b"2": "link"}.get(kind, "other")


def _name(header: bytes) -> str:
    name = header[:100].partition(b"\0")[0]
    prefix = header[345:500].partition(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    return text(prefix + b"/" + name if prefix else name)


def _sound(header: bytes) -> bool:
    """Whether the checksum of a header is right: unsigned, or signed as some wrote it."""
    try:
        stated = _number(header[148:156])
    except ValueError:
        return False
    rest = header[:148] + b" " * 8 + header[156:]
    unsigned = sum(rest)
    return stated in (unsigned, unsigned - 256 * sum(byte > 127 for byte in rest))


def _number(field: bytes) -> int:
    """An octal number, or a large one in base 256. Raises ValueError."""
    if field[:1] == b"\x80":
        value = int.from_bytes(field[1:], "big")
        if value >= 2**62:
            raise ValueError("a size that nothing has")
        return value
    digits = field.partition(b"\0")[0].strip(b" ")
    if not _NUMBERS.fullmatch(digits):
        raise ValueError("a number that is none")
    return int(digits or b"0", 8)


def _decimal(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > 18:
        raise ValueError("a number that is none")
    return int(digits)


def _pax(data: bytes) -> dict[bytes, bytes]:
    """`length key=value\\n` records. Raises ValueError for broken ones."""
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(data) and data[at : at + 1] != b"\0":
        space = data.find(b" ", at, at + 20)
        digits = data[at:space] if space > 0 else b""
        length = _decimal(digits)
        record = data[space + 1 : at + length]
        key, equals, value = record.rstrip(b"\n").partition(b"=")
        if length < 5 or not equals:
            raise ValueError("an extended header that is none")
        found[key] = value
        at += length
    return found
