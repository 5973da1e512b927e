"""What a reader has to know first, in both languages and in every form."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from aisbom.bom import Bom, Part, Place
from aisbom.bom.findings import KINDS, findings
from aisbom.emit.first_screen import screen, standing
from aisbom.emit.html.words import LANGUAGES, words
from aisbom.emit.lines import columns, cut, cut_front, wrap
from aisbom.emit.markdown import markdown
from aisbom.model import Location
from tests.emit.test_findings import HOSTILE, NOTHING, SCORE
from tests.emit.test_sarif import parts, result
from tests.licences.texts import mit
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


def test_a_fork_says_how_much_of_it_is_as_it_was() -> None:
    purl = "pkg:pypi/norae@1.0"
    root = replace(NOTHING.part(NOTHING.root), facts=(("fork.of", purl), ("fork.by", "Danbi Inc")))
    counts = (("vendored.identical", "2555"), ("vendored.modified", "30"))
    copy = Part("c", "library", "norae", "1.0", purl, facts=counts)
    (alone,) = findings(replace(NOTHING, parts=(root,)))
    assert alone.files is None
    (found,) = findings(replace(NOTHING, parts=(root, copy)))
    assert found.files == (2555, 30, 0)
    shown = " ".join(screen(replace(NOTHING, parts=(root, copy)), words("en")).split())
    assert "Danbi Inc built this on norae 1.0: 2,555 of its files unchanged, 30 changed" in shown


def test_the_head_counts_what_is_only_for_tests() -> None:
    tool = Part("t", "library", "pytest", facts=(("component.role", "tooling"),))
    shown = screen(replace(NOTHING, parts=(*NOTHING.parts, tool)), words("en"))
    assert ", 1 only for tests, docs or tools" in shown.split("\n")[0]
    assert "only for" not in screen(NOTHING, words("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_much_is_whose_fits_the_screen(language: Literal["en", "ko"]) -> None:
    totals = (("overall", 0.21, 0.94), ("core", 0.12, 0.98), ("peripheral", 0.64, 0.77))
    sovereignty = replace(
        NOTHING.sovereignty,
        **{"home": ("KR",), "totals": totals, "coverage": 0.33},
        **{"profile": "model", "version": "2026.1"},
    )
    said = list(standing(replace(NOTHING, sovereignty=sovereignty), words(language)))
    assert [line for line in said if columns(line) > 80] == []


def test_summary_job_summary_and_report_share_the_findings(tmp_path: Path) -> None:
    document = tmp_path / "bom.json"
    summary = run("generate", VIOLATING, "-o", document, "--no-cache", "--home", "KR").stdout
    job = run("check", VIOLATING, "--no-cache", "--format", "markdown", "--home", "KR").stdout
    page = run("report", document, "-o", "-", "--lang", "en").stdout
    for text in (" ".join(summary.split()), job.replace("\\", ""), page):
        assert "What to know first (2 findings)" in text
        assert "Nothing that was read settles who trained dami-mini" in text


def test_summary_and_verdict_in_korean(tmp_path: Path) -> None:
    words_of = ("--no-cache", "--lang", "ko")
    said = run("generate", VIOLATING, "-o", tmp_path / "b.json", "--home", "KR", *words_of).stdout
    first = said.splitlines()
    assert first[0] == "dami-violating 1.0.0: 구성요소 5개, 파일 7개"
    assert "먼저 확인할 사항 (발견 사항 2건):" in first
    assert first[-1].startswith("b.json 작성 완료: CycloneDX 1.6 JSON, ")
    verdict = run("check", VIOLATING, *words_of)
    assert verdict.returncode == 1
    assert verdict.stdout.startswith("정책 submission-licences@2026.1: 위반.")
    assert "미충족" in verdict.stdout


FOUND = ("origin.trained.country", "CN"), ("origin.trained.organisation", "Nowhere Laboratories")
COPIED = (
    ("code-from", "pkg:github/somebody/else#src/a/very/deep/folder/of/models/modeling_else.py"),
    ("code-from.basis", "derived"),
    ("code-from.holder", "Somebody Else Inc. = replaced"),
    ("code-from.country", "FR"),
)


def crowded() -> Bom:
    """A bill with long names, every class in the core, and findings of many kinds."""
    classes = (
        *("backbone-weights", "encoder-weights", "adapter-weights", "tokenizer", "training-data"),
        *("model-code", "training-code"),
    )
    core = [
        Part(
            f"{name}-{number}",
            "machine-learning-model",
            f"{name}-of-somebody-with-a-long-name-{number}",
            places=(Place(Location(f"{'folder/' * 12}{name}{number}.py", 7), "t"),),
            facts=(
                ("component.role", "core"),
                ("component.class", name),
                *FOUND,
                *(COPIED if name.endswith("-code") else ()),
                ("contradiction", f"here it says {'this and ' * 20}that"),
                ("runs-code", "loader: torch.load without weights_only"),
                ("licence.conflict", f"a licence {'that forbids ' * 20}it"),
            ),
        )
        for name in classes
        for number in range(3)
    ]
    sovereignty = replace(NOTHING.sovereignty, home=("KR",), missing=("backbone-weights",))
    return replace(NOTHING, parts=(*core, *NOTHING.parts), sovereignty=sovereignty)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_three_findings_stand_on_a_screen_of_80_by_24(language: Literal["en", "ko"]) -> None:
    """Also where everything is long: one line is left for what was written, one for the prompt."""
    lines = screen(crowded(), words(language)).split("\n")
    assert len(lines) <= 22
    assert all(columns(line) <= 80 for line in lines)
    for number in (1, 2, 3):
        (at,) = (n for n, line in enumerate(lines) if line.startswith(f"  {number}. "))
        following = lines[at : at + 4]
        assert any(".py:7 (" in line for line in following), following


def test_each_kind_of_finding_comes_before_a_second_of_one_kind() -> None:
    text = words("en")
    shown = [line for line in screen(crowded(), text).split("\n") if line[:5].strip()[:1].isdigit()]
    titles = [text(f"finding.{kind}.title") for kind in KINDS]
    at = [next(n for n, title in enumerate(titles) if title in line) for line in shown]
    assert at == sorted(set(at))


def test_verbose_says_all_of_it(tmp_path: Path) -> None:
    said = run(
        "generate", VIOLATING, "-o", tmp_path / "b.json", "--no-cache", "--home", "KR", "-v"
    ).stdout
    for title in ("All findings (2):", "Requirements of the profile:", "parts of the product:"):
        assert title in said
    korean = run(
        "generate", VIOLATING, "-o", tmp_path / "b.json", "--no-cache", "-v", "--lang", "ko"
    ).stdout
    assert "전체 발견 사항" in korean and "판정 기준의 요건:" in korean


@pytest.mark.parametrize("text", ["", "a", "가나다라 마바사", "a/b/c" * 30, "x " * 50])
@pytest.mark.parametrize("width", [1, 5, 20])
def test_lines_keep_to_their_width(text: str, width: int) -> None:
    assert columns(cut(text, width)) <= max(width, 1)
    assert columns(cut_front(text, width)) <= max(width, 1)
    assert " ".join(" ".join(wrap(text, width)).split()) == " ".join(text.split())
    longest = max((columns(word) for word in text.split()), default=0)
    assert all(columns(line) <= max(width, longest) for line in wrap(text, width))


def test_licences_that_the_files_of_the_whole_dispute_are_named(tmp_path: Path) -> None:
    """A manifest that contradicts the licence file leaves the licence open, not unspoken."""
    (tmp_path / "README.md").write_text("# Own\n\nThis project is licensed under Apache-2.0.\n")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.poetry]\nname = "own"\nversion = "1"\nlicense = "MIT"\n'
    )
    document = str(tmp_path / "own.json")
    made = run("generate", str(tmp_path), "-o", document, "--lang", "en")
    assert "licence contested (Apache-2.0 / MIT)" in made.stdout


def test_a_manifest_does_not_outvote_the_licence_file(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text(mit(), "utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.poetry]\nname = "own"\nversion = "1"\nlicense = "Apache-2.0"\n'
    )
    made = run("generate", str(tmp_path), "-o", str(tmp_path / "own.json"), "--lang", "en")
    assert "licence contested (Apache-2.0 / MIT)" in made.stdout


def test_what_is_published_elsewhere_is_not_said_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "train.sh").write_text(
        "deepspeed train.py --model_name_or_path lmsys/vicuna-13b-v1.5 --output_dir out\n"
    )
    document = str(tmp_path / "own.json")
    made = " ".join(run("generate", str(tmp_path), "-o", document, "--lang", "en").stdout.split())
    assert "no file here says so" in made
    assert "The files name" not in made
