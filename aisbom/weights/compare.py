"""Two checkpoints or sketches to one answer, with the controls that let the other side rerun it."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aisbom.weights import anchored, circuits, layernorm, near, units
from aisbom.weights import axes as axes_of
from aisbom.weights.anchored import AnchoredTest
from aisbom.weights.axes import Axis
from aisbom.weights.circuits import HeadComparison
from aisbom.weights.placing import Cell, Placement, best_pairs, place
from aisbom.weights.read import values
from aisbom.weights.recover import Recovery, recover
from aisbom.weights.shared import Shared, find_shared
from aisbom.weights.side import SKETCHED, Plan, Side, complete_transposes, spread
from aisbom.weights.strength import (
    Strength,
    agreeing,
    heads_alike,
    heads_in_place,
    in_order,
    in_place,
    together,
)
from aisbom.weights.symmetries import symmetries
from aisbom.weights.verdict import DOUBTS, LOG10_ACCUSE, Findings, summary, verdict

if TYPE_CHECKING:
    from numpy.typing import NDArray

RELABELLINGS = 1000
UNRELATED = 3
NEAR_MATRICES = 24
SMALLEST_P = 1e-300
"""JSON numbers end near here; `log10_p` has the rest."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`answer` is the contract's object; `placed`, `null` (total F of each relabelling) and
    `observed` are what a plot needs.
    """

    answer: dict[str, Any]
    placed: Placement
    null: NDArray[np.int64]
    observed: int


def compare(
    a: Side, b: Side, references: Sequence[Side] = (), common: Collection[str] = ()
) -> Comparison:
    """Compare two sides. `references` are unrelated models for the control, `common` contents
    that independent models share.

    Deterministic: every choice is drawn from the digests of the two sides, which do not depend on
    names or on the order of files.
    """
    plan = SKETCHED if a.checkpoint is None or b.checkpoint is None else _plan(a, b)
    keys = complete_transposes(a, b.keys)
    equal = find_shared(keys, complete_transposes(b, keys), common)
    placed = place(a, b, plan)
    looked = _look(a, b, plan, placed, equal.share)
    strength, factor = looked.strength, looked.factor
    layers = _layers(placed, factor)
    residuals = _residuals(a, b, layers, plan) if layers else []
    layers = layers or _layers(looked.anchored.placed, factor)
    paired = [cell for cell in placed.cells if cell.paired]
    # What the controls and the effect describe: the mapped layers, or where none are, the pairs
    # chosen beforehand.
    shown = [c for cell, out in layers for c in (cell, out) if c is not None] or paired
    effect = units.effect([c.table for c in shown if c.table is not None], factor)
    # Where something was found, the rest was not looked for, and hides nothing.
    found = (
        []
        if strength.accuses or equal.matches
        else symmetries(
            placed, looked.anchored, looked.recovered, factor, bool(looked.heads.placed.cells)
        )
    )
    findings = Findings(
        equal,
        strength.log10_p,
        len(strength.groups),
        strength.exact,
        strength.found_by,
        strength.hits,
        effect,
        Counter(r["shape"] for r in residuals),
        len(paired),
        tuple(row.what for row in found if row.hides),
        any(row.status == "assumed" for row in found),
        max((row.detectable or 0.0 for row in found), default=0.0),
    )
    log10_p, exact = strength.log10_p, strength.exact
    null = units.count_relabelled(
        [c.match for c in shown], RELABELLINGS, axes_of.generator(f"relabel|{plan.seed}")
    )
    word = verdict(findings)
    log10_all = min(
        log10_p,
        equal.log10_p + math.log10(max(1, len(a.keys) * len(b.keys))) if equal.matches else 0.0,
    )
    answer: dict[str, Any] = {
        "a": {
            "label": a.label,
            "digest": a.digest,
            "kind": "sketch" if a.checkpoint is None else "checkpoint",
            "parameters": a.parameters,
        },
        "b": {
            "label": b.label,
            "digest": b.digest,
            "kind": "sketch" if b.checkpoint is None else "checkpoint",
            "parameters": b.parameters,
        },
        "verdict": word,
        "p_value": max(SMALLEST_P, 10.0 ** max(-300.0, log10_all)),
        "log10_p": round(log10_all, 2),
        "p_is": _p_is(log10_p, log10_all, exact),
        "evidential_share": round(equal.share, 6),
        "effect": _effect(effect),
        "found_by": strength.found_by,
        "groups": len(strength.groups),
        "layer_map": [_row(cell, out, factor) for cell, out in layers],
        "heads": _heads(looked.heads, plan.seed),
        "recovered": _report_recovery(looked.recovered),
        "symmetries": [row.row() for row in found],
        "residuals": residuals,
        "tensors": _tensors(equal),
        "controls": {
            "relabelled": {
                "times": RELABELLINGS,
                "in_place": int(sum(c.hits for c in shown)),
                "mean": round(float(null.mean()), 3),
                "most": int(null.max(initial=0)),
            },
            "unrelated": _test_unrelated(a, references, b),
            "shifted": _test_shifted(placed if placed.cells else looked.anchored.placed),
            "factor": factor,
            "seed": plan.seed,
        },
        "not_evidence": layernorm.not_evidence(a.norms, b.norms, plan.seed),
        "doubts": list(DOUBTS),
        "notes": sorted({*a.notes, *b.notes, *placed.notes, *looked.anchored.placed.notes})[:50],
        "summary": summary(findings, *_names(a, b)),
    }
    return Comparison(answer, placed, null, sum(c.hits for c in shown))


def _names(a: Side, b: Side) -> tuple[str, str]:
    return (a.label, b.label) if a.label != b.label else (f"A ({a.label})", f"B ({b.label})")


def _plan(a: Side, b: Side) -> Plan:
    seed = hashlib.sha256("|".join(sorted((a.digest, b.digest))).encode()).hexdigest()
    return Plan(seed, 256, 512, 256)


@dataclass(frozen=True, slots=True)
class _Examination:
    """What was looked at after equal values, and how strong it is together."""

    anchored: AnchoredTest
    heads: HeadComparison
    recovered: Recovery
    strength: Strength
    factor: int


def _look(a: Side, b: Side, plan: Plan, placed: Placement, share: float) -> _Examination:
    """Units as they stand; where that is not enough, through rotations, heads too, then
    reorderings.
    """
    plain = in_place(placed.cells, placed.tests, "units in place")
    if plain.accuses or share >= 0.5:
        return _Examination(AnchoredTest(), HeadComparison(), Recovery(), plain, placed.tests)
    seen = anchored.place(a, b, plan)
    heads = circuits.compare(a, b, seen.pairings, plan)
    factor = placed.tests + seen.placed.tests + heads.placed.tests
    words = "units in place, seen through products"

    def exact() -> list[Strength]:
        return [
            in_place(placed.cells, factor, "units in place"),
            in_place(seen.placed.cells, factor, words),
            heads_in_place(heads.placed.cells, factor),
        ]

    strength = together(exact())
    if strength.accuses:
        return _Examination(seen, heads, Recovery(), strength, factor)
    found = recover(a, b, plan, seen.labels.status == "tested")
    factor += found.tests
    strength = together(
        [*exact(), in_order(found.rising, factor)],
        [agreeing(found.agreements, factor), heads_alike(heads.alike, factor)],
    )
    return _Examination(seen, heads, found, strength, factor)


def _layers(placed: Placement, factor: int) -> list[tuple[Cell, Cell | None]]:
    return best_pairs(
        placed, lambda cell: units.log10_hits(cell.hits) + math.log10(factor + 2) < LOG10_ACCUSE
    )


def _residuals(
    a: Side, b: Side, layers: Sequence[tuple[Cell, Cell | None]], plan: Plan
) -> list[dict[str, Any]]:
    """What became of the matrices of mapped axes, for two checkpoints: rows as they are stored, so
    that quantisation groups are whole.
    """
    if a.checkpoint is None or b.checkpoint is None:
        return []
    rows = []
    by_a, by_b = {x.label: x for x in a.axes}, {x.label: x for x in b.axes}
    for cell, _ in spread(list(layers), NEAR_MATRICES // 2):
        x, y = by_a[cell.a], by_b[cell.b]
        for p, q in zip([*x.ins, *x.outs], [*y.ins, *y.outs], strict=False):
            if (p.kind, p.height, p.length, p.along) != (q.kind, q.height, q.length, q.along):
                continue
            count = min(p.height, near.ROWS)
            first = axes_of.start(plan.seed, p.height, count)
            try:
                left, right = (
                    values.elements(
                        side.checkpoint,
                        part.tensor,
                        part.base + first * part.length,
                        count * part.length,
                    )
                    for side, part in ((a, p), (b, q))
                    if side.checkpoint is not None
                )
            except ValueError:
                continue
            found = near.residual(left.reshape(count, -1), right.reshape(count, -1), q.tensor.dtype)
            if found is not None:
                rows.append(
                    {
                        "a": p.tensor.name,
                        "b": q.tensor.name,
                        "shape": found.shape,
                        "r": round(found.r, 6),
                        "relative": round(found.relative, 6),
                        "equal_bf16": round(found.equal, 6),
                        "detail": found.detail,
                    }
                )
    return rows[:NEAR_MATRICES]


def _test_unrelated(a: Side, references: Sequence[Side], b: Side) -> list[dict[str, Any]] | str:
    """Units of A against those of models that have nothing to do with it: what the same test finds
    where nothing is to be found.
    """
    rows: list[dict[str, Any]] = []
    mine = {axis.signature for axis in a.axes}
    # Models built alike first: theirs is the closest control.
    for reference in sorted(
        references, key=lambda r: not mine & {axis.signature for axis in r.axes}
    ):
        if len(rows) == UNRELATED:
            break
        if any(find_shared(side.keys, reference.keys).matches for side in (a, b)):
            continue
        found = _against(a, reference)
        if found is not None:
            rows.append(
                {
                    "reference": reference.label,
                    "most_in_place": found[0],
                    "of": found[1],
                    "axes": found[2],
                }
            )
    if len(rows) == UNRELATED:
        return rows
    return rows or "no unrelated reference with units to compare is available"


def _against(a: Side, reference: Side) -> tuple[int, int, int] | None:
    """The test holds for any features, so the columns are simply cut to the smaller number."""
    mine, theirs = _first_units(a), _first_units(reference)
    most = size = tested = 0
    for x in mine:
        for y in theirs:
            n, width = min(x.shape[0], y.shape[0]), min(x.shape[1], y.shape[1])
            if n < axes_of.MIN_UNITS or width < axes_of.MIN_WIDTH:
                continue
            (p,), up = units.features([x[:n, :width]])
            (q,), uq = units.features([y[:n, :width]])
            most = max(most, units.in_place(units.matches(units.similarity([p], [q]), up, uq)))
            size, tested = max(size, n), tested + 1
    return (most, size, tested) if tested else None


def _first_units(side: Side) -> list[NDArray[np.float32]]:
    found = []
    for axis in spread(_plain(side.axes), 6):
        try:
            found.append(side.sample(axis, axis.ins[0], SKETCHED, axis.units))
        except ValueError:
            continue
    return found


def _plain(rows: Sequence[Axis]) -> list[Axis]:
    return [axis for axis in rows if axis.ins]


def _test_shifted(placed: Placement) -> dict[str, Any]:
    """The pairs one layer off: the same models, where no unit should be in place."""
    cells = placed.at("in")
    order_a = list(dict.fromkeys(c.a for c in cells))
    order_b = list(dict.fromkeys(c.b for c in cells))
    best = {c.b: c.a for c, _ in best_pairs(placed, lambda _: True)}
    rows = []
    for c in cells:
        home = order_a.index(best[c.b])
        if order_a.index(c.a) == (home + 1) % len(order_a) and len(order_a) > 1:
            rows.append(c.hits)
    return {
        "pairs": len(rows),
        "most": max(rows, default=0),
        "mean": round(sum(rows) / len(rows), 3) if rows else 0.0,
        "axes": len(order_b),
    }


def _effect(effect: units.Effect | None) -> dict[str, Any] | None:
    if effect is None:
        return None
    return {
        "r": round(effect.r, 6),
        "interval": [round(effect.low, 6), round(effect.high, 6)],
        "interval_is": "what 95 % of relabellings would leave around r (Hoeffding 1951)",
        "detectable_r": effect.detectable,
        "power": (
            f"a model that kept a similarity of {effect.detectable:.2f} or more would have been"
            " seen at p < 1e-15"
        ),
    }


def _row(cell: Cell, out: Cell | None, factor: int) -> dict[str, Any]:
    log10_p = units.log10_hits(cell.hits) + math.log10(factor + 2)
    return {
        "a": cell.a,
        "b": cell.b,
        "in_place": cell.hits,
        "of": cell.units,
        "log10_p": round(min(0.0, log10_p), 2),
        "out_in_place": out.hits if out else None,
    }


def _heads(found: HeadComparison, seed: str) -> dict[str, Any] | None:
    """Attention heads by group of tensors, each with its own control, or None where none were
    compared.
    """
    paired = [c for c in found.placed.cells if c.paired]
    rows = []
    for group, through in sorted({(c.group, c.through) for c in paired}):
        same = [c for c in paired if (c.group, c.through) == (group, through)]
        dice = axes_of.generator(f"relabel heads|{seed}|{group}|{through}")
        null = units.count_relabelled([c.match for c in same], RELABELLINGS, dice, same[0].together)
        rows.append(
            {
                "tensors": group,
                "through": through,
                "in_place": sum(c.hits for c in same),
                "of": sum(c.units for c in same),
                "layers": len(same),
                "relabelled_most": int(null.max(initial=0)),
            }
        )
    alike = [
        {"layers": r.layers, "heads": r.count, "of": r.of, "control": r.control}
        for r in found.alike
    ]
    return {"in_place": rows, "matched_alike": alike} if rows else None


def _report_recovery(found: Recovery) -> dict[str, Any] | None:
    if not found.tests:
        return None
    rising = sorted(found.rising, key=lambda r: (r.log10_p, r.a, r.b))[:8]
    agreed = sorted(found.agreements, key=lambda r: (-r.count, r.a, r.b))[:8]
    return {
        "residual_dimensions_matched": found.matched,
        "in_order": [
            {
                "a": r.a,
                "b": r.b,
                "group": r.group,
                "length": r.length,
                "of": r.of,
                "log10_p": round(r.log10_p, 2),
            }
            for r in rising
        ],
        "agreements": [
            {"a": r.a, "b": r.b, "units": r.count, "of": r.of, "control": r.control} for r in agreed
        ],
    }


def _tensors(equal: Shared) -> dict[str, Any]:
    return {
        "evidential_parameters": equal.evidential,
        "share_of_a": round(equal.share_of_a, 6),
        "equal": dict(sorted(Counter(m.how for m in equal.matches).items())),
        "first": [{"a": m.a, "b": m.b, "how": m.how} for m in equal.matches[:20]],
        "equal_but_no_evidence": dict(equal.ignored),
    }


def _p_is(log10_p: float, log10_all: float, exact: bool) -> str:
    if log10_all < log10_p:
        return (
            "the modelled chance that independent values have the same histogram (value identity)"
        )
    if exact:
        return "an exact bound over relabellings of units, corrected for every pair looked at"
    return "a Poisson tail over the shuffled control, corrected; empirical, not an exact bound"
