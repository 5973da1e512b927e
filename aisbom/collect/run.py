"""Run the collectors over the files of trees, in order, through the executor that is handed in; the
catch-all for whatever a file does to its reader lives here.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from aisbom.cache.rows import CachedFile, CachedRows, RowCache, flat, unflat
from aisbom.cache.store import is_settled
from aisbom.collect import time_limit
from aisbom.collect.collector import BEGINNING, Collector
from aisbom.lazy_module import Function
from aisbom.model import Gap, Location, Row, redact
from aisbom.source.archive import BadArchive
from aisbom.source.faults import fault
from aisbom.source.tree import Entry, File, Look, Tree, Unreadable, in_environment

_CHUNK = 48
_BATCH = 20_000
"""Files whose rows are written to the cache together; one such run starts its own processes."""
_WORTH = 20
"""Of so many files one that is new or changed is worth writing all of them again."""
SECONDS = 60
"""Processor time that one collector may take for one file."""

_load_tree = Function("aisbom.cache.tree_rows", "load_tree")
_store_tree = Function("aisbom.cache.tree_rows", "store_tree")

_SPECIAL = re.compile(r"[*?\[/]")
"""What a glob holds that is no plain name."""

_LITERAL = re.compile(r"\[[^\]]{0,40}\]|[*?/]")
"""What lies between the literal parts of a glob."""

_NOTHING = r"(?!)"
_ENDING = re.compile(r"\*\.\w+")
_ENVIRONMENT = re.compile(r"(?:.*?/)??(?:site|dist)-packages(?=/)")
_MANIFEST = re.compile(
    r"[^/]*requirements[^/]*\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|Pipfile(?:\.lock)?"
    r"|(?:uv|poetry|pdm|pixi|conan)\.lock|pylock[^/]*\.toml|environment[^/]*\.ya?ml"
)

Progress = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and of how much (0: nobody knows)."""


class CollectorTask(NamedTuple):
    """One entry of a tree, and the numbers of the collectors that want it."""

    entry: Entry
    collectors: tuple[int, ...]


class Task(NamedTuple):
    """Entries of one tree to read together; `tree` is its number."""

    tree: int
    items: tuple[CollectorTask, ...]


class FileRows(NamedTuple):
    """The rows of one entry, collector by collector, and what beside it those of each rest on
    (None: more than can be told unchanged).
    """

    rows: tuple[tuple[Row, ...], ...]
    looks: tuple[tuple[Look, ...], ...] | None


class Executor(Protocol):
    """Runs a reader over tasks: here, in other processes, or on other machines."""

    def map(self, reader: Reader, tasks: Sequence[Task]) -> Iterator[Sequence[FileRows | None]]:
        """What the reader says of each task, in their order; None for an entry that took its worker
        down with it (memory, a fault in a C library).
        """


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the entries of a task with the collectors that want them. Pickles, as trees do."""

    trees: tuple[Tree, ...]
    collectors: tuple[Collector, ...]

    def __call__(self, task: Task) -> tuple[FileRows, ...]:
        """The rows of every entry. Raises nothing for what an entry does to a collector."""
        limit = time_limit.Limit(SECONDS)
        try:
            return tuple(self._read(self.trees[task.tree], *wanted, limit) for wanted in task.items)
        finally:
            limit.close()

    def load(self, tasks: Iterable[Task]) -> None:
        """Import the modules that these tasks ask for: once, for all processes that are forked."""
        for number in {n for task in tasks for item in task.items for n in item.collectors}:
            self.collectors[number].load()

    def _read(
        self, tree: Tree, entry: Entry, numbers: tuple[int, ...], limit: time_limit.Limit
    ) -> FileRows:
        # One file for all its collectors: what one has read the next need not read again.
        file = File(tree, entry, keep=True)
        found_by: list[tuple[Row, ...]] = []
        seen_by: list[frozenset[Look]] = []
        for number in numbers:
            collector = self.collectors[number]
            rows: list[Row] = []
            try:
                # One by one: what was yielded before an error is kept.
                with limit:
                    for found in collector.collect(file):
                        rows.append(redact.row(found, collector.sees))
            except time_limit.TimeLimitError:
                file.looks.untold = True  # the next run tries again
                reason = f"takes more than {SECONDS} seconds to read: the rest was not read"
                rows.append(redact.row(Gap(collector.name, file.at(), reason, "crashed")))
            # The only one: whatever a file does to its reader becomes a gap.
            except Exception as error:  # noqa: BLE001
                rows.append(redact.row(Gap(collector.name, file.at(), _reason(error))))
            found_by.append(tuple(rows))
            seen_by.append(file.looks.take())
        file.close()
        looks = tuple(tuple(sorted(seen | file.looks.shared)) for seen in seen_by)
        return FileRows(tuple(found_by), None if file.looks.untold else looks)


@dataclass(frozen=True, slots=True)
class CollectedRows:
    """Rows in one fixed order, how many files were listed, and how many of them a collector read
    (now, or when its rows were kept).
    """

    rows: tuple[Row, ...]
    files: int
    read: int


def gather(
    trees: Sequence[Tree],
    collectors: Sequence[Collector],
    executor: Executor,
    progress: Progress | None = None,
    cached: bool = False,
) -> CollectedRows:
    """Every row that the collectors yield. The result does not depend on the executor, nor on what
    an earlier run left in the cache.

    `progress` is told of files. Raises nothing for unreadable input: that is a Gap in the rows.
    """
    rows: list[Pair] = []
    read = done = 0
    cache = RowCache() if cached else None
    reader = Reader(tuple(trees), tuple(collectors))
    if progress:
        progress("listing files", 0, 0)
    files = sum(len(tree.listing[0]) for tree in trees)
    for tree in trees:
        gaps = (*tree.listing[1], *_passed_over(tree))
        rows += _pair(redact.row(gap) for gap in gaps)
    for batch in _batches(trees, _chooser(collectors)):
        read += sum(len(wanted) for _, wanted in batch)
        kept = [
            _CachedTree(trees[number], cache, collectors, wanted, rows) for number, wanted in batch
        ]
        tasks = [
            Task(number, chunk)
            for (number, _), found in zip(batch, kept, strict=True)
            for chunk in _chunks(found.left)
        ]
        total = sum(len(task.items) for task in tasks) if files <= _BATCH else 0
        fresh: dict[tuple[str, str], Sequence[CachedRows]] = {}
        by_tree = {number: found for (number, _), found in zip(batch, kept, strict=True)}
        for task, answers in zip(tasks, executor.map(reader, tasks), strict=True):
            tree = trees[task.tree]
            for wanted, answer in zip(task.items, answers, strict=True):
                told = answer or _report_crash(tree, wanted.entry)
                read_now = [list(_pair(found)) for found in told.rows]
                rows += chain.from_iterable(read_now)
                if cache is not None and _may_be_kept(tree, wanted.entry, told.looks):
                    fresh.update(by_tree[task.tree].join(wanted, told.looks or (), read_now))
            done += len(task.items)
            if progress:
                progress("reading", done, total)
        if cache is not None:
            cache.store(fresh)
        if files <= _BATCH:
            for tree_rows in kept:
                tree_rows.keep()
    if cache is not None:
        cache.close()
    return CollectedRows(tuple(_sort(rows)), files, read)


Pair = tuple[list[Any], Row]
"""A row beside its fields as nested lists, by which it is sorted and told from others."""


def _pair(rows: Iterable[Row]) -> Iterator[Pair]:
    return ((flat(row), row) for row in rows)


def _sort(pairs: list[Pair]) -> Iterator[Row]:
    """The rows in order, each once."""
    pairs.sort(key=itemgetter(0))
    before: list[Any] = []
    for key, row in pairs:
        if key != before:
            yield row
        before = key


Choose = Callable[[Tree], Iterator[CollectorTask]]


def _batches(
    trees: Sequence[Tree], choose: Choose
) -> Iterator[list[tuple[int, Sequence[CollectorTask]]]]:
    """What is wanted of the trees, by the number of the tree, up to `_BATCH` files together: what
    is held of those under way is not held of the others.
    """
    batch: list[tuple[int, Sequence[CollectorTask]]] = []
    room = _BATCH
    for number, tree in enumerate(trees):
        wanted: list[CollectorTask] = []
        for one in choose(tree):
            wanted.append(one)
            if len(wanted) == room:
                yield [*batch, (number, wanted)]
                batch, wanted, room = [], [], _BATCH
        if wanted:
            batch.append((number, wanted))
            room -= len(wanted)
    if batch:
        yield batch


def _may_be_kept(tree: Tree, entry: Entry, looks: tuple[tuple[Look, ...], ...] | None) -> bool:
    """Whether what was read of an entry can be told unchanged the next time: it was left alone for
    a while, and nothing was written to it, nor to what lies beside it, while it was read.
    """
    return (
        looks is not None
        and is_settled(entry.stamp)
        and tree.is_unchanged(entry.path)
        and all(
            tree.is_unchanged(path)
            for path in {look.path for seen in looks for look in seen if look.what == "bytes"}
        )
    )


def rows_of(tree: Tree, entry: Entry, collector: Collector) -> tuple[Row, ...]:
    """What one collector says of one file, in this process."""
    reader = Reader((tree,), (collector,))
    return reader(Task(0, (CollectorTask(entry, (0,)),)))[0].rows[0]


def _report_crash(tree: Tree, entry: Entry) -> FileRows:
    at = File(tree, entry).at()
    gap = Gap("pipeline", at, "its reader crashed: not looked at", "crashed")
    return FileRows(((redact.row(gap),),), None)


class _CachedTree:
    """What an earlier run has kept of the entries of a tree; `left` is what has to be read: of an
    entry perhaps for some of its collectors only, those that looked at what has changed beside it.
    """

    def __init__(
        self,
        tree: Tree,
        cache: RowCache | None,
        collectors: Sequence[Collector],
        wanted: Sequence[CollectorTask],
        rows: list[Pair],
    ) -> None:
        """Add the rows that are kept, and hold still, to `rows`."""
        self._tree = tree
        self._name = f"{tree.root.resolve()}\n{tree.label}"
        self._collectors = collectors
        self._parts: dict[str, tuple[CollectorTask, dict[int, CachedRows]]] = {}
        self._files: dict[str, CachedFile] = {}
        self._new = 0
        self.left = wanted if cache is None else self._take(cache, wanted, rows)

    def _take(
        self, cache: RowCache, wanted: Sequence[CollectorTask], rows: list[Pair]
    ) -> list[CollectorTask]:
        whole: dict[str, CachedFile] = _load_tree(self._name)
        for path, kept in whole.items():
            self._tree.trust(path, kept.stamp, kept.signature.partition(":")[0])
        left = []
        for one in wanted:
            path = one.entry.path
            signature = _signature(self._tree, one, self._collectors)
            file = whole.get(path)
            if file is not None and file.signature != signature:
                file = None
            found = file.parts if file else cache.find(path, signature)
            held: dict[int, CachedRows] = {}
            for number, part in zip(one.collectors, found, strict=False):
                if all(self._tree.fingerprint_look(look) == seen for look, seen in part.seen):
                    try:
                        rows += [(item, unflat(item)) for item in part.rows]
                    except (ValueError, TypeError, IndexError):
                        continue
                    held[number] = part
            if len(held) < len(one.collectors):
                self._parts[path] = one, held
                unread = tuple(number for number in one.collectors if number not in held)
                left.append(CollectorTask(one.entry, unread))
            else:
                self._note(one, signature, [held[number] for number in one.collectors])
                self._new += file is None or file.stamp != self._tree.stamp(one.entry)
        return left

    def join(
        self, read: CollectorTask, looks: Sequence[Sequence[Look]], found: Sequence[Sequence[Pair]]
    ) -> Iterator[tuple[tuple[str, str], Sequence[CachedRows]]]:
        """What is to be kept of an entry: what was read of it now, with what was kept already."""
        whole, held = self._parts.get(read.entry.path, (read, {}))
        parts = dict(held)
        for number, pairs, seen in zip(read.collectors, found, looks, strict=True):
            told = tuple((look, self._tree.fingerprint_look(look)) for look in seen)
            parts[number] = CachedRows(told, [item for item, _ in pairs])
        signature = _signature(self._tree, whole, self._collectors)
        every = [parts[number] for number in whole.collectors]
        self._note(whole, signature, every)
        self._new += 1
        yield (read.entry.path, signature), every

    def _note(self, one: CollectorTask, signature: str, parts: Sequence[CachedRows]) -> None:
        if is_settled(one.entry.stamp):
            stamp = self._tree.stamp(one.entry)
            self._files[one.entry.path] = CachedFile(stamp, signature, parts)

    def keep(self) -> None:
        """Keep the tree in one piece, if that spares the next run more than it costs this one."""
        if self._new * _WORTH > len(self._files):
            _store_tree(self._name, self._files)


def _signature(tree: Tree, wanted: CollectorTask, collectors: Sequence[Collector]) -> str:
    """What tells the bytes of a file and its readers. An entry of which neither size nor stamp is
    known (a git folder) is never settled, so nothing is kept under its signature.
    """
    readers = ",".join(
        f"{collectors[number].name}@{collectors[number].version}" for number in wanted.collectors
    )
    return f"{tree.signature(wanted.entry.path)}:{readers}"


def _chooser(collectors: Sequence[Collector]) -> Choose:
    """The entries of a tree that collectors want, with these. Inside an environment only those that
    read what is installed are asked.
    """
    any_case = frozenset(number for number, c in enumerate(collectors) if c.any_case)
    everywhere = _Patterns([(number, c.patterns) for number, c in enumerate(collectors)], any_case)

    @cache
    def get_installed_patterns() -> _Patterns:
        wants = [(number, c.patterns) for number, c in enumerate(collectors) if c.installed]
        return _Patterns(wants, any_case)

    by_content = {
        number: begins for number, c in enumerate(collectors) if (begins := c.begins) is not None
    }

    def by_name(path: str) -> tuple[int, ...]:
        inside = in_environment(path)
        return (get_installed_patterns() if inside else everywhere).wanting(path)

    def choose(tree: Tree) -> Iterator[CollectorTask]:
        if tree.label or not by_content:
            # What the user has installed is asked by name: thousands of files, and nobody's
            # submission.
            for at, path in enumerate(tree.paths()):
                if chosen := by_name(path):
                    yield CollectorTask(tree.listing[0][at], chosen)
            return
        for entry in tree.listing[0]:
            if chosen := _look_inside(tree, entry, by_name(entry.path), by_content):
                yield CollectorTask(entry, chosen)

    return choose


def _look_inside(
    tree: Tree,
    entry: Entry,
    chosen: tuple[int, ...],
    by_content: Mapping[int, Callable[[str, bytes], bool]],
) -> tuple[int, ...]:
    """The collectors that want an entry: those chosen by its name, and those by how it begins."""
    if not entry.size:
        return chosen
    if chosen:  # it is opened anyway, once, and its beginning is looked at then
        return tuple(sorted({*chosen, *by_content}))
    try:
        with tree.open(entry) as stream:
            head = stream.read(BEGINNING)
    except (Unreadable, BadArchive, OSError):
        return tuple(by_content)  # they say what is wrong
    return tuple(number for number, begins in by_content.items() if begins(entry.path, head))


def _passed_over(tree: Tree) -> Iterator[Gap]:
    """What is said of manifests in an environment inside the tree: what is installed there is
    listed from its metadata.
    """
    folders: dict[str, int] = {}
    for path in () if tree.label else tree.paths():
        if in_environment(path) and _MANIFEST.fullmatch(path, path.rfind("/") + 1):
            folder = _ENVIRONMENT.match(path)
            name = folder[0] if folder else ""
            folders[name] = folders.get(name, 0) + 1
    for name, count in folders.items():
        words = f"{count:,} manifests in an environment are not read, but what is installed there"
        yield Gap("walk", Location(name), words)


class _Patterns:
    """Exact names and plain suffixes by dictionary; of the rest, a pattern is compiled for the
    first path that starts as it does. A path is held against patterns that start with a star only
    where it has the literal part of one: a tenth of the time, of tens of thousands of paths.
    """

    def __init__(
        self, wants: Iterable[tuple[int, tuple[str, ...]]], any_case: frozenset[int] = frozenset()
    ) -> None:
        self._exact: dict[str, list[int]] = {}
        self._suffix: dict[str, list[int]] = {}
        self._any_case: dict[str, list[int]] = {}
        rest: dict[int, list[tuple[str, str, int]]] = {}
        for number, patterns in wants:
            for pattern in patterns:
                if not _SPECIAL.search(pattern):
                    self._exact.setdefault(pattern, []).append(number)
                elif _ENDING.fullmatch(pattern):
                    into = self._any_case if number in any_case else self._suffix
                    into.setdefault(pattern[2:], []).append(number)
                else:
                    # Held against as many last parts of the path as the pattern has; its stars do
                    # not cross a slash.
                    start = _SPECIAL.split(pattern, maxsplit=1)[0]
                    rest.setdefault(pattern.count("/"), []).append((start, pattern, number))
        self._rest = [
            (
                slashes,
                tuple({start for start, _, _ in found if start}),
                _any_literal(pattern for start, pattern, _ in found if not start),
                _any_of(pattern for start, pattern, _ in found if not start),
                found,
            )
            for slashes, found in sorted(rest.items())
        ]

    def wanting(self, path: str) -> tuple[int, ...]:
        """The numbers of the collectors that want this path, in order."""
        parts = path.rsplit("/", 3)
        name = parts[-1]
        _, dot, suffix = name.rpartition(".")
        suffix = suffix if dot else ""  # a file that is called `h5` has no ending
        chosen = [*self._exact.get(name, ()), *self._suffix.get(suffix, ())]
        chosen += self._any_case.get(suffix.lower(), ())
        for slashes, starts, literals, anything, each in self._rest:
            if not starts and not literals.search(path):
                continue
            tail = (
                name
                if not slashes
                else "/".join((parts if slashes < 4 else path.rsplit("/", slashes))[-slashes - 1 :])
            )
            if tail.startswith(starts) or (literals.search(tail) and anything.match(tail)):
                chosen += [
                    number
                    for start, pattern, number in each
                    if tail.startswith(start) and _compile_pattern(pattern).match(tail)
                ]
        return tuple(sorted(set(chosen))) if chosen else ()


def _any_literal(patterns: Iterable[str]) -> re.Pattern[str]:
    """Of each pattern its longest literal part, which whatever fits it has."""
    parts = {max(_LITERAL.split(pattern), key=len) for pattern in patterns}
    return re.compile("|".join(map(re.escape, sorted(parts))) or _NOTHING)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_expression, dict.fromkeys(patterns))) or _NOTHING)


@cache
def _expression(pattern: str) -> str:
    return fnmatch.translate(pattern).replace(".*", "[^/]*")


@cache
def _compile_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(_expression(pattern))


def _chunks(wanted: Iterable[CollectorTask]) -> Iterator[tuple[CollectorTask, ...]]:
    """Runs of files; an archive's members stay together, since every reader of a tar decompresses
    it for itself.
    """
    run: list[CollectorTask] = []
    for item in wanted:
        if run and (
            item.entry.outer != run[-1].entry.outer or (len(run) >= _CHUNK and not item.entry.outer)
        ):
            yield tuple(run)
            run = []
        run.append(item)
    if run:
        yield tuple(run)


def _reason(error: Exception) -> str:
    if isinstance(error, Unreadable):
        return " ".join(str(error).split())[:300]
    if isinstance(error, RecursionError):
        return "nested too deeply: not read"
    return f"cannot be read: {fault(error)}"
