"""What a run is doing now: one line on a terminal, nothing anywhere else."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress


class Report(Protocol):
    """Takes what is being done, how much of it is done, and of how much (0: nobody knows)."""

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        """Say it."""


@contextmanager
def show(quiet: bool) -> Iterator[Report]:
    """A report that a terminal shows, for as long as the block runs; elsewhere it is silent."""
    if quiet or sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield _silent
        return
    with _bars() as bars:
        yield _Stages(bars)


def _silent(stage: str, done: int, total: int) -> None:
    """Whoever reads a log does not want to see it move."""


class _Stages:
    """One line a stage; the line of the stage before goes when the next begins."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._stage = ""
        self._task = bars.add_task("", visible=False)
        self._lock = threading.Lock()

    def __call__(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            if stage != self._stage:
                self._stage = stage
                self._bars.reset(self._task, description=stage, total=total or None, visible=True)
            self._bars.update(self._task, completed=done, total=total or None)


def _bars() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    # A narrow terminal has no room for a bar; a line that wraps would be printed again and again.
    console = Console(stderr=True)
    columns = [TextColumn("  {task.description}"), BarColumn(20), MofNCompleteColumn()]
    narrow = console.width < 60
    return Progress(
        *(column for column in columns if not (narrow and isinstance(column, BarColumn))),
        *(() if narrow else (TimeElapsedColumn(),)),
        console=console,
        transient=True,
        refresh_per_second=10,
    )
