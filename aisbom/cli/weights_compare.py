"""`aisbom weights compare`: do two models have a common origin?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from aisbom.cli import output
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.options import TextOrJson
from aisbom.cli.weights_reading import Reading, open_side
from aisbom.errors import UsageError


@dataclass(frozen=True, slots=True)
class Beside:
    """What is written beside the answer."""

    plot: Annotated[
        str,
        typer.Option(
            "--plot",
            metavar="FILE.svg",
            help="also draw the hits of all layer pairs and of the relabellings",
        ),
    ] = ""
    page: Annotated[
        str,
        typer.Option(
            "--page",
            metavar="FILE.html",
            help="also write a page for somebody who has to decide: odds, controls, limits",
        ),
    ] = ""
    lang: Annotated[
        Literal["en", "ko"], typer.Option("--lang", help="the language of the page")
    ] = "en"


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
    *,
    beside: Beside,
    reading: Reading,
) -> int:
    """Compare checkpoints or sketches: equal values, and an exact test over hidden units, with
    controls.
    """
    from aisbom.weights import page, references
    from aisbom.weights import plot as drawing
    from aisbom.weights.compare import compare as compared
    from aisbom.weights.compare_text import text

    for option, target in (("--plot", beside.plot), ("--page", beside.page)):
        if target and not Path(target).parent.is_dir():
            raise UsageError(f"{option} {target}: its folder does not exist")
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
    if beside.plot:
        _write("--plot", beside.plot, drawing.plot(found))
    if beside.page:
        _write("--page", beside.page, page.page(found.answer, beside.lang))
    if form == "json":
        output.write_json(found.answer)
    else:
        output.write(text(found.answer))
    return DONE


def _write(option: str, target: str, text: str) -> None:
    try:
        Path(target).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{option} {target}: cannot be written: {error.strerror}") from error
