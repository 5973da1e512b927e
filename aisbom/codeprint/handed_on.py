"""What one project of the shipped index has from another of it: such a file does not show that a
copy is from the younger one (`handed_on.csv`, made by tools/code_handed_on.py).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).parent / "handed_on.csv"


class _Table(NamedTuple):
    keys: frozenset[int]
    sources: Mapping[tuple[str, str], frozenset[str]]


def is_known(key: int) -> bool:
    """Whether the content of this key (`known.key_of`) is one that a project has from another."""
    return key in _table().keys


def sources(project: str, path: str) -> frozenset[str]:
    """The purls of the projects that a project (its purl) has a path from."""
    return _table().sources.get((project, path), frozenset())


def givers(project: str) -> frozenset[str]:
    """The purls of all projects that a project (its purl) has a file from."""
    return frozenset().union(
        *(sources for (purl, _), sources in _table().sources.items() if purl == project)
    )


@lru_cache(maxsize=1)
def _table() -> _Table:
    with _FILE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    return _Table(
        frozenset(int(key, 16) for row in rows for key in row["contents"].split()),
        {(row["project"], row["path"]): frozenset(row["sources"].split()) for row in rows},
    )
