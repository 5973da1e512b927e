"""Tables of a catalogue as files for other programs: CSV or Arrow (IPC)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Literal

from aisbom.fleet import schema
from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.needs import import_extra
from aisbom.fleet.query import FORMULA, connect

Form = Literal["csv", "arrow"]


def export(catalogue: Catalogue, form: Form) -> Iterator[tuple[str, bytes]]:
    """Every table as `(file name, bytes)`, its rows in one order. In CSV a list is JSON text, bytes
    are hex, and a text that a spreadsheet would calculate (FORMULA) begins with an apostrophe.
    """
    connection = connect(catalogue)
    try:
        for table in ("entries", *schema.TABLES, *schema.ADDED):
            found = connection.sql(
                f"SELECT {_columns(table, form)} FROM {table} ORDER BY ALL"  # noqa: S608
            ).to_arrow_table()
            yield f"{table}.{form}", _csv(found) if form == "csv" else _arrow(found)
    finally:
        connection.close()


def _columns(table: str, form: Form) -> str:
    rows = schema.ENTRIES if table == "entries" else schema.KNOWN[table]
    if form == "arrow":
        return ", ".join(f'"{name}"' for name, _, _ in rows)
    spelt = {
        "shape": "to_json({0})::VARCHAR AS {0}",
        "bytes": "lower(hex({0})) AS {0}",
        "text": f"CASE WHEN left({{0}}, 1) IN ({', '.join(f'chr({ord(one)})' for one in FORMULA)})"
        " THEN chr(39) || {0} ELSE {0} END AS {0}",
    }
    return ", ".join(spelt.get(kind, "{0}").format(f'"{name}"') for name, kind, _ in rows)


def _csv(table: Any) -> bytes:
    out = io.BytesIO()
    import_extra("pyarrow.csv").write_csv(table, out)
    return out.getvalue()


def _arrow(table: Any) -> bytes:
    pa = import_extra("pyarrow")
    out = pa.BufferOutputStream()
    with pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    data: bytes = out.getvalue().to_pybytes()
    return data
