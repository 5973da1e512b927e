"""Units in place: the exact test of common origin.

Hidden units of an independently initialised network carry arbitrary labels: relabelling them gives
the same network, and nothing in training prefers one labelling. Let `match(i)` be the unit of B
most similar to unit i of A, wherever one is strictly most similar, and F the number of i with
match(i) = i. Relabelling B uniformly at random sends any k units with different matches to their
own labels with probability (n-k)!/n!, and at most n!/(n-k)! ordered choices of k units exist, so
the k-th factorial moment of F is at most 1 and

    P(F >= k) <= 1/k!,  and for the sum over L axes relabelled independently
    P(F >= k) <= L**k / k!

for whatever similarity, whatever trained values and whatever dimensions. Ties count as no match: a
tie broken by index would prefer labels. Where lengths differ, the labels of mutual matches are
compared by order: a uniformly random order of m labels has an increasing subsequence of length k
with probability at most C(m,k)/k!.

Where m units stand together (query heads that share a key), only whole groups and units within a
group may be relabelled: n groups, m units each. A set of k units in r groups, s_1 to s_r of each,
is sent to its own labels with probability (n-r)!/n! prod (m-s_q)!/m! at most, and there are
C(n,r) sum prod C(m,s_q) such sets. So, summed over r and over L axes,

    P(F >= k) <= [x**k] (sum over r from 0 to n of (e_m(x) - 1)**r / r!)**L

with e_m(x) the sum of x**s / s! for s from 0 to m; all units in place: 1 / (n! m!**n)**L.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

TIE = 1e-5
"""Similarities closer than this are a tie: far above the rounding of f32 sums, far below what tells
units apart.
"""


@dataclass(frozen=True, slots=True)
class Effect:
    """`r`: mean similarity of same-index units, 0 = as after relabelling, 1 = equal; `low`, `high`:
    what 95 % of relabellings leave around it (Hoeffding's permutation variance); `detectable`: the
    least such r that would have given p < 1e-15.
    """

    r: float
    low: float
    high: float
    detectable: float


def features(
    kinds: Sequence[NDArray[np.float32]],
) -> tuple[list[NDArray[np.float32]], NDArray[np.bool_]]:
    """Rows centred and scaled to length 1, per kind; and which units are usable (all values finite,
    not constant in every kind).
    """
    usable: NDArray[np.bool_] = np.ones(kinds[0].shape[0], bool)
    lively = np.zeros(kinds[0].shape[0], bool)
    rows = []
    for kind in kinds:
        finite = np.asarray(np.isfinite(kind).all(axis=1))
        usable &= finite
        x = np.where(finite[:, None], kind, 0).astype(np.float64)
        x -= x.mean(axis=1, keepdims=True)
        length = np.sqrt((x**2).sum(axis=1))
        alive: NDArray[np.bool_] = length > 1e-12 * max(1.0, float(np.median(length))) * math.sqrt(
            x.shape[1]
        )
        lively |= alive
        rows.append(
            np.where(alive[:, None], x / np.where(alive, length, 1)[:, None], 0).astype(np.float32)
        )
    return rows, usable & lively


def similarity(
    a: Sequence[NDArray[np.float32]], b: Sequence[NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Units of A x units of B: the mean over kinds of |correlation|, so that a unit with flipped
    signs is the same unit.
    """
    total: NDArray[np.float32] = np.abs(a[0] @ b[0].T)
    for x, y in zip(a[1:], b[1:], strict=True):
        total += np.abs(x @ y.T)
    total /= len(a)
    return total


def matches(
    s: NDArray[np.float32], usable_a: NDArray[np.bool_], usable_b: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """For each row the column of its strict maximum, -1 where there is none."""
    if s.shape[1] == 0:
        return np.full(s.shape[0], -1, np.int64)
    held = np.where(usable_b[None, :], s, -1.0)
    best = held.argmax(axis=1)
    rows = np.arange(held.shape[0])
    top = held[rows, best].copy()
    held[rows, best] = -2.0
    second = held.max(axis=1)
    return np.where(usable_a & (top > 0) & (top > second + TIE), best, -1).astype(np.int64)


def in_place(match: NDArray[np.int64]) -> int:
    """F: how many units have their most similar unit at their own index."""
    return int((match == np.arange(match.size)).sum())


def log10_hits(hits: int, axes: int = 1) -> float:
    """log10 of the bound axes**k / k!, at most 0."""
    return min(0.0, hits * math.log10(axes) - math.lgamma(hits + 1) / math.log(10)) if hits else 0.0


def log10_grouped(hits: int, axes: int, groups: int, together: int) -> float:
    """log10 of the bound on P(F >= hits) over axes of `groups` groups of `together` units.

    A coefficient of a power series whose coefficients are not negative is at most its value at any
    s > 0 divided by s**hits: the least of these over a grid of s.
    """
    best = 0.0
    for step in range(1, 200):
        log_s = step / 8 - 5
        inner = math.fsum(math.exp(n * log_s - math.lgamma(n + 1)) for n in range(1, together + 1))
        terms = [r * math.log(inner) - math.lgamma(r + 1) for r in range(groups + 1)]
        most = max(terms)
        value = most + math.log(math.fsum(math.exp(t - most) for t in terms))
        best = min(best, axes * value - hits * log_s)
    return best / math.log(10)


def mutual(forth: NDArray[np.int64], back: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Pairs of units that are each other's best match, in A's order."""
    return [(i, int(j)) for i, j in enumerate(forth) if j >= 0 and back[j] == i]


def rising(labels: Sequence[int]) -> int:
    """The length of the longest increasing subsequence."""
    ends: list[int] = []
    for label in labels:
        at = bisect_left(ends, label)
        ends[at : at + 1] = [label]
    return len(ends)


def log10_rising(length: int, of: int) -> float:
    """log10 of the bound C(of, length) / length!, at most 0."""
    if length <= 0 or length > of:
        return 0.0
    choose = math.lgamma(of + 1) - math.lgamma(length + 1) - math.lgamma(of - length + 1)
    return min(0.0, (choose - math.lgamma(length + 1)) / math.log(10))


def count_relabelled(
    found: Sequence[NDArray[np.int64]],
    times: int,
    generator: np.random.Generator,
    together: int = 1,
) -> NDArray[np.int64]:
    """Total F after each of `times` uniform relabellings of B, axis by axis; nothing else is
    recomputed, since matches move along. Groups of `together` units stay together.
    """
    totals = np.zeros(times, np.int64)
    for match in found:
        n = match.size
        held = match >= 0
        index = np.arange(n)[held]
        for at in range(times):
            order = _relabelling(n, together, generator)
            totals[at] += int((order[match[held]] == index).sum())
    return totals


def _relabelling(n: int, together: int, generator: np.random.Generator) -> NDArray[np.int64]:
    if together == 1:
        return generator.permutation(n)
    groups = np.arange(n).reshape(-1, together)[generator.permutation(n // together)]
    return generator.permuted(groups, axis=1).ravel()


def is_ordered(s: NDArray[np.float32], lengths: NDArray[np.float64]) -> bool:
    """Whether an axis has an order of its own, judged within one model: neighbours resemble each
    other, or lengths are sorted.

    `s` is the similarity of its units with each other. Such an axis (frequencies, positions, nested
    widths) is not exchangeable.
    """
    n = s.shape[0]
    if n < 8:
        return True
    off = s.astype(np.float64).copy()
    np.fill_diagonal(off, np.nan)
    neighbours = np.diagonal(off, 1)
    mean, deviation = float(np.nanmean(off)), float(np.nanstd(off))
    if deviation > 0 and (float(neighbours.mean()) - mean) * math.sqrt(n - 1) / deviation > 6:
        return True
    ranks = lengths.argsort().argsort()
    return abs(float(np.corrcoef(ranks, np.arange(n))[0, 1])) > 0.8 and n >= 16


def effect(tables: Sequence[NDArray[np.float32]], factor: float) -> Effect | None:
    """Mean same-index similarity over square tables, against its own permutation distribution. None
    without tables.

    For a table c, relabelling gives the mean of all entries, and the variance sum(d**2) / (n**2
    (n-1)) where d is c centred by row and column (Hoeffding 1951). `factor` is the correction that
    `detectable` has to survive.
    """
    aligned = base = variance = 0.0
    total = 0
    for c in tables:
        n = c.shape[0]
        if n < 2:
            continue
        d = c.astype(np.float64)
        aligned += float(np.trace(d))
        base += float(d.mean()) * n
        d = d - d.mean(axis=0) - d.mean(axis=1, keepdims=True) + d.mean()
        variance += float((d**2).sum()) / (n - 1)
        total += n
    if not total:
        return None
    room = max(1e-9, 1 - base / total)
    r = (aligned - base) / total / room
    half = 1.96 * math.sqrt(variance) / total / room
    return Effect(r, r - half, r + half, _detectable(tables, factor))


def _detectable(tables: Sequence[NDArray[np.float32]], factor: float) -> float:
    """The least similarity above the base at which a typical axis would give corrected p < 1e-15;
    1.0 where none would.

    A unit is found when it beats the best of the n - 1 others in its row, whose maxima are read off
    the table itself.
    """
    axes = len(tables)
    rows = []
    for c in tables:
        held = c.astype(np.float64).copy()
        np.fill_diagonal(held, -np.inf)
        rows.append(held.max(axis=1) - float(c.mean()))
    needs = np.concatenate(rows)
    noise = float(np.mean([c.std() for c in tables]))
    room = max(1e-9, 1 - float(np.mean([c.mean() for c in tables])))
    for step in range(1, 100):
        r = step / 100
        z = (r * room - needs) / max(noise, 1e-9)
        expected = float((0.5 * (1 + np.vectorize(math.erf)(z / math.sqrt(2)))).sum())
        sure = int(max(0.0, expected - 3 * math.sqrt(expected)))
        best = min(log10_hits(sure, axes), log10_hits(sure // axes))
        if best + math.log10(max(1.0, factor)) < -15:
            return r
    return 1.0


def found_share(s: NDArray[np.float32], r: float) -> float:
    """The share of units that would be the mutual best match of their like, if they had kept a
    similarity of `r` above the base, among as many others as in this table.
    """
    base, noise = float(s.mean()), max(1e-9, float(s.std()))
    need = max(float(s.max(axis=0).mean()), float(s.max(axis=1).mean())) - base
    z = (r * max(1e-9, 1 - base) - need) / noise
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))
