"""The fingerprints of many projects as one set of sorted arrays, in the form that `Corpus` looks
them up in.

`base` is the number of the first path of each project and, last, of all paths; a path of which
several contents are kept is there several times. Per path there are `of` (its number in the
project), `release` (of the content, -1 if not known), `total` (distinct fingerprints), `family`,
`weight` and `words_weight` (of all it holds). Hashes are `<channel>_hash` with one row in
`<channel>_at` for each path, or each function, that holds them, sorted; `<channel>_common` are
those that too many hold. Per function there are `function_path`, `function_line` and
`function_name`, a place in `name_end`, which says where each name ends in `names`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from aisbom.codeprint.fingerprint_table import Postings, Table, pack_arrays
from aisbom.codeprint.fingerprints import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.codeprint.index import Index

HEAVIEST = 5.6
"""The weight of what one family alone holds, in an index of any size; what every family holds
weighs nothing.
"""

_PART = 200_000
"""Rows that are counted at a time."""


def of_index(index: Index) -> dict[str, NDArray[Any]]:
    """The arrays of all projects of an index. A project whose fingerprints are unsound is in it
    with no paths.
    """
    tables = []
    for project in index.projects:
        try:
            table = Table(project.arrays("print_"))
            table.check()
            if int(table.of.max(initial=-1)) >= len(project.paths):
                raise ValueError("fingerprints of a path that the index does not have")
        except (ValueError, IndexError):
            table = Table(pack_arrays(()))
        tables.append(table)
    return join_tables(tables)


def join_tables(tables: Sequence[Table]) -> dict[str, NDArray[Any]]:
    """The arrays of some tables; a table's number in them is its place here."""
    import numpy as np

    sizes = [len(table.of) for table in tables]
    base = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    families = [int(table.family.max(initial=-1)) + 1 for table in tables]
    starts = np.concatenate([[0], np.cumsum(families)]).astype(np.int64)
    arrays: dict[str, NDArray[Any]] = {
        "base": base,
        "families": starts[-1:],
        "of": concatenate([table.of for table in tables]),
        "release": concatenate([table.release for table in tables]),
        "total": concatenate([table.total for table in tables]),
        "family": concatenate([table.family + starts[n] for n, table in enumerate(tables)]),
    }
    # One after the other, and none is kept: all together take more memory than the rest of a scan.
    arrays |= _sort_channel("run", lambda table: table.take("runs"), tables, base)
    arrays |= _sort_channel("renamed", lambda table: table.take("renamed_postings"), tables, base)
    arrays |= _sort_channel("word", lambda table: table.take("words"), tables, base)
    arrays |= _functions(tables, base)
    for table in tables:
        table.forget_functions()
    arrays["weight"] = _weights("run", arrays)
    arrays["words_weight"] = _weights("word", arrays)
    return arrays


def idf(seen: NDArray[Any], families: int) -> NDArray[Any]:
    """The weight of what so many of all families hold."""
    import numpy as np

    share = np.log((families + 1) / np.maximum(seen, 1)) / np.log(families + 1)
    return np.asarray(HEAVIEST * share, np.float64)


def _sort_channel(
    channel: str, take: Callable[[Table], Postings], tables: Sequence[Table], base: NDArray[Any]
) -> dict[str, NDArray[Any]]:
    import numpy as np

    postings = [take(table) for table in tables]
    hashes = concatenate([np.repeat(p.hashes, np.where(p.start >= 0, p.df, 0)) for p in postings])
    path = concatenate([(p.path + base[n]).astype(np.int32) for n, p in enumerate(postings)])
    common = np.unique(concatenate([p.hashes[p.start < 0] for p in postings]))
    del postings
    order = np.argsort(hashes, kind="stable")
    return {
        f"{channel}_hash": hashes[order].astype(np.uint32),
        f"{channel}_at": path[order].astype(np.int32),
        f"{channel}_common": common.astype(np.uint32),
    }


def _functions(tables: Sequence[Table], base: NDArray[Any]) -> dict[str, NDArray[Any]]:
    import numpy as np

    columns = [table.functions for table in tables]
    names = [[name.encode("utf-8", "replace") for name in table.names] for table in tables]
    first = np.concatenate([[0], np.cumsum([len(one) for one in names])]).astype(np.int64)
    every = [name for one in names for name in one]
    found: dict[str, NDArray[Any]] = {
        "function_path": concatenate([c["path"] + base[n] for n, c in enumerate(columns)]),
        "function_line": concatenate([c["line"] for c in columns]),
        "function_name": concatenate([c["name"] + first[n] for n, c in enumerate(columns)]),
        "name_end": np.cumsum([len(name) for name in every], dtype=np.int64),
        "names": np.frombuffer(b"".join(every), np.uint8),
        "function_common": np.unique(concatenate([t.common for t in tables])).astype(np.uint64),
        "bare_common": np.zeros(0, np.uint64),
    }
    for channel, name in (("function", "hash"), ("bare", "renamed")):
        hashes = concatenate([column[name] for column in columns]).astype(np.uint64)
        order = np.argsort(hashes, kind="stable")
        found[f"{channel}_hash"] = hashes[order]
        found[f"{channel}_at"] = order.astype(np.int32)
    return found


def _weights(channel: str, arrays: dict[str, NDArray[Any]]) -> NDArray[Any]:
    """Per path the weight of all it holds."""
    import numpy as np

    hashes, path = arrays[f"{channel}_hash"], arrays[f"{channel}_at"]
    count, families = int(arrays["base"][-1]), int(arrays["families"][0])
    if not len(hashes):
        return np.zeros(count)
    group = np.zeros(len(hashes), np.int32)
    np.cumsum(hashes[1:] != hashes[:-1], out=group[1:])
    seen = _holding_families(group, path, arrays["family"])
    weights = idf(np.arange(int(seen.max()) + 1), families)[seen]
    del seen
    first = np.concatenate([[0], np.flatnonzero(group[1:] != group[:-1]) + 1])
    weights[np.isin(hashes[first], arrays[f"{channel}_common"])] = 0
    del first
    total = np.zeros(count)
    # In the order of the rows, on which sums of floats depend.
    for start in range(0, len(path), _PART):
        part = slice(start, start + _PART)
        np.add.at(total, path[part], weights[group[part]])
    return total


def _holding_families(
    group: NDArray[Any], path: NDArray[Any], family: NDArray[Any]
) -> NDArray[Any]:
    """Of how many families there are paths in each group; the numbers of groups are rising. A part
    at a time: of all rows at once it would take more memory than the rest of a scan.
    """
    import numpy as np

    seen = np.zeros(int(group[-1]) + 1, np.int64)
    span = int(family.max()) + 1
    start = 0
    while start < len(group):
        last = group[min(start + _PART, len(group)) - 1]
        end = int(np.searchsorted(group, last, "right"))
        low = int(group[start])
        pairs = (group[start:end].astype(np.int64) - low) * span + family[path[start:end]]
        held = distinct(pairs)
        seen[low : int(last) + 1] = np.bincount(held // span, minlength=int(last) + 1 - low)
        start = end
    return seen


def concatenate(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """The parts behind each other; no numbers of 64 bits where there are none."""
    import numpy as np

    return np.concatenate(parts) if parts else np.zeros(0, np.int64)
