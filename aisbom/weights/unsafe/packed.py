"""Compressed model files: which compression, and the bytes inside, as far as a bound allows.

joblib and pandas open these by themselves, so that what lies inside is loaded like any other file.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterator
from typing import Protocol

from aisbom.weights.read.source import Source

MAX_BYTES = 256 * 1024 * 1024
"""How much of a compressed file is unpacked at the most."""

_LOOK = 512
"""Bytes that are looked at."""

MAX_TEXT = 16 * 1024 * 1024
_CHUNK = 1024 * 1024

_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x5d\0\0": "lzma",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x04\x22\x4d\x18": "lz4",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"ZF": "the zlib of early joblib",
}
_ENDINGS = (".gz", ".bz2", ".xz", ".lzma", ".zst", ".lz4", ".z", ".7z")


class _Engine(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


_KNOWN = ("gzip", "zlib", "bzip2", "xz", "lzma")


def _engine(packing: str) -> _Engine:
    if packing == "bzip2":
        return bz2.BZ2Decompressor()
    if packing in ("xz", "lzma"):
        return lzma.LZMADecompressor()
    return zlib.decompressobj(zlib.MAX_WBITS | (16 if packing == "gzip" else 0))


def packing(head: bytes) -> str:
    """What a file that begins like this is compressed with, `""` if it is not."""
    if head[:1] == b"\x78" and len(head) > 1 and int.from_bytes(head[:2], "big") % 31 == 0:
        return "zlib"
    return next((word for magic, word in _MAGIC.items() if head.startswith(magic)), "")


def unpacked_name(name: str) -> str:
    """The name (in lower case) without the ending of a compression."""
    ending = next((end for end in _ENDINGS if name.endswith(end)), "")
    return name.removesuffix(ending)


def beginning(head: bytes) -> bytes:
    """What the first bytes of a compressed file unpack to, as far as they do."""
    word = packing(head)
    if word not in _KNOWN:
        return b""
    try:
        return _engine(word).decompress(head, 16)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError):
        return b""


def decompress(source: Source, packing: str) -> tuple[bytes, str]:
    """The bytes inside, all streams of them, and why they are not all (`""` where they are): what
    comes before damage is loaded before the damage is met.
    """
    if packing not in _KNOWN:
        return b"", f"compressed with {packing}, which is not opened"
    made = bytearray()
    at = 0
    engine = _engine(packing)
    try:
        while at < source.size:
            data = source.read_at(at, min(_CHUNK, source.size - at))
            at += len(data)
            while data:
                for piece in _pieces(engine, data):
                    made += piece
                    if len(made) > MAX_BYTES:
                        return bytes(made), f"more than {MAX_BYTES:,} bytes in its compression"
                data = b""
                if engine.eof:
                    data = engine.unused_data.lstrip(b"\0")
                    engine = _engine(packing)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError):
        return bytes(made), f"damaged compression ({packing})"
    return bytes(made), ""


def _pieces(engine: _Engine, data: bytes) -> Iterator[bytes]:
    """What these bytes unpack to, a bounded piece at a time."""
    while not engine.eof:
        piece = engine.decompress(data, _CHUNK)
        if piece:
            yield piece
        # zlib hands back what it has not used; the others keep it, and are asked with nothing.
        data = getattr(engine, "unconsumed_tail", b"")
        if not data and getattr(engine, "needs_input", len(piece) < _CHUNK):
            return


def is_text(head: bytes) -> bool:
    """Whether a file that begins like this is plain text."""
    try:
        text = head.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        # A letter may be cut where the file goes on.
        if len(head) < _LOOK or error.start < len(head) - 4:
            return False
        text = head[: error.start].decode("utf-8")
    return all(letter.isprintable() or letter in "\t\r\n\f" for letter in text)
