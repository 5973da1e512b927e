"""An organisation that moved answers for the day on which a component was released, where a day is
known.
"""

from __future__ import annotations

import pytest

from aisbom.emit.explain import stands_on
from aisbom.identify import identify
from aisbom.identify.release_date import find_release_day
from aisbom.knowledge import load
from aisbom.model import Claim, Component, Evidence, Location, Observation, facts
from aisbom.model.ledger import resolve

K = load()
SOURCE = ("vcs-url", "git+https://github.com/graphcore/x")


def component(*pairs: tuple[str, str], kind: str = "locked") -> Component:
    evidence = Evidence("test", "manifest-analysis", "high", Location("uv.lock", 3), "x")
    return Component(
        "x",
        "library",
        "x",
        "1",
        "pkg:pypi/x@1",
        (Observation(kind, "x", "1", "pkg:pypi/x@1", evidence, facts(*pairs)),),
    )


def control(subject: Component) -> tuple[str, list[Claim]]:
    claims = [claim for claim in identify(subject, K) if claim.attribute == "control"]
    return resolve(claims).value, claims


def test_who_controlled_it_on_the_day_of_its_release() -> None:
    """Graphcore was British until SoftBank bought it in July 2024."""
    before, old = control(component(SOURCE, ("upload-time", "2023-05-01")))
    after, new = control(component(SOURCE, ("upload-time", "2025-05-01")))
    assert (before, after) == ("GB", "JP")
    assert "as on 2023-05-01" in old[0].evidence[0].excerpt
    assert "as on 2025-05-01" in new[0].evidence[0].excerpt


def test_without_a_day_the_latest_row_stands_and_says_so() -> None:
    value, claims = control(component(SOURCE))
    assert value == "JP"
    assert "] now -> parent" in claims[0].evidence[0].excerpt


def test_an_organisation_that_never_moved_is_not_dated() -> None:
    (evidence,) = control(
        component(("vcs-url", "git+https://github.com/google/x"), ("upload-time", "2023-05-01"))
    )[1][0].evidence
    assert "as on" not in evidence.excerpt
    assert "now" not in evidence.excerpt


def test_the_row_that_is_cited_is_the_one_that_answered() -> None:
    (old,) = stands_on(control(component(SOURCE, ("upload-time", "2023-05-01")))[1], K)
    (new,) = stands_on(control(component(SOURCE))[1], K)
    lines = [f"organisations.csv:{row.line} " for row in K.organisations["graphcore"]]
    assert [old.startswith(lines[0]), new.startswith(lines[1])] == [True, True]


@pytest.mark.parametrize(
    ("pairs", "day"),
    [
        ([("commit-time", "2024-01-02T03:04:05Z")], "2024-01-02"),
        ([("upload-time", "2023-01-02"), ("commit-time", "2024-01-02T03:04:05Z")], "2023-01-02"),
        ([("upload-time", "2023-01-02"), ("upload-time", "2022-12-31")], "2022-12-31"),
        ([("commit-time", "yesterday")], ""),
        ([("upload-time", "٢٠٢٣-01-02")], ""),
        ([], ""),
    ],
)
def test_where_a_day_is_known(pairs: list[tuple[str, str]], day: str) -> None:
    assert find_release_day(component(*pairs)) == day
