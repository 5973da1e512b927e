"""Whether a content is that of some file of some release of the index, of how many projects and of
which: one look-up over all of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aisbom.codeprint import compiled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aisbom.codeprint.index import Index


def key_of(blob: bytes) -> int:
    """What an index keeps of a git blob SHA-1 (20 bytes): its first 8 as a number."""
    return int.from_bytes(blob[:8], "big")


def holders(index: Index, blob: bytes) -> int:
    """How many projects have had this git blob SHA-1. Raises ValueError for a broken index."""
    keys, key = _keys(index)["key"], key_of(blob)
    at = bisect_left(keys, key)
    return bisect_right(keys, key, at) - at


def projects_of(index: Index, keys: Iterable[int]) -> Collection[int]:
    """The numbers of the projects that know one of these keys, rising. Raises ValueError for a
    broken index.
    """
    held = _keys(index)
    found: set[int] = set()
    for key in set(keys):
        at = bisect_left(held["key"], key)
        if at < len(held["key"]) and held["key"][at] == key:
            found.update(held["project"][at : bisect_right(held["key"], key, at)])
    return sorted(found)


@lru_cache(maxsize=4)
def _keys(index: Index) -> Mapping[str, memoryview]:
    """The keys of every project, sorted, and the number of the project of each."""
    return compiled.views(index, "exact", _made)


def _made(index: Index) -> dict[str, NDArray[Any]]:
    import numpy as np

    every = [np.unique(project.array("blob").astype(np.uint64)) for project in index.projects]
    keys = np.concatenate([*every, np.zeros(0, np.uint64)])
    project = np.repeat(np.arange(len(every), dtype=np.uint32), [len(one) for one in every])
    order = np.argsort(keys, kind="stable")
    return {"key": keys[order], "project": project[order]}
