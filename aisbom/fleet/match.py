"""`fleet match`: every submission against every other one, into the table `matches`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from aisbom.fleet import match_code, match_files, match_weights, parts
from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.pairs import Match, Owners
from aisbom.fleet.tables import Tables

_DIGEST_BITS = 160
"""Of the name of a unit, which is cut."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found, and how many pairs of checkpoints, functions and files were looked at. `same`
    are units that several submissions share: the same tree, byte for byte.
    """

    same: tuple[Match, ...]
    weights: tuple[Match, ...]
    weight_pairs: int
    code: tuple[Match, ...]
    function_pairs: int
    files: tuple[Match, ...]
    file_pairs: int


def match(
    catalogue: Catalogue,
    common: Sequence[str] = (),
    report: Callable[[int, int], None] | None = None,
) -> Findings:
    """Match a catalogue's weights and code, and keep the rows. `common` names submissions that hold
    what the organiser handed out: it is nobody's. Raises UsageError for a name that is none.
    """
    tables = Tables(catalogue)
    owners = Owners(tables.entries, common)
    weights, weight_pairs = match_weights.match(tables, owners, report)
    code, function_pairs = match_code.match(tables, owners)
    files, file_pairs = match_files.match(tables, owners)
    same = tuple(_same(owners))
    rows = [one.row() for one in (*same, *weights, *code, *files)]
    catalogue.store.write("added/matches-all.parquet", parts.part("matches", rows))
    return Findings(
        same, tuple(weights), weight_pairs, tuple(code), function_pairs, tuple(files), file_pairs
    )


def _same(owners: Owners) -> Iterator[Match]:
    count = len(owners.units)
    pairs = count * (count - 1) // 2
    for unit, names in owners.list_shared():
        words = f"{', '.join(names)}: the same files under the same name, byte for byte."
        log10_p = round(math.log10(max(1, pairs)) - _DIGEST_BITS * math.log10(2), 2)
        yield Match("tree", unit, "", unit, "", "identical", len(names), log10_p, pairs, words)
