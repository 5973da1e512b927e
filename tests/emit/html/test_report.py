"""The report: complete in both languages, closed to markup of strangers, small, alone."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any

import pytest

from aisbom.bom import Bom, Part
from aisbom.bom.element_sets import SETS
from aisbom.bom.findings import KINDS, Finding, findings
from aisbom.emit import verdict
from aisbom.emit.cyclonedx.read import read
from aisbom.emit.html import report
from aisbom.emit.html.view import core_rows, finding_row
from aisbom.emit.html.words import LANGUAGES, words
from aisbom.emit.markdown import markdown
from aisbom.model.phrases import FORMS as FOUND
from aisbom.model.sentences import FORMS as SENTENCES
from tests.conftest import MakeTree
from tests.emit.test_findings import NOTHING
from tests.emit.test_sarif import parts, result
from tests.program import ROOT, document_of, run

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\" ' {{ 7*7 }} \x1b[31m \u202e"
EXAMPLE = ROOT / "fixtures" / "multimodal"


@pytest.fixture(scope="module")
def bom() -> Bom:
    return read(document_of(EXAMPLE))


def test_the_catalogues_have_the_same_keys_and_the_same_places() -> None:
    english, korean = words("en"), words("ko")
    ids = {key for key in korean.keys - english.keys if key.startswith(IDS)}
    assert english.keys == korean.keys - ids
    for key in english.keys:
        places = [
            {name for _, name, _, _ in Formatter().parse(one.get(key, "")) if name}
            for one in (english, korean)
        ]
        assert places[0] == places[1], key
    assert all(re.search("[가-힣]", korean.get(key, "")) for key in korean.keys - SAME)


def csv_rows(name: str) -> list[dict[str, str]]:
    text = (ROOT / "aisbom/knowledge/data" / name).read_text("utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def test_every_country_of_the_tables_has_a_korean_name() -> None:
    rows = csv_rows("organisations.csv")
    columns = ("legal_seat", "effective_seat", "ultimate_parent_country")
    seats = {row[column] for row in rows for column in columns}
    korean = words("ko")
    assert {one for one in seats - {""} if korean.country(one) == one} == set()


def test_no_korean_sentence_leaves_a_particle_open() -> None:
    """`을(를)` is for programs that cannot tell: the sentence is one that needs none there."""
    for name in ("ko.toml", "rules.ko.toml"):
        text = (ROOT / "aisbom/emit/html" / name).read_text("utf-8")
        assert re.findall(r"\((?:는|가|를|으|와|이)\)", text) == []


IDS = ("country.", "attribute.", "leg.", "severity.", "join.", "word.", "technique.")
"""Tables of words that English has itself: it says the code or the word of a rule."""


SAME = {
    *(f"finding.{kind}.what" for kind in ("contradiction", "runs-code", "licence-conflict")),
    *("finding.vulnerable.what", "job.title", "job.verdict", "maker", "why.side"),
}
EVERYWHERE = {"{0}.", "{0}: {1}"}
FORMS = {
    "code-from": ("derived", "declared"),
    "weights-from": ("stated", "published", "compared"),
    "foreign-architecture": ("what", "in-name"),
    "fork": ("what", "counted"),
}


def test_every_kind_of_finding_has_its_words() -> None:
    for language in LANGUAGES:
        for kind in KINDS:
            for row in ("title", *FORMS.get(kind, ("what",)), "settle"):
                assert f"finding.{kind}.{row}" in words(language).keys


def test_a_country_is_nobody() -> None:
    """Where only the country of a maker is known, no sentence makes a maker of it."""
    known = Finding("foreign-part", "enc", "x", "core", "trained", "Norae Inc.", ("US",))
    country = replace(known, whose="")
    for language, both, one in (
        ("en", "enc: by Norae Inc., US.", "enc: by somebody in US, not named."),
        ("ko", "enc: Norae Inc.(미국) 개발.", "enc: 미국 소재의 미확인 주체 개발."),
    ):
        text = words(language)  # type: ignore[arg-type]
        assert finding_row(known, text)["what"] == both
        assert finding_row(country, text)["what"] == one


def test_nouns_go_with_their_numbers() -> None:
    english, korean = words("en"), words("ko")
    assert english("terminal.head", name="x", parts=1, files=1) == "x: 1 part in 1 file"
    assert english("terminal.head", name="x", parts=0, files=1200) == "x: 0 parts in 1,200 files"
    assert korean("terminal.head", name="x", parts=1, files=1200) == "x: 구성요소 1개, 파일 1,200개"
    assert english("diff.counts", count=1, said="1 added") == "1 difference: 1 added"


def test_every_sentence_of_a_shipped_rule_has_its_korean() -> None:
    """And none is left of a rule that is no more."""
    sentences: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, list):
            for one in value:
                collect(one)
        elif isinstance(value, dict):
            for key, one in value.items():
                if key in ("title", "message", "help") and isinstance(one, str):
                    sentences.add(" ".join(one.split()))
                else:
                    collect(one)

    for folder in ("policies", "profiles"):
        for path in (ROOT / "aisbom" / "knowledge" / folder).glob("*.toml"):
            collect(tomllib.loads(path.read_text("utf-8")))
    for chosen in SETS.values():
        sentences |= {chosen.title, *(one.title for one in chosen.elements)}
        sentences |= {one.fill for one in chosen.elements if one.fill}
    sentences |= {*SENTENCES.values(), *FOUND.values()} - EVERYWHERE
    korean = words("ko")
    wordless = [one for one in sentences if not re.search("[가-힣]", korean.rule(one))]
    assert wordless == ["{0} is {1}"]
    for form in {*SENTENCES.values(), *FOUND.values()} - EVERYWHERE:
        assert set(re.findall(r"{\d}", form)) == set(re.findall(r"{\d}", korean.rule(form))), form
    tables = tomllib.loads((ROOT / "aisbom/emit/html/rules.ko.toml").read_text("utf-8")).values()
    assert {" ".join(key.split()) for table in tables for key in table} - sentences == set()
    assert words("en").rule("Every part is declared") == "Every part is declared"


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_verdict_in_korean_has_no_english_of_the_program(form: str) -> None:
    """What stays in English is names, places and ids."""
    shipped = ROOT / "aisbom" / "knowledge" / "policies" / "submission-licences.toml"
    found = result(parts("가나"), shipped.read_text("utf-8"))
    korean = words("ko")
    if form == "text":
        said = verdict.text(found, words=korean)
    else:
        score: Any = SimpleNamespace(totals={"overall": (0.25, 0.75)})
        said = markdown(found, score, False, NOTHING, korean)
    for word in (
        "at",
        "of",
        "more",
        "Why",
        "settle",
        "FAIL",
        "UNKNOWN",
        "unknown",
        "home",
        "Policy",
    ):
        assert not re.search(rf"\b{word}\b", re.sub("`[^`]*`", "", said)), (word, said)


class Page(HTMLParser):
    """What a page holds: tags, targets of links, ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.sources: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), name
            if name in ("src", "action"):
                self.sources.append(value or "")
            if name == "href":
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_stands_alone_and_its_links_lead_somewhere(bom: Bom, language: str) -> None:
    text = report(bom, [], language).decode()  # type: ignore[arg-type]
    page = Page(text)
    assert page.sources == []
    assert all(link.startswith("#") for link in page.links)
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("script") == 1
    assert f'<html lang="{language}">' in text


def test_findings_and_claims_are_in_the_page_without_scripts(bom: Bom) -> None:
    text = report(bom, [], "en").decode().partition("<script>")[0]
    assert findings(bom)
    for one in findings(bom):
        assert one.at is None or str(one.at) in text
        for ref in one.claims[:10]:
            assert f'id="{ref}"' in text


def test_text_of_strangers_stays_text(bom: Bom) -> None:
    parts = tuple(
        replace(
            part,
            name=HOSTILE,
            version=HOSTILE,
            facts=(*part.facts, ("contradiction", HOSTILE), ("weights-from", HOSTILE)),
        )
        for part in bom.parts
    )
    claims = tuple(replace(claim, value=HOSTILE) for claim in bom.claims)
    gaps = tuple(replace(gap, reason=HOSTILE) for gap in bom.gaps)
    text = report(replace(bom, parts=parts, claims=claims, gaps=gaps), [], "ko").decode()
    page = Page(text)
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert "{{ 7*7 }}" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_thousand_parts_fit_into_a_megabyte(bom: Bom) -> None:
    more = tuple(
        Part(
            ref=f"pkg:pypi/package-{number}@1.{number}",
            kind="library",
            name=f"package-{number}",
            version=f"1.{number}",
            purl=f"pkg:pypi/package-{number}@1.{number}",
            facts=(
                ("component.role", "peripheral"),
                ("component.class", "dependency"),
                ("origin.developed.country", "US"),
            ),
        )
        for number in range(1000)
    )
    claims = tuple(
        replace(claim, subject=f"pkg:pypi/package-{number}@1.{number}")
        for number in range(1000)
        for claim in bom.claims[:4]
    )
    large = replace(bom, parts=(*bom.parts, *more), claims=(*bom.claims, *claims))
    data = report(large, [], "en")
    assert len(data) < 1_000_000
    assert b"package-999" in data


def test_the_command_writes_all_profiles_and_says_how_large(tmp_path: Path) -> None:
    document = document_of(EXAMPLE)
    for language in LANGUAGES:
        file = tmp_path / f"{language}.html"
        done = run("report", document, "-o", file, "--lang", language)
        assert done.returncode == 0, done.stderr
        unit = {"en": " bytes", "ko": "바이트"}[language]
        assert f"{file.stat().st_size:,}{unit}" in done.stdout
        text = file.read_text("utf-8")
        for name in ("model", "deployment"):
            assert (f"{name}@" in text) == (f"{name}.toml" in profiles())
    again = run("report", document, "-o", "-", "--lang", "en")
    assert again.stdout.encode() == (tmp_path / "en.html").read_bytes()


def profiles() -> set[str]:
    return {path.name for path in (ROOT / "aisbom/knowledge/profiles").glob("*.toml")}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("none.json", "-o", "x.html"), "cannot be read"),
        (("bom.json", "-o", "."), "is a folder"),
        (("bom.json", "-o", "none/x.html"), "does not exist"),
    ],
)
def test_usage_errors_are_one_line(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    (tmp_path / "bom.json").write_text(json.dumps({}))
    done = run("report", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("kind", "facts", "here"),
    [
        ("encoder-weights", {}, "only named"),
        ("encoder-weights", {"size.bytes": "9"}, "yes"),
        ("model-code", {}, "yes"),
    ],
)
def test_what_only_a_name_is_here_of_is_not_here(
    bom: Bom, kind: str, facts: dict[str, str], here: str
) -> None:
    told = {"component.role": "core", "component.class": kind, **facts}
    part = Part("x", "machine-learning-model", "x", facts=tuple(sorted(told.items())))
    (row,) = core_rows(replace(bom, parts=(part,)), words("en"))
    assert row["here"] == here


def test_through_what_code_runs_is_said_in_korean(make_tree: MakeTree, tmp_path: Path) -> None:
    """What it calls stays as it is: a name."""
    tree = make_tree({"load.py": "import torch\ntorch.load('a.pt', weights_only=False)\n"})
    document = tmp_path / "bom.json"
    assert run("generate", tree, "-o", document, "-q", "--no-cache").returncode == 0
    page = run("report", document, "-o", "-", "--lang", "ko").stdout
    assert "모델을 불러오는 코드: weights_only=False" in page
