"""Whether a content is that of some file of some release of the index, of how many projects and of
which: one look-up over all of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING, Any

from aisbom.codeprint import compiled
from aisbom.codeprint.contents import PLAIN

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
    """The numbers of the projects that know one of these keys as a content that tells anything (an
    empty file is in all of them), rising. Raises ValueError for a broken index.
    """
    held = _keys(index)
    found: set[int] = set()
    for key in set(keys):
        at = bisect_left(held["key"], key)
        if at < len(held["key"]) and held["key"][at] == key:
            rows = slice(at, bisect_right(held["key"], key, at))
            found.update(compress(held["project"][rows], held["telling"][rows]))
    return sorted(found)


@lru_cache(maxsize=4)
def _keys(index: Index) -> Mapping[str, memoryview]:
    """The keys of every project, sorted, and for each the number of the project, and whether it has
    it as a content of more than the smallest class.
    """
    return compiled.views(index, "exact", _put_together)


def _put_together(index: Index) -> dict[str, NDArray[Any]]:
    import numpy as np

    every, telling = [], []
    for project in index.projects:
        keys, size = project.array("blob").astype(np.uint64), project.array("blob_size")
        every.append(np.unique(keys))
        # Arrays that do not fit each other are refused by who reads the rows of the project.
        tells = keys[size != PLAIN] if len(size) == len(keys) else keys
        telling.append(np.isin(every[-1], tells))
    keys = np.concatenate([*every, np.zeros(0, np.uint64)])
    number = np.repeat(np.arange(len(every), dtype=np.uint32), [len(one) for one in every])
    order = np.argsort(keys, kind="stable")
    marks = np.concatenate([*telling, np.zeros(0, bool)]).astype(np.uint8)
    return {"key": keys[order], "project": number[order], "telling": marks[order]}
