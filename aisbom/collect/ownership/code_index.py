"""The index of known code as a collector needs it: opened once in a process, and which files are
compared with it.
"""

from __future__ import annotations

from functools import cache, partial

from aisbom.codeprint import index as indexes
from aisbom.collect.collector import Collector
from aisbom.lazy_module import Function

NAME = "lineage"


@cache
def index(own: str = "") -> indexes.Index:
    """The reference index without the project published at `own`, opened once in a process, unless
    `collector` is asked for anew.
    """
    return indexes.load()[0].without(own)


def collector(own: str = "") -> Collector:
    """The collector as it is with the index of now: which files it wants and what it says of them
    rest on the index, so nothing of it is known when this module is imported.

    `own` is the address that the scanned tree is published at: its code is compared with that of
    others.
    """
    index.cache_clear()
    collect = Function("aisbom.collect.ownership.copied_code", "collect")
    compare = partial(collect, own=own) if index(own) is not index() else collect
    return Collector(NAME, int(index(own).digest[:8], 16), _patterns(), compare, sees="content")


def _patterns() -> tuple[str, ...]:
    """The kinds of files that the index covers: of others it could not say anything."""
    return tuple(
        f"*.{kind}"
        for kind in sorted({kind for project in index().projects for kind in project.kinds})
    )
