"""The tables of a catalogue as Arrow data sets: what `compact` put together, and the parts of units
that came later.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aisbom.errors import UsageError
from aisbom.fleet import schema
from aisbom.fleet.catalogue import Catalogue, Entry, dump_row
from aisbom.fleet.needs import import_extra

_MANIFEST = "tables.json"
_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Compaction:
    """What is put together: of which units, and the file of each table."""

    units: frozenset[str] = frozenset()
    files: tuple[tuple[str, str], ...] = ()

    def file(self, table: str) -> str:
        """The file of a table, `""` where there is none."""
        return dict(self.files).get(table, "")


class Tables:
    """The tables of a catalogue as they are now: rows of committed units that an entry names."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.entries: list[Entry] = catalogue.entries()
        self.compacted = _read_manifest(catalogue)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The units that some entry names, sorted."""
        return tuple(sorted({entry.unit for entry in self.entries}))

    def parts(self, table: str) -> Any:
        """The rows of units that are not put together yet, as a data set or an empty table."""
        left = [unit for unit in self.units if unit not in self.compacted.units]
        return self._dataset(table, [f"parts/{table}/{unit}.parquet" for unit in left])

    def together(self, table: str) -> Any:
        """The rows that are put together, also of units that no entry names any more."""
        file = self.compacted.file(table)
        return self._dataset(table, [f"tables/{file}"] if file else [])

    def added_rows(self, table: str) -> Any:
        """The rows that a command beside `scan` wrote."""
        names = self.catalogue.store.names("added", ".parquet")
        wanted = [f"added/{name}" for name in names if name.partition("-")[0] == table]
        return self._dataset(table, wanted)

    def entries_table(self) -> Any:
        """Every submission, those that failed too, as an Arrow table."""
        rows = [
            {
                **{"round": one.round, "submission": one.submission, "location": one.location},
                **{"unit": one.unit, "state": "done", "words": ""},
            }
            for one in self.entries
        ]
        rows += [
            {
                **{"round": one.round, "submission": one.submission, "location": one.location},
                **{"unit": "", "state": one.kind, "words": one.words},
            }
            for one in self.catalogue.failures()
        ]
        return import_extra("pyarrow").Table.from_pylist(rows, schema.arrow("entries"))

    def read(self, table: str, columns: Sequence[str]) -> Any:
        """These columns of all rows of a table as one Arrow table."""
        pa, compute = import_extra("pyarrow"), import_extra("pyarrow.compute")
        wanted = list(dict.fromkeys([*columns, "unit"]))
        found = []
        for held in (self.together(table), self.parts(table)):
            one = (
                held.to_table(columns=wanted) if hasattr(held, "to_table") else held.select(wanted)
            )
            found.append(one.filter(compute.is_in(one["unit"], pa.array(self.units, pa.string()))))
        return pa.concat_tables(found).select(list(columns))

    def _dataset(self, table: str, names: Sequence[str]) -> Any:
        pa = import_extra("pyarrow")
        form = schema.arrow(table)
        if not names:
            return form.empty_table()
        store = self.catalogue.store
        dataset = import_extra("pyarrow.dataset")
        filesystem = (
            pa.fs.LocalFileSystem()
            if store.local
            else pa.fs.PyFileSystem(pa.fs.FSSpecHandler(store.fs))
        )
        return dataset.dataset(
            [store.path(name) for name in names],
            schema=form,
            format="parquet",
            filesystem=filesystem,
        )


def compact(catalogue: Catalogue) -> dict[str, int]:
    """Put the parts of all committed units together, one file a table, in the order of units; rows
    that no entry names any more are left out. Returns rows by table.

    Readers keep the files they opened: the ones before these go with the next call.
    """
    tables = Tables(catalogue)
    if not tables.units:
        raise UsageError(f"{catalogue.store.address}: no submission was committed yet")
    earlier = catalogue.store.names("tables", ".parquet")
    files, counts = {}, {}
    for table in schema.TABLES:
        data, counts[table] = _together(tables, table)
        name = f"{table}-{hashlib.sha256(data).hexdigest()[:16]}.parquet"
        catalogue.store.write(f"tables/{name}", data)
        files[table] = name
    manifest = {"version": schema.VERSION, "units": list(tables.units), "files": files}
    catalogue.store.write(_MANIFEST, dump_row(manifest))
    kept = {*files.values(), *(name for _, name in tables.compacted.files)}
    catalogue.store.remove(f"tables/{name}" for name in earlier if name not in kept)
    return counts


def _together(tables: Tables, table: str) -> tuple[bytes, int]:
    """One table of all units; rows are read from the parts, which never change."""
    import io

    parquet = import_extra("pyarrow.parquet")
    out, rows = io.BytesIO(), 0
    names = [f"parts/{table}/{unit}.parquet" for unit in tables.units]
    with parquet.ParquetWriter(out, schema.arrow(table), compression="zstd") as writer:
        waiting: list[Any] = []
        for name in names:
            waiting.append(parquet.read_table(_stream(tables.catalogue.store.read(name))))
            if sum(len(one) for one in waiting) >= _ROWS:
                rows += _flush(writer, waiting)
        rows += _flush(writer, waiting)
    return out.getvalue(), rows


def _flush(writer: Any, waiting: list[Any]) -> int:
    if not waiting:
        return 0
    together = import_extra("pyarrow").concat_tables(waiting)
    writer.write_table(together.replace_schema_metadata(writer.schema.metadata))
    waiting.clear()
    return len(together)


def _stream(data: bytes) -> Any:
    return import_extra("pyarrow").BufferReader(data)


def _read_manifest(catalogue: Catalogue) -> Compaction:
    try:
        data = catalogue.store.read(_MANIFEST)
    except FileNotFoundError:
        return Compaction()
    try:
        row = json.loads(data)
        version = int(row["version"])
        files = tuple(sorted((str(k), str(v)) for k, v in row["files"].items()))
        units = frozenset(map(str, row["units"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Compaction()  # made anew by the next `compact`
    if version > schema.VERSION:
        raise UsageError(
            f"{catalogue.store.address}: tables of version {version}; this program reads up to"
            f" {schema.VERSION}: use a newer aisbom"
        )
    return Compaction(units, files)
