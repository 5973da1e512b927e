"""Bytes by place: files on disk, and what was unpacked, which lies in one file that has no name and
is gone with the process.

Everything is read by its offset, so that processes forked from this one do not share a position.
"""

from __future__ import annotations

import io
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

MAX_UNPACKED = 2 * 1024**3
"""Bytes that the archives of one tree may unpack to, all of them together."""

MAX_AT_ONCE = 64 * 1024 * 1024
"""No table in an archive is read in a piece larger than this, whatever it declares."""

_CHUNK = 1024 * 1024


class TooLarge(Exception):
    """An archive holds, or unpacks to, more than is read; the message is one line."""


class Bytes:
    """`size` bytes from `start` of an open file."""

    def __init__(self, stream: BinaryIO, start: int = 0, size: int | None = None) -> None:
        self._stream = stream
        self._number = stream.fileno()
        self.start = start
        self.size = os.fstat(self._number).st_size - start if size is None else size

    def read_at(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`, fewer at the end."""
        count = max(0, min(count, self.size - offset))
        if not count:
            return b""
        if hasattr(os, "pread"):
            return os.pread(self._number, count, self.start + offset)
        with _LOCK:
            self._stream.seek(self.start + offset)
            return self._stream.read(count)

    def piece(self, offset: int, size: int) -> Bytes:
        """A part of them."""
        return Bytes(self._stream, self.start + offset, max(0, min(size, self.size - offset)))

    def open(self) -> BinaryIO:
        """A stream over them with a position of its own."""
        return cast(BinaryIO, io.BufferedReader(_Raw(self)))


_LOCK = threading.Lock()


class _Raw(io.RawIOBase):
    def __init__(self, held: Bytes) -> None:
        self._held, self._at = held, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(cast(bytearray, buffer))
        data = self._held.read_at(self._at, min(len(view), MAX_AT_ONCE))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = max(0, (0, self._at, self._held.size)[whence] + offset)
        return self._at

    def tell(self) -> int:
        return self._at


class Scratch:
    """What was unpacked for one tree."""

    def __init__(self, most: int = MAX_UNPACKED) -> None:
        self._most = most
        self._stream: BinaryIO | None = None
        self._size = 0

    def store(self, chunks: Iterator[bytes], check: Callable[[int], None]) -> Bytes:
        """Keep what the chunks hold. `check` is told how much there is so far and may raise.

        Raises TooLarge for more than fits.
        """
        if self._stream is None:
            self._stream = cast(BinaryIO, tempfile.TemporaryFile(prefix="aisbom-"))
        start = self._size
        self._stream.seek(start)
        for chunk in chunks:
            if self._size + len(chunk) > self._most:
                self._size = start
                raise TooLarge(
                    f"the archives here unpack to more than {self._most:,} bytes: not opened"
                )
            self._stream.write(chunk)
            self._size += len(chunk)
            check(self._size - start)
        self._stream.flush()
        return Bytes(self._stream, start, self._size - start)


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    """The rest of a stream, piece by piece."""
    while chunk := stream.read(_CHUNK):
        yield chunk
