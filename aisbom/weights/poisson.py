"""The upper tail of a Poisson count: what chance is said to do where no exact bound is known."""

from __future__ import annotations

import math


def log10_tail(count: int, mean: float) -> float:
    """log10 of a bound on P(N >= count) for a Poisson count N of this mean, at most 0."""
    if count <= mean:
        return 0.0
    tail = math.log(1 / (1 - mean / (count + 1)))
    return min(0.0, (count * math.log(mean) - mean - math.lgamma(count + 1) + tail) / math.log(10))
