"""Known models inside the tree, and copies of one model in several files, by the values of the
weights themselves.

What is read is bounded by BUDGET a file, unless all is asked for, and is written down beside what
was found. What a file gave is kept for the next scan as long as the file and the references stay
the same.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, field
from itertools import combinations
from typing import Any

from aisbom.cache.digests import DigestCache
from aisbom.collect.models.weight_data import SiblingFiles
from aisbom.collect.models.weights import beside, source_of
from aisbom.examine import known_model_rows as rows
from aisbom.examine.known_model_rows import NAME
from aisbom.model import Gap, Location, Observation, Row, redact
from aisbom.model.facts import References
from aisbom.source.tree import File, Tree, Unreadable
from aisbom.weights import identity, recognise, references
from aisbom.weights.identity import Keys
from aisbom.weights.read.reader import open_source
from aisbom.weights.read.shards import shard_stem
from aisbom.weights.read.source import IN_MEMORY, CountingSource, Forward, Memory
from aisbom.weights.read.stored import StoredCheckpoint
from aisbom.weights.recognise import Alike
from aisbom.weights.references import Reference

BUDGET = 256 * 1024 * 1024
"""Bytes of values read of one file by default; `--hash full` reads all that could be equal to
something known.
"""

MAX_OPEN = 64
"""Files that stay open between the look at their headers and that at their values."""

MAX_GROUPS = 300
"""Checkpoints of one tree that are held against each other; the rest are held against the
references alone.
"""

_FORM = 1
_FAULTS = (
    ValueError,
    OSError,
    struct.error,
    Unreadable,
    ArithmeticError,
    LookupError,
    TypeError,
    MemoryError,
    RecursionError,
)


@dataclass(slots=True)
class _Part:
    """One file: its census, the keys of what was read, and the references whose units lie in the
    same places.
    """

    file: File
    at: Location
    census: Counter[int] = field(default_factory=Counter)
    size: int = 0
    read: int = 0
    cut: int = 0
    keys: list[Keys] = field(default_factory=list)
    alike: list[Alike] = field(default_factory=list)
    why: str = ""
    opened: tuple[StoredCheckpoint, CountingSource] | None = None

    def open(self) -> tuple[StoredCheckpoint, CountingSource]:
        """What the file holds, and what its values are read through."""
        if self.opened is None:
            self.opened = _open_weights(self.file)
        return self.opened

    def close(self) -> None:
        """Let go of the file."""
        if self.opened is not None:
            self.opened[0].close()
            self.opened = None


@dataclass(slots=True)
class _Group:
    """The shards of one checkpoint."""

    path: str
    parts: list[_Part]
    census: Counter[int] = field(default_factory=Counter)
    wanted: set[int] = field(default_factory=set)
    references: list[Reference] = field(default_factory=list)
    keys: list[Keys] = field(default_factory=list)


def recognise_models(  # noqa: PLR0913
    trees: Sequence[Tree],
    sightings: Iterable[Row],
    mode: str,
    jobs: int,
    cached: bool = False,
    *,
    progress: Callable[[str, int, int], None] | None = None,
) -> Iterator[Row]:
    """For every weight file that was read: how much of it was looked at (`values`), and what it
    shares with what (`match`).

    `mode` is that of `digests.compute_digests`: nothing for `none`, all for `full`, BUDGET a file
    otherwise.
    """
    if mode == "none":
        return
    parts = _parts(trees, sightings)
    if not parts:
        return
    known, notes = references.load()
    for note in notes:
        yield redact.row(Gap(NAME, Location(""), note))
    kept = DigestCache() if cached else None
    run = _Run(None if mode == "full" else BUDGET, known, references.common(known), kept, jobs)
    try:
        run.each(lambda part: _census(part, len(parts) <= MAX_OPEN), parts, None)
        groups = _group_shards([part for part in parts if not part.why])
        _route(groups, known)
        holders = [(part, group) for group in groups for part in group.parts]
        run.each(lambda part, group: _values(run, part, group), holders, progress)
    finally:
        for part in parts:
            part.close()
        if kept is not None:
            kept.close()
    for part in parts:
        if part.why:
            yield redact.row(Gap(NAME, part.at, part.why))
    for row in _report_groups([g for g in groups if any(not p.why for p in g.parts)], run):
        yield redact.row(row)


class _Run:
    """What all files are held against, and how much of each may be read (`budget` None: all)."""

    def __init__(
        self,
        budget: int | None,
        known: list[Reference],
        public: frozenset[str],
        kept: DigestCache | None,
        jobs: int,
    ) -> None:
        self.budget, self.known, self.public, self.kept, self.jobs = (
            budget,
            known,
            public,
            kept,
            jobs,
        )

    @property
    def digest(self) -> str:
        """Over all references: what a kept answer rests on."""
        return hashlib.sha256("|".join(r.digest for r in self.known).encode()).hexdigest()

    def each(
        self,
        work: Callable[..., None],
        items: Sequence[Any],
        progress: Callable[[str, int, int], None] | None,
    ) -> None:
        """Side by side for files on disk, one after the other inside archives, which have one
        position to read from.
        """
        arguments = [item if isinstance(item, tuple) else (item,) for item in items]
        free = [a for a in arguments if a[0].file.local is not None]
        packed = [a for a in arguments if a[0].file.local is None]
        done = 0
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(max(1, self.jobs)) as pool:
            for task in [pool.submit(work, *a) for a in free]:
                task.result()
                done += 1
                if progress:
                    progress("comparing weights", done, len(arguments))
        for a in packed:
            work(*a)
            done += 1
            if progress:
                progress("comparing weights", done, len(arguments))


def _parts(trees: Sequence[Tree], sightings: Iterable[Row]) -> list[_Part]:
    found = {}
    for row in sightings:
        if (
            isinstance(row, Observation)
            and row.kind == "weights"
            and row.fact("examined") == "header"
            and row.fact("tensors")
        ):
            at = row.evidence.at
            file = next((f for tree in trees if (f := tree.get(at.path)) is not None), None)
            if file is not None:
                found[at.path] = _Part(file, Location(at.path))
    return [found[path] for path in sorted(found)]


def _group_shards(parts: Sequence[_Part]) -> list[_Group]:
    groups: dict[str, _Group] = {}
    for part in parts:
        folder, _, name = part.at.path.rpartition("/")
        path = f"{folder}/{shard_stem(name)}" if folder else shard_stem(name)
        groups.setdefault(path, _Group(path, [])).parts.append(part)
    for group in groups.values():
        for part in group.parts:
            group.census.update(part.census)
    return list(groups.values())


def _route(groups: Sequence[_Group], known: Sequence[Reference]) -> None:
    """What of each checkpoint has to be read, and for which references."""
    table = [(reference, recognise.counts_of(reference)) for reference in known]
    for group in groups:
        for reference, census in table:
            if recognise.could_share(group.census, census):
                group.references.append(reference)
                group.wanted |= group.census.keys() & census.keys()
    chosen = groups[:MAX_GROUPS]
    for number, a in enumerate(chosen):
        for b in chosen[number + 1 :]:
            if recognise.could_share(a.census, b.census):
                both = a.census.keys() & b.census.keys()
                a.wanted |= both
                b.wanted |= both


def _open_weights(file: File) -> tuple[StoredCheckpoint, CountingSource]:
    source = CountingSource(source_of(file))
    if isinstance(source.inner, Forward):
        # Front to back is enough for a header; values are read here and there.
        if file.size > IN_MEMORY:
            raise ValueError(
                f"inside an archive and larger than {IN_MEMORY:,} bytes: its values are not read"
            )
        source.close()
        source = CountingSource(Memory(file.read(IN_MEMORY)))
    return open_source(source, file.name, lambda name: beside(SiblingFiles(file), name)), source


def _census(part: _Part, hold: bool) -> None:
    try:
        opened, _ = part.open()
        part.census = recognise.counts(opened.tensors)
        part.size = sum(t.nbytes for t in opened.tensors)
    except _FAULTS as error:
        part.why = _reason(error)
    if not hold:
        part.close()


def _values(run: _Run, part: _Part, group: _Group) -> None:
    name = hashlib.sha256(
        json.dumps(
            [
                _FORM,
                identity.FORM,
                sorted(group.wanted),
                run.budget,
                run.digest,
                [r.digest for r in group.references],
            ]
        ).encode()
    ).hexdigest()
    local = part.file.local
    file, stamp = (str(local.resolve()), part.file.entry.stamp) if local is not None else ("", "")
    if run.kept is not None and file:
        value, _, _ = run.kept.get(file, stamp, name)
        if value and _load_cached(part, value):
            return
    try:
        _read(run, part, group)
    except _FAULTS as error:
        part.keys, part.alike, part.why = [], [], _reason(error)
        return
    if run.kept is not None and file:
        held = [
            part.read,
            part.cut,
            [astuple(k) for k in part.keys],
            [asdict(a) for a in part.alike],
        ]
        run.kept.put(file, stamp, name, (json.dumps(held), 0, b""))


def _read(run: _Run, part: _Part, group: _Group) -> None:
    opened, source = part.open()
    try:
        asked = [t for t in opened.tensors if t.numel in group.wanted and recognise.candidate(t)]
        chosen, part.cut = identity.within(asked, run.budget)
        before = source.total
        part.keys, notes = identity.of(opened, chosen, 1, transposed=False)
        if notes and not part.keys:
            raise ValueError(notes[0])
        # What is equal by value needs no test of units.
        named = {
            r.digest
            for r in group.references
            if recognise.equal(r.side.keys, part.keys, part.census, run.public) is not None
        }
        part.alike = recognise.alike(
            opened,
            part.keys,
            [r for r in run.known if r.digest not in named],
            run.known,
            run.public,
        )
        part.read = min(source.total - before, part.size)
    finally:
        part.close()


def _load_cached(part: _Part, text: str) -> bool:
    try:
        read, cut, keys, alike = json.loads(text)
        part.keys = [Keys(name, dtype, tuple(shape), *rest) for name, dtype, shape, *rest in keys]
        part.alike = [Alike(**row) for row in alike]
        part.read, part.cut = int(read), int(cut)
    except (ValueError, TypeError, IndexError):
        return False
    return True


def _report_groups(groups: Sequence[_Group], run: _Run) -> Iterator[Row]:
    for group in groups:
        group.keys = [key for part in group.parts for key in part.keys]
        for part in group.parts:
            if not part.why:
                count = (part.read, part.size, part.cut)
                known = References(len(run.known), run.digest)
                yield rows.describe_examination(part.at, count, run.budget, known)
        yield from _likenesses(group, run)
    yield from _copies(groups[:MAX_GROUPS], run)


def _likenesses(group: _Group, run: _Run) -> Iterator[Row]:
    """The references that a checkpoint equals, in whole or in part; of the others, those with units
    in the same places.
    """
    told = set()
    for reference in run.known:
        if reference not in group.references:
            continue
        found = recognise.equal(reference.side.keys, group.keys, group.census, run.public)
        if found is not None:
            told.add(reference.digest)
            others = len(run.known) - 1
            controls = (
                f"{_count_unrelated(group, run, reference)} of {others} other references equal"
            )
            yield rows.describe_match(group.parts[0].at, reference, found, controls)
    by_digest = {reference.digest: reference for reference in run.known}
    for part in group.parts:
        for row in part.alike:
            if row.reference not in told:
                told.add(row.reference)
                yield rows.similar(part.at, by_digest[row.reference], row)


def _copies(groups: Sequence[_Group], run: _Run) -> Iterator[Row]:
    """Checkpoints of the tree that hold the values of another one."""
    for a, b in combinations(groups, 2):
        if a.keys and b.keys and recognise.could_share(a.census, b.census):
            for mine, other in ((a, b), (b, a)):
                found = recognise.equal(other.keys, mine.keys, mine.census, run.public)
                if found is not None:
                    yield rows.same(mine.parts[0].at, other.parts[0].at.path, found, other.path)


def _count_unrelated(group: _Group, run: _Run, reference: Reference) -> int:
    return sum(
        recognise.equal(r.side.keys, group.keys, group.census, run.public) is not None
        for r in group.references
        if r.digest != reference.digest
    )


def _reason(error: BaseException) -> str:
    message = " ".join(str(error).split())[:200]
    return f"its values cannot be compared: {message or type(error).__name__}"
