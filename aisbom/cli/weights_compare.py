"""`aisbom weights compare`: do two models have a common origin?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aisbom.cli import output
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.options import TextOrJson
from aisbom.cli.weights_reading import Reading, open_side
from aisbom.errors import UsageError


def compare(
    a: Annotated[
        str,
        typer.Argument(
            metavar="A", help="a checkpoint or a sketch: the model that may be the source"
        ),
    ],
    b: Annotated[
        str,
        typer.Argument(metavar="B", help="a checkpoint or a sketch: the model in question"),
    ],
    form: TextOrJson = "text",
    plot: Annotated[
        str,
        typer.Option(
            "--plot",
            metavar="FILE.svg",
            help="also draw the hits of all layer pairs and of the relabellings",
        ),
    ] = "",
    *,
    reading: Reading,
) -> int:
    """Compare checkpoints or sketches: equal values, and an exact test over hidden units, with
    controls.
    """
    from aisbom.weights import plot as drawing
    from aisbom.weights import references
    from aisbom.weights.compare import compare as compared
    from aisbom.weights.compare_text import text

    if plot and not Path(plot).parent.is_dir():
        raise UsageError(f"--plot {plot}: its folder does not exist")
    sides = []
    for path in (a, b):
        try:
            sides.append(open_side(path, reading))
        except UsageError:
            raise
        except ValueError as error:
            output.note(f"aisbom: {path}: {error}")
            return NOTHING
    known, notes = references.load()
    found = compared(sides[0], sides[1], [row.side for row in known], references.common(known))
    for note in notes:
        output.note(f"aisbom: {note}")
    if plot:
        try:
            Path(plot).write_text(drawing.plot(found), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"--plot {plot}: cannot be written: {error.strerror}") from error
    if form == "json":
        output.write_json(found.answer)
    else:
        output.write(text(found.answer))
    return DONE
