"""The report: complete in both languages, closed to markup of strangers, small, alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest

from aisbom.bom import Bom, Part
from aisbom.bom.findings import KINDS, findings
from aisbom.emit.cyclonedx.read import read
from aisbom.emit.html import report
from aisbom.emit.html.words import LANGUAGES, words
from tests.program import ROOT, document_of, run

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\" ' {{ 7*7 }} \x1b[31m \u202e"
EXAMPLE = ROOT / "fixtures" / "multimodal"


@pytest.fixture(scope="module")
def bom() -> Bom:
    return read(document_of(EXAMPLE))


def test_the_catalogues_have_the_same_keys_and_the_same_places() -> None:
    english, korean = words("en"), words("ko")
    assert english.keys == korean.keys
    for key in english.keys:
        places = [
            {name for _, name, _, _ in Formatter().parse(one.get(key, "")) if name}
            for one in (english, korean)
        ]
        assert places[0] == places[1], key
    assert all(re.search("[가-힣]", korean.get(key, "")) for key in korean.keys - SAME)


SAME = {
    f"finding.{kind}.what"
    for kind in ("contradiction", "runs-code", "licence-conflict", "vulnerable")
}
FORMS = {"code-from": ("derived", "declared")}


def test_every_kind_of_finding_has_its_words() -> None:
    for language in LANGUAGES:
        for kind in KINDS:
            for row in ("title", *FORMS.get(kind, ("what",)), "settle"):
                assert f"finding.{kind}.{row}" in words(language).keys


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
        assert f"{file.stat().st_size:,} bytes" in done.stdout
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
