"""Several models that may be parents of one: which of its layers come from which, and, where they
were added up, with what weights.

A layer of B comes from a parent where their units are in place (`compare`). Where layers of several
parents lie under one of B, the share of each is solved by least squares over sampled values. That
is a description: it says how the numbers of B can be written by those of the parents, not who mixed
them. Two parents that are nearly the same cannot be told apart, and that is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aisbom.weights import axes as axes_of
from aisbom.weights.compare import compare
from aisbom.weights.side import Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.axes import Axis, Part

RELATED = ("identical", "identical-after-transform", "quantised-copy", "common-origin")
ROWS, COLUMNS = 128, 512
"""Values sampled of each matrix."""

APART = 30.0
"""Parents whose values are related more closely than this condition number allows for are not told
apart.
"""


@dataclass(frozen=True, slots=True)
class LayerMixture:
    """The weight of each parent in one layer of B, and how much of its values they explain."""

    layer: str
    weights: Mapping[str, float]
    explained: float


def parents(b: Side, candidates: Sequence[Side]) -> dict[str, Any]:
    """What each candidate has in B, as an object for JSON. Labels of candidates have to differ.

    Every candidate is a comparison of its own; their p are to be multiplied by their number.
    """
    rows, found = [], {}
    for side in candidates:
        answer = compare(side, b).answer
        related = answer["verdict"] in RELATED
        layers = {row["b"]: row["a"] for row in answer["layer_map"]} if related else {}
        if related:
            found[side.label] = side, layers
        rows.append(
            {
                "parent": side.label,
                "verdict": answer["verdict"],
                "log10_p": round(min(0.0, answer["log10_p"] + np.log10(len(candidates))), 2),
                "layers": sorted(layers, key=axes_of.natural),
                "share_of_layers": round(len(layers) / len(b.axes), 4) if b.axes else 0.0,
                "equal_values": answer["evidential_share"],
            }
        )
    solved, notes = _solve_layers(b, found)
    return {
        "model": b.label,
        "layers": len(b.axes),
        "parents": rows,
        "weights": _summary(solved),
        "by_layer": [
            {
                "layer": row.layer,
                "weights": {name: round(w, 3) for name, w in row.weights.items()},
                "explained": round(row.explained, 4),
            }
            for row in solved
        ],
        "notes": sorted(set(notes)),
    }


def _solve_layers(
    b: Side, found: Mapping[str, tuple[Side, Mapping[str, str]]]
) -> tuple[list[LayerMixture], list[str]]:
    """The layers of B as sums of those of its parents, unit by unit and column by column."""
    solved, notes = [], []
    for axis in b.axes:
        blocks: dict[str, NDArray[np.float64]] = {}
        for name, (side, layers) in found.items():
            # A parent that is in one layer may be in the others too weakly to be seen there.
            label = layers.get(axis.label, axis.label)
            other = next((x for x in side.axes if x.label == label), None)
            if other is not None:
                blocks[name] = _block(side, other, axis)
        blocks = {name: block for name, block in blocks.items() if block.size}
        target = _block(b, axis, axis)
        if not blocks or not target.size:
            continue
        table = np.stack(list(blocks.values()), axis=1)
        if np.linalg.cond(table) > APART:
            notes.append("parents that are nearly the same are not told apart")
            continue
        weights, *_ = np.linalg.lstsq(table, target, rcond=None)
        rest = target - table @ weights
        explained = 1 - float((rest**2).sum() / (target**2).sum())
        solved.append(
            LayerMixture(axis.label, dict(zip(blocks, weights.tolist(), strict=True)), explained)
        )
    return solved, notes


def _block(side: Side, axis: Axis, like: Axis) -> NDArray[np.float64]:
    """Sampled values of the first matrix that feeds an axis, flat; empty where it has not the
    measure of that of `like`, or cannot be read.
    """
    part, other = axis.ins[0], like.ins[0]
    if side.checkpoint is None or _measure(part) != _measure(other) or axis.units != like.units:
        return np.zeros(0)
    count = min(ROWS, axis.units)
    chosen = axes_of.columns("parents", part.across, COLUMNS)
    try:
        rows = axes_of.read(
            side.checkpoint, part, axes_of.start("parents", axis.units, count), count, chosen
        )
    except ValueError:
        return np.zeros(0)
    return rows.astype(np.float64).ravel() if np.isfinite(rows).all() else np.zeros(0)


def _measure(part: Part) -> tuple[str, int]:
    return part.kind, part.across


def _summary(solved: Sequence[LayerMixture]) -> dict[str, Any]:
    """The middle of the weights over all layers; a parent that is not under a layer has none
    there.
    """
    names = sorted({name for row in solved for name in row.weights})
    return {
        name: {
            "median": round(float(np.median([row.weights.get(name, 0.0) for row in solved])), 3),
            "layers": sum(name in row.weights for row in solved),
        }
        for name in names
    }
