"""From two folders that may correspond to the folder that is really a copy, and the release that
agrees best with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from aisbom.codeprint.contents import Blobs

if TYPE_CHECKING:
    from aisbom.codeprint.scanned import ScannedPaths

FEW = 2
FEW_SHARE = 0.02
MOST = 0.5


def folders(  # noqa: PLR0913
    tree: ScannedPaths,
    book: Blobs,
    root: str,
    upstream: str,
    files: Mapping[int, float],
    *,
    settled: Mapping[int, int],
) -> list[tuple[str, str, list[int]]]:
    """(folder here, folder upstream, files that voted in it) for each folder below `root` that is a
    copy; none is inside another.

    A folder is one if half of what lies in it is upstream's, or half of upstream's folder is in it.
    Where nearly all votes come from one folder in it, and the rest is the tree's own, it is that
    folder alone: whoever vendors a folder is no fork as a whole. `settled` are scanned to upstream
    paths (numbers) that a copy of the same project has already, under other names: neither side
    counts them.
    """
    start, above = _prefix(root), _prefix(upstream)
    matched = {tree.paths[path][len(start) :]: path for path in files}
    release = _release(tree, book, start, above, matched.values())
    state = book.around(release).keys() - set(settled.values())
    there = {
        book.project.paths[p][len(above) :]
        for p in state
        if book.project.paths[p].startswith(above)
    }
    here = [
        tree.paths[n][len(start) :]
        for n in tree.below(root, book.project.kinds)
        if n not in settled
    ]
    votes, own, theirs, common = (
        _tally(names) for names in (matched, here, there, (name for name in here if name in there))
    )
    children: dict[str, set[str]] = defaultdict(set)
    for name in matched:
        parts = name.split("/")[:-1]
        for depth in range(len(parts)):
            children["/".join(parts[:depth])].add("/".join(parts[: depth + 1]))
    found: list[tuple[str, str, list[int]]] = []
    stack = [""]
    while stack:
        node = stack.pop()
        kids = sorted(children[node])
        inside = sum(votes[kid] for kid in kids)
        most = max(kids, key=lambda kid: (votes[kid], kid), default="")
        if kids and inside == votes[node] and len(kids) == 1:
            stack.append(most)
            continue
        if kids:
            rest = votes[node] - votes[most]
            own_rest, their_rest = own[node] - own[most], theirs[node] - theirs[most]
            if (
                rest <= max(FEW, FEW_SHARE * votes[node])
                and rest < MOST * own_rest
                and rest < MOST * their_rest
            ):
                stack.append(most)
                continue
        shared = common[node]
        if shared >= MOST * own[node] or shared >= MOST * theirs[node] or not kids:
            names = [
                path for name, path in matched.items() if not node or name.startswith(node + "/")
            ]
            found.append((_join_path(root, node), _join_path(upstream, node), sorted(names)))
        else:
            stack.extend(kids)
    return found


def _release(
    tree: ScannedPaths, book: Blobs, start: str, above: str, files: Collection[int]
) -> int:
    rows = []
    for path in files:
        number = book.project.number.get(above + tree.paths[path][len(start) :])
        if number is not None:
            rows += [
                row for row in book.rows_of(number) if int(book.blob[row]) in tree.keys_of(path)
            ]
    return book.best(rows)[0]


def latest(book: Blobs, versions: Sequence[int]) -> int:
    """Of releases that agree equally well: the last one that was published and is final, else
    published, else final, else the last.

    Content that did not change cannot say when it was taken; the newest release of a run holds what
    all of them hold, and a copy of a line of releases is mostly taken from its end. The others are
    always named beside it.
    """
    releases = book.project.releases
    return max(
        versions,
        key=lambda number: (
            releases[number].is_published,
            _final(releases[number].version),
            number,
        ),
    )


def _final(version: str) -> bool:
    try:
        return not Version(version).is_prerelease
    except InvalidVersion:
        return True


def _tally(names: Iterable[str]) -> Counter[str]:
    """How many of these paths lie in each folder, at any depth."""
    counts: Counter[str] = Counter()
    for name in names:
        folder = name.rpartition("/")[0]
        counts[folder] += 1
        while folder:
            folder = folder.rpartition("/")[0]
            counts[folder] += 1
    return counts


def _prefix(folder: str) -> str:
    return f"{folder}/" if folder else ""


def _join_path(folder: str, rest: str) -> str:
    return f"{folder}/{rest}" if folder and rest else folder or rest
