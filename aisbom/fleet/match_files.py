"""Whose files are whose with changes, over a whole catalogue: source files that have most of their
fingerprints in common.

A fingerprint counts where no known project has it, the organiser did not hand it out and few
submissions hold it: what is left is nobody's idiom. Candidates are all files with one of them in
common, found in one sorted table; that step is exact. Two files are named where they share most of
what either holds in all, more than any pair of unrelated files did (`SHARE`). That is a
measurement and no chance: it never says who had a file first, nor that both did not take it from a
third who is in no index.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aisbom.fleet.match_code import RARE
from aisbom.fleet.pairs import Match, Owners
from aisbom.fleet.tables import Tables

SHARE = 0.6
"""Of the fingerprints of the smaller file: among 149,750 pairs of unrelated files of one library
(`codeprint/null.json`) one in 100,000 reaches .53 with what this leaves out counted in.
"""

MOST = 64
"""Files that may hold a fingerprint which counts, however few the submissions are."""

LEAST = 30
"""Fingerprints in common at the least: about 120 runs of tokens, since one in four is kept."""

_BITS = 32


@dataclass(frozen=True, slots=True)
class _File:
    unit: str
    path: str
    total: int


@dataclass(frozen=True, slots=True)
class _Alike:
    ours: _File
    theirs: _File
    shared: int

    @property
    def share(self) -> float:
        return self.shared / min(self.ours.total, self.theirs.total)


def match(tables: Tables, owners: Owners) -> tuple[list[Match], int]:
    """Every pair of submissions with files alike, most of them first; and how many pairs of files
    were looked at.
    """
    files, runs, handed_out = _files(tables, owners)
    found: dict[tuple[str, str], list[_Alike]] = defaultdict(list)
    for (a, b), shared in in_common([file.unit for file in files], runs, handed_out).items():
        x, y = sorted((files[a], files[b]), key=lambda one: (one.unit, one.path))
        alike = _Alike(x, y, shared)
        if shared >= LEAST and alike.share >= SHARE and owners.are_pair(x.unit, y.unit):
            found[x.unit, y.unit].append(alike)
    pairs = owners.pairs(file.unit for file in files)
    rows = [_row(alike, pairs) for alike in found.values()]
    return sorted(rows, key=lambda row: (-row.shared, row.a, row.b)), pairs


def _files(
    tables: Tables, owners: Owners
) -> tuple[list[_File], list[NDArray[np.uint32]], NDArray[np.uint32]]:
    """The files with enough fingerprints, these, and what was handed out."""
    files: list[_File] = []
    runs: list[NDArray[np.uint32]] = []
    handed_out = [np.zeros(0, np.uint32)]
    for batch in tables.read("prints", ("unit", "path", "total", "runs")).to_batches():
        for row in batch.to_pylist():
            own = np.frombuffer(row["runs"], "<u4")
            if row["unit"] in owners.common:
                handed_out.append(own)
            elif len(own) >= LEAST:
                files.append(_File(row["unit"], row["path"], row["total"]))
                runs.append(own)
    return files, runs, np.concatenate(handed_out)


def in_common(
    units: Sequence[str], runs: Sequence[NDArray[np.uint32]], handed_out: NDArray[np.uint32]
) -> dict[tuple[int, int], int]:
    """How many rare fingerprints two files have in common, by their numbers, for all that have one.
    `units` names the unit of each file; files of one unit are no pair.
    """
    counts: dict[tuple[int, int], int] = defaultdict(int)
    if not runs:
        return counts
    names = {unit: number for number, unit in enumerate(sorted(set(units)))}
    unit = np.array([names[one] for one in units], np.int64)
    keys, owner = _rare(runs, unit, handed_out)
    for step in range(1, MOST):
        # Equal keys stand together: each with the one `step` places on.
        same = np.flatnonzero(keys[step:] == keys[:-step])
        a, b = owner[same], owner[same + step]
        apart = unit[a] != unit[b]
        pairs, often = np.unique(a[apart] * len(runs) + b[apart], return_counts=True)
        for pair, many in zip(pairs.tolist(), often.tolist(), strict=True):
            counts[divmod(pair, len(runs))] += many
    return counts


def _rare(
    runs: Sequence[NDArray[np.uint32]], unit: NDArray[np.int64], handed_out: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Every fingerprint that counts with the number of its file, sorted."""
    # Both in one word: a sort of numbers is many times faster than one of places.
    both = np.concatenate(
        [own.astype(np.uint64) << np.uint64(_BITS) | np.uint64(at) for at, own in enumerate(runs)]
    )
    both.sort()
    keys = (both >> np.uint64(_BITS)).astype(np.uint32)
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    often = np.diff(np.append(starts, len(keys)))
    several = (often >= 2) & (often <= MOST) & ~np.isin(keys[starts], handed_out)
    kept = np.repeat(several, often)
    keys, owner = keys[kept], (both[kept] & np.uint64((1 << _BITS) - 1)).astype(np.int64)
    where, count = np.repeat(np.arange(int(several.sum())), often[several]), int(unit.max()) + 1
    units = np.bincount(np.unique(where * count + unit[owner]) // count)
    rare = ((units >= 2) & (units <= RARE))[where] if len(where) else np.zeros(0, bool)
    return keys[rare], owner[rare]


def _row(alike: list[_Alike], pairs: int) -> Match:
    best = min(alike, key=lambda one: (-one.shared, one.ours.path, one.theirs.path))
    number = len({one.ours.path for one in alike})
    words = (
        f"{number} file{'s are' if number != 1 else ' is'} alike for the most part, the largest"
        f" {best.ours.path} and {best.theirs.path}: {best.shared} fingerprints that few have,"
        f" {best.share:.0%} of the smaller; this does not show who had"
        f" {'them' if number != 1 else 'it'} first, or whether both stem from a third."
    )
    log10_p = min(0.0, math.log10(max(1, pairs)) + _log10_coincidence(best))
    return Match(
        *("file", best.ours.unit, best.ours.path, best.theirs.unit, best.theirs.path),
        *("alike", number, round(log10_p, 2), pairs, words),
    )


def _log10_coincidence(one: _Alike) -> float:
    """An upper bound of the chance that so many of the hashes of two files are equal although no
    run of tokens is: n1 choose k times (n2 / 2^32)^k, n1 choose k being below (n1 e / k)^k.
    """
    k, n1, n2 = one.shared, one.ours.total, one.theirs.total
    return k * (math.log10(n1 * math.e / k) + math.log10(n2) - _BITS * math.log10(2))
