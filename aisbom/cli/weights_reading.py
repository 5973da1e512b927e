"""A checkpoint or a sketch by its path, and how much of its values is read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.weights.side import Side


@dataclass(frozen=True, slots=True)
class Reading:
    """How much of the values is read, and by how many threads."""

    hash: Annotated[
        Literal["sampled", "full"] | None,
        typer.Option(
            "--hash",
            help=(
                "values read for equality: all of them (default up to 2 GiB), or the smaller"
                " tensors up to 512 MiB (default above)"
            ),
        ),
    ] = None
    budget: Annotated[
        int | None,
        typer.Option(
            "--budget",
            metavar="BYTES",
            min=0,
            help="at most so many bytes are read for equality; 0 compares sampled units alone",
            show_default=False,
        ),
    ] = None
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs", metavar="N", help="threads (default: one per core)", show_default=False
        ),
    ] = 0


def open_side(name: str, reading: Reading, label: str = "", transposed: bool = False) -> Side:
    """A checkpoint or a sketch by path, called `label` (default: the name of the file), with keys
    of transposed matrices for one that is to be sketched. Raises ValueError with a one-line reason
    for what is neither, UsageError where there is nothing.
    """
    from aisbom.source import hashing
    from aisbom.weights import heads, misfits, references, sketch, tokens
    from aisbom.weights.read.reader import open_checkpoint
    from aisbom.weights.side import SAMPLED, of_checkpoint

    path = Path(name)
    if not path.exists():
        raise UsageError(f"{name}: no such file or folder")
    if reading.jobs < 0:
        raise UsageError(f"--jobs {reading.jobs}: a number of threads, 1 or more")
    if path.is_file() and path.stat().st_size <= references.MAX_FILE and sketch.is_sketch(path):
        return sketch.read(path.read_bytes())
    opened = open_checkpoint(path)
    size = sum(tensor.nbytes for tensor in opened.tensors)
    sampled = reading.hash == "sampled" or (not reading.hash and size > hashing.FULL_UP_TO)
    threads = reading.jobs or os.cpu_count() or 1
    budget = SAMPLED if sampled else None
    if reading.budget is not None:
        budget = reading.budget
    side = of_checkpoint(opened, label or path.name, budget, threads, transposed)
    side.vocabulary, why = tokens.beside(opened.files, opened.format)
    if why and not side.vocabulary:
        side.notes.append(why)
    side.heads = heads.beside(opened.files, opened)
    side.notes += (
        f"{side.label}: {words}"
        for words in (
            *misfits.of_heads(opened.tensors, side.heads),
            *misfits.of_tokens(opened.tensors, side.vocabulary, why),
        )
    )
    return side
