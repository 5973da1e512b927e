"""Where collectors run: in this process, or in several."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aisbom.codeprint import compiled
from aisbom.collect.run import FileRows, Reader, Task
from aisbom.lazy_module import Module

if TYPE_CHECKING:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, process
else:
    multiprocessing, process = Module("multiprocessing"), Module("concurrent.futures.process")

_LOOK = 0.5
_FEW = 96
"""Files that one process has read before others have started."""

Answers = Iterator[Sequence[FileRows | None]]


class Serial:
    """In this process, one task after the other."""

    def map(self, reader: Reader, tasks: Sequence[Task]) -> Answers:
        """What the reader says of each task, in their order."""
        yield from map(reader, tasks)


class Processes:
    """In `jobs` processes of this machine; a few files are read in this one."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def map(self, reader: Reader, tasks: Sequence[Task]) -> Answers:
        """What the reader says of each task, in their order; None for an entry that took its
        process down with it.
        """
        if self._jobs <= 1 or sum(len(task.items) for task in tasks) <= _FEW:
            yield from Serial().map(reader, tasks)
            return
        reader.load(tasks)
        done = 0
        while done < len(tasks):
            try:
                with _pool(reader, self._jobs) as pool:
                    try:
                        for answers in pool.map(_work, tasks[done:]):
                            yield answers
                            done += 1
                    except (KeyboardInterrupt, SystemExit):
                        for child in multiprocessing.active_children():
                            child.terminate()
                        raise
            except process.BrokenProcessPool:
                # Some entry of a task without answers yet: the first of these is read entry by
                # entry, each in a process of its own, and the rest starts over.
                task = tasks[done]
                yield tuple(_read_alone(reader, Task(task.tree, (item,))) for item in task.items)
                done += 1


def _read_alone(reader: Reader, task: Task) -> FileRows | None:
    try:
        with _pool(reader, 1) as pool:
            return pool.submit(_work, task).result()[0]
    except process.BrokenProcessPool:
        return None


def _pool(reader: Reader, jobs: int) -> ProcessPoolExecutor:
    # A forked worker inherits the listings of the trees; elsewhere it makes its own.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    return process.ProcessPoolExecutor(
        jobs,
        mp_context=context,
        initializer=_start,
        initargs=(reader, os.getpid(), compiled.believes()),
    )


_readers: list[Reader] = []
"""The reader of a worker process: handed over once, when the process starts. Empty in the process
that started it.
"""


def _start(reader: Reader, parent: int, believes: bool) -> None:
    _readers.append(reader)
    compiled.believe(believes)
    # Interrupts are for the process that hands out the work; it ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    """End this process once nobody is left who waits for its answers."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


def _work(task: Task) -> tuple[FileRows, ...]:
    return _readers[0](task)
