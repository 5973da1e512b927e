"""Text, JSON, Markdown and annotations: names of strangers stay text, limits hold, nothing is lost
unsaid.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aisbom.bom import Bom, Part, Sovereignty
from aisbom.emit import github, markdown, verdict
from aisbom.emit.artifact_location import Repository
from aisbom.emit.html.words import words
from aisbom.emit.json import policy_data
from aisbom.model.plain import plain
from tests.conftest import MakeTree
from tests.emit.test_sarif import parts, result
from tests.judge.test_policy import HEAD, RANDOM, WAIVER

SCORE: Any = SimpleNamespace(totals=dict.fromkeys(("overall", "core", "peripheral"), (0.25, 0.75)))
SAYS_NOTHING = Sovereignty("model", "1", "", (), "", (), 0.0, "unknown")
NOTHING = Bom("r", (Part("r", "application", "r"),), (), (), (), (), 0, SAYS_NOTHING)
HOSTILE = [
    "::error::x",
    "a\n::stop-commands::y",
    "|`<img src=x>`[a](http://b)|",
    "\x1b[31mred",
    "%0A::warning::z",
    "\u202eevil",
    "a,b:c",
]


def test_json_has_the_names_of_the_contract() -> None:
    made = policy_data(result(parts("a", "b"), HEAD + RANDOM + WAIVER), SCORE)
    assert made["verdict"] == "fail"
    (row,) = made["requirements"]
    assert {"id", "leg", "verdict", "claims", "message"} <= set(row)
    assert row["components"] == ["b"]
    assert [w["component"] for w in made["waived"]] == ["a"]
    assert made["score"]["overall"] == [0.25, 0.75]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_strangers_stay_text(make_tree: MakeTree, name: str) -> None:
    root = make_tree({"x.toml": "a\n"})
    found = result(parts(name))
    for line in github.commands(found, Repository(root, root)).split("\n"):
        if line.startswith("::"):
            assert re.fullmatch(
                r"::(error|warning|notice) (file=[^:,]+,line=\d+,)?title=[^:,]*::[^\r\n]*", line
            )
    lines = verdict.text(found).split("\n")
    assert not any(line.lstrip().startswith("::") for line in lines)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\u202e]",
        verdict.text(found) + markdown.markdown(found, SCORE, False, NOTHING, words("en")),
    )
    shown = markdown.markdown(found, SCORE, False, NOTHING, words("en"))
    assert "<img" not in shown
    assert "](http" not in shown
    assert all(
        row.count("|") - row.count("\\|") == 6 for row in shown.split("\n") if row.startswith("| ")
    )


def test_ten_annotations_of_a_level_and_the_rest_summed_up(make_tree: MakeTree) -> None:
    root = make_tree({"x.toml": "a\n"})
    lines = github.commands(
        result(parts(*(f"p{n:02}" for n in range(25)))), Repository(root, root)
    ).split("\n")
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == 10
    assert "and 16 more" in errors[-1]
    exactly = github.commands(
        result(parts(*(f"p{n:02}" for n in range(10)))), Repository(root, root)
    )
    assert exactly.count("::error") == 10
    assert "more of this level" not in exactly


def test_an_annotation_points_at_the_line(make_tree: MakeTree) -> None:
    root = make_tree({"x.toml": "a\nb\nc\n"})
    first = github.commands(result(parts("a")), Repository(root, root.parent)).split("\n")[0]
    assert first.startswith(
        "::error file=tree/x.toml,line=3,title=aisbom%3A t::a: initialisation is frozen. m What"
        " would settle it: h."
    )


def test_an_expired_waiver_is_told() -> None:
    found = result(parts("a"), HEAD + RANDOM + WAIVER.replace("2026-06-15", "2026-01-01"))
    for shown in (
        verdict.text(found),
        markdown.markdown(found, SCORE, False, NOTHING, words("en")),
        github.commands(found, Repository(Path(), Path())),
    ):
        assert "expired waiver" in shown
    assert policy_data(found, SCORE)["expired"][0]["expires"] == "2026-01-01"


def test_a_summary_stays_below_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "MAX_MARKDOWN", 1500)
    shown = markdown.markdown(
        result(parts(*(f"p{n}" for n in range(30)))), SCORE, False, NOTHING, words("en")
    )
    assert len(shown.encode()) < 1700
    assert "Cut:" in shown.rstrip().split("\n")[-1]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=40))
def test_a_line_is_a_line(text: str) -> None:
    assert len(plain(text).splitlines()) <= 1
    assert "\x1b" not in plain(text)
