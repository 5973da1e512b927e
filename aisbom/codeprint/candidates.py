"""The paths of the index that a file has something in common with: how much, which of them have
more in common with it than unrelated files have, and which are near it without that: more so under
another name, less under the same. Those are nothing by themselves, and enough where the file or its
tree names their project.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from aisbom.codeprint import compiled, corpus_arrays, days, null
from aisbom.codeprint.corpus import FEATURES, RARE, Corpus, Evidence
from aisbom.codeprint.fingerprints import Prints

if TYPE_CHECKING:
    from aisbom.codeprint.index import Index
    from aisbom.codeprint.project import Project

    Place = tuple[Project, str]

CERTAIN = 99.99
"""Percentile of the score among unrelated pairs from which a file is said to be of a family by the
score alone.
"""

LIKELY = 99.95
"""The same where several functions agree besides: INDEPENDENT rare ones alike, or COVERED held for
the most part.
"""

INDEPENDENT = 2
COVERED = 3

RENAMED = 3
"""So many rare functions alike in all but their names make a family without the score."""

LEVELS = (99.95, 99.9, 99.0, 95.0)
"""Percentile among unrelated pairs that is asked for where no, one, two or more parts of the two
paths agree, counted from their ends: many files are called `utils.py`, few lie at
`model/make_delta.py`.
"""

MOST_NEAR = 4

_LONG = 30
_KEPT: dict[str, Corpus] = {}


def corpus(index: Index) -> Corpus:
    """The fingerprints of an index, put together once."""
    if index.digest not in _KEPT:
        _KEPT.clear()
        _KEPT[index.digest] = Corpus(compiled.arrays(index, "prints", corpus_arrays.of_index))
    return _KEPT[index.digest]


class Candidates:
    """The paths of the index that a file has something in common with, and how much."""

    def __init__(self, index: Index, known: Corpus, found: Evidence) -> None:
        self.known, self._found = known, found
        self._score = null.score(found.features, FEATURES)
        self.places = [place_of(index, known, path) for path in found.paths.tolist()]
        self.row: dict[Place, int] = {}
        for row, place in enumerate(self.places):
            # Of several contents of a path the one that is most like the file speaks for it.
            if self._score[row] > self._score[self.row.setdefault(place, row)]:
                self.row[place] = row
        self.numbers = found.paths.tolist()

    def percentile(self, place: Place) -> float:
        """Of unrelated pairs, how many in a hundred have less in common."""
        row = self.row.get(place)
        return null.percentile("score", float(self._score[row])) if row is not None else 0.0

    def share(self, place: Place) -> float:
        """The share of the file's fingerprints that the place holds."""
        row = self.row.get(place)
        return float(self._found.features[row, 0]) if row is not None else 0.0

    def by(self, place: Place) -> str:
        """The day by which the project had what the place holds; `""` if not known."""
        row = self.row.get(place)
        release = self.known.release(self.numbers[row]) if row is not None else -1
        return day_of(place[0], release) or days.of_path(*place).most

    def rank(self, place: Place) -> int:
        """The place among those that have most in common."""
        return self.row.get(place, len(self.places))


def place_of(index: Index, known: Corpus, path: int) -> Place:
    """The project and path behind the number of a content."""
    project, number = known.place(path)
    return index.projects[project], index.projects[project].paths[number]


def day_of(project: Project, release: int) -> str:
    """The day of a release by its number; `""` if it has none."""
    return project.releases[release].date if 0 <= release < len(project.releases) else ""


def standing_out(prints: Prints, known: Corpus, found: Evidence) -> dict[int, float]:
    """Rows of the evidence that have more in common with the file than unrelated files have, with
    their percentile.
    """
    import numpy as np

    chosen = {}
    score = null.score(found.features, FEATURES)
    certain, likely = null.threshold("score", CERTAIN), null.threshold("score", LIKELY)
    rare = (found.same.paths <= RARE) & ~found.same.renamed
    long = np.array([f.tokens >= _LONG for f in prints.functions], bool)
    bare = (
        (found.same.paths <= RARE) & found.same.renamed & long[found.same.ours]
        if len(long)
        else rare[:0]
    )
    several = np.bincount(found.same.path[rare], minlength=known.count)
    renamed = np.bincount(found.same.path[bare], minlength=known.count)
    covered = np.expm1(found.features[:, FEATURES.index("covered")]).round()
    for row, path in enumerate(found.paths.tolist()):
        if score[row] >= certain or (
            score[row] >= likely and (several[path] >= INDEPENDENT or covered[row] >= COVERED)
        ):
            chosen[row] = null.percentile("score", float(score[row]))
        elif renamed[path] + several[path] >= RENAMED and renamed[path]:
            chosen[row] = null.percentile("renamed", float(renamed[path]))
    return chosen


def find_near(
    path: str, found: Evidence, paths: Sequence[str], besides: Collection[int]
) -> list[int]:
    """The rows of the evidence that are near the file at `path`, best first. `paths` are those of
    the rows, `besides` are the rows that stand out.
    """
    import numpy as np

    score = null.score(found.features, FEATURES)
    levels = [null.threshold("score", level) for level in LEVELS]
    chosen = []
    for row in np.flatnonzero(score >= levels[-1]).tolist():
        agree = min(count_agreeing_parts(path, paths[row]), len(levels) - 1)
        if row not in besides and score[row] >= levels[agree]:
            chosen.append(row)
    return sorted(chosen, key=lambda row: (-float(score[row]), row))[:MOST_NEAR]


def count_agreeing_parts(ours: str, theirs: str) -> int:
    """How many parts of two paths agree, counted from their ends. A name that repeats its folder's
    (`llama/modeling_llama.py`) says as much as both.
    """
    count = 0
    parts = theirs.split("/")
    for a, b in zip(reversed(ours.split("/")), reversed(parts), strict=False):
        if a != b:
            break
        count += 1
    name, folder = parts[-1].partition(".")[0], parts[-2] if len(parts) > 1 else ""
    repeats = len(folder) > 2 and f"_{folder}" in name
    return count + (count == 1 and repeats)
