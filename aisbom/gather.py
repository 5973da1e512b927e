"""Run the collectors over the files of trees, in order, on as many processes as asked; the one catch-all lives here."""

from __future__ import annotations

import fnmatch
import multiprocessing
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from aisbom import redact
from aisbom.collect.collector import Collector
from aisbom.model import Gap, Row
from aisbom.walk import Entry, File, Tree, Unreadable

_CHUNK = 48
_FEW = 96

Task = tuple[int, tuple[tuple[Entry, tuple[int, ...]], ...]]
"""The number of a tree, and entries of it with the numbers of the collectors that want them."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Rows in one fixed order, and how many files were listed."""

    rows: tuple[Row, ...]
    files: int


def gather(trees: Sequence[Tree], collectors: Sequence[Collector], jobs: int, progress: Progress | None = None) -> Gathered:
    """Every row that the collectors yield. The result does not depend on `jobs`.

    `progress` is called with (done, all) files. Raises nothing for unreadable input: that is a Gap in the rows.
    """
    rows: set[Row] = set()
    tasks: list[Task] = []
    files = 0
    choose = _chooser(collectors)
    for number, tree in enumerate(trees):
        entries, gaps = tree.listing
        files += len(entries)
        rows.update(redact.row(gap) for gap in gaps)
        wanted = [(entry, chosen) for entry in entries if (chosen := choose(entry.path))]
        tasks.extend((number, chunk) for chunk in _chunks(wanted))
    total = sum(len(task[1]) for task in tasks)
    done = 0
    for task, found in zip(tasks, _run(trees, collectors, tasks, jobs if total > _FEW else 1), strict=True):
        rows.update(found)
        done += len(task[1])
        if progress:
            progress(done, total)
    return Gathered(tuple(sorted(rows, key=lambda row: (type(row).__name__, row))), files)


def in_environment(path: str) -> bool:
    """Whether a path lies in the library folder of a Python environment."""
    return "site-packages/" in path or "dist-packages/" in path


def _chooser(collectors: Sequence[Collector]) -> Callable[[str], tuple[int, ...]]:
    """Which collectors want a path: exact names and plain suffixes by dictionary, the rest by pattern."""
    exact: dict[str, list[int]] = {}
    suffix: dict[str, list[int]] = {}
    rest: list[tuple[re.Pattern[str], bool, int]] = []
    for number, collector in enumerate(collectors):
        for pattern in collector.patterns:
            if not re.search(r"[*?\[/]", pattern):
                exact.setdefault(pattern, []).append(number)
            elif re.fullmatch(r"\*\.\w+", pattern):
                suffix.setdefault(pattern[2:], []).append(number)
            else:
                whole = "/" in pattern
                rest.append((re.compile(fnmatch.translate(f"*/{pattern}" if whole else pattern)), whole, number))

    def choose(path: str) -> tuple[int, ...]:
        name = path.rpartition("/")[2]
        chosen = set(exact.get(name, ()))
        chosen.update(suffix.get(name.rpartition(".")[2], ()))
        chosen.update(number for pattern, whole, number in rest if pattern.match(f"/{path}" if whole else name))
        if in_environment(path):
            chosen = {number for number in chosen if collectors[number].installed}
        return tuple(sorted(chosen))

    return choose


def _chunks(wanted: list[tuple[Entry, tuple[int, ...]]]) -> Iterator[tuple[tuple[Entry, tuple[int, ...]], ...]]:
    """Runs of files; an archive's members stay together, since every reader of a tar decompresses it for itself."""
    run: list[tuple[Entry, tuple[int, ...]]] = []
    for item in wanted:
        if run and (item[0].outer != run[-1][0].outer or (len(run) >= _CHUNK and not item[0].outer)):
            yield tuple(run)
            run = []
        run.append(item)
    if run:
        yield tuple(run)


def _run(trees: Sequence[Tree], collectors: Sequence[Collector], tasks: list[Task], jobs: int) -> Iterable[tuple[Row, ...]]:
    _prepare(tuple(trees), tuple(collectors))
    if jobs <= 1:
        yield from map(_collect, tasks)
        return
    done = 0
    try:
        with _pool(trees, collectors, jobs) as pool:
            for rows in pool.map(_collect, tasks):
                yield rows
                done += 1
    except BrokenProcessPool:
        # Some file took its reader down with it (memory, a fault in a C library): find it, and lose only that one.
        for number, items in tasks[done:]:
            yield tuple(row for item in items for row in _alone(trees, collectors, (number, (item,))))


def _alone(trees: Sequence[Tree], collectors: Sequence[Collector], task: Task) -> tuple[Row, ...]:
    try:
        with _pool(trees, collectors, 1) as pool:
            return pool.submit(_collect, task).result()
    except BrokenProcessPool:
        entry = task[1][0][0]
        return (redact.row(Gap("pipeline", File(trees[task[0]], entry).at(), "its reader crashed: not looked at")),)


def _pool(trees: Sequence[Tree], collectors: Sequence[Collector], jobs: int) -> ProcessPoolExecutor:
    # A forked worker inherits the listings; elsewhere it makes its own.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_prepare, initargs=(tuple(trees), tuple(collectors), True))


_trees: tuple[Tree, ...] = ()
_collectors: tuple[Collector, ...] = ()


def _prepare(trees: tuple[Tree, ...], collectors: tuple[Collector, ...], forked: bool = False) -> None:
    global _trees, _collectors
    _trees, _collectors = trees, collectors
    if forked:
        for tree in trees:
            tree.reopen()


def _collect(task: Task) -> tuple[Row, ...]:
    number, items = task
    rows: list[Row] = []
    for entry, chosen in items:
        file = File(_trees[number], entry)
        for index in chosen:
            collector = _collectors[index]
            try:
                # One by one: what was yielded before an error is kept.
                for found in collector.collect(file):
                    rows.append(redact.row(found))
            except Exception as error:  # noqa: BLE001  the only one: whatever a file does to its reader becomes a gap
                rows.append(redact.row(Gap(collector.name, file.at(), _reason(error))))
    return tuple(rows)


def _reason(error: Exception) -> str:
    message = " ".join(str(error).split())[:300]
    if isinstance(error, Unreadable):
        return message
    if isinstance(error, RecursionError):
        return "nested too deeply: not read"
    return f"cannot be read: {message or type(error).__name__}"
