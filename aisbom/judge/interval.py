"""Intervals in [0, 1]: what is not known widens them, and means keep the width."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Interval = tuple[float, float]


WHOLE: Interval = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Shares:
    """The intervals of a score under a profile (`name@version`), by role and leg; the leg `""` is
    the total of a role.
    """

    profile: str
    intervals: Mapping[tuple[str, str], Interval]


def hull(intervals: Iterable[Interval]) -> Interval:
    """The smallest interval that holds all of these (at least one)."""
    rows = list(intervals)
    return (min(low for low, _ in rows), max(high for _, high in rows))


def mean(rows: Sequence[tuple[Interval, int | None]]) -> Interval:
    """The interval of one class: the mean weighted by size, widened to hold every row whose size is
    not known.
    """
    sized = [(interval, size) for interval, size in rows if size is not None]
    total = sum(size for _, size in sized)
    parts = [interval for interval, size in rows if size is None]
    if total:
        parts.append(
            (sum(i[0] * s for i, s in sized) / total, sum(i[1] * s for i, s in sized) / total)
        )
    return hull(parts) if parts else WHOLE


def compute_weighted_mean(rows: Iterable[tuple[Interval, float]]) -> Interval:
    """The mean of (interval, weight) rows; the whole of [0, 1] where no weight is positive."""
    found = [(interval, weight) for interval, weight in rows if weight > 0]
    total = sum(weight for _, weight in found)
    if not total:
        return WHOLE
    low = sum(interval[0] * weight for interval, weight in found) / total
    high = sum(interval[1] * weight for interval, weight in found) / total
    return (min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0))
