"""What a run is doing now: one line on a terminal, nothing anywhere else."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress

_SHORT = 0.5
"""Seconds in which a run is over before anybody wonders what it does."""

_REDRAW = 0.1
"""Seconds between two drawings of the same stage."""

_NARROW = 60
"""Columns below which there is no bar."""


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
    stages = _Stages()
    try:
        yield stages
    finally:
        stages.stop()


def _silent(stage: str, done: int, total: int) -> None:
    """Whoever reads a log does not want to see it move."""


class _Stages:
    """One line that is drawn anew; gone when the run is over, and never there in a short one.

    No thread draws it: worker processes are forked while it is shown.
    """

    def __init__(self) -> None:
        self._begun = self._drawn = time.monotonic()
        self._lock = threading.Lock()
        self._bars: Progress | None = None
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            now = time.monotonic()
            if now - self._begun < _SHORT and stage != "cloning":
                return
            if stage == self._stage and now - self._drawn < _REDRAW:
                return
            self._stage, self._drawn = stage, now
            if self._bars is None:
                self._bars = _bars()
                self._bars.start()
            for task in self._bars.task_ids or [self._bars.add_task("")]:
                self._bars.update(task, description=stage, completed=done, total=total or None)
            self._bars.refresh()

    def stop(self) -> None:
        """Take the line away."""
        with self._lock:
            if self._bars is not None:
                self._bars.stop()


def _bars() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    # A narrow terminal has no room for a bar; a line that wraps would be printed again and again.
    bar = (BarColumn(20), TimeElapsedColumn()) if console.width >= _NARROW else ()
    return Progress(
        TextColumn("  {task.description}"),
        MofNCompleteColumn(),
        *bar,
        console=console,
        transient=True,
        auto_refresh=False,
    )
