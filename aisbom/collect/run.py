"""Run the collectors over the files of trees, in order, on as many processes as asked; the one
catch-all lives here.
"""

from __future__ import annotations

import fnmatch
import multiprocessing
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from aisbom.cache.rows import Cache, Kept, dumped, flat, loaded, settled
from aisbom.collect.collector import Collector
from aisbom.model import Gap, Row, redact
from aisbom.source.tree import Entry, File, Tree, Unreadable, in_environment

_CHUNK = 48
_FEW = 96

Wanted = list[tuple[Entry, tuple[int, ...]]]
Task = tuple[int, tuple[tuple[Entry, tuple[int, ...]], ...]]
"""The number of a tree, and entries of it with the numbers of the collectors that want them."""

Found = tuple[tuple[Row, ...], tuple[tuple[str, str], ...] | None]
"""The rows of one entry, and the siblings they rest on (None: more than can be told unchanged)."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Rows in one fixed order, and how many files were listed."""

    rows: tuple[Row, ...]
    files: int


def gather(
    trees: Sequence[Tree],
    collectors: Sequence[Collector],
    jobs: int,
    progress: Progress | None = None,
    cached: bool = False,
) -> Gathered:
    """Every row that the collectors yield. The result does not depend on `jobs`, nor on what an
    earlier run left in the cache.

    `progress` is called with (done, all) files. Raises nothing for unreadable input: that is a Gap
    in the rows.
    """
    rows: set[Row] = set()
    tasks: list[Task] = []
    files = 0
    choose = _chooser(collectors)
    caches = [Cache(tree.root) if cached else None for tree in trees]
    for number, tree in enumerate(trees):
        entries, gaps = tree.listing
        files += len(entries)
        rows.update(redact.row(gap) for gap in gaps)
        wanted = [(entry, chosen) for entry in entries if (chosen := choose(entry.path))]
        cache = caches[number]
        if cache is not None:
            wanted = _remembered(tree, cache, wanted, collectors, rows)
        tasks.extend((number, chunk) for chunk in _chunks(wanted))
    total = sum(len(task[1]) for task in tasks)
    done = 0
    kept: list[dict[str, Kept]] = [{} for _ in trees]
    for task, found in zip(
        tasks, _run(trees, collectors, tasks, jobs if total > _FEW else 1), strict=True
    ):
        for (entry, chosen), (of_entry, looked_at) in zip(task[1], found, strict=True):
            rows.update(of_entry)
            if caches[task[0]] is not None and looked_at is not None and settled(entry.stamp):
                kept[task[0]][entry.path] = Kept(
                    _signature(entry, chosen, collectors), looked_at, dumped(of_entry)
                )
        done += len(task[1])
        if progress:
            progress(done, total)
    for cache, fresh in zip(caches, kept, strict=True):
        if cache is not None:
            cache.store(fresh, ())
            cache.close()
    return Gathered(tuple(sorted(rows, key=flat)), files)


def _remembered(
    tree: Tree, cache: Cache, wanted: Wanted, collectors: Sequence[Collector], rows: set[Row]
) -> Wanted:
    """The entries that have to be read; the rows of the others are added to `rows`."""
    kept = cache.load()
    left = []
    for entry, chosen in wanted:
        found = kept.pop(entry.path, None)
        if (
            found is None
            or found.signature != _signature(entry, chosen, collectors)
            or any(tree.signature(path) != signature for path, signature in found.siblings)
        ):
            left.append((entry, chosen))
            continue
        try:
            rows.update(loaded(found.rows))
        except (ValueError, TypeError, IndexError):
            left.append((entry, chosen))
    cache.store({}, kept)
    return left


def _signature(entry: Entry, chosen: tuple[int, ...], collectors: Sequence[Collector]) -> str:
    readers = ",".join(
        f"{collectors[number].name}@{collectors[number].version}" for number in chosen
    )
    return f"{entry.size}:{entry.stamp}:{readers}"


def _chooser(collectors: Sequence[Collector]) -> Callable[[str], tuple[int, ...]]:
    """Which collectors want a path. Inside an environment only those that read what is installed
    are asked.
    """
    everywhere = _Patterns([(number, c.patterns) for number, c in enumerate(collectors)])
    installed = _Patterns(
        [(number, c.patterns) for number, c in enumerate(collectors) if c.installed]
    )
    return lambda path: (installed if in_environment(path) else everywhere).wanting(path)


class _Patterns:
    """Exact names and plain suffixes by dictionary; for the rest one expression says whether any
    can match at all.
    """

    def __init__(self, wants: Iterable[tuple[int, tuple[str, ...]]]) -> None:
        self._exact: dict[str, list[int]] = {}
        self._suffix: dict[str, list[int]] = {}
        rest: dict[int, list[tuple[str, int]]] = {}
        for number, patterns in wants:
            for pattern in patterns:
                if not re.search(r"[*?\[/]", pattern):
                    self._exact.setdefault(pattern, []).append(number)
                elif re.fullmatch(r"\*\.\w+", pattern):
                    self._suffix.setdefault(pattern[2:], []).append(number)
                else:
                    # Held against as many last parts of the path as the pattern has; its stars do
                    # not cross a slash.
                    expression = fnmatch.translate(pattern).replace(".*", "[^/]*")
                    rest.setdefault(pattern.count("/"), []).append((expression, number))
        self._rest = [
            (
                slashes,
                re.compile("|".join(e for e, _ in found)),
                [(re.compile(e), number) for e, number in found],
            )
            for slashes, found in sorted(rest.items())
        ]

    def wanting(self, path: str) -> tuple[int, ...]:
        """The numbers of the collectors that want this path, in order."""
        parts = path.rsplit("/", 3)
        name = parts[-1]
        chosen = [*self._exact.get(name, ()), *self._suffix.get(name.rpartition(".")[2], ())]
        for slashes, anything, each in self._rest:
            tail = (
                name
                if not slashes
                else "/".join((parts if slashes < 4 else path.rsplit("/", slashes))[-slashes - 1 :])
            )
            if anything.match(tail):
                chosen += [number for pattern, number in each if pattern.match(tail)]
        return tuple(sorted(set(chosen))) if chosen else ()


def _chunks(
    wanted: list[tuple[Entry, tuple[int, ...]]],
) -> Iterator[tuple[tuple[Entry, tuple[int, ...]], ...]]:
    """Runs of files; an archive's members stay together, since every reader of a tar decompresses
    it for itself.
    """
    run: list[tuple[Entry, tuple[int, ...]]] = []
    for item in wanted:
        if run and (
            item[0].outer != run[-1][0].outer or (len(run) >= _CHUNK and not item[0].outer)
        ):
            yield tuple(run)
            run = []
        run.append(item)
    if run:
        yield tuple(run)


def _run(
    trees: Sequence[Tree], collectors: Sequence[Collector], tasks: list[Task], jobs: int
) -> Iterable[tuple[Found, ...]]:
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
        # Some file took its reader down with it (memory, a fault in a C library): find it, and lose
        # only that one.
        for number, items in tasks[done:]:
            yield tuple(
                found for item in items for found in _alone(trees, collectors, (number, (item,)))
            )


def _alone(trees: Sequence[Tree], collectors: Sequence[Collector], task: Task) -> tuple[Found, ...]:
    try:
        with _pool(trees, collectors, 1) as pool:
            return pool.submit(_collect, task).result()
    except BrokenProcessPool:
        entry = task[1][0][0]
        return (
            (
                (
                    redact.row(
                        Gap(
                            "pipeline",
                            File(trees[task[0]], entry).at(),
                            "its reader crashed: not looked at",
                            "crashed",
                        )
                    ),
                ),
                None,
            ),
        )


def _pool(trees: Sequence[Tree], collectors: Sequence[Collector], jobs: int) -> ProcessPoolExecutor:
    # A forked worker inherits the listings; elsewhere it makes its own.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    return ProcessPoolExecutor(
        jobs,
        mp_context=context,
        initializer=_prepare,
        initargs=(tuple(trees), tuple(collectors), True),
    )


_trees: tuple[Tree, ...] = ()
_collectors: tuple[Collector, ...] = ()


def _prepare(
    trees: tuple[Tree, ...], collectors: tuple[Collector, ...], forked: bool = False
) -> None:
    global _trees, _collectors
    _trees, _collectors = trees, collectors
    if forked:
        for tree in trees:
            tree.reopen()


def _collect(task: Task) -> tuple[Found, ...]:
    number, items = task
    every: list[Found] = []
    for entry, chosen in items:
        file = File(_trees[number], entry)
        rows: list[Row] = []
        for index in chosen:
            collector = _collectors[index]
            try:
                # One by one: what was yielded before an error is kept.
                for found in collector.collect(file):
                    rows.append(redact.row(found, collector.sees))
            # The only one: whatever a file does to its reader becomes a gap.
            except Exception as error:  # noqa: BLE001
                rows.append(redact.row(Gap(collector.name, file.at(), _reason(error))))
        every.append(
            (tuple(rows), None if file.looked_at is None else tuple(sorted(file.looked_at.items())))
        )
    return tuple(every)


def rows_of(tree: Tree, entry: Entry, collector: Collector) -> tuple[Row, ...]:
    """What one collector says of one file, in this process."""
    _prepare((tree,), (collector,))
    return _collect((0, ((entry, (0,)),)))[0][0]


def _reason(error: Exception) -> str:
    message = " ".join(str(error).split())[:300]
    if isinstance(error, Unreadable):
        return message
    if isinstance(error, RecursionError):
        return "nested too deeply: not read"
    return f"cannot be read: {message or type(error).__name__}"
