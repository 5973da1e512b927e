"""Which files of the shipped index one project has from another of it:
`python tools/code_handed_on.py CLONES > aisbom/codeprint/handed_on.csv`.

That is a content of which nine tenths of the fingerprints are in a file of a project that had them
on a day when the first had nothing of that name which is half like it. A row has the project and
the path, the projects it is from, and the keys of all contents that the path has had.

CLONES is a folder with clones, `owner+name/repo`, as tools/code_index.py takes it: their histories
tell the day of each content. Of a project without a clone there, the days of its releases bound it.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from aisbom.codeprint import days
from aisbom.codeprint import index as indexes
from aisbom.codeprint.candidates import corpus
from aisbom.codeprint.corpus import Corpus
from aisbom.codeprint.fingerprints import of_file
from aisbom.codeprint.project import Project

MOST = 0.9
HALF = 0.5
LEAST = 20
"""Fingerprints that a file has to have: a shorter one is like many."""

COMMON = 60
"""What more paths hold is not counted."""


class Blob(NamedTuple):
    """A content of a history: its digest, the day it came first (UTC), and the name of its file."""

    digest: str
    day: str
    name: str


def main() -> None:
    """Write the table to standard output."""
    index = indexes.load()[0]
    known = corpus(index)
    clones = _clones(Path(sys.argv[1]))
    numbers = [known.place(place) for place in range(known.count)]
    total = np.bincount(known.runs.path, minlength=known.count)
    order = np.argsort(known.runs.path, kind="stable")
    starts = np.searchsorted(known.runs.path[order], np.arange(known.count + 1))
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for (mine, other), shared in _shared(known.runs.hashes, known.runs.path, numbers).items():
        if total[mine] < LEAST or shared < MOST * total[mine]:
            continue
        (number, path), (their, _) = numbers[mine], numbers[other]
        project, source = index.projects[number], index.projects[their]
        had = _day(known, other, source, numbers[other][1], clones.get(source.repository))
        if not had or source.purl in found[number, path]:
            continue
        clone = clones.get(project.repository)
        name = project.paths[path].rpartition("/")[2]
        if clone is None:
            later = had < days.of_path(project, project.paths[path]).least
        else:
            runs = set(known.runs.hashes[order[starts[mine] : starts[mine + 1]]].tolist())
            later = not any(
                _is_like(clone, blob, runs)
                for blob in _history(clone).values()
                if blob.name == name and blob.day <= had
            )
        if later:
            found[number, path].add(source.purl)
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(("project", "path", "sources", "contents"))
    for (number, path), sources in sorted(found.items()):
        if sources:
            project = index.projects[number]
            keys = " ".join(f"{key:016x}" for key in _contents(project, path))
            rows.writerow((project.purl, project.paths[path], " ".join(sorted(sources)), keys))


def _clones(folder: Path) -> Mapping[str, Path]:
    """The clone of each repository that has one."""
    listed = tomllib.loads(Path(__file__).with_name("code_index.toml").read_text("utf-8"))
    found = {}
    for row in listed["project"]:
        for source in row["sources"][:1]:
            clone = folder / source["clone"].replace("/", "+") / "repo"
            if clone.is_dir():
                found[row["repository"]] = clone
    return found


@cache
def _history(clone: Path) -> Mapping[int, Blob]:
    """Each content of the main line's history by its key, with its first day."""
    command = ["log", "HEAD", "--raw", "--no-abbrev", "--no-renames", "--format=@%ct"]
    found: dict[int, Blob] = {}
    day = ""
    for line in _git(clone, *command).decode("utf-8", "replace").splitlines():
        if line.startswith("@"):
            day = datetime.fromtimestamp(int(line[1:]), UTC).strftime("%Y-%m-%d")
        elif line.startswith(":"):
            head, _, path = line.partition("\t")
            digest = head.split()[3]
            key = int(digest[:16], 16)
            if key and (key not in found or day < found[key].day):
                found[key] = Blob(digest, day, path.rpartition("/")[2])
    return found


def _git(clone: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(clone), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout


@cache
def _prints(clone: Path, blob: Blob) -> frozenset[int]:
    """The fingerprints of a content; none of one that is not there."""
    try:
        prints = of_file(blob.name, _git(clone, "cat-file", "blob", blob.digest))
    except subprocess.CalledProcessError:
        return frozenset()
    return frozenset(prints.runs.tolist()) if prints else frozenset()


def _is_like(clone: Path, blob: Blob, runs: set[int]) -> bool:
    return len(runs & _prints(clone, blob)) >= HALF * len(runs)


def _day(known: Corpus, place: int, project: Project, path: int, clone: Path | None) -> str:
    """The day by which a project had the content of this number; `""` if not known."""
    release = known.release(place)
    rows = project.arrays("blob")
    here = (rows["blob_path"] == path) & (rows["blob_first"] <= release)
    keys = rows["blob"][here & (rows["blob_last"] >= release)].tolist()
    if clone and keys and keys[0] in _history(clone):
        return _history(clone)[keys[0]].day
    had = project.releases[release].date if release >= 0 else ""
    return had or days.of_path(project, project.paths[path]).most


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
