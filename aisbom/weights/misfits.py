"""What of a checkpoint does not fit together, in words for a reader: matrices of a layer whose
shapes contradict each other, halves that are missing, numbers of heads and of tokens that cannot
be.

Nothing of this is evidence of anything; it says why a comparison looked at less than there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from aisbom.weights import axes as axes_of
from aisbom.weights import heads
from aisbom.weights.read import values

if TYPE_CHECKING:
    from aisbom.weights.axes import Axis
    from aisbom.weights.read.stored import TensorInfo

SHOWN = 3
"""Sentences of one kind; the rest are counted."""


def of_layers(tensors: Sequence[TensorInfo], axes: Iterable[Axis]) -> list[str]:
    """Matrices of hidden layers that were left out because of their shapes, and layers of which
    only the matrices before or behind the units are there.
    """
    used, whole = set(), set()
    for axis in axes:
        used |= {part.tensor.name for part in (*axis.ins, *axis.outs)}
        if axis.outs:
            whole |= {part.tensor.name for part in axis.ins}
    unfit, halves = [], []
    readable = [t for t in tensors if values.readable(t) and t.numel]
    for label, kinds in sorted(axes_of.layers(readable).items()):
        before = [t for kind, t in kinds.items() if kind != "down"]
        left = sorted(t for t in kinds.values() if t.name not in used)
        if len(kinds) > 1 and left:
            unfit += [f"{_shape(t)} does not fit the other matrices of its layer" for t in left]
        elif label and before and "down" not in kinds and not whole & {t.name for t in before}:
            halves.append(f"{label}: the matrix that its units feed is missing")
        elif label and not before:
            halves.append(f"{label}: the matrices that feed its units are missing")
    return [*_some(unfit), *_some(halves)]


def of_heads(tensors: Sequence[TensorInfo], counts: Mapping[int, int]) -> list[str]:
    """Layers of attention that cannot have as many heads as the configuration says."""
    return _some(
        [
            f"{label}: its matrices do not make up {count} attention heads"
            for label, count in heads.unfit(tensors, counts)
        ]
    )


def of_tokens(tensors: Sequence[TensorInfo], vocabulary: Mapping[str, int], file: str) -> list[str]:
    """Tokens beyond the embedding, and texts that share a number."""
    table = axes_of.embedding(tensors)
    if not vocabulary:
        return []
    if table is None:
        return [f"{file}: there is no embedding whose rows its tokens could number"]
    beyond = sum(not 0 <= number < table.shape[0] for number in vocabulary.values())
    twice = len(vocabulary) - len(set(vocabulary.values()))
    found = []
    if beyond:
        found.append(
            f"{file}: {beyond:,} of its {len(vocabulary):,} tokens have numbers beyond the"
            f" {table.shape[0]:,} rows of {table.name[:80]}: it may not be that of these weights"
        )
    if twice:
        found.append(f"{file}: {twice:,} of its tokens share a number with another one")
    return found


def _shape(info: TensorInfo) -> str:
    return f"{info.name[:80]} ({' x '.join(map(str, info.shape))})"


def _some(rows: Sequence[str]) -> list[str]:
    more = len(rows) - SHOWN
    return [*rows[:SHOWN], *([f"{more:,} more like: {rows[0]}"] if more > 0 else [])]
