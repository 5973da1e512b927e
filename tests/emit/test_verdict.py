"""The verdict fits a screen: a line a requirement, the product's own parts first, counts for the
rest.
"""

from __future__ import annotations

import pytest

from aisbom.emit import verdict
from tests.emit.test_sarif import parts, result
from tests.judge.stack import Part, scan
from tests.judge.test_policy import HEAD, RANDOM


@pytest.mark.parametrize(
    ("word", "gate"),
    [
        ("frozen", "violated"),
        ("random", "holds"),
        ("unknown", "undecided; nothing binding is violated"),
    ],
)
def test_the_first_line_says_what_it_comes_to(word: str, gate: str) -> None:
    first = verdict.text(result(parts("a", word=word))).split("\n")[0]
    assert f": {gate}" in first


def test_an_undecided_gate_says_whether_it_passes() -> None:
    found = result(parts("a", word="unknown"))
    assert "(the gate passes; --strict would not)" in verdict.text(found)
    assert "(the gate does not pass)" in verdict.text(found, strict=True)


def test_three_hundred_parts_fit_a_screen() -> None:
    shown = verdict.text(result(parts(*(f"p{n:03}" for n in range(300))))).split("\n")
    assert len(shown) <= 60
    assert sum(line.startswith("  - p") for line in shown) > 10
    assert "more parts: " in shown[-1]
    listed = sum(line.startswith("  - p") for line in shown)
    assert f"and {300 - listed} more parts: " in shown[-1]
    assert f" {300 - listed} fail " in shown[-1]


def test_the_products_own_parts_come_first() -> None:
    scanned = scan(
        Part("backbone-weights", "a", role="tooling", path_role="test", initialisation="frozen"),
        Part("backbone-weights", "z", initialisation="frozen"),
    )
    shown = verdict.text(result(scanned, HEAD + RANDOM)).split("\n")
    names = [line.split()[1] for line in shown if line.startswith("  - ")]
    assert names == ["z", "a"]
    assert "  - a (tooling, tests) at " in "\n".join(shown)


def test_one_line_a_finding_and_none_longer_than_a_line() -> None:
    name = "n" * 500
    shown = verdict.text(result(parts(name))).split("\n")
    assert max(map(len, shown)) <= 200
