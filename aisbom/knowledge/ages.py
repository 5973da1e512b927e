"""How old a row is that an answer rests on, and where a reader can check it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aisbom.knowledge import Knowledge, package_table


def describe_sources(knowledge: Knowledge, table: str, key: str) -> Iterator[str]:
    """`file:line key (as of day): source` of each row behind a citation; nothing where the row is
    gone.

    `key` is the row's own, or names the sources of a statement in a table of statements.
    """
    if table in {name for name, _ in knowledge.sources}:
        for one in key.split("; "):
            if source := knowledge.sources.get((table, package_table.source_key(one))):
                yield f"{table} by {one} ({source.title}, read {source.read}): {source.url}"
        return
    row = _row(knowledge, table, key)
    if row is not None:
        yield f"{table}:{row.line} {key} (as of {row.as_of}): {row.source}"


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
