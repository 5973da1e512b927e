"""The fingerprints of every project of the index in one set of sorted arrays, and what of a file is
found there, path by path.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from aisbom.codeprint.corpus_arrays import concatenate, idf
from aisbom.codeprint.fingerprints import HALF, are_among, distinct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aisbom.codeprint.fingerprints import FunctionPrint, Prints

RARE = 20
"""A function is rare if at most so many paths of the index hold it."""

CANDIDATES = 250
MOST = 200
COVERED = 0.6

FEATURES = (
    "of_a",
    "weight_of_a",
    "weight_of_b",
    "weight",
    "functions",
    "best_function",
    "renamed",
    "names_a",
    "names_b",
    "covered",
    "rare",
)
"""What is measured of a pair; `Evidence.features` has these columns."""


@dataclass(frozen=True, slots=True, eq=False)
class SortedHashes:
    """Hashes with one row per path that holds them, sorted; `common` are those that too many paths
    hold. `halves`: a hash whose lower 32 bits are zero comes from an index that has only the upper
    ones, and agrees with every hash that has those.
    """

    hashes: NDArray[Any]
    path: NDArray[np.int32]
    common: NDArray[Any]
    halves: bool = False

    def rows(self, wanted: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each (place in `wanted`, path) that holds it: two columns."""
        import numpy as np

        found = [self._rows(hashes) for hashes in self._spellings(wanted)]
        return np.concatenate([one[0] for one in found]), np.concatenate([one[1] for one in found])

    def is_common(self, wanted: NDArray[Any]) -> NDArray[np.bool_]:
        """Whether each is one of those that too many paths hold."""
        import numpy as np

        if not len(self.common):
            return np.zeros(len(wanted), bool)
        found = np.zeros(len(wanted), bool)
        for hashes in self._spellings(wanted):
            at = np.minimum(np.searchsorted(self.common, hashes), len(self.common) - 1)
            found |= self.common[at] == hashes
        return found

    def _spellings(self, wanted: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        import numpy as np

        return (wanted, wanted & np.uint64(HALF << 32)) if self.halves else (wanted,)

    def _rows(self, wanted: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        import numpy as np

        low = np.searchsorted(self.hashes, wanted, "left")
        count = np.searchsorted(self.hashes, wanted, "right") - low
        place = np.repeat(np.arange(len(wanted)), count)
        first = np.repeat(low - (np.cumsum(count) - count), count)
        return place, self.path[first + np.arange(len(place))].astype(np.int64)


@dataclass(frozen=True, slots=True)
class Same:
    """A function of the file that a path of the index holds too: alike in every token, or
    (`renamed`) in all but its own names.
    """

    ours: FunctionPrint
    name: str
    line: int
    renamed: bool
    paths: int


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """Rows of functions that are in the index: number in the file, row there, path, how many paths
    hold it, whether names were renamed.
    """

    ours: NDArray[np.int64]
    row: NDArray[np.int64]
    path: NDArray[np.int64]
    paths: NDArray[np.int64]
    renamed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What one file shares with the paths most like it, best first: a row of `features` each, and
    how many of `total` fingerprints.
    """

    paths: NDArray[np.int64]
    features: NDArray[np.float64]
    shared: NDArray[np.int64]
    total: int
    same: Alike


class Corpus:
    """All projects together, in the arrays of `corpus_arrays`. A path (of which several
    contents are kept: each of them) is known by its number here; `place` tells project and path.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = arrays
        self._starts: list[int] = arrays["base"].tolist()
        self.count = self._starts[-1]
        self._same_path = _runs_of(arrays["base"], arrays["of"])
        self.families = int(arrays["families"][0])
        self.family = arrays["family"]
        self.runs, self.renamed, self.words = (
            SortedHashes(arrays[f"{name}_hash"], arrays[f"{name}_at"], arrays[f"{name}_common"])
            for name in ("run", "renamed", "word")
        )
        self.functions, self.bare = (
            SortedHashes(
                arrays[f"{name}_hash"], arrays[f"{name}_at"], arrays[f"{name}_common"], True
            )
            for name in ("function", "bare")
        )
        self.weight_of = arrays["weight"]
        self.words_of = arrays["words_weight"]

    def place(self, path: int) -> tuple[int, int]:
        """The number of the project, and of the path there."""
        return bisect_right(self._starts, path) - 1, int(self._arrays["of"][path])

    def places(self) -> Iterator[tuple[int, int, int]]:
        """Each path, the number of its project and of the path there, in the order of paths."""
        for project, (first, end) in enumerate(pairwise(self._starts)):
            for path, number in enumerate(self._arrays["of"][first:end].tolist(), first):
                yield path, project, number

    def evidence(self, prints: Prints, without: Collection[int] = ()) -> Evidence:
        """What of a file is found where. `without` are paths to leave out, as if the index did not
        hold them.
        """
        import numpy as np

        out = np.fromiter(without, np.int64, len(without))
        place, path, weight, seen = self._look_up(self.runs, prints.runs, out)
        # Repeats of a fingerprint in one file count once.
        once = np.zeros(len(prints.runs), bool)
        once[np.unique(prints.runs, return_index=True)[1]] = True
        sole = once[place]
        shared = np.bincount(path[sole], weight[place[sole]], minlength=self.count)
        same = self._same(prints, out)
        order = np.argsort(-shared, kind="stable")[:CANDIDATES]
        chosen = distinct(np.concatenate([order[shared[order] > 0], same.path]))
        count = len(chosen)
        at = np.full(self.count, -1)
        at[chosen] = np.arange(count)
        near = at[path] >= 0
        place, here, sole = place[near], at[path[near]], sole[near]
        held = shared[chosen]
        counted = np.bincount(here[sole], minlength=count)
        names = np.array(sorted(prints.names), np.uint32)
        words, all_words = self._sum(self.words, names, out, at, count)
        whole, best = self._alike(prints, same, at, count)
        few = sole & (seen[place] <= 3)
        columns = {
            "of_a": counted / max(1, once.sum()),
            "weight_of_a": held / (weight[once].sum() + 5),
            "weight_of_b": held / (self.weight_of[chosen] + 5),
            "weight": np.log1p(held),
            "functions": np.log1p(whole),
            "best_function": np.log1p(best),
            "renamed": np.log1p(self._sum(self.renamed, prints.renamed, out, at, count)[0]),
            "names_a": words / (all_words + 2),
            "names_b": words / (self.words_of[chosen] + 2),
            "covered": np.log1p(self._count_covered(prints, weight, place, here, count)),
            "rare": np.log1p(np.bincount(here[few], minlength=count)),
        }
        features = (
            np.stack([columns[name] for name in FEATURES], axis=1)
            if count
            else np.zeros((0, len(FEATURES)))
        )
        ranked = np.argsort(-held, kind="stable")
        return Evidence(chosen[ranked], features[ranked], counted[ranked], int(once.sum()), same)

    def _look_up(
        self, held: SortedHashes, wanted: NDArray[np.uint32], out: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
        """Rows (place in `wanted`, path), the weight of each place, and how many families
        hold it.
        """
        import numpy as np

        place, path = held.rows(wanted)
        if len(out):
            kept = ~are_among(path, out)
            place, path = place[kept], path[kept]
        pairs = distinct(place * (self.families + 1) + self.family[path])
        seen = np.bincount(pairs // (self.families + 1), minlength=len(wanted))
        weight = idf(seen, self.families)
        weight[held.is_common(wanted)] = 0
        return place, path, weight, seen

    def _sum(
        self,
        held: SortedHashes,
        wanted: NDArray[np.uint32],
        out: NDArray[np.int64],
        at: NDArray[np.int64],
        count: int,
    ) -> tuple[NDArray[np.float64], float]:
        place, path, weight, _ = self._look_up(held, wanted, out)
        near = at[path] >= 0
        return _sum_by(at[path[near]], weight[place[near]], count), float(weight.sum())

    def _count_covered(
        self,
        prints: Prints,
        weight: NDArray[np.float64],
        place: NDArray[np.int64],
        here: NDArray[np.int64],
        count: int,
    ) -> NDArray[np.float64]:
        """Per path, how many functions of the file it holds for the most part, by weight."""
        import numpy as np

        if not prints.functions or not count:
            return np.zeros(count)
        function = np.full(len(prints.runs), -1)
        for number, one in enumerate(prints.functions):
            function[one.first : one.last] = number
        inside = function >= 0
        total = np.bincount(function[inside], weight[inside], minlength=len(prints.functions))
        rows = inside[place]
        got = np.bincount(
            function[place[rows]] * count + here[rows],
            weight[place[rows]],
            minlength=len(prints.functions) * count,
        )
        return np.asarray(
            (got.reshape(-1, count) / (total[:, None] + 6) > COVERED).sum(axis=0), np.float64
        )

    def _same(self, prints: Prints, out: NDArray[np.int64]) -> Alike:
        """Which functions of the file stand where: alike in every token first, then those alike but
        for the names.
        """
        import numpy as np

        columns: list[list[NDArray[Any]]] = [[], [], [], [], []]
        for renamed, held in ((False, self.functions), (True, self.bare)):
            hashes = np.array(
                [f.renamed if renamed else f.hash for f in prints.functions], np.uint64
            )
            ours, row = held.rows(hashes)
            path = self._arrays["function_path"][row]
            kept = ~held.is_common(hashes)[ours] & ~are_among(path, out)
            ours, row, path = ours[kept], row[kept], path[kept]
            pair, first = np.unique(ours * (self.count + 1) + path, return_index=True)
            ours, row, path = ours[first], row[first], path[first]
            # Several contents of one path are one path.
            pairs = distinct(ours * (self.count + 1) + self._same_path[path])
            count = np.bincount(pairs // (self.count + 1), minlength=len(hashes))
            if renamed and columns[0]:
                fresh = ~are_among(pair, columns[0][0] * (self.count + 1) + columns[2][0])
                ours, row, path = ours[fresh], row[fresh], path[fresh]
            few = count[ours] <= MOST
            for column, values in zip(
                columns, (ours, row, path, count[ours], np.full(len(ours), renamed)), strict=True
            ):
                column.append(values[few])
        return Alike(*(concatenate(column) for column in columns))

    def _alike(
        self, prints: Prints, same: Alike, at: NDArray[np.int64], count: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Per path the summed and the largest weight of the functions alike in every token."""
        import numpy as np

        ours, path = same.ours[~same.renamed], same.path[~same.renamed]
        if not len(ours):
            return np.zeros(count), np.zeros(count)
        pairs = distinct(ours * (self.families + 1) + self.family[path])
        seen = np.bincount(pairs // (self.families + 1), minlength=len(prints.functions))
        weight = idf(seen, self.families) * np.sqrt(
            np.array([f.tokens for f in prints.functions]) / 40
        )
        best = np.zeros(count)
        np.maximum.at(best, at[path], weight[ours])
        return _sum_by(at[path], weight[ours], count), best

    def functions_at(self, prints: Prints, same: Alike, path: int) -> tuple[Same, ...]:
        """The functions of the file that this path holds too, in the file's order."""
        import numpy as np

        found = []
        for at in np.flatnonzero(same.path == path).tolist():
            row = int(same.row[at])
            line = int(self._arrays["function_line"][row])
            ours = prints.functions[int(same.ours[at])]
            renamed, paths = bool(same.renamed[at]), int(same.paths[at])
            found.append(Same(ours, self._name(row), line, renamed, paths))
        return tuple(sorted(found, key=lambda one: one.ours.line))

    def _name(self, row: int) -> str:
        """The name of a function, by its row."""
        number = int(self._arrays["function_name"][row])
        begin, end = (
            int(self._arrays["name_end"][at]) if at >= 0 else 0 for at in (number - 1, number)
        )
        return self._arrays["names"][begin:end].tobytes().decode("utf-8", "replace")

    def release(self, path: int) -> int:
        """The number of the release in its project whose content a path is; -1 if not known."""
        return int(self._arrays["release"][path])

    def same_path(self, path: int) -> range:
        """The numbers of all contents of the path that this one is a content of."""
        number = self._same_path[path]
        first, end = (int(self._same_path.searchsorted(number, side)) for side in ("left", "right"))
        return range(first, end)

    def total(self, path: int) -> int:
        """Distinct fingerprints of a path."""
        return int(self._arrays["total"][path])


def _runs_of(base: NDArray[Any], of: NDArray[Any]) -> NDArray[np.int64]:
    """For each content of a path the number of its path, counted over all projects."""
    import numpy as np

    first = np.ones(len(of), bool)
    first[1:] = of[1:] != of[:-1]
    first[base[:-1][base[:-1] < len(of)]] = True
    return np.cumsum(first) - 1


def _sum_by(where: NDArray[Any], weight: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    import numpy as np

    return np.asarray(np.bincount(where, weight, minlength=count), np.float64)
