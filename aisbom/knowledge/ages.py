"""How old a row is that an answer rests on, and where a reader can check it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    found: dict[str, Callable[[], Any]] = {
        "accounts.csv": lambda: knowledge.account(where, name),
        "conda_packages.csv": lambda: knowledge.conda_package(key),
        "hub_families.csv": lambda: knowledge.hub_family(key),
        "model_families.csv": lambda: knowledge.families.get(key),
        "packages.csv": lambda: knowledge.packages.get(key),
        "person_run.csv": lambda: knowledge.person_run(where, name),
    }
    return found[table]() if table in found else None
