"""`aisbom code compare`: what two files or trees have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aisbom.cli import output
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.options import TextOrJson
from aisbom.errors import UsageError


def compare(
    a: Annotated[
        str,
        typer.Argument(
            metavar="A", help="a source file, a folder, a wheel, a zip or a tar: in question"
        ),
    ],
    b: Annotated[
        str, typer.Argument(metavar="B", help="the same: the code that may be the source")
    ],
    form: TextOrJson = "text",
) -> int:
    """Compare the code of A with that of B, B taken as the possible ancestor.

    Nothing is run. A measurement, no judgement.
    """
    from aisbom.codeprint import compare as comparison
    from aisbom.codeprint import index
    from aisbom.codeprint.candidates import corpus
    from aisbom.codeprint.compare_text import text
    from aisbom.knowledge import load

    for name in (a, b):
        if not Path(name).exists():
            raise UsageError(f"{name}: no such file or folder")
    sides = []
    for name in (a, b):
        try:
            sides.append(comparison.side(Path(name)))
        except (ValueError, OSError) as error:
            output.note(f"aisbom: {name}: {error}")
            return NOTHING
    known, notes = index.load()
    for note in notes:
        output.note(f"aisbom: {note}")
    answer = comparison.compare(
        sides[0], sides[1], load(), corpus(known) if known.projects else None
    )
    if form == "json":
        output.write_json(answer)
    else:
        output.write(text(answer))
    return DONE
