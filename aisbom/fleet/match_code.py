"""Whose code is in whose, over a whole catalogue: functions that are alike token by token.

A function counts where both of its hashes are equal, no known project has it, the organiser did not
hand it out, and few submissions hold it. The table says how many such coincidences chance would
give among all functions that were looked at. It never says who had a function first, nor that both
did not take it from a third who is in no index.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from aisbom.fleet.pairs import Match, Owners
from aisbom.fleet.tables import Tables

LEAST = 30
"""Tokens of a function that counts (about 60 as other lexers count), as in `code compare`."""

RARE = 8
"""Submissions that may hold a function which counts: what more of them have is a common idiom or a
source that all of them know. It is listed by the question `shared-functions`, never here.
"""

_BITS = 64
"""Two functions of different tokens have both hashes equal once in 2^64 at the most: 32 bits of
each channel at the least.
"""


def match(tables: Tables, owners: Owners) -> tuple[list[Match], int]:
    """Every pair of submissions with functions alike, most of them first; and how many pairs of
    functions were looked at.
    """
    columns = ("unit", "path", "name", "line", "tokens", "hash", "renamed", "known")
    holders: dict[tuple[int, int], dict[str, dict[str, Any]]] = defaultdict(dict)
    handed_out: set[tuple[int, int]] = set()
    count = 0
    for batch in tables.read("functions", columns).to_batches():
        for row in batch.to_pylist():
            key = (row["hash"], row["renamed"])
            if row["unit"] in owners.common:
                handed_out.add(key)
            elif row["tokens"] >= LEAST and not row["known"]:
                count += 1
                holders[key].setdefault(row["unit"], row)
    found: dict[tuple[str, str], list[tuple[dict[str, Any], dict[str, Any]]]] = defaultdict(list)
    for key, units in holders.items():
        if key in handed_out or not 2 <= len(units) <= RARE:
            continue
        names = sorted(units)
        for at, a in enumerate(names):
            for b in names[at + 1 :]:
                if owners.are_pair(a, b):
                    found[a, b].append((units[a], units[b]))
    looked_at = count * (count - 1) // 2
    log10_p = min(0.0, math.log10(max(1, looked_at)) - _BITS * math.log10(2))
    rows = [_row(a, b, alike, log10_p, looked_at) for (a, b), alike in found.items()]
    return sorted(rows, key=lambda row: (-row.shared, row.a, row.b)), looked_at


def _row(
    a: str,
    b: str,
    alike: list[tuple[dict[str, Any], dict[str, Any]]],
    log10_p: float,
    looked_at: int,
) -> Match:
    ours, theirs = min(
        alike, key=lambda pair: (-pair[0]["tokens"], pair[0]["path"], pair[0]["line"])
    )
    number = len(alike)
    words = (
        f"{number} function{'s are' if number != 1 else ' is'} alike token by token, the longest"
        f" {ours['name']} ({ours['path']}:{ours['line']}) and {theirs['name']}"
        f" ({theirs['path']}:{theirs['line']}); this does not show who had"
        f" {'them' if number != 1 else 'it'} first, or whether both stem from a third."
    )
    return Match(
        "function",
        a,
        ours["path"],
        b,
        theirs["path"],
        "alike",
        number,
        round(log10_p, 2),
        looked_at,
        words,
    )
