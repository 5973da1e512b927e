"""Which folders of a tree are copies of a release that the index knows, and what was changed in
them.

Every file whose content the index knows votes for the pair of folders (here, upstream) that its
path suggests. A pair with enough votes is narrowed to the folder that really agrees, and the
release that agrees in most files is named. Small files, and files that many projects have, do not
vote.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aisbom.codeprint import copy_folders, days, known
from aisbom.codeprint.contents import LARGE, Blobs, blobs
from aisbom.codeprint.copies import Copy, VendoredRelease, join_folder
from aisbom.codeprint.days import Since
from aisbom.codeprint.index import Index
from aisbom.codeprint.scanned import ScannedPaths, below, inside
from aisbom.lazy_module import Function

_IS_HANDED_ON = Function("aisbom.codeprint.handed_on", "is_known")

MIN_VOTES = 3.0
"""A folder is a copy if files worth this many agree; a file that n projects have is worth 1/n."""

MAX_PROJECTS = 3
"""A content that more projects have says nothing about which of them it came from."""

MAX_PLACES = 12
"""A content at more upstream paths than this says nothing about folders."""

MAX_PAIRS, MAX_SINGLES = 200, 500

__all__ = ["VendoredRelease", "trees"]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two folders that may correspond: `root` of the tree, `upstream` of project number
    `project`.
    """

    project: int
    root: str
    upstream: str


def trees(
    scanned: Mapping[str, bytes],
    index: Index,
    plain: Mapping[str, bytes] | None = None,
    own: Collection[str] = (),
    came: Mapping[str, str] | None = None,
) -> list[VendoredRelease]:
    """The copies in a tree, by project and root: `scanned` gives each path its 20-byte git blob
    SHA-1.

    `plain` gives, for files with CRLF line ends, the identity they have with LF
    (`identity.with_plain_lines`). `own` are purls of projects that the tree is itself: what one of
    them had first is no copy, whoever else has it. `came` gives the day by which a content was
    here: who had it later cannot be where it is from. A file belongs to one copy at the most.
    Raises ValueError for an index whose arrays are broken.
    """
    tree = ScannedPaths(scanned, plain or {})
    books = [blobs(index.projects[number]) for number in known.projects_of(index, tree.every_key)]
    hits = [_hits(tree, book) for book in books]
    since = [_since(book, found) for book, found in zip(books, hits, strict=True)]
    earliest = _earliest(since)
    hits = _of_others(own, books, hits, since, earliest)
    hits = [
        {
            path: rows
            for path, rows in found.items()
            if not _later(tree.paths[path], days[path], came)
        }
        for found, days in zip(hits, since, strict=True)
    ]
    owners = Counter(path for found in hits for path in found)
    votes: dict[_Pair, dict[int, float]] = defaultdict(dict)
    for number, (book, found) in enumerate(zip(books, hits, strict=True)):
        for path, rows in found.items():
            # Who has a content later than another project has it from there, or from a third.
            if owners[path] <= MAX_PROJECTS and since[number][path].least <= earliest[path]:
                for root, upstream in _pairs(tree.paths[path], book, rows):
                    votes[_Pair(number, root, upstream)][path] = 1 / owners[path]
    copies, taken, passed_on = _copies(tree, books, votes, hits)
    described = [copy.describe(tree, books[number], taken) for number, copy in copies]
    roots = [
        [copy.folders[0][0] for owner, copy in copies if owner == number]
        for number in range(len(books))
    ]
    alone = [
        {
            path: rows
            for path, rows in found.items()
            if not _maybe_later(tree.paths[path], days[path], came)
        }
        for found, days in zip(hits, since, strict=True)
    ]
    described += _singles(tree, books, alone, owners, taken=taken, passed_on=passed_on, roots=roots)
    projects = {book.project.purl: book.project for book in books}
    described = [
        days.not_before_the_first(
            days.not_younger(found, projects[found.project], came), projects[found.project]
        )
        for found in described
    ]
    return sorted(described, key=lambda row: (row.project, row.root, row.upstream, row.identical))


def _since(book: Blobs, found: Mapping[int, list[int]]) -> dict[int, Since]:
    """Since when a project has the content of each scanned path."""
    return {
        path: days.of_release(book.project, min(int(book.first[row]) for row in rows))
        for path, rows in found.items()
    }


def _earliest(since: Iterable[Mapping[int, Since]]) -> dict[int, str]:
    """The day by which some project had the content of each path; a project without dates is not
    compared.
    """
    found: dict[int, str] = {}
    for had in since:
        for path, day in had.items():
            found[path] = min(day.most or "9", found.get(path, "9"))
    return found


def _later(path: str, since: Since, came: Mapping[str, str] | None) -> bool:
    """Whether a project had a content only when it was here already."""
    here = came.get(path, "") if came else ""
    return bool(here) and since.least > here


def _maybe_later(path: str, since: Since, came: Mapping[str, str] | None) -> bool:
    """Whether nothing shows that a project had a content before it was here: enough to doubt that a
    single file is from there, which both may have from a third.
    """
    here = came.get(path, "") if came else ""
    return bool(here and since.most) and since.most > here


def _of_others(
    own: Collection[str],
    books: Sequence[Blobs],
    hits: Sequence[dict[int, list[int]]],
    since: Sequence[Mapping[int, Since]],
    earliest: Mapping[int, str],
) -> list[dict[int, list[int]]]:
    """The hits without those of the scanned projects themselves, and without the contents that one
    of these had first: whoever else has them took them from there.
    """
    mine = [number for number, book in enumerate(books) if book.project.purl in own]
    first = {
        path
        for number in mine
        for path, day in since[number].items()
        if day.least <= earliest[path]
    }
    return [
        {} if number in mine else {path: rows for path, rows in found.items() if path not in first}
        for number, found in enumerate(hits)
    ]


def _hits(tree: ScannedPaths, book: Blobs) -> dict[int, list[int]]:
    """Number of a scanned path to the rows that have its content, without contents too small to
    tell anything by.
    """
    found: dict[int, list[int]] = {}
    begins, ends = book.ranges(tree.keys)
    for at in (begins < ends).nonzero()[0].tolist():
        found.setdefault(tree.of[at], []).extend(book.rows(begins[at], ends[at]))
    return found


def _pairs(path: str, book: Blobs, rows: Iterable[int]) -> set[tuple[str, str]]:
    """What is left of the scanned path and of each upstream path when their common end is taken
    off.
    """
    places = {int(book.path[row]) for row in rows}
    if len(places) > MAX_PLACES:
        return set()
    found = set()
    here = path.split("/")
    for place in places:
        there = book.project.paths[place].split("/")
        same = 0
        while same < min(len(here), len(there)) and here[-1 - same] == there[-1 - same]:
            same += 1
        if same:
            found.add(("/".join(here[: len(here) - same]), "/".join(there[: len(there) - same])))
    return found


def _copies(
    tree: ScannedPaths,
    books: list[Blobs],
    votes: dict[_Pair, dict[int, float]],
    hits: Sequence[Mapping[int, list[int]]],
) -> tuple[list[tuple[int, Copy]], dict[int, tuple[int, Copy]], set[tuple[int, int]]]:
    """Copies in order of their votes, to which of them each scanned file belongs, and the files
    (project, path) of which no project is asked that vendored the same copy itself: what it has in
    their place may be a state between two releases.
    """
    copies: list[tuple[int, Copy]] = []
    taken: dict[int, tuple[int, Copy]] = {}
    passed_on: set[tuple[int, int]] = set()

    def rank(pair: _Pair, worth: float) -> tuple[float, float, str, str, str]:
        # Of projects that agree in as many files, the one of which more is here.
        project = books[pair.project].project
        return -worth, len(project.paths), project.purl, pair.root, pair.upstream

    heap = [
        (rank(pair, sum(files.values())), pair.project, pair.root, pair.upstream)
        for pair, files in votes.items()
    ]
    heap = [row for row in heap if -row[0][0] >= MIN_VOTES]
    heapq.heapify(heap)
    looked_at = 0
    while heap and looked_at < MAX_PAIRS:
        was, number, root, upstream = heapq.heappop(heap)
        pair = _Pair(number, root, upstream)
        left = {
            path: worth
            for path, worth in votes[pair].items()
            if path not in taken and (number, path) not in passed_on
        }
        now = rank(pair, sum(left.values()))
        if -now[0] < MIN_VOTES:
            continue
        if now != was and heap and now > heap[0][0]:
            heapq.heappush(heap, (now, number, root, upstream))
            continue
        looked_at += 1
        book = books[number]
        settled = {
            path: place
            for owner, copy in copies
            if owner == number
            for path, place in copy.upstream_of.items()
            if path in taken
        }
        for here, there, files in copy_folders.folders(
            tree, book, root, upstream, left, settled=settled
        ):
            if sum(left[path] for path in files) < MIN_VOTES:
                continue
            copy = Copy([(here, there)])
            mine = [other for owner, other in copies if owner == number]
            whole = join_folder(mine, copy, tree, book)
            if whole is None:
                copies.append((number, copy))
                whole = copy
            for path in whole.settle(tree, book):
                taken.setdefault(path, (number, whole))
            passed_on |= {
                (other, path)
                for other, found in enumerate(hits)
                if other != number
                and len(found.keys() & whole.identical) >= copy_folders.MOST * len(whole.identical)
                for path in whole.upstream_of
            }
    return copies, taken, passed_on


def _singles(  # noqa: PLR0913
    tree: ScannedPaths,
    books: list[Blobs],
    hits: list[dict[int, list[int]]],
    owners: Counter[int],
    *,
    taken: dict[int, tuple[int, Copy]],
    passed_on: set[tuple[int, int]],
    roots: list[list[str]],
) -> list[VendoredRelease]:
    """Files that are recognised alone: large enough, of one project only, in no copy.

    What lies in a copy of the same project (`roots` of each) is another release's state of one of
    its files: a modified one there.
    """
    found: list[VendoredRelease] = []
    for number, (book, hit, folders) in enumerate(zip(books, hits, roots, strict=True)):
        for path, every in sorted(hit.items()):
            rows = [
                row
                for row in every
                if book.size[row] == LARGE and not _IS_HANDED_ON(int(book.blob[row]))
            ]
            if path in taken or owners[path] > 1 or not rows or len(found) >= MAX_SINGLES:
                continue
            if (number, path) in passed_on or any(
                inside(tree.paths[path], root) for root in folders
            ):
                continue
            spread = book.spread(rows)
            versions = spread.nonzero()[0].tolist()
            version = copy_folders.latest(book, versions)
            here = tree.paths[path]
            # Of several upstream places the one whose path is most like this one.
            place = max(
                (int(book.path[r]) for r in rows),
                key=lambda p: (_alike(here, book.project.paths[p]), -p),
            )
            release = book.project.releases[version]
            also = tuple(
                book.project.releases[other].version for other in versions if other != version
            )
            found.append(
                VendoredRelease(
                    book.project.purl,
                    release.version,
                    release.tag,
                    release.commit,
                    release.date,
                    below(here),
                    below(book.project.paths[place]),
                    (here,),
                    (),
                    (),
                    (),
                    also,
                    single=True,
                )
            )
    return found


def _alike(here: str, there: str) -> int:
    same = 0
    for a, b in zip(reversed(here.split("/")), reversed(there.split("/")), strict=False):
        if a != b:
            break
        same += 1
    return same
