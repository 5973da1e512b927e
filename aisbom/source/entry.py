"""One regular file of a tree: how it is told that it is the one that was listed, and opened."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import BinaryIO


class Unreadable(Exception):
    """This input cannot be read, and the message says why in one line; the pipeline turns it into a
    gap.
    """


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One regular file of the tree. `path` is posix and relative; `outer` is the archive that holds
    it (same form), if any.

    `stamp` is `mtime:ctime:inode` (nanoseconds) of the file on disk, or of the archive: equal
    stamps, unchanged bytes.
    """

    path: str
    size: int
    outer: str = ""
    stamp: str = ""


def open_regular(path: str, stamp: str, follow: bool = True) -> BinaryIO:
    """Open a file that was regular when listed, without blocking if it became something else
    meanwhile. Raises Unreadable where another file stands in its place: a link may lead anywhere.
    """
    try:
        descriptor = os.open(
            path,
            os.O_RDONLY
            | getattr(os, "O_NONBLOCK", 0)
            | getattr(os, "O_BINARY", 0)
            | (0 if follow else getattr(os, "O_NOFOLLOW", 0)),
        )
    except OSError as error:
        raise Unreadable(f"cannot be opened: {error.strerror}") from error
    stream = os.fdopen(descriptor, "rb")
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        stream.close()
        raise Unreadable("not a regular file: not opened")
    if stamp and stamp.rpartition(":")[2] != str(status.st_ino):
        stream.close()
        raise Unreadable("another file took its place after it was listed: not read")
    return stream


def stamp_of(status: os.stat_result) -> str:
    """The stamp of an entry, from its status."""
    return f"{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"


def in_environment(path: str) -> bool:
    """Whether a path lies in the library folder of a Python environment."""
    inside = f"/{path}"
    return "/site-packages/" in inside or "/dist-packages/" in inside
