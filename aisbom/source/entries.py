"""The files of a large tree in little memory: what an `Entry` says of each stands in a few long
arrays, and the entry is made when it is asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import overload

from aisbom.source.entry import Entry

_NO_STAMP = (-1, -1, 0)


class PackedEntries(Sequence[Entry]):
    """Entries in the order in which they were added: of each its path in UTF-8 and 44 bytes."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._paths = bytearray()
        self._ends = array("Q", [0])
        self._sizes = array("q")
        # A stamp is two times and an inode.
        self._modified, self._changed, self._inodes = array("q"), array("q"), array("Q")
        self._outer = array("I")
        self._outers: dict[str, int] = {}
        self._names: list[str] = []
        self._last = ""
        self.in_order = True
        """Whether each path comes after the one before it."""
        for entry in entries:
            self.append(entry)

    def append(self, entry: Entry) -> None:
        """Add an entry."""
        modified, changed, inode = entry.stamp.split(":") if entry.stamp else _NO_STAMP
        self.add(entry.path, entry.size, entry.outer, (int(modified), int(changed), int(inode)))

    def add(self, path: str, size: int, outer: str, stamp: tuple[int, int, int]) -> None:
        """Add an entry with these fields; `stamp` is times of modification and change, and an
        inode.
        """
        if path <= self._last and self._sizes:
            self.in_order = False
        self._last = path
        self._paths += path.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._paths))
        self._sizes.append(size)
        self._modified.append(stamp[0])
        self._changed.append(stamp[1])
        self._inodes.append(stamp[2])
        number = self._outers.setdefault(outer, len(self._names))
        if number == len(self._names):
            self._names.append(outer)
        self._outer.append(number)

    def __len__(self) -> int:
        return len(self._sizes)

    def __iter__(self) -> Iterator[Entry]:
        # In one go, since a million of them are: one after the other takes three times as long.
        start, paths, names = 0, self._paths, self._names
        stamps = zip(self._modified, self._changed, self._inodes, strict=True)
        rest = zip(islice(self._ends, 1, None), self._sizes, self._outer, stamps, strict=True)
        for end, size, outer, stamp in rest:
            path = paths[start:end].decode("utf-8", "surrogatepass")
            start = end
            yield Entry(path, size, names[outer], _spell(stamp))

    @overload
    def __getitem__(self, at: int) -> Entry: ...

    @overload
    def __getitem__(self, at: slice) -> list[Entry]: ...

    def __getitem__(self, at: int | slice) -> Entry | list[Entry]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        if at < 0:
            at += len(self)
        if not 0 <= at < len(self):
            raise IndexError(at)
        stamp = (self._modified[at], self._changed[at], self._inodes[at])
        outer = self._names[self._outer[at]]
        return Entry(self.path_at(at), self._sizes[at], outer, _spell(stamp))

    def path_at(self, at: int) -> str:
        """The path of the entry of this number."""
        return self._paths[self._ends[at] : self._ends[at + 1]].decode("utf-8", "surrogatepass")


def _spell(stamp: tuple[int, int, int]) -> str:
    return "" if stamp == _NO_STAMP else f"{stamp[0]}:{stamp[1]}:{stamp[2]}"
