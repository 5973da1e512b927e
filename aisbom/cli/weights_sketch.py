"""`aisbom weights sketch`: a small file that stands for a checkpoint in comparisons."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from aisbom.cli import output
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.weights_reading import Reading, open_side
from aisbom.errors import UsageError

_ABOUT = "What the sketch says of the model"


@dataclass(frozen=True, slots=True)
class About:
    """What a sketch says of its model."""

    name: Annotated[
        str,
        typer.Option(
            "--name",
            metavar="TEXT",
            help="what it is called (default: the name of the file)",
            rich_help_panel=_ABOUT,
        ),
    ] = ""
    source: Annotated[
        str,
        typer.Option(
            "--source",
            metavar="TEXT",
            help="where it comes from, such as a purl",
            rich_help_panel=_ABOUT,
        ),
    ] = ""
    licence: Annotated[
        str,
        typer.Option(
            "--license", metavar="SPDX", help="the licence it is under", rich_help_panel=_ABOUT
        ),
    ] = ""


def sketch(
    path: Annotated[
        str,
        typer.Argument(
            metavar="FILE|FOLDER",
            help="a weight file, an index of shards, or a folder that holds one model",
        ),
    ],
    target: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="where to")],
    *,
    about: About,
    reading: Reading,
) -> int:
    """Write a sketch of a checkpoint, at most 1 MB: keys of its tensors and sampled units, coarsely
    coded.
    """
    from aisbom.weights import sketch as sketches

    file = Path(target)
    if file.is_dir() or not file.parent.is_dir():
        raise UsageError(f"--output {target}: name a file in a folder that exists")
    try:
        side = open_side(path, reading, about.name, transposed=True)
        if side.checkpoint is None:
            raise UsageError(f"{path}: is a sketch already")
        data = sketches.write(side, about.source, about.licence)
    except UsageError:
        raise
    except ValueError as error:
        output.note(f"aisbom: {path}: {error}")
        return NOTHING
    try:
        file.write_bytes(data)
    except OSError as error:
        raise UsageError(f"--output {target}: cannot be written: {error.strerror}") from error
    digest = hashlib.sha256(data).hexdigest()
    output.write(f"wrote {file.name}: {len(data):,} bytes, sha256 {digest}")
    return DONE
