"""What is known of packages of the Python index, some nineteen thousand of them: licences and
repositories as public distributions and the packages' own metadata state them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from aisbom.knowledge import names, text_table
from aisbom.knowledge.read import DATA

TABLE = DATA / "package_table.tsv"
COLUMNS = ("name", "what", "value", "versions", "votes", "source")

HAND = "by hand"
CURATED = "general knowledge, not compared with its source"
"""How a row that somebody wrote by hand is told to a reader."""

METADATA = "PyPI metadata"

_OLD = "2019"
"""Recipes before it name another licence than the package has today in 6 of 100 cases
(docs/packages.md): a hint, no answer.
"""
RECENT = "2023"
"""A recipe since then that disagrees with the package's licence of today is most often wrong;
before, the licence changed as often.
"""


def source_key(source: str) -> str:
    """A source as package_sources.csv has it, without what it was read of."""
    return read_of(source)[0]


def read_of(source: str) -> tuple[str, str, str]:
    """The key of a source, the version whose metadata or recipe it is, and the month (YYYY-MM) that
    recipe was written in; `""` for what it does not state.
    """
    named, _, month = source.partition(", ")
    key, _, version = named.rpartition(" ")
    return (key, version, month) if version[:1].isdigit() else (source, "", "")


class Statement(NamedTuple):
    """What one source says about a package. `votes`: how many distributions say it together.

    `versions`: the range that it holds for (PEP 440), empty where none is stated. `line`: of the
    table.
    """

    name: str
    what: Literal["licence", "repository"]
    value: str
    versions: str
    votes: int
    source: str

    @property
    def version(self) -> str:
        """The version whose metadata or recipe says it; `""` where the source names none."""
        return read_of(self.source)[1]

    @property
    def month(self) -> str:
        """When the recipe was written (YYYY-MM); `""` where the source does not say it."""
        return read_of(self.source)[2]

    @property
    def source_words(self) -> str:
        """The source, in words for a reader."""
        return CURATED if self.source == HAND else self.source

    @property
    def authority(self) -> tuple[int, int]:
        """What counts more: a range of versions that somebody looked up, what the package says of
        itself, what somebody wrote by hand, then the number of distributions; what is below zero
        answers nothing.
        """
        own, old = self.source.startswith(METADATA), "" < self.month < _OLD
        rank = 3 if self.versions else 2 if own else 1 if self.source == HAND else -1 if old else 0
        return rank, self.votes

    @property
    def order(self) -> tuple[tuple[int, int], str, str]:
        """The weightiest is greatest; of equal ones that which was written last."""
        return self.authority, self.month or "9999", self.value


@lru_cache(maxsize=10_000)
def statements(name: str) -> tuple[Statement, ...]:
    """Every statement about a package, the weightiest first; empty where it is not in the table. On
    what no row of its own speaks of, one of its family does (`pyobjc-framework-*`).
    """
    key = names.package(name)
    rows = list(_rows(key))
    asked = {row.what for row in rows}
    while "-" in key and len(asked) < 2:
        key = key.rpartition("-")[0]
        rows += [row for row in _rows(f"{key}-*") if row.what not in asked]
        asked = {row.what for row in rows}
    return tuple(sorted(rows, key=lambda row: row.order, reverse=True))


def _rows(name: str) -> Iterator[Statement]:
    for cells in text_table.rows(TABLE, name):
        yield Statement(cells[0], cells[1], cells[2], cells[3], int(cells[4]), cells[5])  # type: ignore[arg-type]
