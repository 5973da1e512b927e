"""The index of a git checkout: what is tracked, in its order (gitformat-index(5)).

An index as git writes it is read here, in a hundredth of the time that GitPython needs. Any other,
damaged or with a path that git would not check out, is GitPython's to read or to refuse.
"""

from __future__ import annotations

import re
import struct
from io import BytesIO
from typing import NamedTuple

from aisbom.source.git_store import run_no_git_on_import

_HEAD = struct.Struct(">4sLL")
# Not read: times, device, inode, user and group.
_ENTRY = struct.Struct(">24xL8xL20sH")
_EXTENDED, _LONG = 0x4000, 0xFFF
_LINK = 0o120000
_ODD = re.compile(rb"(?:^|/)(?:\.{0,2}|\.git[ .]*)(?:/|\Z)|[^ -9;-\[\]-}]", re.IGNORECASE)
"""What stands in a path that has to be looked at more closely: empty parts, the names of git's own
files, `~` (`git~1`), `:`, a backslash, and everything beyond ASCII.
"""


class TrackedFile(NamedTuple):
    """One entry: its mode, its object (hexadecimal), its stage in a merge, its path, the size it
    had, and its extended flags.
    """

    mode: int
    hexsha: str
    stage: int
    path: str
    size: int
    extended_flags: int


def count(data: bytes) -> int:
    """How many entries an index says that it has."""
    return int.from_bytes(data[8:12], "big")


def entries(data: bytes) -> list[TrackedFile]:
    """The entries of an index. Raises ValueError, AssertionError, LookupError, OSError,
    ArithmeticError or struct.error for what is none.
    """
    found = _plain(data)
    if found is not None:
        return found
    run_no_git_on_import()
    from git.index.fun import read_cache

    return [
        TrackedFile(
            entry.mode,
            entry.hexsha,
            entry.stage,
            str(entry.path),
            entry.size,
            entry.extended_flags,
        )
        for entry in read_cache(BytesIO(data))[1].values()
    ]


def _plain(data: bytes) -> list[TrackedFile] | None:
    """The entries of an index in which nothing is odd; None for any other."""
    if len(data) < _HEAD.size:
        return None
    kind, version, number = _HEAD.unpack_from(data)
    if kind != b"DIRC" or version not in (2, 3):
        return None
    found: dict[tuple[str, int], TrackedFile] = {}
    at = _HEAD.size
    for _ in range(number):
        path_at = at + _ENTRY.size
        if path_at > len(data):
            return None
        mode, size, sha, flags = _ENTRY.unpack_from(data, at)
        extended = 0
        if flags & _EXTENDED:
            extended = int.from_bytes(data[path_at : path_at + 2], "big")
            path_at += 2
        end = path_at + (flags & _LONG)
        path = data[path_at:end]
        after = at + (end - at + 8 & ~7)
        if flags & _LONG == _LONG or data[end:after] != bytes(after - end) or _ODD.search(path):
            return None
        if mode == _LINK and b".gitmodules" in path.lower():
            return None
        entry = TrackedFile(mode, sha.hex(), flags >> 12 & 3, path.decode("ascii"), size, extended)
        found[entry.path, entry.stage] = entry
        at = after
    return list(found.values()) if _ends(data, at) else None


def _ends(data: bytes, at: int) -> bool:
    """Whether the entries are followed by whole extensions that need not be known, and a digest."""
    end = len(data) - 20
    while at + 8 <= end and data[at : at + 1].isupper():
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "big")
    return at == end
