"""A table of statements that is too long to be parsed whenever the program starts: one text file,
sorted, a statement a line, its first cell the key.

It is never parsed as a whole: the rows of a key lie together and are found by it, which takes
microseconds and no memory but the file's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=8)
def content(path: Path) -> bytes:
    """The bytes of a table."""
    return path.read_bytes()


def rows(path: Path, key: str) -> Iterator[list[str]]:
    """The cells of every row of a key, in the order of the table."""
    data = content(path)
    wanted = f"\n{key}\t".encode()
    at = data.find(wanted)
    while at >= 0 and data.startswith(wanted, at):
        end = data.find(b"\n", at + 1)
        yield data[at + 1 : end].decode().split("\t")
        at = end
