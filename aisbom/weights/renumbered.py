"""Tokens of two models paired by what the models make of them, where their labels mean nothing: how
long each token is in the eyes of every hidden layer.

These lengths do not change when the residual stream is turned, units are put in another order or
tokens are numbered anew. They are too coarse to accuse of anything, and are only used to pair
tokens for the tests of `recover`, which hold whatever was paired with what. Long training moves
them: what is not found so may still be there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights import units
from aisbom.weights.anchors import LEAST
from aisbom.weights.products import GROUPS
from aisbom.weights.side import spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.products import Table

MOST_LABELS = 16384
WORK = 1e12
"""Multiplications that lengths may take; larger models are not paired so."""

PAIRED = 256


def pair_by_similarity(x: Table, y: Table) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Labels of two tables, as `Table.products` takes them, that are each other's nearest by their
    lengths; None where too few are, or the tables are too large. Raises ValueError as the reader
    does.
    """
    a, b = _labels(x), _labels(y)
    if not (LEAST <= a.size <= MOST_LABELS and LEAST <= b.size <= MOST_LABELS):
        return None
    left, right = _lengths(x, a), _lengths(y, b)
    if left is None or right is None or left.shape[1] != right.shape[1]:
        return None
    # The nearest has the largest of these, so that ties and mutual choice are those of units.
    distance = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)[None, :] - 2 * left @ right.T
    near = (1 / (1 + np.maximum(distance, 0))).astype(np.float32)
    every = np.ones(a.size, bool), np.ones(b.size, bool)
    pairs = units.mutual(units.matches(near, *every), units.matches(near.T, *every[::-1]))
    pairs = sorted(pairs, key=lambda pair: (-float(near[pair]), pair))[:PAIRED]
    if len(pairs) < LEAST:
        return None
    rows = np.array(pairs, np.int64)
    return a[rows[:, 0]], b[rows[:, 1]]


def _labels(table: Table) -> NDArray[np.int64]:
    return np.array(sorted(set(table.labels(False).values())), np.int64)


def _lengths(table: Table, labels: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """Labels x (layers and groups of matrices), each column with mean 0 and deviation 1; the same
    number of layers of every model.
    """
    axes = spread(list(table.axes), 8)
    work = sum(axis.units * part.across for axis in axes for part in (*axis.ins, *axis.outs))
    if work * labels.size > WORK:
        return None
    products = table.products(labels)
    columns = []
    for axis in axes:
        for group in GROUPS:
            for values in products.raw(axis, group, (0, axis.units)).values():
                columns.append(np.sqrt((values.astype(np.float64) ** 2).mean(axis=0)))
    found = np.log(np.maximum(np.stack(columns, axis=1), 1e-30))
    if not np.isfinite(found).all():
        return None
    spreads = found.std(axis=0)
    lengths: NDArray[np.float64] = (found - found.mean(axis=0)) / np.where(spreads > 0, spreads, 1)
    return lengths
