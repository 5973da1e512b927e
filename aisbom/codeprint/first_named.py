"""Since when the head of each file of a project names whom it names now: a head that was put on a
file one day says nothing of who copied it before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aisbom.codeprint import container, credit
from aisbom.codeprint.container import Container
from aisbom.codeprint.git_releases import Change
from aisbom.codeprint.known import key_of
from aisbom.codeprint.project import ALWAYS, Project
from aisbom.identify import holders
from aisbom.identify.holders import Holder
from aisbom.knowledge import load

if TYPE_CHECKING:
    import numpy as np

Content = tuple[int, bytes]

Head = tuple[str, ...]
"""The holders whom the head of a content names, as they are written."""


class Run(NamedTuple):
    """The number of the first of the releases in a row that have a content, and its key; or of the
    first release after a content that no release has.
    """

    first: int
    key: int


class Since(NamedTuple):
    """What `notices.json` says of earlier contents: `rows` of the number of a path, the place of a
    holder in its notice, and the first release from which on every content names that holder, where
    an earlier one does not; and the paths of which that could not be found out.

    An earlier content may have been there between two releases, or before the first.
    """

    rows: list[tuple[int, int, int]]
    unread: list[int]

    def as_members(self) -> dict[str, object]:
        """The members of `notices.json`."""
        return {"since": self.rows} | ({"unread": self.unread} if self.unread else {})


def head(data: bytes) -> Head:
    """The holders whom the head of a file names."""
    return tuple(holder.name for holder in credit.holders(data))


def find_since(
    named: Mapping[int, Sequence[str]],
    runs: Mapping[int, Sequence[Run]],
    heads: Mapping[int, Head],
) -> Since:
    """`named` are the holders in the notice of each path (a number), `runs` its contents in order,
    and `heads` those of the contents that could be read, by key.
    """
    found = Since([], [])
    for number, theirs in sorted(named.items()):
        since = [_of_holder(holder, runs.get(number, ()), heads) for holder in theirs]
        if None in since:
            found.unread.append(number)
        else:
            found.rows.extend(
                (number, place, one)
                for place, one in enumerate(since)
                if one is not None and one != ALWAYS
            )
    return found


def _of_holder(holder: str, contents: Sequence[Run], heads: Mapping[int, Head]) -> int | None:
    """The first release from which on every content names a holder: ALWAYS where all do, None where
    contents that were not read decide it.
    """
    if len(contents) < 2:
        return ALWAYS
    since, last = contents[-1]
    if last in heads and not _names(heads[last], holder):
        return None  # not read as the notice was
    seen = len(contents) - 1
    for place in range(seen - 1, -1, -1):
        first, key = contents[place]
        if key in heads:
            if not _names(heads[key], holder):
                return since
            since, seen = first, place
    return None if seen else ALWAYS


def _names(theirs: Head, holder: str) -> bool:
    """Whether a head names every organisation that this line names, however they are spelled."""
    told = [one for text in theirs for one in _holders(text)]
    return holder in theirs or all(
        any(_same(one, other) for other in told) for one in _holders(holder)
    )


def _same(one: Holder, other: Holder) -> bool:
    spelled = {holders.fold_name(each.written) for each in (one, other)}
    return len(spelled) == 1 or holders.same(one, other, load())


@lru_cache(maxsize=4096)
def _holders(text: str) -> tuple[Holder, ...]:
    return holders.holders(text, load())


def add_since(
    data: bytes, changes: Iterable[Change], read: Callable[[Sequence[int]], Iterator[Content]]
) -> tuple[bytes, Since]:
    """The index of `data` that says since when heads name their holders, and what it says of that.
    Nothing else in it changes.

    `changes` are those of the project's main line, where it can be had: they tell of contents that
    no release has. `read` gives those of the contents of some keys (`known.key_of`) that can be
    had. Raises ValueError with one line.
    """
    packed = Container(data)
    project = Project(packed)
    named = {
        number: notice.holders
        for number in range(len(project.paths))
        if (notice := project.notice(number)) and notice.holders
    }
    runs = list_runs(project.arrays("blob"))
    between = _list_between(project, changes)
    for number in named:
        known = {run.key for run in runs[number]}
        more = [run for run in between.get(number, ()) if run.key not in known]
        last = runs[number][-1].first
        runs[number] = sorted(
            [*(run for run in more if run.first <= last), *runs[number]], key=lambda run: run.first
        )
    wanted = {run.key for number in named for run in runs[number] if len(runs[number]) > 1}
    heads = {key: head(content) for key, content in read(sorted(wanted))}
    since = find_since(named, runs, heads)
    members = {name: packed.read(name) for name in ("about.json", "paths.txt")}
    told = {name: packed.json("notices.json")[name] for name in ("notices", "of")}
    members["notices.json"] = container.as_json(told | since.as_members())
    return container.write(members, packed.arrays()), since


def _list_between(project: Project, changes: Iterable[Change]) -> dict[int, list[Run]]:
    """For each path of the index (a number) the contents that the main line gave to it, or to what
    it was called before, each with the first release that is not older.
    """
    days = sorted((release.date, number) for number, release in enumerate(project.releases))
    given: dict[str, dict[bytes, str]] = {}
    for change in changes:
        held = given.setdefault(change.path, {})
        held |= given.get(change.old, {}) if change.old else {}
        if any(change.digest):
            held[change.digest] = change.day
    found: dict[int, list[Run]] = {}
    for path, contents in given.items():
        for digest, day in contents.items() if path in project.number else ():
            at = bisect_left(days, (day, -1))
            if at < len(days):
                run = Run(min(number for _, number in days[at:]), key_of(digest))
                found.setdefault(project.number[path], []).append(run)
    return found


def list_runs(rows: Mapping[str, np.ndarray]) -> dict[int, list[Run]]:
    """For each path (a number) its contents in order, from the arrays of an index."""
    columns = (rows[name].tolist() for name in ("blob_path", "blob_last", "blob_first", "blob"))
    found: dict[int, list[Run]] = {}
    for path, _, first, key in sorted(zip(*columns, strict=True)):
        found.setdefault(path, []).append(Run(first, key))
    return found
