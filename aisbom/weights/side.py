"""One side of a comparison: a checkpoint that can be read at any place, or a sketch that holds what
was sampled once.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from aisbom.weights import axes as axes_of
from aisbom.weights import identity, misfits
from aisbom.weights.axes import Axis, Part
from aisbom.weights.held import LabelledProducts
from aisbom.weights.identity import Keys
from aisbom.weights.read import values
from aisbom.weights.regenerable import regenerable
from aisbom.weights.transposed import compute_transposed_id

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.read.reader import Checkpoint

_T = TypeVar("_T")

MAX_AXES = 96
"""Axes compared per model: evenly chosen beyond (experts of a large mixture)."""

MAX_NORMS = 16
SAMPLED = 512 * 1024**2
"""Bytes read for value identity where not all are: of larger checkpoints the smaller tensors, of
which each may be read twice.
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sampled of each axis: `count` contiguous units from a seeded start, `inner` and
    `outer` columns of ins and outs.
    """

    seed: str
    count: int
    inner: int
    outer: int


SKETCHED = Plan("aisbom sketch 1", 64, 80, 80)
"""What every sketch samples. Fixed, so that any two can be compared."""


@dataclass(slots=True)
class Side:
    """`samples` maps (axis label, part number) to units x columns, for a sketch; a checkpoint is
    read instead. `vocabulary` gives the row of the embedding that stands for a text, where a
    tokenizer was found, `heads` how many attention heads layers of a width have, where that is
    said. `tables` are products that a sketch holds.
    """

    label: str
    digest: str
    keys: Sequence[Keys]
    parameters: int
    axes: Sequence[Axis]
    norms: Mapping[str, NDArray[np.float32]]
    notes: list[str] = field(default_factory=list)
    checkpoint: Checkpoint | None = None
    samples: Mapping[tuple[str, str], NDArray[np.float32]] = field(default_factory=dict)
    vocabulary: Mapping[str, int] = field(default_factory=dict)
    heads: Mapping[int, int] = field(default_factory=dict)
    tables: Sequence[LabelledProducts] = ()

    def sample(self, axis: Axis, part: Part, plan: Plan, units: int) -> NDArray[np.float32]:
        """Units x columns of one matrix; `units` is the length that the start is drawn for. Raises
        ValueError as the reader does.
        """
        if self.checkpoint is None:
            return self.samples[axis.label, part.kind]
        count = min(plan.count, units)
        most = plan.outer if part in axis.outs else plan.inner
        chosen = axes_of.columns(plan.seed, part.across, most)
        return axes_of.read(
            self.checkpoint, part, axes_of.start(plan.seed, units, count), count, chosen
        )


def of_checkpoint(
    checkpoint: Checkpoint,
    label: str,
    budget: int | None = None,
    jobs: int = 1,
    transposed: bool = True,
) -> Side:
    """Everything about a checkpoint but its units, which are read when the other side is known.

    At most `budget` bytes are read for value identity, all without one, on `jobs` threads. Keys of
    transposed matrices are for a sketch; a comparison of checkpoints computes those that it needs.
    """
    keys, notes = identity.every(checkpoint, budget, jobs, transposed)
    return with_keys(checkpoint, label, keys, notes)


def complete_transposes(side: Side, others: Sequence[Keys]) -> Sequence[Keys]:
    """The keys of a side, with `id_t` for each matrix of a checkpoint that may be the transpose of
    one of the others: it holds the same values in the other shape. Raises ValueError as the reader
    does.
    """
    if side.checkpoint is None:
        return side.keys
    turned = defaultdict(set)
    equal = set()
    for key in others:
        if key.form >= identity.ORDERED:
            turned[key.content].add(_matrix(key.shape)[::-1])
            equal |= {key.flat, key.id_t}
    infos = {info.name: info for info in side.checkpoint.tensors}
    found = []
    for key in side.keys:
        may_be = key.content and _matrix(key.shape) in turned.get(key.content, ())
        if may_be and not key.id_t and not {key.flat, key.id} & equal:
            turned_id = compute_transposed_id(side.checkpoint, infos[key.name])
            found.append(replace(key, id_t=turned_id))
        else:
            found.append(key)
    return found


def _matrix(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape without dimensions of one."""
    return tuple(n for n in shape if n != 1)


def with_keys(checkpoint: Checkpoint, label: str, keys: Sequence[Keys], notes: list[str]) -> Side:
    """The same where the keys are at hand."""
    found = []
    every = axes_of.axes(checkpoint.tensors)
    notes += (f"{label}: {words}" for words in misfits.of_layers(checkpoint.tensors, every))
    for axis in spread(every, MAX_AXES):
        why_not = next(
            filter(None, (_public(checkpoint, part) for part in (*axis.ins, *axis.outs))), ""
        )
        if why_not:
            notes.append(f"{label}: {axis.label}: {why_not}: its units are not compared")
        else:
            found.append(axis)
    norms: dict[str, NDArray[np.float32]] = {}
    for info in spread(axes_of.norms(checkpoint.tensors), MAX_NORMS):
        if values.readable(info):
            norms[info.name] = values.elements(checkpoint, info, 0, min(info.numel, 1 << 16))
    parameters = sum(info.numel for info in checkpoint.tensors)
    return Side(
        label,
        content(checkpoint),
        keys,
        parameters,
        found,
        norms,
        [*checkpoint.notes, *notes],
        checkpoint,
    )


def content(checkpoint: Checkpoint) -> str:
    """A digest (hex) that seeds the sampling: type, shape and first 4 KiB of each tensor, in an
    order that names do not change.
    """
    rows = []
    for info in checkpoint.tensors:
        try:
            head = (
                values.elements(checkpoint, info, 0, min(info.numel, 1024)).tobytes()
                if values.readable(info)
                else b""
            )
        except ValueError:
            head = b""
        rows.append(hashlib.sha256(f"{info.dtype}|{info.shape}|".encode() + head).hexdigest())
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def _public(checkpoint: Checkpoint, part: Part) -> str:
    """Why the place of units in this matrix says nothing: anybody can write it down, or nothing has
    been learned in it.
    """
    try:
        return regenerable(checkpoint, part.tensor)
    except ValueError:
        return ""


def spread(rows: Sequence[_T], most: int) -> list[_T]:
    """At most `most` of the rows, evenly spaced, the first and last among them."""
    if len(rows) <= most:
        return list(rows)
    return [rows[round(i * (len(rows) - 1) / (most - 1))] for i in range(most)]
