"""Whether the labels that two tables were paired by mean the same on both sides.

Independent models of one language agree in which tokens are alike, so under the right labels the
similarities within one table resemble those within the other, and under shuffled ones they do not.
Where the two have nothing in common, tokens may have been renumbered, or the tokenizer beside the
weights may not be theirs: a copy hidden so would not be seen, and nobody is cleared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from aisbom.weights.axes import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHUFFLES = 200
SURE = 6.0
"""Standard deviations above the shuffled mean."""


@dataclass(frozen=True, slots=True)
class Labels:
    """`status` is that of a symmetry; `how` says why."""

    status: Literal["tested", "assumed", "untested"]
    how: str


NONE = Labels("untested", "nothing that both models label was read")


def check(a: NDArray[np.float64], b: NDArray[np.float64], structured: bool, seed: str) -> Labels:
    """What two tables under one labelling say of it, from the cosines of the labels within each
    (`alike`); `structured` says whether both tables are.
    """
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return Labels("untested", "a table holds values that are no numbers")
    n = a.shape[0]
    off = ~np.eye(n, dtype=bool)
    here = a[off] - a[off].mean()
    observed = float(here @ b[off])
    dice = generator(f"labels|{seed}")
    null = []
    for _ in range(SHUFFLES):
        order = dice.permutation(n)
        null.append(float(here @ b[np.ix_(order, order)][off]))
    spread = float(np.std(null))
    z = (observed - float(np.mean(null))) / spread if spread > 0 else 0.0
    if z > SURE and observed > max(null):
        return Labels(
            "tested",
            f"the two tables agree in which labels are alike ({z:.0f} standard deviations above"
            " shuffled labels)",
        )
    if not structured:
        return Labels(
            "assumed",
            "taken as they stand: a table has no structure by which its labels could be checked",
        )
    return Labels(
        "untested",
        "under these labels the two tables do not agree in which labels are alike: they may not be"
        " those that the models were trained with",
    )


def alike(table: NDArray[np.float32]) -> NDArray[np.float64]:
    """Cosines of labels with each other after taking off the mean vector; not finite where the
    table is not.
    """
    if not np.isfinite(table).all():
        return np.full((table.shape[0], table.shape[0]), np.nan)
    x = table.astype(np.float64) - table.mean(axis=0)
    length = np.sqrt((x**2).sum(axis=1, keepdims=True))
    x = x / np.where(length > 0, length, 1)
    found: NDArray[np.float64] = x @ x.T
    return found


def is_structured(table: NDArray[np.float32]) -> bool:
    """Whether the strongest direction exceeds what independent entries would have (the edge of
    Marchenko and Pastur) by a fifth.
    """
    if not np.isfinite(table).all():
        return True
    x = table.astype(np.float64) - table.mean(axis=0)
    length = np.sqrt((x**2).sum(axis=1, keepdims=True))
    x = x / np.where(length > 0, length, 1)
    n, width = x.shape
    top = float(np.linalg.svd(x, compute_uv=False)[0]) ** 2 * width / n
    return bool(top > 1.2 * (1 + math.sqrt(width / n)) ** 2)
