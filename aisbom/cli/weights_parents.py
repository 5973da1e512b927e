"""`aisbom weights parents`: which of several models are in one, and how much of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from aisbom.cli import output
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.options import TextOrJson
from aisbom.cli.weights_reading import Reading, open_side
from aisbom.errors import UsageError


def parents(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="the checkpoint in question")],
    candidates: Annotated[
        list[str],
        typer.Argument(metavar="PARENT...", help="checkpoints that may be in it"),
    ],
    form: TextOrJson = "text",
    *,
    reading: Reading,
) -> int:
    """Compare one checkpoint with several that may be its parents: layers of each, and weights
    where they were added up.
    """
    from aisbom.weights.parents import parents as found

    sides = []
    for path in (model, *candidates):
        try:
            # Labels as typed, so that two files of one name stay apart.
            sides.append(open_side(path, reading, path))
        except UsageError:
            raise
        except ValueError as error:
            output.note(f"aisbom: {path}: {error}")
            return NOTHING
    if len(set(candidates)) < len(candidates):
        raise UsageError("a parent is named twice")
    answer = found(sides[0], sides[1:])
    if form == "json":
        output.write_json(answer)
    else:
        output.write(_text(answer))
    return DONE


def _text(answer: Mapping[str, Any]) -> str:
    lines = [f"{answer['model']}: {answer['layers']} layers of hidden units"]
    for row in answer["parents"]:
        weight = answer["weights"].get(row["parent"])
        told = f", weight {weight['median']:.2f} in {weight['layers']} layers" if weight else ""
        lines.append(
            f"  {row['parent']}: {row['verdict']} (p 10^{row['log10_p']}), {len(row['layers'])} of"
            f" {answer['layers']} layers{told}"
        )
    lines += [f"note: {note}" for note in answer["notes"]]
    lines.append(
        "A weight says how the numbers can be written by those of the parents, not who mixed them."
    )
    return "\n".join(lines)
