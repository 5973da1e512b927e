"""A table of statements that is too long to be parsed whenever the program starts: one text file,
sorted, a statement a line, its first cell the key.

It is never parsed as a whole: the rows of a key lie together and are found by halves, so that a
name that is not there costs no pass over all of it.
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
    wanted = f"{key}\t".encode()
    at = _first(data, key.encode())
    while data.startswith(wanted, at):
        end = data.find(b"\n", at)
        yield data[at:end].decode().split("\t")
        at = end + 1


def _first(data: bytes, key: bytes) -> int:
    """Where the first line begins whose key is not smaller, searched by halves."""
    low, high = data.find(b"\n") + 1, len(data)
    while low < high:
        begin = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = data.find(b"\n", begin) + 1 or len(data)
        if data[begin : data.find(b"\t", begin)] < key:
            low = end
        else:
            high = begin
    return low
