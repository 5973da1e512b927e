"""Where bytes come from: a file on disk, a piece of one, an inflated member, or a stream that only
goes forward.

Every read names its offset and its length, and nothing beyond it is read or kept.
"""

from __future__ import annotations

import io
import os
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

IN_MEMORY = 256 * 1024 * 1024
"""A file inside an archive is held in memory up to this many bytes where its format cannot be read
from front to back.
"""

_CHUNK = 1024 * 1024


class Source(Protocol):
    """Bytes with random access."""

    @property
    def size(self) -> int:
        """How many bytes there are."""
        ...

    def read_at(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes from `offset`. Raises ValueError where they are not there."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Readable(Protocol):
    """A stream that can only go forward."""

    def read(self, count: int, /) -> bytes:
        """Some of the next `count` bytes, none at the end."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Disk:
    """A regular file, by path or already opened. Raises ValueError if it cannot be opened, OSError
    for a stream that is no file.
    """

    def __init__(self, opened: Path | BinaryIO) -> None:
        try:
            self._stream = opened.open("rb") if isinstance(opened, Path) else opened
            self._number = self._stream.fileno()
            self.size = os.fstat(self._number).st_size
        except io.UnsupportedOperation:
            raise
        except OSError as error:
            raise ValueError(f"cannot be opened: {error.strerror}") from error
        self._lock = threading.Lock()

    def read_at(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes from `offset`."""
        within(offset, count, self.size)
        chunks = []
        while count > 0:
            try:
                chunk = self._some(offset, count)
            except OSError as error:
                raise ValueError(f"cannot be read: {error.strerror}") from error
            if not chunk:
                raise ValueError("the file became shorter while it was read")
            chunks.append(chunk)
            offset += len(chunk)
            count -= len(chunk)
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def _some(self, offset: int, count: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._number, count, offset)
        with self._lock:
            self._stream.seek(offset)
            return self._stream.read(count)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


class Memory:
    """Bytes that are already here."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read_at(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes from `offset`."""
        within(offset, count, self.size)
        return self._data[offset : offset + count]

    def close(self) -> None:
        """Nothing to let go of."""


class CountingSource:
    """Another source, and how many bytes were asked of it."""

    def __init__(self, inner: Source) -> None:
        self.inner = inner
        self.size = inner.size
        self.total = 0

    def read_at(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes from `offset`."""
        self.total += count
        return self.inner.read_at(offset, count)

    def close(self) -> None:
        """Close what it wraps."""
        self.inner.close()


class Window:
    """A piece of another source, which stays its owner's to close. Raises ValueError if it does not
    lie inside it.
    """

    def __init__(self, source: Source, offset: int, size: int) -> None:
        within(offset, size, source.size)
        self._source, self._offset = source, offset
        self.size = size

    def read_at(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes from `offset`."""
        within(offset, count, self.size)
        return self._source.read_at(self._offset + offset, count)

    def close(self) -> None:
        """Nothing to let go of."""


class Forward:
    """A stream that is read from front to back. A little of what was passed is kept; an offset
    before that opens the stream again.

    `opened` gives a fresh stream.
    """

    def __init__(self, opened: Callable[[], Readable], size: int) -> None:
        self._opened = opened
        self._stream: Readable | None = None
        self._kept = b""
        self._at = 0
        self.size = size

    def read_at(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes from `offset`."""
        within(offset, count, self.size)
        begin = self._at - len(self._kept)
        if self._stream is None or offset < begin:
            self.close()
            self._stream, self._at, self._kept = self._opened(), 0, b""
            begin = 0
        while self._at < offset:
            self._kept = self._some(self._stream, min(offset - self._at, _CHUNK))
            self._at += len(self._kept)
            begin = self._at - len(self._kept)
        found = [self._kept[offset - begin : offset - begin + count]]
        count -= len(found[0])
        while count > 0:
            found.append(self._some(self._stream, min(count, _CHUNK)))
            count -= len(found[-1])
            self._at += len(found[-1])
        if len(found) > 1:
            self._kept = b"".join([self._kept, *found[1:]][-3:])[-_CHUNK:]
        return b"".join(found)

    @staticmethod
    def _some(stream: Readable, count: int) -> bytes:
        chunk = stream.read(count)
        if not chunk:
            raise ValueError("shorter than its archive says")
        return chunk

    def close(self) -> None:
        """Close the stream; the next read opens it again."""
        if self._stream is not None:
            self._stream.close()
            self._stream, self._kept = None, b""


class InflatedSource:
    """A raw deflate stream inside another source, inflated as far as it is asked for, `size` bytes
    at the most.
    """

    def __init__(self, source: Source, size: int) -> None:
        self._forward = Forward(lambda: _Inflater(source), size)
        self.size = size

    def read_at(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes from `offset`."""
        return self._forward.read_at(offset, count)

    def close(self) -> None:
        """Drop the decompressor."""
        self._forward.close()


class _Inflater:
    def __init__(self, source: Source) -> None:
        self._source, self._at = source, 0
        self._engine = zlib.decompressobj(-zlib.MAX_WBITS)

    def read(self, size: int = -1, /) -> bytes:
        try:
            while not self._engine.eof:
                data = self._engine.unconsumed_tail
                if not data:
                    count = min(65536, self._source.size - self._at)
                    data = self._source.read_at(self._at, count)
                    self._at += count
                found = self._engine.decompress(data, size)
                if found or not (data or self._engine.unconsumed_tail):
                    return found
        except zlib.error as error:
            raise ValueError(f"damaged compression: {error}") from error
        return b""

    def close(self) -> None:
        self._engine = zlib.decompressobj(-zlib.MAX_WBITS)


class Reading:
    """A source as a binary file, for parsers of the standard library that want one (`zipfile`,
    `pickletools`).

    `most` bounds a single read, whatever lengths the file declares: more is a ValueError.
    """

    def __init__(self, source: Source, most: int, ahead: int = 65536) -> None:
        self._source, self._most, self._ahead = source, most, ahead
        self._block, self._start, self._at = b"", 0, 0

    def read(self, count: int = -1) -> bytes:
        """The next `count` bytes, fewer at the end."""
        left = max(0, self._source.size - self._at)
        count = left if count < 0 else min(count, left)
        begin = self._at - self._start
        if not 0 <= begin <= begin + count <= len(self._block):
            if count > self._most:
                raise ValueError(f"its header is larger than {self._most:,} bytes")
            self._block = self._source.read_at(self._at, min(max(count, self._ahead), left))
            self._start, begin = self._at, 0
        self._at += count
        return self._block[begin : begin + count]

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move; returns the new position."""
        base = (0, self._at, self._source.size)[whence]
        if base + offset < 0:
            raise OSError("a place before the start of the file")  # what zipfile expects there
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """Where it stands."""
        return self._at

    def seekable(self) -> bool:
        """Yes."""
        return True


class _Raw(io.RawIOBase):
    """A source as the standard library's unbuffered file."""

    def __init__(self, source: Source) -> None:
        self._reading = Reading(source, source.size, ahead=0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        data = self._reading.read(len(view))
        view[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._reading.seek(offset, whence)

    def tell(self) -> int:
        return self._reading.tell()


def open_buffered(source: Source) -> io.BufferedReader:
    """The source as a binary file whose single bytes are cheap. Closing it leaves the source open.

    It sets aside as many bytes as a read asks for: who reads what a stranger's file declares bounds
    that.
    """
    return io.BufferedReader(_Raw(source), 65536)


class Cursor:
    """Little-endian numbers one after the other, read ahead in blocks. Raises ValueError at the end
    of the source.
    """

    def __init__(self, source: Source, at: int = 0, ahead: int = 65536) -> None:
        self._source, self._ahead = source, ahead
        self._block, self._start = b"", at
        self.at = at

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        begin = self.at - self._start
        if not 0 <= begin <= begin + count <= len(self._block):
            within(self.at, count, self._source.size)
            self._block = self._source.read_at(
                self.at, min(max(count, self._ahead), self._source.size - self.at)
            )
            self._start, begin = self.at, 0
        self.at += count
        return self._block[begin : begin + count]

    def skip(self, count: int) -> None:
        """Pass over `count` bytes."""
        within(self.at, count, self._source.size)
        self.at += count

    def read_unsigned(self, width: int) -> int:
        """An unsigned integer of `width` bytes."""
        return int.from_bytes(self.take(width), "little")


def within(offset: int, count: int, size: int) -> None:
    """Raises ValueError unless `count` bytes from `offset` lie inside `size`."""
    if offset < 0 or count < 0 or offset + count > size:
        raise ValueError(
            f"ends at byte {size:,}, but {max(count, 0):,} bytes at {max(offset, 0):,} were"
            " promised: truncated"
        )
