"""Which content each path of a project had in which releases: the exact part of an index, as
lookups.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from aisbom.codeprint.project import Project

if TYPE_CHECKING:
    import numpy as np

PLAIN, ORDINARY, LARGE = 0, 1, 2
"""Size classes of a content: too little to tell anything by, enough to vote with others, enough to
be recognised alone.
"""

_ORDINARY_FROM, _LARGE_FROM = 200, 2000

_ARRAYS = ("blob", "blob_path", "blob_first", "blob_last", "blob_size")

_MAX_PARTS, _MAX_COVERAGE = 1000, 20_000_000
_ENOUGH = 0.25
"""A release that is known in part takes part in the choice where this share of what is recognised
lies in that part.
"""


def size_class(size: int) -> int:
    """The class of a content of `size` bytes."""
    return (size >= _ORDINARY_FROM) + (size >= _LARGE_FROM)


class Blobs:
    """The rows of one project. Row arrays are ordered by path, then first release. Raises
    ValueError for arrays that do not fit.

    Where a release is known in part, the rows of other paths go on through it as they were before
    it.
    """

    def __init__(self, project: Project) -> None:
        import numpy as np

        self.project = project
        arrays = project.arrays("blob")
        lacking = [name for name in _ARRAYS if name not in arrays]
        if lacking:
            raise ValueError(
                f"code index {project.file or project.name}: it lacks {', '.join(lacking)}"
            )
        self.blob = arrays["blob"].astype(np.uint64)
        self.path = arrays["blob_path"].astype(np.int64)
        self.first = arrays["blob_first"].astype(np.int64)
        self.last = arrays["blob_last"].astype(np.int64)
        self.size = arrays["blob_size"]
        rows = len(self.blob)
        if {len(self.path), len(self.first), len(self.last), len(self.size)} != {rows} or not rows:
            raise ValueError(
                f"code index {project.file or project.name}: its arrays differ in length, or are"
                " empty"
            )
        fits = (
            (self.path >= 0).all()
            and (self.path < len(project.paths)).all()
            and (np.diff(self.path) >= 0).all()
            and (self.first >= 0).all()
            and (self.first <= self.last).all()
            and (self.last < len(project.releases)).all()
        )
        if not fits:
            raise ValueError(
                f"code index {project.file or project.name}: its arrays name paths or releases that"
                " are not there"
            )
        telling = np.flatnonzero(self.size != PLAIN)
        self._order = telling[np.argsort(self.blob[telling], kind="stable")]
        self._sorted = self.blob[self._order]
        self._starts = np.searchsorted(self.path, np.arange(len(project.paths) + 1))
        # The first release of each part stands for it.
        parts = {release.within: release for release in reversed(project.releases)}
        if len(parts) > _MAX_PARTS or sum(map(len, parts)) * len(project.paths) > _MAX_COVERAGE:
            raise ValueError(
                f"code index {project.file or project.name}: its releases cover too many different"
                " parts"
            )
        numbers = {within: number for number, within in enumerate(parts)}
        self._parts = list(parts.values())
        self._part = np.array([numbers[release.within] for release in project.releases], np.int64)
        self._known = np.ones((len(parts), len(project.paths)), bool)
        for number, release in enumerate(self._parts):
            if release.within:
                self._known[number] = [release.knows(path) for path in project.paths]

    def ranges(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each key, where its rows begin and end in the order that `rows` reads; contents too
        small to tell anything by have none.
        """
        import numpy as np

        return np.searchsorted(self._sorted, keys, "left"), np.searchsorted(
            self._sorted, keys, "right"
        )

    def rows(self, begin: int, end: int) -> Sequence[int]:
        """The rows of a key by its range."""
        return self._order[begin:end].tolist()  # type: ignore[no-any-return]

    def rows_of(self, path: int) -> range:
        """The rows of a path."""
        return range(int(self._starts[path]), int(self._starts[path + 1]))

    def at(self, release: int) -> dict[int, int]:
        """Path number to row, for every path that this release is known to have."""
        rows = self._rows_at(release)
        return self._by_path(rows[self._known[self._part[release]][self.path[rows]]])

    def around(self, release: int) -> dict[int, int]:
        """The same, with what the last release before it had where nothing is known of this one."""
        return self._by_path(self._rows_at(release))

    def knows(self, release: int, path: int) -> bool:
        """Whether the index knows if this release has a path (a number)."""
        return bool(self._known[self._part[release], path])

    def rules_out(self, release: int, path: str) -> bool:
        """Whether a path that no release is known to have is new here: by this release, or by one
        before and one after it.
        """
        import numpy as np

        if self._parts[self._part[release]].knows(path):
            return True
        told = np.array([part.knows(path) for part in self._parts])[self._part]
        return bool(told[:release].any() and told[release:].any())

    def unknown(self, release: int) -> Sequence[int]:
        """The rows, of any release, of the paths of which nothing is known in this one."""
        import numpy as np

        return np.flatnonzero(~self._known[self._part[release]][self.path]).tolist()

    def _rows_at(self, release: int) -> np.ndarray:
        import numpy as np

        return np.flatnonzero((self.first <= release) & (release <= self.last))

    def _by_path(self, rows: np.ndarray) -> dict[int, int]:
        return dict(zip(self.path[rows].tolist(), rows.tolist(), strict=True))

    def counts(self, paths: Iterable[int]) -> np.ndarray:
        """How many of these paths each release is known to have."""
        import numpy as np

        wanted = np.zeros(len(self.project.paths), bool)
        wanted[list(paths)] = True
        rows = np.flatnonzero(wanted[self.path])
        return self.spread(rows)

    def spread(self, rows: Sequence[int] | np.ndarray) -> np.ndarray:
        """How many of these rows hold in each release, as far as it is known."""
        import numpy as np

        chosen = np.asarray(rows, np.int64)
        found = np.zeros(len(self.project.releases), np.int64)
        for number, known in enumerate(self._known):
            mine = chosen[known[self.path[chosen]]]
            steps = np.zeros(len(found) + 1, np.int64)
            np.add.at(steps, self.first[mine], 1)
            np.add.at(steps, self.last[mine] + 1, -1)
            found = np.where(self._part == number, np.cumsum(steps[:-1]), found)
        return found

    def best(self, rows: Sequence[int], paths: Iterable[int] = ()) -> list[int]:
        """The releases that hold most of these rows, and of those the ones that have most of these
        paths.

        Releases of which different parts are known are compared in what is known of all of them;
        between those of which the same is known, all of it counts. One of which too small a part is
        known takes no part.
        """
        import numpy as np

        from aisbom.codeprint.fingerprints import distinct  # not before there is code

        given, here = np.asarray(rows, np.int64), np.array(sorted(set(paths)), np.int64)
        telling = given[self.size[given] != PLAIN]
        seen = distinct(self.path[telling if len(telling) else given])
        share = self._known[:, seen].sum(axis=1)
        takes_part = share >= max(1, min(_ENOUGH * len(seen), share.max(initial=0)))
        takes_part |= ~takes_part.any()
        common = self._known[takes_part].all(axis=0)
        candidates = np.flatnonzero(takes_part[self._part])
        for counts in (
            self.spread(given[common[self.path[given]]]),
            self.counts(here[common[here]]),
        ):
            candidates = candidates[counts[candidates] == counts[candidates].max()]
        agree, present = self.spread(given), self.counts(here)
        found: list[int] = []
        for number in distinct(self._part[candidates]).tolist():
            mine = candidates[self._part[candidates] == number]
            for counts in (agree, present):
                mine = mine[counts[mine] == counts[mine].max()]
            found += mine.tolist()
        return sorted(found)


@lru_cache(maxsize=256)
def blobs(project: Project) -> Blobs:
    """The lookups of a project, made once. Raises ValueError."""
    return Blobs(project)
