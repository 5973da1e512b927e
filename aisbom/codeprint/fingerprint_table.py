"""Fingerprints of many files as small arrays, and back: which paths hold a fingerprint, and where a
function stands.

Sorted hashes are kept as differences, and every number as planes of bytes (all lowest bytes first),
which deflate packs well.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from aisbom.codeprint.fingerprints import HALF

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aisbom.codeprint.fingerprints import Prints
    from aisbom.codeprint.printed import ContentPrints

COMMON = 200
"""Of a fingerprint that more paths of a project hold, only their number is kept."""

COMMON_FUNCTION = 200

KIN = 0.2
"""Of all fingerprints of two files, the share that both have, above which they are counted as one
family.
"""

_MOST = 50_000_000


def pack_arrays(files: Iterable[ContentPrints]) -> dict[str, NDArray[Any]]:
    """The arrays, named `print_...`. The same files in any order give the same arrays."""
    import numpy as np

    held: dict[tuple[int, int], Prints] = {(one.number, one.release): one.prints for one in files}
    keys = sorted(held)
    rows: dict[tuple[int, int], tuple[int, int, str]] = {}
    for place, key in enumerate(keys):
        for function in held[key].functions:
            row = (function.line, function.renamed, function.name)
            rows[function.hash, place] = min(rows.get((function.hash, place), row), row)
    runs = [set(held[key].runs.tolist()) for key in keys]
    arrays = {
        "print_of": _planes(_steps([number for number, _ in keys])),
        "print_release": _planes(np.array([release for _, release in keys], np.int64)),
        "print_tokens": _planes(np.array([held[key].tokens for key in keys], np.int64)),
        "print_total": _planes(np.array([len(one) for one in runs], np.int64)),
    }
    arrays.update(_postings("run", runs))
    arrays.update(_postings("renamed", [set(held[key].renamed.tolist()) for key in keys]))
    arrays.update(_postings("word", [set(held[key].names) for key in keys]))
    arrays["print_family"] = _planes(_families(runs))
    arrays.update(_functions(rows))
    return arrays


def _postings(name: str, held: list[set[int]]) -> dict[str, NDArray[Any]]:
    import numpy as np

    hashes = np.concatenate(
        [np.fromiter(one, np.int64, len(one)) for one in held] or [np.zeros(0, np.int64)]
    )
    places = np.repeat(np.arange(len(held)), [len(one) for one in held])
    order = np.lexsort((places, hashes))
    each, counts = np.unique(hashes, return_counts=True)
    kept = np.repeat(counts <= COMMON, counts)
    return {
        f"print_{name}": _planes(np.diff(each, prepend=0)),
        f"print_{name}_df": _planes(counts),
        f"print_{name}_path": _planes(places[order][kept]),
    }


def _families(held: list[set[int]]) -> NDArray[np.int64]:
    """A family for each file: the largest files found families, and a file belongs to the one whose
    founder it has most in common with.

    What one family wrote and copied within itself counts once, not as often as it was copied.
    """
    import numpy as np

    holders: dict[int, list[int]] = defaultdict(list)
    family = np.zeros(len(held), np.int64)
    founders: list[int] = []
    for place in sorted(range(len(held)), key=lambda place: (-len(held[place]), place)):
        shared: Counter[int] = Counter()
        for one in held[place]:
            shared.update(holders.get(one, ()))
        best, founder = max(
            ((n / (len(held[place]) + len(held[f]) - n), -f) for f, n in shared.items()),
            default=(0.0, 0),
        )
        if best > KIN:
            family[place] = family[-founder]
            continue
        family[place] = len(founders)
        founders.append(place)
        for one in held[place]:
            if len(holders[one]) < COMMON:
                holders[one].append(place)
    return family


def _functions(rows: Mapping[tuple[int, int], tuple[int, int, str]]) -> dict[str, NDArray[Any]]:
    import numpy as np

    counts: dict[int, int] = defaultdict(int)
    for hash_, _ in rows:
        counts[hash_] += 1
    common = sorted(hash_ for hash_, count in counts.items() if count > COMMON_FUNCTION)
    kept = sorted(
        (hash_, place, *row)
        for (hash_, place), row in rows.items()
        if counts[hash_] <= COMMON_FUNCTION
    )
    names = sorted({row[4] for row in kept})
    at = {name: number for number, name in enumerate(names)}
    return {
        "print_common": _planes(_steps([hash_ >> 32 for hash_ in common])),
        "print_common_low": _planes(np.array([hash_ & HALF for hash_ in common], np.int64)),
        "print_function": _planes(_steps([row[0] >> 32 for row in kept])),
        "print_function_low": _planes(np.array([row[0] & HALF for row in kept], np.int64)),
        "print_function_path": _planes(np.array([row[1] for row in kept], np.int64)),
        "print_function_line": _planes(np.array([row[2] for row in kept], np.int64)),
        "print_function_renamed": _planes(np.array([row[3] >> 32 for row in kept], np.int64)),
        "print_function_name": _planes(np.array([at[row[4]] for row in kept], np.int64)),
        "print_names": np.frombuffer("\n".join(names).encode("utf-8", "replace"), np.uint8),
    }


def _steps(rising: Sequence[int]) -> NDArray[np.int64]:
    """Sorted numbers as the first one and the differences."""
    import numpy as np

    steps: NDArray[np.int64] = np.array([b - a for a, b in pairwise([0, *rising])], np.int64)
    return steps


def _planes(values: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Numbers below 2**32 as rows of bytes, lowest first, as many rows as the largest needs, behind
    the number of rows.
    """
    import numpy as np

    width = max(1, (int(values.max(initial=0)).bit_length() + 7) // 8)
    planes = values.astype("<u4").view(np.uint8).reshape(-1, 4).T[:width]
    return np.concatenate([np.array([width], np.uint8), planes.ravel()])


def _numbers(arrays: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.int64]:
    """What `_planes` packed. Raises ValueError for what it did not."""
    import numpy as np

    planes = arrays.get(name)
    if (
        planes is None
        or planes.dtype != np.uint8
        or planes.ndim != 1
        or not len(planes)
        or not 1 <= planes[0] <= 4
    ):
        raise ValueError(f"{name} is no array of this layout")
    width = int(planes[0])
    if (len(planes) - 1) % width or len(planes) > 4 * _MOST:
        raise ValueError(f"{name} is not as long as its layout asks")
    total = np.zeros((len(planes) - 1) // width, np.int64)
    for row, plane in enumerate(planes[1:].reshape(width, -1)):
        total |= plane.astype(np.int64) << (8 * row)
    return total


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Distinct hashes in order, how many paths hold each, and the paths of those that few hold
    (`start` into `path`, -1 where many do).
    """

    hashes: NDArray[np.uint32]
    df: NDArray[np.int32]
    start: NDArray[np.int32]
    path: NDArray[np.int32]


class Table:
    """The print arrays of one project, unpacked when asked for. Raises ValueError (or KeyError)
    where they do not fit each other.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = arrays

    def check(self) -> None:
        """Unpack everything, and keep what is small. Raises ValueError where the arrays are
        unsound.
        """
        self.take("runs")
        self.take("renamed_postings")
        self.take("words")
        _ = self.of, self.release, self.tokens, self.family, self.total, self.common
        _ = self.functions, self.names
        self.forget_functions()

    def take(self, name: Literal["runs", "renamed_postings", "words"]) -> Postings:
        """One of these, which is not kept: it is unpacked again when it is asked for."""
        found: Postings = getattr(self, name)
        del self.__dict__[name]
        return found

    def forget_functions(self) -> None:
        """Let go of the functions and their names; they are unpacked again when asked for."""
        for name in ("functions", "names"):
            self.__dict__.pop(name, None)

    @cached_property
    def of(self) -> NDArray[np.int64]:
        """The path number of each place: a content of a path."""
        import numpy as np

        return np.cumsum(_numbers(self._arrays, "print_of"))

    @cached_property
    def release(self) -> NDArray[np.int64]:
        """The number of the release whose content it is; -1 in an index that does not say."""
        import numpy as np

        if "print_release" not in self._arrays:
            return np.full(len(self.of), -1, np.int64)
        return self._per_path("print_release")

    @cached_property
    def tokens(self) -> NDArray[np.int64]:
        """Tokens of the path's largest content."""
        return self._per_path("print_tokens")

    @cached_property
    def family(self) -> NDArray[np.int64]:
        """The family of the path, from 0."""
        return self._per_path("print_family")

    @cached_property
    def total(self) -> NDArray[np.int64]:
        """Distinct fingerprints of the path."""
        return self._per_path("print_total")

    def _per_path(self, name: str) -> NDArray[np.int64]:
        found = _numbers(self._arrays, name)
        if len(found) != len(self.of):
            raise ValueError(f"{name} does not fit print_of")
        return found

    @cached_property
    def runs(self) -> Postings:
        """The fingerprints in the file's words."""
        return self._unpack("run")

    @cached_property
    def renamed_postings(self) -> Postings:
        """The fingerprints without the file's own names."""
        return self._unpack("renamed")

    @cached_property
    def words(self) -> Postings:
        """Names of classes and functions."""
        return self._unpack("word")

    def _unpack(self, name: str) -> Postings:
        import numpy as np

        hashes = np.cumsum(_numbers(self._arrays, f"print_{name}"))
        df = _numbers(self._arrays, f"print_{name}_df")
        path = _numbers(self._arrays, f"print_{name}_path")
        held = np.where(df <= COMMON, df, 0) if len(df) == len(hashes) else df
        if (
            len(df) != len(hashes)
            or int(held.sum()) != len(path)
            or (len(path) and int(path.max()) >= len(self.of))
        ):
            raise ValueError(f"print_{name}: the arrays do not fit each other")
        if len(hashes) and int(hashes[-1]) > 0xFFFFFFFF:
            raise ValueError(f"print_{name}: hashes beyond 32 bits")
        start = np.where(df <= COMMON, np.cumsum(held) - held, -1).astype(np.int32)
        return Postings(hashes.astype(np.uint32), df.astype(np.int32), start, path.astype(np.int32))

    @cached_property
    def functions(self) -> dict[str, NDArray[Any]]:
        """Columns of the function rows, sorted by hash: `hash`, `path` (place), `line`, `renamed`,
        `name`. Hashes of an index without lower halves (`HALF`) have zeros there.
        """
        import numpy as np

        columns: dict[str, NDArray[Any]] = {
            "hash": self._hashes("print_function", np.cumsum(self._number("print_function"))),
            "renamed": self._hashes(
                "print_function_renamed", self._number("print_function_renamed")
            ),
        }
        for name in ("path", "line", "name"):
            columns[name] = self._number(f"print_function_{name}")
        if len({len(column) for column in columns.values()}) > 1:
            raise ValueError("print_function: its columns differ in length")
        if int(columns["path"].max(initial=-1)) >= len(self.of) or int(
            columns["name"].max(initial=-1)
        ) >= len(self.names):
            raise ValueError("print_function: a number beyond its table")
        return columns

    def _number(self, name: str) -> NDArray[np.int64]:
        return _numbers(self._arrays, name)

    def _hashes(self, name: str, upper: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Hashes whose upper halves are these; the lower ones are an array of their own, and zero
        in an index without it.
        """
        import numpy as np

        found = upper.astype(np.uint64) << np.uint64(32)
        if f"{name}_low" not in self._arrays:
            return found
        lower = self._number(f"{name}_low")
        if len(lower) != len(upper):
            raise ValueError(f"{name}_low does not fit {name}")
        return found | lower.astype(np.uint64)

    @cached_property
    def common(self) -> NDArray[np.uint64]:
        """Hashes of functions that very many paths hold."""
        import numpy as np

        return self._hashes("print_common", np.cumsum(self._number("print_common")))

    @cached_property
    def names(self) -> list[str]:
        """The names of functions."""
        import numpy as np

        return (
            bytes(
                np.asarray(
                    self._arrays.get("print_names", np.zeros(0, np.uint8)), np.uint8
                ).tobytes()
            )
            .decode("utf-8", "replace")
            .split("\n")
        )
