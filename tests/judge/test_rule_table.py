"""A rule that cannot be meant is one line that names the file, the row, the key and the nearest
known word.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aisbom.judge.rule_table import parse
from aisbom.model.vocabulary import ATTRIBUTES, CLASSES

GOOD: dict[str, Any] = {
    "id": "r",
    "leg": "technical",
    "title": "t",
    "message": "m",
    "help": "h",
    "declared": True,
}


def without(*keys: str, **more: Any) -> dict[str, Any]:
    return {
        **{k: v for k, v in GOOD.items() if k not in keys},
        **{k.replace("_", "-"): v for k, v in more.items()},
    }


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (without(titel="t"), "unknown key 'titel'; did you mean 'title'?"),
        (without("declared"), "one condition, not none"),
        (without(present=True), "one condition, not declared, present"),
        (
            without("declared", attribute="origin.traned", known=True),
            "unknown attribute 'origin.traned'; did you mean 'origin.trained'?",
        ),
        (
            without("declared", attribute="initialisation", must_be="randm"),
            "did you mean 'random'?",
        ),
        (
            without("declared", attribute="attribution", one_of=["kept", "mising"]),
            "did you mean 'missing'?",
        ),
        (
            without("declared", attribute="origin.trained", one_of=["Korea"]),
            "an ISO 3166-1 alpha-2 code or one of",
        ),
        (without("declared", attribute="licence", in_home=True), "'in-home' asks about a country"),
        (without("declared", known=True), "'attribute' must be a text and is required"),
        (without(attribute="licence"), "'attribute' does not go with 'declared'"),
        (without("declared", licence_free=2), "'licence-free' must be a number from 0 to 1"),
        (without("declared", licence_free=True), "'licence-free' must be a number from 0 to 1"),
        (without("declared", declared=False), "'declared' must be true"),
        (
            without("declared", score={"at-least": 0.5, "rle": "core"}),
            "score: unknown key 'rle'; did you mean 'role'?",
        ),
        (without("declared", score={"at-least": 0.5, "leg": "orign"}), "did you mean 'origin'?"),
        (without("declared", score=0.5), "'score' must be a table"),
        (without(about={"class": ["backbone-weight"]}), "did you mean 'backbone-weights'?"),
        (without(about={"clas": []}), "about: unknown key 'clas'; did you mean 'class'?"),
        (without(about={"foreign": "yes"}), "about.foreign must be true or false"),
        (without(about=[]), "'about' must be a table"),
        (without(severity="fatal"), "severity cannot be 'fatal'; one of error, note, warning"),
        (without(holds_for="all"), "holds-for cannot be 'all'"),
        (without("id", id="Not An Id"), "'id' 'Not An Id'"),
        (without("message"), "'message' must be a text and is required"),
        (without("title", title="x" * 3000), "longer than"),
        ("text", "must be a table"),
    ],
)
def test_what_cannot_be_meant_is_one_line(row: object, says: str) -> None:
    with pytest.raises(ValueError, match="requirement 1") as caught:
        parse([row], "policy.toml", [7])
    assert str(caught.value).startswith("policy.toml:7: requirement 1")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_id_stands_once() -> None:
    with pytest.raises(ValueError, match=r"requirement 2 \(r\): 'id' 'r' is taken"):
        parse([GOOD, GOOD], "p.toml")


def test_prohibitions_hold_where_there_is_nothing_and_the_rule_can_say_otherwise() -> None:
    rows = [
        without(),
        without("declared", "id", id="a", absent=True),
        without("declared", "id", id="b", attribute="control", must_not_be="US"),
        without("declared", "id", id="c", licence_free=1, if_none="pass"),
    ]
    assert [r.none for r in parse(rows, "p.toml")] == ["unknown", "pass", "pass", "pass"]


TEXT = st.text("abc-. \n\0é", max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT | st.sampled_from([*CLASSES, *ATTRIBUTES]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(
            [*GOOD, "about", "attribute", "known", "one-of", "score", "if-none", "x\ny"]
        ),
        JSON,
        max_size=8,
    )
)
def test_any_table_is_a_rule_or_one_line(row: dict[str, Any]) -> None:
    for made in ({**GOOD, **row}, row):
        try:
            parse([made], "p.toml")
        except ValueError as error:
            assert str(error).startswith("p.toml: requirement 1")
            assert "\n" not in str(error)
