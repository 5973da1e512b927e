"""`aisbom weights inspect`: parameters, types, sub-models and digests of a checkpoint."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from aisbom.cli import output
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.options import TextOrJson
from aisbom.errors import UsageError


def inspect(
    path: Annotated[
        str,
        typer.Argument(
            metavar="FILE|FOLDER",
            help="a weight file of any format, an index of shards, or a folder with one model",
        ),
    ],
    form: TextOrJson = "text",
    hash: Annotated[  # noqa: A002  the name of the option
        Literal["none", "sampled", "full"],
        typer.Option("--hash", help="digest the bytes too (none: headers only)"),
    ] = "none",
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs",
            metavar="N",
            min=0,
            help="files digested side by side (default: one per core)",
            show_default=False,
        ),
    ] = 0,
) -> int:
    """What FILE, or the checkpoint in FOLDER, is and holds."""
    from aisbom.examine import digests
    from aisbom.weights.inspect import inspect, text

    if not Path(path).exists():
        raise UsageError(f"{path}: no such file or folder")
    try:
        threads = jobs or os.cpu_count() or 1
        answer = inspect(Path(path), lambda files: digests.of_paths(files, hash, threads))
    except ValueError as error:
        output.note(f"aisbom: {path}: {error}")
        return NOTHING
    if form == "json":
        output.write_json(answer)
    else:
        output.write(text(answer))
    return DONE
