from __future__ import annotations

from pathlib import Path

from aisbom.emit.explain import stands_on, why
from aisbom.identify.cite import SeenFact, cite
from aisbom.knowledge import load
from aisbom.model import Claim, Confidence, Evidence, Location, Status
from aisbom.model.ledger import resolve
from tests.program import run


def claim(
    value: str,
    rule: str,
    confidence: Confidence = "medium",
    status: Status = "derived",
    words: str = "",
) -> Claim:
    return Claim(
        "x",
        "origin.developed",
        value,
        (Evidence(rule, "manifest-analysis", confidence, Location("a"), words),),
        status,
    )


def test_one_rule_alone() -> None:
    assert why(resolve([claim("KR", "a")])) == "KR by a (medium): one rule alone"


def test_two_rules_and_a_weaker_one_against() -> None:
    said = why(resolve([claim("KR", "a"), claim("KR", "b"), claim("US", "c", "low")]))
    assert (
        said
        == "KR by a (medium), b (medium): 2 independent rules agree, which makes it high; US is"
        " weaker (low at the most)"
    )


def test_a_tie() -> None:
    assert (
        why(resolve([claim("KR", "a"), claim("US", "b")]))
        == "KR by a (medium); US by b (medium): equally strong, so neither wins"
    )


def test_declared_against_derived() -> None:
    assert "never overwrites" in why(
        resolve([claim("KR", "a", "high", "declared"), claim("US", "b")])
    )


def test_hints_never_answer() -> None:
    assert "hints never answer" in why(resolve([claim("KR", "a", "low")]))


def test_the_rows_it_stands_on() -> None:
    seen = SeenFact("author", "Upstage", claim("KR", "a").evidence[0])
    row_of = load().by_name("Upstage")
    assert row_of
    said = Claim("x", "origin.developed", "KR", (cite("a", "medium", seen, "KR", row_of),))
    (row,) = stands_on([said], load())
    assert row.startswith("organisations.csv:")
    assert "https://" in row
    licence = Claim("x", "licence.observed", "LicenseRef-Gemma", claim("KR", "a").evidence)
    assert any(
        "licences.csv:" in row and "acceptable-use" in row for row in stands_on([licence], load())
    )


def test_words_in_brackets_are_no_citation() -> None:
    """What a rule rests on is data: a name that a stranger wrote cites nothing."""
    assert not list(stands_on([claim("KR", "a", words="x [upstage, 2026-01] -> KR")], load()))


def test_findings_do_not_contest_each_other() -> None:
    tree = Path(__file__).parents[2] / "fixtures" / "multimodal" / "input"
    done = run("explain", tree, "byeol_eye_vision_encoder", "--no-cache")
    assert "  contradiction: 2 findings\n" in done.stdout
    assert "contradiction: contested" not in done.stdout
