"""What a reader has to know first, in both languages and in every form."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from aisbom.bom import Part
from aisbom.bom.findings import findings
from aisbom.emit.first_screen import screen, told
from aisbom.emit.html.words import words
from aisbom.emit.markdown import markdown
from tests.emit.test_findings import HOSTILE, NOTHING, SCORE
from tests.emit.test_sarif import parts, result
from tests.program import run

FIXTURES = Path(__file__).parents[2] / "fixtures"
VIOLATING = FIXTURES / "gate-violating" / "input"


def foreign(name: str) -> Part:
    return Part(
        "p",
        "machine-learning-model",
        name,
        facts=(
            ("component.role", "core"),
            ("component.class", "backbone-weights"),
            ("origin.trained.country", "FR"),
            ("origin.trained.organisation", name),
        ),
    )


def test_nothing_is_said_as_such() -> None:
    assert told(NOTHING, words("en")) == []
    assert "no proof" in screen(NOTHING, words("en"))


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_strangers_stay_text(name: str) -> None:
    sovereignty = replace(NOTHING.sovereignty, home=("KR",))
    bom = replace(NOTHING, parts=(foreign(name), *NOTHING.parts), sovereignty=sovereignty)
    assert len(findings(bom)) == 1
    for language in ("en", "ko"):
        shown = screen(bom, words(language))
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", shown)
        assert not any(line.lstrip().startswith("::") for line in shown.split("\n"))
    made = markdown(result(parts("a")), SCORE, False, bom, words("en"))
    assert "<img" not in made
    assert "](http" not in made


def test_summary_job_summary_and_report_share_the_findings(tmp_path: Path) -> None:
    document = tmp_path / "bom.json"
    summary = run("generate", VIOLATING, "-o", document, "--no-cache", "--home", "KR").stdout
    job = run("check", VIOLATING, "--no-cache", "--format", "markdown", "--home", "KR").stdout
    page = run("report", document, "-o", "-", "--lang", "en").stdout
    for text in (summary, job.replace("\\", ""), page):
        assert "What to know first (2 findings)" in text
        assert "Nothing that was read says who trained dami-mini" in text


def test_summary_and_verdict_in_korean(tmp_path: Path) -> None:
    words_of = ("--no-cache", "--lang", "ko")
    said = run("generate", VIOLATING, "-o", tmp_path / "b.json", "--home", "KR", *words_of).stdout
    first = said.splitlines()
    assert first[0] == "dami-violating 1.0.0: 구성요소 5개, 파일 7개"
    assert "먼저 확인할 사항 (발견 사항 2건):" in first
    verdict = run("check", VIOLATING, *words_of)
    assert verdict.returncode == 1
    assert verdict.stdout.startswith("정책 submission-licences@2026.1: 위반.")
    assert "불충족" in verdict.stdout


def test_three_findings_stand_on_the_first_screen(tmp_path: Path) -> None:
    said = run(
        "generate", VIOLATING, "-o", tmp_path / "b.json", "--no-cache", "--home", "KR"
    ).stdout
    assert any(line.startswith("  1. ") for line in said.splitlines()[:24])
