"""Which files of the shipped index one project has from another of it:
`python tools/code_handed_on.py > aisbom/codeprint/handed_on.csv`.

That is a content of which nine tenths of the fingerprints are in a file of a project that
certainly had them before the first did. A row has the project and the path, the projects it is
from, and the keys of all contents that the path has had.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from aisbom.codeprint import days
from aisbom.codeprint import index as indexes
from aisbom.codeprint.candidates import corpus
from aisbom.codeprint.project import Project

MOST = 0.9
LEAST = 20
"""Fingerprints that a file has to have: a shorter one is like many."""

COMMON = 60
"""What more paths hold is not counted."""


def main() -> None:
    """Write the table to standard output."""
    index = indexes.load()[0]
    known = corpus(index)
    numbers = [known.place(place) for place in range(known.count)]
    total = np.bincount(known.runs.path, minlength=known.count)
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for (mine, other), shared in _shared(known.runs.hashes, known.runs.path, numbers).items():
        if total[mine] < LEAST or shared < MOST * total[mine]:
            continue
        (number, path), (their, their_path) = numbers[mine], numbers[other]
        project, source = index.projects[number], index.projects[their]
        since = days.of_path(project, project.paths[path]).least
        release = known.release(other)
        had = source.releases[release].date if release >= 0 else ""
        if (had or days.of_path(source, source.paths[their_path]).most or "9") < since:
            found[number, path].add(source.purl)
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(("project", "path", "sources", "contents"))
    for (number, path), sources in sorted(found.items()):
        project = index.projects[number]
        keys = " ".join(f"{key:016x}" for key in _contents(project, path))
        rows.writerow((project.purl, project.paths[path], " ".join(sorted(sources)), keys))


def _shared(
    hashes: np.ndarray, paths: np.ndarray, numbers: list[tuple[int, int]]
) -> Counter[tuple[int, int]]:
    """How many fingerprints two files of different projects share."""
    counts: Counter[tuple[int, int]] = Counter()
    order = np.argsort(hashes, kind="stable")
    borders = np.flatnonzero(np.diff(hashes[order])) + 1
    for group in np.split(paths[order], borders):
        if 1 < len(group) <= COMMON:
            held = group.tolist()
            counts.update((a, b) for a in held for b in held if numbers[a][0] != numbers[b][0])
    return counts


def _contents(project: Project, path: int) -> Iterator[int]:
    """The keys of the contents that a path has had."""
    yield from sorted(set(project.array("blob")[project.array("blob_path") == path].tolist()))


if __name__ == "__main__":
    main()
