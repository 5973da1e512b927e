"""Whose weights share an origin with whom, over a whole catalogue.

Candidates come from equal tensor keys (exact, by a sorted table) and from sign bits (approximate,
every pair is looked at). Then `weights.compare` decides about each candidate from the two sketches;
its chance is corrected for every pair of the catalogue that was looked at (Bonferroni), so that the
chance of one wrong name in the whole table stays below 10^-9. No approximate step names anybody.
"""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aisbom.fleet import sign_bits
from aisbom.fleet.key_table import KeyTable
from aisbom.fleet.pairs import Match, Owners
from aisbom.fleet.tables import Tables
from aisbom.weights import references, sketch
from aisbom.weights.compare import compare
from aisbom.weights.recognise import RELATED
from aisbom.weights.side import Side
from aisbom.weights.verdict import LOG10_ACCUSE

MAX_CANDIDATES = 1_000_000
_OPEN = 256
"""Sketches that are kept in memory while candidates are compared."""


@dataclass(frozen=True, slots=True)
class _Model:
    unit: str
    path: str
    sketch: str
    signature: str
    bits: bytes


def match(
    tables: Tables, owners: Owners, report: Callable[[int, int], None] | None = None
) -> tuple[list[Match], int]:
    """Every pair of checkpoints of different submissions with a common origin, or of which the
    comparison came to no conclusion; and how many pairs were looked at.
    """
    models = _models(tables, owners)
    looked_at = owners.pairs(model.unit for model in models)
    public = references.common(references.load()[0]) | _handed_out(tables, owners)
    equal = _equal(tables, models, owners)
    near = _near(models, owners)
    candidates = sorted({*equal, *near})[:MAX_CANDIDATES]
    open_side = _Sides(tables)
    found = []
    for number, (a, b) in enumerate(candidates, 1):
        x, y = models[a], models[b]
        if x.sketch and y.sketch:
            answer = compare(open_side(x), open_side(y), (), public).answer
            found.append(
                _row(
                    x,
                    y,
                    answer,
                    equal=equal.get((a, b), 0),
                    distance=near.get((a, b)),
                    pairs=looked_at,
                )
            )
        if report:
            report(number, len(candidates))
    rows = [row for row in found if row.verdict in (*RELATED, "inconclusive")]
    return rows, looked_at


def _row(  # noqa: PLR0913
    x: _Model, y: _Model, answer: dict[str, Any], *, equal: int, distance: int | None, pairs: int
) -> Match:
    """A verdict that relates two models holds only where its chance, corrected for all pairs, is
    below the bound of an accusation.
    """
    log10_p = min(0.0, float(answer["log10_p"]) + math.log10(max(1, pairs)))
    verdict = str(answer["verdict"])
    if verdict in RELATED and log10_p >= LOG10_ACCUSE:
        verdict = "inconclusive"
    words = str(answer["summary"])
    if verdict == "inconclusive":
        words = (
            f"{x.path} and {y.path}: nothing that would stand among {pairs:,} pairs; no finding."
        )
    kind = "tensor" if equal else "units"
    shared = equal or int(distance or 0)
    return Match(
        kind, x.unit, x.path, y.unit, y.path, verdict, shared, round(log10_p, 2), pairs, words
    )


def _models(tables: Tables, owners: Owners) -> list[_Model]:
    columns = ("unit", "path", "sketch", "signature", "bits")
    wanted = set(owners.units)
    rows = tables.read("sketches", columns).to_pylist()
    found = [_Model(**row) for row in rows if row["unit"] in wanted]
    return sorted(found, key=lambda one: (one.unit, one.path))


def _handed_out(tables: Tables, owners: Owners) -> frozenset[str]:
    """The contents of what the organiser handed out, from the sketches."""
    if not owners.common:
        return frozenset()
    found = set()
    for row in tables.read("sketches", ("unit", "sketch")).to_pylist():
        if row["unit"] in owners.common and row["sketch"]:
            data = tables.catalogue.store.read(f"sketches/{row['sketch']}.sketch")
            found |= {key.content for key in sketch.read(data).keys if key.content}
    return frozenset(found)


def _equal(tables: Tables, models: list[_Model], owners: Owners) -> Counter[tuple[int, int]]:
    """Pairs with tensors of equal values, as they stand, without signs or rounded; and how many."""
    number = {(model.unit, model.path): at for at, model in enumerate(models)}
    found: Counter[tuple[int, int]] = Counter()
    columns = ("unit", "path", "multiset", "magnitudes", "cast", "why_not")
    rows = [
        (number[place], row)
        for row in tables.read("tensors", columns).to_pylist()
        if not row["why_not"] and (place := (row["unit"], row["path"])) in number
    ]
    for kind in ("multiset", "magnitudes", "cast"):
        held = [(row[kind], at) for at, row in rows if row[kind] is not None]
        keys = np.array([key for key, _ in held], np.uint64)
        owner = np.array([at for _, at in held], np.int32)
        with tempfile.TemporaryDirectory(prefix="aisbom-keys-") as folder:
            table = KeyTable.build(Path(folder), [(keys, owner)])
            here: Counter[tuple[int, int]] = Counter()
            for _, holders in table.groups():
                here.update(
                    (a, b)
                    for at, a in enumerate(holders.tolist())
                    for b in holders[at + 1 :].tolist()
                    if owners.are_pair(models[a].unit, models[b].unit)
                )
                if len(here) > MAX_CANDIDATES:
                    break
            del table
        found |= here
    return found


def _near(models: list[_Model], owners: Owners) -> dict[tuple[int, int], int]:
    """Pairs whose sign bits agree more than those of unrelated models do, and their distance."""
    groups: dict[str, list[int]] = {}
    for at, model in enumerate(models):
        if model.signature:
            groups.setdefault(model.signature, []).append(at)
    found = {}
    for held in groups.values():
        table = sign_bits.table([models[at].bits for at in held])
        for row, a in enumerate(held[:-1]):
            away = sign_bits.distances(models[a].bits, table[row + 1 :])
            for at in np.flatnonzero(away <= sign_bits.LIMIT).tolist():
                b = held[row + 1 + at]
                if owners.are_pair(models[a].unit, models[b].unit):
                    found[a, b] = int(away[at])
    return found


class _Sides:
    """Sketches by model, the last ones kept."""

    def __init__(self, tables: Tables) -> None:
        self._store = tables.catalogue.store
        self._kept: dict[str, Side] = {}

    def __call__(self, model: _Model) -> Side:
        if model.sketch not in self._kept:
            while len(self._kept) >= _OPEN:
                del self._kept[next(iter(self._kept))]
            data = self._store.read(f"sketches/{model.sketch}.sketch")
            self._kept[model.sketch] = sketch.read(data)
        return self._kept[model.sketch]
