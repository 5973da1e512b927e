"""What is known of models and data sets of the hub: licences and base models, as benchmarks,
libraries and catalogues state them that list such models.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from aisbom.knowledge import text_table
from aisbom.knowledge.globs import fits
from aisbom.knowledge.read import DATA
from aisbom.knowledge.rows import HubFamily

TABLE = DATA / "hub_table.tsv"
COLUMNS = ("id", "what", "value", "source")


class Statement(NamedTuple):
    """What one source says of a repository of the hub.

    `id`: `owner/name`, or `datasets/owner/name`; in the table in lower case, since the hub tells
    names apart without it. `value`: a licence expression, or the id of the base model.
    """

    id: str
    what: Literal["licence", "base"]
    value: str
    source: str


@lru_cache(maxsize=10_000)
def statements(identity: str) -> tuple[Statement, ...]:
    """Every statement about a repository, in the order of the table; empty where there is none."""
    return tuple(
        Statement(*cells)  # type: ignore[arg-type]
        for cells in text_table.rows(TABLE, identity.casefold())
    )


def ids_of(name: str) -> tuple[str, ...]:
    """The ids, in lower case, of the models that bear a name without its owner (`bge-m3`)."""
    return _by_name().get(name.casefold(), ())


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in text_table.content(TABLE).decode().splitlines()[1:]:
        identity = line.partition("\t")[0]
        owner, _, name = identity.partition("/")
        if owner != "datasets" and identity not in (before := found.get(name, ())):
            found[name] = (*before, identity)
    return found


def of_owners(families: Iterable[HubFamily]) -> dict[str, tuple[HubFamily, ...]]:
    """The rows of each owner (in lower case), that which answers first of those that fit first: an
    exact one, then the longest glob.
    """
    found: dict[str, tuple[HubFamily, ...]] = {}
    for row in sorted(families, key=lambda row: (not row.exact, -len(row.pattern), row.pattern)):
        owner = row.pattern.partition("/")[0].casefold()
        found[owner] = (*found.get(owner, ()), row)
    return found


def fitting(by_owner: Mapping[str, tuple[HubFamily, ...]], identity: str) -> HubFamily | None:
    """The row that speaks of `owner/name`; case does not count."""
    wanted = identity.casefold()
    rows = by_owner.get(wanted.partition("/")[0], ())
    return next((row for row in rows if fits(wanted, row.pattern.casefold())), None)
