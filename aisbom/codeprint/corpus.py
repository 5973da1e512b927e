"""The fingerprints of every project of the index in one set of sorted arrays, and what of a file is found there, path by path."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING, Any

from aisbom.codeprint.stored import Postings, Table, packed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aisbom.codeprint.index import Index
    from aisbom.codeprint.prints import Printed, Prints

RARE = 20
"""A function is rare if at most so many paths of the index hold it."""

CANDIDATES = 250
COVERED = 0.6

FEATURES = ("of_a", "weight_of_a", "weight_of_b", "weight", "functions", "best_function", "renamed", "names_a", "names_b", "covered", "rare")
"""What is measured of a pair; `Evidence.features` has these columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """Hashes with one row per path that holds them, sorted; `common` are those that too many paths hold."""

    hashes: NDArray[np.uint32]
    path: NDArray[np.int32]
    common: NDArray[np.uint32]

    def rows(self, wanted: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each (place in `wanted`, path) that holds it: two columns."""
        import numpy as np

        low = np.searchsorted(self.hashes, wanted, "left")
        count = np.searchsorted(self.hashes, wanted, "right") - low
        place = np.repeat(np.arange(len(wanted)), count)
        first = np.repeat(low - (np.cumsum(count) - count), count)
        return place, self.path[first + np.arange(len(place))].astype(np.int64)

    def is_common(self, wanted: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Whether each is one of those that too many paths hold."""
        import numpy as np

        if not len(self.common):
            return np.zeros(len(wanted), bool)
        at = np.minimum(np.searchsorted(self.common, wanted), len(self.common) - 1)
        return np.asarray(self.common[at] == wanted)


@dataclass(frozen=True, slots=True)
class Same:
    """A function of the file that a path of the index holds too: alike in every token, or (`renamed`) in all but its own names."""

    ours: Printed
    name: str
    line: int
    renamed: bool
    paths: int


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What one file shares with the paths most like it: a row of `features` for each of `paths`, best first by shared weight."""

    paths: NDArray[np.int64]
    features: NDArray[np.float64]
    same: Mapping[int, tuple[Same, ...]]


class Corpus:
    """All projects together. A path is known by its number here; `place` tells project and path."""

    def __init__(self, tables: Sequence[Table]) -> None:
        import numpy as np

        self._tables = tables
        sizes = [len(table.of) for table in tables]
        self._base = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.count = int(self._base[-1])
        families = [int(table.family.max(initial=-1)) + 1 for table in tables]
        starts = np.concatenate([[0], np.cumsum(families)]).astype(np.int64)
        self.families = int(starts[-1])
        self.family = _joined([table.family + starts[n] for n, table in enumerate(tables)])
        self.runs = self._sorted([table.runs for table in tables])
        self.renamed = self._sorted([table.renamed for table in tables])
        self.words = self._sorted([table.words for table in tables])
        columns = [table.functions for table in tables]
        path = _joined([column["path"] + self._base[n] for n, column in enumerate(columns)])
        table = np.repeat(np.arange(len(tables)), [len(column["hash"]) for column in columns])
        self._line = _joined([column["line"] for column in columns])
        self._name = _joined([column["name"] for column in columns])
        common = np.unique(_joined([t.common for t in tables])).astype(np.uint32)
        self._row_path, self._row_table = path, table
        self.functions = self._by(_joined([column["hash"] for column in columns]), common, "same")
        self.bare = self._by(_joined([column["renamed"] for column in columns]), common[:0], "renamed")
        self.weight_of = self._weights(self.runs)
        self.words_of = self._weights(self.words)

    def _sorted(self, postings: Sequence[Postings]) -> Sorted:
        import numpy as np

        hashes = _joined([np.repeat(p.hashes, np.where(p.start >= 0, p.df, 0)) for p in postings]).astype(np.uint32)
        path = _joined([p.path + self._base[n] for n, p in enumerate(postings)])
        common = np.unique(_joined([p.hashes[p.start < 0] for p in postings])).astype(np.uint32)
        order = np.argsort(hashes, kind="stable")
        return Sorted(hashes[order], path[order].astype(np.int32), common)

    def _by(self, hashes: NDArray[np.int64], common: NDArray[np.uint32], name: str) -> Sorted:
        """Function rows sorted by a hash; the path column holds row numbers."""
        import numpy as np

        order = np.argsort(hashes, kind="stable")
        return Sorted(hashes[order].astype(np.uint32), order.astype(np.int32), common)

    def _weights(self, held: Sorted) -> NDArray[np.float64]:
        """Per path the weight of all it holds."""
        import numpy as np

        if not len(held.hashes):
            return np.zeros(self.count)
        group = np.concatenate([[0], np.cumsum(held.hashes[1:] != held.hashes[:-1])])
        pairs = np.unique(group * (self.families + 1) + self.family[held.path])
        seen = np.bincount(pairs // (self.families + 1), minlength=int(group[-1]) + 1)
        weights = self._idf(seen)
        weights[np.isin(held.hashes[np.flatnonzero(np.diff(group, prepend=-1))], held.common)] = 0
        return np.bincount(held.path, weights[group], minlength=self.count)

    def _idf(self, seen: NDArray[Any]) -> NDArray[np.float64]:
        import numpy as np

        return np.asarray(np.log((self.families + 1) / (np.maximum(seen, 1))), np.float64)

    def place(self, path: int) -> tuple[int, int]:
        """The number of the project, and of the path there."""
        import numpy as np

        table = int(np.searchsorted(self._base, path, "right")) - 1
        return table, int(self._tables[table].of[path - self._base[table]])

    def evidence(self, prints: Prints, without: Collection[int] = ()) -> Evidence:
        """What of a file is found where. `without` are paths to leave out, as if the index did not hold them."""
        import numpy as np

        out = np.fromiter(without, np.int64, len(without))
        place, path, weight, seen = self._found(self.runs, prints.runs, out)
        shared = np.bincount(path, weight[place], minlength=self.count)
        same = self._same(prints, out)
        order = np.argsort(-shared, kind="stable")[:CANDIDATES]
        chosen = np.unique(np.concatenate([order[shared[order] > 0], np.array(sorted(same), np.int64)]).astype(np.int64))
        at = np.full(self.count, -1)
        at[chosen] = np.arange(len(chosen))
        near = at[path] >= 0
        place, path = place[near], path[near]
        features = np.zeros((len(chosen), len(FEATURES)))
        # Repeats of a fingerprint in one file count once.
        _, first = np.unique(prints.runs, return_index=True)
        once = np.zeros(len(prints.runs), bool)
        once[first] = True
        sole = once[place]
        here = at[path]
        total = weight[once].sum()
        held = np.bincount(here[sole], weight[place][sole], minlength=len(chosen))
        features[:, 0] = np.bincount(here[sole], minlength=len(chosen)) / max(1, once.sum())
        features[:, 1] = held / (total + 5)
        features[:, 2] = held / (self.weight_of[chosen] + 5)
        features[:, 3] = np.log1p(held)
        whole, best = self._alike(same)
        features[:, 4] = np.log1p(np.array([whole.get(p, 0.0) for p in chosen.tolist()]))
        features[:, 5] = np.log1p(np.array([best.get(p, 0.0) for p in chosen.tolist()]))
        features[:, 6] = np.log1p(self._sum(self.renamed, prints.renamed, out, at, len(chosen))[0])
        names = np.array(sorted(prints.names), np.uint32)
        words, all_words = self._sum(self.words, names, out, at, len(chosen))
        features[:, 7] = words / (all_words + 2)
        features[:, 8] = words / (self.words_of[chosen] + 2)
        features[:, 9] = np.log1p(self._covered(prints, weight, place, here, len(chosen)))
        few = sole & (seen[place] <= 3)
        features[:, 10] = np.log1p(np.bincount(here[few], minlength=len(chosen)))
        ranked = np.argsort(-held, kind="stable")
        return Evidence(chosen[ranked], features[ranked], {p: tuple(same.get(p, ())) for p in chosen.tolist()})

    def _found(
        self, held: Sorted, wanted: NDArray[np.uint32], out: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
        """Rows (place in `wanted`, path), the weight of each place, and how many families hold it."""
        import numpy as np

        place, path = held.rows(wanted)
        if len(out):
            kept = ~np.isin(path, out)
            place, path = place[kept], path[kept]
        pairs = np.unique(place * (self.families + 1) + self.family[path])
        seen = np.bincount(pairs // (self.families + 1), minlength=len(wanted))
        weight = self._idf(seen)
        weight[held.is_common(wanted)] = 0
        return place, path, weight, seen

    def _sum(
        self, held: Sorted, wanted: NDArray[np.uint32], out: NDArray[np.int64], at: NDArray[np.int64], count: int
    ) -> tuple[NDArray[np.float64], float]:
        import numpy as np

        place, path, weight, _ = self._found(held, wanted, out)
        near = at[path] >= 0
        return np.bincount(at[path[near]], weight[place[near]], minlength=count), float(weight.sum())

    def _covered(
        self, prints: Prints, weight: NDArray[np.float64], place: NDArray[np.int64], here: NDArray[np.int64], count: int
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
        got = np.bincount(function[place[rows]] * count + here[rows], weight[place[rows]], minlength=len(prints.functions) * count)
        return np.asarray((got.reshape(-1, count) / (total[:, None] + 6) > COVERED).sum(axis=0), np.float64)

    def _same(self, prints: Prints, out: NDArray[np.int64]) -> dict[int, list[Same]]:
        """Per path, the functions of the file that it holds."""
        import numpy as np

        found: dict[int, list[Same]] = {}
        known: set[tuple[int, int]] = set()
        left_out = set(out.tolist())
        for renamed, held in ((False, self.functions), (True, self.bare)):
            hashes = np.array([f.renamed if renamed else f.hash for f in prints.functions], np.uint32)
            place, rows = held.rows(hashes)
            common = held.is_common(hashes)
            paths = self._row_path[rows]
            distinct = np.unique(place * (self.count + 1) + paths)
            count = np.bincount(distinct // (self.count + 1), minlength=len(hashes)).tolist()
            for number, row, path in zip(place.tolist(), rows.tolist(), paths.tolist(), strict=True):
                if path in left_out or common[number] or (number, path) in known or count[number] > 10 * RARE:
                    continue
                known.add((number, path))
                name = self._tables[int(self._row_table[row])].names[int(self._name[row])]
                found.setdefault(path, []).append(Same(prints.functions[number], name, int(self._line[row]), renamed, count[number]))
        return found

    def _alike(self, same: Mapping[int, Sequence[Same]]) -> tuple[dict[int, float], dict[int, float]]:
        """Per path the summed and the largest weight of the functions alike in every token."""
        families: dict[int, set[int]] = {}
        for path, rows in same.items():
            for row in rows:
                if not row.renamed:
                    families.setdefault(row.ours.hash, set()).add(int(self.family[path]))
        whole: dict[int, float] = {}
        best: dict[int, float] = {}
        for path, rows in same.items():
            weights = {
                row.ours.hash: log((self.families + 1) / len(families[row.ours.hash])) * sqrt(row.ours.tokens / 40)
                for row in rows
                if not row.renamed
            }
            whole[path], best[path] = sum(weights.values()), max(weights.values(), default=0.0)
        return whole, best


def _joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    import numpy as np

    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def of_index(index: Index) -> tuple[Corpus, tuple[str, ...]]:
    """All projects of an index, and a sentence for each whose fingerprints are unsound (it is left out, with no paths)."""
    tables, notes = [], []
    for project in index.projects:
        table = Table(project.arrays("print_"))
        try:
            table.check()
        except (ValueError, IndexError) as error:
            notes.append(f"{project.name}: {error}")
            table = Table(packed(()))
        tables.append(table)
    return Corpus(tables), tuple(notes)
