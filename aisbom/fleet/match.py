"""`fleet match`: every submission against every other one, into the table `matches`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aisbom.fleet import match_code, match_weights, parts
from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.pairs import Match, Owners
from aisbom.fleet.tables import Tables


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, and how many pairs of checkpoints and of functions were looked at."""

    weights: tuple[Match, ...]
    weight_pairs: int
    code: tuple[Match, ...]
    function_pairs: int


def match(
    catalogue: Catalogue,
    common: Sequence[str] = (),
    report: Callable[[int, int], None] | None = None,
) -> Found:
    """Match a catalogue's weights and code, and keep the rows. `common` names submissions that hold
    what the organiser handed out: it is nobody's. Raises UsageError for a name that is none.
    """
    tables = Tables(catalogue)
    owners = Owners(tables.entries, common)
    weights, weight_pairs = match_weights.match(tables, owners, report)
    code, function_pairs = match_code.match(tables, owners)
    rows = [one.row() for one in (*weights, *code)]
    catalogue.store.write("added/matches-all.parquet", parts.part("matches", rows))
    return Found(tuple(weights), weight_pairs, tuple(code), function_pairs)
