from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.weights import units

SEEDS = st.integers(0, 2**32 - 1)


def _match(a, b):
    (x,), ux = units.features([a])
    (y,), uy = units.features([b])
    return units.matches(units.similarity([x], [y]), ux, uy)


def _tables(seed, n=24, width=12):
    dice = np.random.default_rng(seed)
    return dice.normal(size=(n, width)).astype(np.float32), dice


def test_a_copy_has_every_unit_in_place_and_a_flipped_sign_is_the_same_unit():
    a, _ = _tables(1)
    assert units.in_place(_match(a, a)) == 24
    assert units.in_place(_match(a, -a)) == 24
    assert units.log10_hits(24) == pytest.approx(-math.log10(math.factorial(24)))


@given(SEEDS, st.floats(0.01, 0.3))
@settings(max_examples=40, deadline=None)
def test_relabelling_b_destroys_the_signal(seed, noise):
    a, dice = _tables(seed, n=64)
    b = a + dice.normal(size=a.shape).astype(np.float32) * noise
    assert units.in_place(_match(a, b)) >= 60
    assert units.log10_hits(units.in_place(_match(a, b[dice.permutation(64)]))) > -9


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_matches_move_along_with_labels(seed):
    """What makes the test exact, and the relabelling control cheap: relabelling B relabels its
    matches, and does nothing else.
    """
    a, dice = _tables(seed)
    b = dice.normal(size=a.shape).astype(np.float32)
    b[3] = b[5]  # a tie
    order = dice.permutation(24)
    there = np.empty(24, np.int64)
    there[order] = np.arange(24)
    before = _match(a, b)
    assert np.array_equal(_match(a, b[order]), np.where(before >= 0, there[before], -1))


def test_the_bound_holds_for_every_map_of_four_units():
    """All 5**4 partial maps, all 24 relabellings: the share that reaches k hits is never above
    1/k!.
    """
    orders = list(itertools.permutations(range(4)))
    for match in itertools.product(range(-1, 4), repeat=4):
        hits = [sum(m >= 0 and order[m] == i for i, m in enumerate(match)) for order in orders]
        for k in range(1, 5):
            assert sum(h >= k for h in hits) / 24 <= 10 ** units.log10_hits(k) + 1e-12


def test_the_bound_over_axes_holds_for_all_relabellings_of_two():
    orders = list(itertools.permutations(range(4)))
    totals = [
        sum(o[i] == i for i in range(4)) + sum(p[i] == i for i in range(4))
        for o in orders
        for p in orders
    ]
    for k in range(1, 9):
        assert sum(t >= k for t in totals) / len(totals) <= 10 ** units.log10_hits(k, 2) + 1e-12


def test_the_bound_of_rising_labels_holds_for_all_orders_of_six():
    lengths = [units.rising(order) for order in itertools.permutations(range(6))]
    for k in range(1, 7):
        assert (
            sum(length >= k for length in lengths) / len(lengths)
            <= 10 ** units.log10_rising(k, 6) + 1e-12
        )


@given(SEEDS)
@settings(max_examples=10, deadline=None)
def test_p_is_never_below_the_true_rate_under_resampled_nulls(seed):
    a, dice = _tables(seed, n=32)
    match = _match(a, dice.normal(size=a.shape).astype(np.float32))
    totals = units.count_relabelled([match], 4000, dice)
    for k in range(1, 6):
        rate, p = float((totals >= k).mean()), 10 ** units.log10_hits(k)
        assert rate <= p + 4 * math.sqrt(p / 4000)


def test_ties_match_nothing():
    """Equal units would be told apart by index alone, and that prefers low labels."""
    flat = np.ones((20, 8), np.float32)
    assert units.in_place(_match(flat, flat)) == 0
    a, _ = _tables(2)
    twice = np.repeat(a[:12], 2, axis=0)
    assert (_match(twice, twice) == -1).all()


@given(SEEDS, st.sampled_from([np.nan, np.inf, -np.inf, 0.0]))
@settings(max_examples=20, deadline=None)
def test_values_that_are_no_numbers_and_constant_units_match_nothing(seed, value):
    a, _ = _tables(seed)
    bad = a.copy()
    bad[:10] = value
    match = _match(bad, bad)
    assert (match[:10] == -1).all()
    assert (match[10:] == np.arange(10, 24)).all()


@given(SEEDS)
@settings(max_examples=30, deadline=None)
def test_effect_is_zero_for_independent_and_one_for_equal(seed):
    dice = np.random.default_rng(seed)
    a, b = dice.normal(size=(2, 64, 128)).astype(np.float32)
    (x,), _ = units.features([a])
    (y,), _ = units.features([b])
    same = units.effect([units.similarity([x], [x])], 1)
    other = units.effect([units.similarity([x], [y])], 1)
    assert same.r == pytest.approx(1, abs=1e-4)
    assert abs(other.r) < 2.6 * (other.high - other.low) / 2
    assert other.detectable < 0.6


def test_hoeffdings_variance_is_that_of_relabellings():
    dice = np.random.default_rng(3)
    c = dice.random((30, 30)).astype(np.float32) ** 3
    found = units.effect([c], 1)
    room = 1 - float(c.mean())
    means = [float(c[np.arange(30), dice.permutation(30)].mean()) / room for _ in range(4000)]
    assert (found.high - found.low) / 2 / 1.96 == pytest.approx(float(np.std(means)), rel=0.08)


def test_an_axis_with_an_order_of_its_own_is_seen():
    n = 64
    smooth = np.cos(np.outer(np.arange(n) / 10, np.arange(1, 9))).astype(np.float32)
    (x,), _ = units.features([smooth])
    assert units.is_ordered(
        units.similarity([x], [x]), np.ones(n) + np.random.default_rng(1).random(n)
    )
    a, dice = _tables(4, n=n)
    (y,), _ = units.features([a])
    assert not units.is_ordered(units.similarity([y], [y]), dice.random(n))
    assert units.is_ordered(units.similarity([y], [y]), np.arange(n, dtype=float))
