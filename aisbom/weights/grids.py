"""The traces of a quantiser in values that were written back: groups of neighbours that lie on few
levels, evenly spaced or from a table.

Formats share a scale over a row, or over 128, 64, 32 or 16 values. The K types of GGML have scales
that are themselves small integers (6 or 8 bits) times one number for each 256 values; where the
spacings of groups say that, it is named.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GROUPS = (0, 128, 64, 32, 16)
"""Lengths over which quantisers share a scale; 0 is the whole row."""

SUPER = 256
"""Values under one number that the scales of their groups are multiples of."""

_SAMPLED = 256
_MOST = 256
_TELLING = 9
_NEAR = 0.125
_MAX_SCALE = 128


@dataclass(frozen=True, slots=True)
class Grid:
    """`levels` of the typical group of `group` values (0: a whole row); `nested` where spacings are
    multiples of one for each 256.
    """

    levels: int
    group: int
    nested: bool

    def __str__(self) -> str:
        """In words."""
        where = f"groups of {self.group}" if self.group else "a row"
        return f"about {self.levels} levels in {where}" + (
            f", spacings are multiples of one for each {SUPER} values" if self.nested else ""
        )


def grid(x: NDArray[np.float64]) -> Grid | None:
    """The grid that the values of groups lie on, None where they lie on none of at most 256 levels.

    Long groups can hold the grids of short ones between finer levels: the short ones are named
    where they need less than a third of them.
    """
    best: Grid | None = None
    for group in GROUPS:
        found = None if x.shape[1] % (group or x.shape[1]) else _of_length(x, group)
        if found is not None and (best is None or 3 * found.levels < best.levels):
            best = found
    return best


def _of_length(x: NDArray[np.float64], group: int) -> Grid | None:
    found = [_levels(row) for row in x.reshape(-1, group or x.shape[1])[:_SAMPLED]]
    telling = [row for row in found if row is not None]
    good = [row for row in telling if row[0]]
    if 2 * len(telling) < len(found) or len(good) < 0.9 * len(telling):
        return None
    nested = group in (16, 32) and _is_nested(
        [row[1] if row is not None else 0.0 for row in found], SUPER // group
    )
    return Grid(int(np.median([levels for levels, _ in good])), group, nested)


def _levels(row: NDArray[np.float64]) -> tuple[int, float] | None:
    """(levels, spacing) of one group: (0, 0) where it lies on no grid, spacing 0 for levels from a
    table.

    None where it says nothing: zeros are what pruning leaves too, and a handful of values lies on
    many grids.
    """
    points = row[row != 0]
    distinct = np.unique(points)
    if not distinct.size:
        return None
    few = distinct.size <= 16 and points.size >= 2 * distinct.size
    if np.unique(row).size < _TELLING and not few:
        return None
    spacing = _spacing(np.unique(row))
    levels = round(float(np.ptp(row)) / spacing) + 1 if spacing else 0
    if few and not 0 < levels <= 16:
        return int(np.unique(row).size), 0.0
    return levels, spacing


def _spacing(distinct: NDArray[np.float64]) -> float:
    """The spacing of the coarsest even grid of at most 256 levels from the least to the largest of
    sorted values, 0 without one.

    A value that lies anywhere comes near enough to one grid of four, so nine values fit one of all
    the grids by chance in one of 60 groups, 16 in one of a million. The room is for values that
    were rounded to 16 bits afterwards.
    """
    if not 2 <= distinct.size <= _MOST:
        return 0.0
    span = float(distinct[-1] - distinct[0])
    place = (distinct - distinct[0]) / span * np.arange(distinct.size - 1, _MOST)[:, None]
    fits = np.flatnonzero(np.abs(place - np.round(place)).max(axis=1) < _NEAR)
    return span / (distinct.size - 1 + int(fits[0])) if fits.size else 0.0


def _is_nested(spacings: list[float], count: int) -> bool:
    """Whether the spacings of `count` neighbouring groups are whole multiples of one number, in
    nine of ten such runs.
    """
    runs = [
        run
        for at in range(0, len(spacings) - count + 1, count)
        if all(run := spacings[at : at + count])
    ]
    return bool(runs) and sum(map(_multiples, runs)) >= 0.9 * len(runs)


def _multiples(run: list[float]) -> bool:
    steps = np.array(run)
    # A spacing that is the same everywhere is no scale of its own.
    if math.isclose(float(steps.min()), float(steps.max()), rel_tol=1e-3):
        return False
    ratios = steps[None, :] / float(steps.max()) * np.arange(1, _MAX_SCALE + 1)[:, None]
    return bool((np.abs(ratios - np.round(ratios)).max(axis=1) < 0.05).any())
