"""Who holds a key: 64-bit keys with an owner each, sorted, in files that are mapped into memory. A
look-up is a binary search and costs the same for one owner or ten million rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class KeyTable:
    """Sorted keys and their owners."""

    def __init__(self, keys: NDArray[np.uint64], owners: NDArray[np.int32]) -> None:
        self.keys, self.owners = keys, owners

    @classmethod
    def build(
        cls, folder: Path, rows: Iterable[tuple[NDArray[np.uint64], NDArray[np.int32]]]
    ) -> KeyTable:
        """Write the rows, sorted by key then owner, as two files of a folder, and open them. Twelve
        bytes a row on the disk, twenty-four in memory while it is sorted.
        """
        every = list(rows)
        keys = np.concatenate([k for k, _ in every]) if every else np.zeros(0, np.uint64)
        owners = np.concatenate([o for _, o in every]) if every else np.zeros(0, np.int32)
        order = np.lexsort((owners, keys))
        np.save(folder / "keys.npy", keys[order])
        np.save(folder / "owners.npy", owners[order])
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> KeyTable:
        """The table in a folder, mapped into memory."""
        return cls(
            np.load(folder / "keys.npy", mmap_mode="r"),
            np.load(folder / "owners.npy", mmap_mode="r"),
        )

    def owners_of(self, wanted: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The owner of each row whose key is wanted, an owner once for each of its keys."""
        low = np.searchsorted(self.keys, wanted, "left")
        count = np.searchsorted(self.keys, wanted, "right") - low
        first = np.repeat(low - (np.cumsum(count) - count), count)
        found: NDArray[np.int32] = self.owners[first + np.arange(int(count.sum()))]
        return found

    def groups(self) -> Iterator[tuple[int, NDArray[np.int32]]]:
        """Every key with several owners, and them, each once, sorted."""
        if len(self.keys) < 2:
            return
        same = np.flatnonzero(self.keys[1:] == self.keys[:-1])
        start = -1
        for at in same.tolist():
            if at < start:
                continue
            key = self.keys[at]
            end = int(np.searchsorted(self.keys, key, "right"))
            owners = np.unique(self.owners[at:end])
            if len(owners) > 1:
                yield int(key), owners
            start = end - 1
