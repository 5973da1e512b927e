"""`aisbom weights reference`: sketches of known models, which are recognised by content."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aisbom.cli import output
from aisbom.cli.commands import command, new_app
from aisbom.cli.exit_codes import DONE
from aisbom.cli.options import TextOrJson
from aisbom.errors import UsageError

app = new_app(help="Sketches of known models, which are recognised by content.")


@command(app, "add", examples=("aisbom weights reference add mini.sketch",))
def add_reference(
    sketch: Annotated[str, typer.Argument(metavar="SKETCH")],
    name: Annotated[
        str,
        typer.Option(
            "--name", metavar="NAME", help="file name to keep it under (default: its own)"
        ),
    ] = "",
) -> int:
    """Keep a sketch as a reference of this user."""
    from aisbom.weights import references

    path = Path(sketch)
    if not path.is_file():
        raise UsageError(f"{sketch}: no such file")
    if path.stat().st_size > references.MAX_FILE:
        raise UsageError(f"{sketch}: larger than a sketch may be ({references.MAX_FILE:,} bytes)")
    try:
        kept = references.add(path.read_bytes(), name or path.name.removesuffix(references.SUFFIX))
    except ValueError as error:
        raise UsageError(f"{sketch}: {error}") from error
    except OSError as error:
        raise UsageError(f"the folder of references cannot be written: {error.strerror}") from error
    output.write(f"kept as {kept.name}")
    return DONE


@command(app, "list", examples=("aisbom weights reference list",))
def list_references(form: TextOrJson = "text") -> int:
    """The references there are, shipped and added."""
    from aisbom.weights import references

    known, notes = references.load()
    for note in notes:
        output.note(f"aisbom: {note}")
    if form == "json":
        output.write_json(
            [
                {
                    "name": r.name,
                    "source": r.source,
                    "licence": r.licence,
                    "parameters": r.side.parameters,
                    "tensors": len(r.side.keys),
                    "digest": r.digest,
                    "shipped": r.shipped,
                }
                for r in known
            ]
        )
        return DONE
    output.write_table(
        ("name", "parameters", "licence", "source", "kept"),
        [
            (
                r.name,
                f"{r.side.parameters:,}",
                r.licence or "not stated",
                r.source or "not stated",
                "shipped" if r.shipped else "added",
            )
            for r in known
        ],
    )
    return DONE
