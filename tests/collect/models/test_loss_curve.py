from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.bom.training import describe_log, level
from aisbom.collect.models.loss_curve import Curve, moment


@pytest.mark.parametrize(
    ("step", "loss", "words"),
    [
        (1, 10.83, "begins at the level of random weights"),
        (1, 2.1, "begins below the level"),
        (1, 9.0, "neither"),
        (1, 20.0, "begins above"),
        (5000, 10.83, "does not show how the weights began"),
    ],
)
def test_the_level_at_which_a_curve_begins(step: int, loss: float, words: str) -> None:
    assert words in level(step, loss, 50257)
    assert f"{math.log(50257):.2f}" in level(step, loss, 50257)


def test_without_a_vocabulary_nothing_is_said() -> None:
    assert level(1, 10.8, 0) == ""


def test_moments() -> None:
    assert moment(1_700_000_000) == "2023-11-14T22:13:20Z"
    assert moment("2026-03-01 10:00:00,123") == "2026-03-01T10:00:00Z"
    assert moment("2026-03-01") == "2026-03-01T00:00:00Z"
    assert [moment(value) for value in (None, True, 12, "yesterday", [1])] == [""] * 5


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.floats(0, 20)), min_size=1, max_size=30),
    st.randoms(),
)
def test_first_and_last_do_not_depend_on_the_order(
    points: list[tuple[int, float]], random: object
) -> None:
    points = list({step: (step, loss) for step, loss in points}.values())
    shuffled = list(points)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = Curve(), Curve()
    for step, loss in points:
        one.add(step, loss)
    for step, loss in shuffled:
        other.add(step, loss)
    assert one.facts() == other.facts()
    assert describe_log({key: str(value) for key, value in one.facts() if value is not None}, 100)


def test_ordinary_words_are_no_machines() -> None:
    curve = Curve()
    curve.words("A4 paper, B2B, model L4000, class H, world size unknown")
    assert (curve.hardware, curve.world) == ({"A4"}, 0) or not curve.hardware
