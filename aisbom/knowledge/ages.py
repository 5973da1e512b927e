"""How old a row is that an answer rests on, and where a reader can check it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from aisbom.knowledge import Knowledge, package_table


class Source(NamedTuple):
    """What a cited row stands on: the row (`file:line key`), the day it speaks of (ISO 8601), and
    an address. `title` names what was read there on that day; empty for a row that somebody wrote.
    """

    row: str
    title: str
    day: str
    url: str


def list_sources(knowledge: Knowledge, table: str, key: str) -> Iterator[Source]:
    """What each row behind a citation stands on; nothing where the row is gone.

    `key` is the row's own, or names the sources of a statement in a table of statements.
    """
    if table in {name for name, _ in knowledge.sources}:
        for one in key.split("; "):
            if source := knowledge.sources.get((table, package_table.source_key(one))):
                yield Source(f"{table} {one}", source.title, source.read, source.url)
        return
    row = _row(knowledge, table, key)
    if row is not None:
        yield Source(f"{table}:{row.line} {key}", "", row.as_of, row.source)


def _row(knowledge: Knowledge, table: str, key: str) -> Any:
    where, _, name = key.partition("/")
    if table == "accounts.csv":
        return knowledge.account(where, name)
    if table == "person_run.csv":
        return knowledge.person_run(where, name)
    if table == "model_families.csv":
        return knowledge.families.get(key)
    if table == "packages.csv":
        return knowledge.packages.get(key)
    if table == "hub_families.csv":
        return knowledge.hub_family(key)
    return None
