"""What of a catalogue is not what a worker wrote: named, since it can be made again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from aisbom.errors import UsageError
from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.needs import import_extra


class Damage(NamedTuple):
    """An object that is not what was written, and the object to remove so that it is made again."""

    name: str
    remove: str


@contextmanager
def open_catalogue(url: str) -> Iterator[Catalogue]:
    """A catalogue, for as long as it is read. Raises UsageError as `Catalogue.open`, and one that
    names the object at fault where reading fails because it is damaged or gone.
    """
    catalogue = Catalogue.open(url)
    duckdb = import_extra("duckdb")
    try:
        yield catalogue
    except UsageError:
        raise
    except (ValueError, KeyError, OSError, duckdb.Error) as error:
        refuse_damaged(catalogue, error)
        raise


def refuse_damaged(catalogue: Catalogue, error: BaseException) -> None:
    """Raise UsageError, from `error`, where the catalogue is damaged. Every object is read."""
    found = list(find_damage(catalogue))
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise UsageError(
            f"{catalogue.store.address}: {found[0].name}{more} is not what was written; remove"
            f" {found[0].remove} and give the command that made it again"
        ) from error


def find_damage(catalogue: Catalogue) -> Iterator[Damage]:
    """The objects whose bytes are not those that the marker of their unit, or the name of their
    table, states; those that are gone, too.
    """
    for unit in sorted({entry.unit for entry in catalogue.entries()}):
        marker = f"done/{unit}.json"
        row = catalogue.row(marker)
        written = row.get("written") if row else None
        if not isinstance(written, dict):
            yield Damage(marker, marker)
            continue
        for name, stated in written.items():
            if _sha256(catalogue, name) != stated:
                yield Damage(name, marker)
    for name in catalogue.store.names("tables", ".parquet"):
        stated = name.removesuffix(".parquet").rpartition("-")[2]
        if not _sha256(catalogue, f"tables/{name}").startswith(stated):
            yield Damage(f"tables/{name}", "tables.json")


def _sha256(catalogue: Catalogue, name: str) -> str:
    try:
        return hashlib.sha256(catalogue.store.read(name)).hexdigest()
    except OSError:
        return ""
