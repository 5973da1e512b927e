"""Rows of two token embeddings, paired: by the text of the token where both vocabularies are known,
else by number.

A vocabulary that was extended or put into another order keeps its texts. Rows are what residual
dimensions are compared through: the test over these dimensions is exact whatever the pairing, a
wrong one only sees nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights import axes
from aisbom.weights.read import values
from aisbom.weights.side import Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.read.stored import TensorInfo

TOKENS = 1024
"""Rows that are read."""

LEAST = 64
"""Fewer texts in common tell nothing."""

_WIDEST = 16384


def pair_tables(a: Side, b: Side) -> tuple[NDArray[np.float32], NDArray[np.float32], str] | None:
    """Two tables, residual dimensions x paired tokens, and how they were paired; None where a side
    has no embedding that can be read, or the vocabularies have next to nothing in common.
    """
    left, right = _embedding(a), _embedding(b)
    if left is None or right is None:
        return None
    how = "embedding rows are paired by token number: no tokenizer was read on both sides"
    rows = [(at, at) for at in range(min(TOKENS, left.shape[0], right.shape[0]))]
    if a.vocabulary and b.vocabulary:
        both = sorted(
            (number + b.vocabulary[token], token, number, b.vocabulary[token])
            for token, number in a.vocabulary.items()
            if token in b.vocabulary
            and 0 <= number < left.shape[0]
            and 0 <= b.vocabulary[token] < right.shape[0]
        )
        if len(both) < LEAST:
            return None
        how = (
            f"embedding rows are paired by the text of their tokens: {len(both):,} texts are in"
            " both vocabularies"
        )
        rows = [(x, y) for _, _, x, y in both[:TOKENS]]
    try:
        return _read(a, left, [x for x, _ in rows]), _read(b, right, [y for _, y in rows]), how
    except ValueError:
        return None


def _embedding(side: Side) -> TensorInfo | None:
    info = axes.embedding(side.checkpoint.tensors) if side.checkpoint is not None else None
    return (
        info
        if info is not None and axes.MIN_UNITS <= info.shape[1] <= _WIDEST and values.readable(info)
        else None
    )


def _read(side: Side, info: TensorInfo, rows: list[int]) -> NDArray[np.float32]:
    """Residual dimensions x these rows; neighbours are read together."""
    assert side.checkpoint is not None  # noqa: S101 - _embedding() looked
    width = info.shape[1]
    order = sorted(range(len(rows)), key=lambda at: rows[at])
    table = np.empty((len(rows), width), np.float32)
    begin = 0
    for end in range(1, len(order) + 1):
        if end < len(order) and rows[order[end]] == rows[order[end - 1]] + 1:
            continue
        first, count = rows[order[begin]], end - begin
        table[order[begin:end]] = values.elements(
            side.checkpoint, info, first * width, count * width
        ).reshape(count, width)
        begin = end
    return np.ascontiguousarray(table.T)
