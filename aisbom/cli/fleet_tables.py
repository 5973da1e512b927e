"""`aisbom fleet compact` and `export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from aisbom.cli import output
from aisbom.cli.exit_codes import DONE
from aisbom.cli.fleet_scan import CatalogueArgument
from aisbom.errors import UsageError


def compact(url: CatalogueArgument) -> int:
    """Put the small files of all submissions together, one file a table: questions are answered
    faster, and mean the same. Rows that no submission stands for any more are left out.
    """
    from aisbom.fleet.damage import open_catalogue
    from aisbom.fleet.tables import compact as put_together

    with open_catalogue(url) as catalogue:
        counts = put_together(catalogue)
    total = sum(counts.values())
    output.write(f"{len(counts)} tables, {total:,} rows")
    return DONE


def export(
    url: CatalogueArgument,
    target: Annotated[
        str, typer.Option("-o", "--output", metavar="FOLDER", help="where to: one file a table")
    ],
    form: Annotated[
        Literal["csv", "arrow"], typer.Option("--format", help="CSV, or Arrow files (IPC)")
    ] = "csv",
) -> int:
    """Write every table for other programs. Those that read Parquet can read CATALOGUE itself."""
    from aisbom.cli.write_file import write
    from aisbom.fleet.damage import open_catalogue
    from aisbom.fleet.export import export as exported

    folder = Path(target)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--output {target}: is a file; name a folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open_catalogue(url) as catalogue:
            for name, data in exported(catalogue, form):
                write(folder / name, data)
                output.write(f"{name}: {len(data):,} bytes")
    except OSError as error:
        raise UsageError(f"--output {target}: cannot be written: {error.strerror}") from error
    return DONE
