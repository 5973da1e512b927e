"""Which content each path of a project had in which releases: the exact part of an index, as lookups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from aisbom.codeprint.index import Project

if TYPE_CHECKING:
    import numpy as np

PLAIN, ORDINARY, LARGE = 0, 1, 2
"""Size classes of a content: too little to tell anything by, enough to vote with others, enough to be recognised alone."""

_ORDINARY_FROM, _LARGE_FROM = 200, 2000


def size_class(size: int) -> int:
    """The class of a content of `size` bytes."""
    return (size >= _ORDINARY_FROM) + (size >= _LARGE_FROM)


class Blobs:
    """The rows of one project. Row arrays are ordered by path, then first release. Raises ValueError for arrays that do not fit."""

    def __init__(self, project: Project) -> None:
        import numpy as np

        self.project = project
        self.blob = project.array("blob").astype(np.uint64)
        self.path = project.array("blob_path").astype(np.int64)
        self.first = project.array("blob_first").astype(np.int64)
        self.last = project.array("blob_last").astype(np.int64)
        self.size = project.array("blob_size")
        rows = len(self.blob)
        if {len(self.path), len(self.first), len(self.last), len(self.size)} != {rows} or not rows:
            raise ValueError(f"code index {project.file or project.name}: its arrays differ in length, or are empty")
        fits = (
            (self.path >= 0).all()
            and (self.path < len(project.paths)).all()
            and (np.diff(self.path) >= 0).all()
            and (self.first >= 0).all()
            and (self.first <= self.last).all()
            and (self.last < len(project.releases)).all()
        )
        if not fits:
            raise ValueError(f"code index {project.file or project.name}: its arrays name paths or releases that are not there")
        telling = np.flatnonzero(self.size != PLAIN)
        self._order = telling[np.argsort(self.blob[telling], kind="stable")]
        self._sorted = self.blob[self._order]
        self._starts = np.searchsorted(self.path, np.arange(len(project.paths) + 1))

    def ranges(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each key, where its rows begin and end in the order that `rows` reads; contents too small to tell anything by have none."""
        import numpy as np

        return np.searchsorted(self._sorted, keys, "left"), np.searchsorted(self._sorted, keys, "right")

    def rows(self, begin: int, end: int) -> Sequence[int]:
        """The rows of a key by its range."""
        return self._order[begin:end].tolist()  # type: ignore[no-any-return]

    def rows_of(self, path: int) -> range:
        """The rows of a path."""
        return range(int(self._starts[path]), int(self._starts[path + 1]))

    def at(self, release: int) -> dict[int, int]:
        """Path number to row, for every path that this release has."""
        import numpy as np

        rows = np.flatnonzero((self.first <= release) & (release <= self.last))
        return dict(zip(self.path[rows].tolist(), rows.tolist(), strict=True))

    def counts(self, paths: Iterable[int]) -> np.ndarray:
        """How many of these paths each release has."""
        import numpy as np

        wanted = np.zeros(len(self.project.paths), bool)
        wanted[list(paths)] = True
        rows = np.flatnonzero(wanted[self.path])
        return self.spread(rows)

    def spread(self, rows: Sequence[int] | np.ndarray) -> np.ndarray:
        """How many of these rows hold in each release."""
        import numpy as np

        steps = np.zeros(len(self.project.releases) + 1, np.int64)
        chosen = np.asarray(rows, np.int64)
        np.add.at(steps, self.first[chosen], 1)
        np.add.at(steps, self.last[chosen] + 1, -1)
        return np.cumsum(steps[:-1])


@lru_cache(maxsize=256)
def blobs(project: Project) -> Blobs:
    """The lookups of a project, made once. Raises ValueError."""
    return Blobs(project)
