"""The fingerprints of every project of the index in one set of sorted arrays, and what of a file is
found there, path by path.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aisbom.codeprint.fingerprint_table import Postings, Table, distinct, packed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aisbom.codeprint.fingerprints import Printed, Prints
    from aisbom.codeprint.index import Index

RARE = 20
"""A function is rare if at most so many paths of the index hold it."""

CANDIDATES = 250
MOST = 200
COVERED = 0.6

HEAVIEST = 5.6
"""The weight of what one family alone holds, in an index of any size; what every family holds
weighs nothing.
"""

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
class Sorted:
    """Hashes with one row per path that holds them, sorted; `common` are those that too many paths
    hold.
    """

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
    """A function of the file that a path of the index holds too: alike in every token, or
    (`renamed`) in all but its own names.
    """

    ours: Printed
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
        self.functions = self._by(_joined([column["hash"] for column in columns]), common)
        self.bare = self._by(_joined([column["renamed"] for column in columns]), common[:0])
        for one in tables:
            one.forget()
        self.weight_of = self._weights(self.runs)
        self.words_of = self._weights(self.words)

    def _sorted(self, postings: Sequence[Postings]) -> Sorted:
        import numpy as np

        hashes = _joined(
            [np.repeat(p.hashes, np.where(p.start >= 0, p.df, 0)) for p in postings]
        ).astype(np.uint32)
        path = _joined([p.path + self._base[n] for n, p in enumerate(postings)])
        common = np.unique(_joined([p.hashes[p.start < 0] for p in postings])).astype(np.uint32)
        order = np.argsort(hashes, kind="stable")
        return Sorted(hashes[order], path[order].astype(np.int32), common)

    def _by(self, hashes: NDArray[np.int64], common: NDArray[np.uint32]) -> Sorted:
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
        pairs = distinct(group * (self.families + 1) + self.family[held.path])
        seen = np.bincount(pairs // (self.families + 1), minlength=int(group[-1]) + 1)
        weights = self._idf(seen)
        weights[np.isin(held.hashes[np.flatnonzero(np.diff(group, prepend=-1))], held.common)] = 0
        return _summed(held.path, weights[group], self.count)

    def _idf(self, seen: NDArray[Any]) -> NDArray[np.float64]:
        import numpy as np

        share = np.log((self.families + 1) / np.maximum(seen, 1)) / np.log(self.families + 1)
        return np.asarray(HEAVIEST * share, np.float64)

    def place(self, path: int) -> tuple[int, int]:
        """The number of the project, and of the path there."""
        import numpy as np

        table = int(np.searchsorted(self._base, path, "right")) - 1
        return table, int(self._tables[table].of[path - self._base[table]])

    def evidence(self, prints: Prints, without: Collection[int] = ()) -> Evidence:
        """What of a file is found where. `without` are paths to leave out, as if the index did not
        hold them.
        """
        import numpy as np

        out = np.fromiter(without, np.int64, len(without))
        place, path, weight, seen = self._found(self.runs, prints.runs, out)
        # Repeats of a fingerprint in one file count once.
        once = np.zeros(len(prints.runs), bool)
        once[np.unique(prints.runs, return_index=True)[1]] = True
        sole = once[place]
        shared = np.bincount(path[sole], weight[place[sole]], minlength=self.count)
        same = self._same(prints, out)
        order = np.argsort(-shared, kind="stable")[:CANDIDATES]
        chosen = np.union1d(order[shared[order] > 0], same.path)
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
            "covered": np.log1p(self._covered(prints, weight, place, here, count)),
            "rare": np.log1p(np.bincount(here[few], minlength=count)),
        }
        features = (
            np.stack([columns[name] for name in FEATURES], axis=1)
            if count
            else np.zeros((0, len(FEATURES)))
        )
        ranked = np.argsort(-held, kind="stable")
        return Evidence(chosen[ranked], features[ranked], counted[ranked], int(once.sum()), same)

    def _found(
        self, held: Sorted, wanted: NDArray[np.uint32], out: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
        """Rows (place in `wanted`, path), the weight of each place, and how many families
        hold it.
        """
        import numpy as np

        place, path = held.rows(wanted)
        if len(out):
            kept = ~np.isin(path, out)
            place, path = place[kept], path[kept]
        pairs = distinct(place * (self.families + 1) + self.family[path])
        seen = np.bincount(pairs // (self.families + 1), minlength=len(wanted))
        weight = self._idf(seen)
        weight[held.is_common(wanted)] = 0
        return place, path, weight, seen

    def _sum(
        self,
        held: Sorted,
        wanted: NDArray[np.uint32],
        out: NDArray[np.int64],
        at: NDArray[np.int64],
        count: int,
    ) -> tuple[NDArray[np.float64], float]:
        place, path, weight, _ = self._found(held, wanted, out)
        near = at[path] >= 0
        return _summed(at[path[near]], weight[place[near]], count), float(weight.sum())

    def _covered(
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
                [f.renamed if renamed else f.hash for f in prints.functions], np.uint32
            )
            ours, row = held.rows(hashes)
            path = self._row_path[row]
            kept = ~held.is_common(hashes)[ours] & ~np.isin(path, out)
            ours, row, path = ours[kept], row[kept], path[kept]
            distinct, first = np.unique(ours * (self.count + 1) + path, return_index=True)
            count = np.bincount(distinct // (self.count + 1), minlength=len(hashes))
            ours, row, path = ours[first], row[first], path[first]
            if renamed and columns[0]:
                fresh = ~np.isin(distinct, columns[0][0] * (self.count + 1) + columns[2][0])
                ours, row, path = ours[fresh], row[fresh], path[fresh]
            few = count[ours] <= MOST
            for column, values in zip(
                columns, (ours, row, path, count[ours], np.full(len(ours), renamed)), strict=True
            ):
                column.append(values[few])
        return Alike(*(_joined(column) for column in columns))

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
        weight = self._idf(seen) * np.sqrt(np.array([f.tokens for f in prints.functions]) / 40)
        best = np.zeros(count)
        np.maximum.at(best, at[path], weight[ours])
        return _summed(at[path], weight[ours], count), best

    def functions_at(self, prints: Prints, same: Alike, path: int) -> tuple[Same, ...]:
        """The functions of the file that this path holds too, in the file's order."""
        import numpy as np

        found = []
        for at in np.flatnonzero(same.path == path).tolist():
            row = int(same.row[at])
            name = self._tables[int(self._row_table[row])].names[int(self._name[row])]
            ours = prints.functions[int(same.ours[at])]
            found.append(
                Same(ours, name, int(self._line[row]), bool(same.renamed[at]), int(same.paths[at]))
            )
        return tuple(sorted(found, key=lambda one: one.ours.line))

    def total(self, path: int) -> int:
        """Distinct fingerprints of a path."""
        table, _ = self.place(path)
        return int(self._tables[table].total[path - self._base[table]])


def _summed(where: NDArray[Any], weight: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    import numpy as np

    return np.asarray(np.bincount(where, weight, minlength=count), np.float64)


def _joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    import numpy as np

    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def of_index(index: Index) -> tuple[Corpus, tuple[str, ...]]:
    """All projects of an index, and a sentence for each whose fingerprints are unsound (it is left
    out, with no paths).
    """
    tables, notes = [], []
    for project in index.projects:
        try:
            table = Table(project.arrays("print_"))
            table.check()
            if int(table.of.max(initial=-1)) >= len(project.paths):
                raise ValueError("fingerprints of a path that the index does not have")
        except (ValueError, IndexError) as error:
            notes.append(f"{project.name}: {error}")
            table = Table(packed(()))
        tables.append(table)
    return Corpus(tables), tuple(notes)
