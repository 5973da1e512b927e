"""The identity of a file's content as git and Software Heritage name it: SHA-1 over `blob
<length>`, a null byte and the bytes.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO

_BLOCK = 1024 * 1024


def blob(data: bytes) -> bytes:
    """The 20 bytes of git's name for this content.

    >>> blob(b"").hex()
    'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    digest = hashlib.sha1(b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return digest.digest()


def blob_of(stream: BinaryIO, size: int) -> bytes:
    """The same over a stream that holds exactly `size` bytes. Raises ValueError where it holds more
    or fewer.
    """
    digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    left = size
    while block := stream.read(min(_BLOCK, left + 1)):
        left -= len(block)
        if left < 0:
            break
        digest.update(block)
    if left:
        raise ValueError(f"the file does not hold the {size:,} bytes that it should")
    return digest.digest()


def with_plain_lines(data: bytes) -> bytes | None:
    """The identity of the content with CRLF line ends turned into LF, as git stores text; None
    where there are none to turn.
    """
    return blob(data.replace(b"\r\n", b"\n")) if b"\r\n" in data else None


def swhid(digest: bytes) -> str:
    """The Software Heritage identifier of a content.

    >>> swhid(blob(b""))
    'swh:1:cnt:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    return f"swh:1:cnt:{digest.hex()}"
