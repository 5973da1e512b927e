"""Whatever stands in any text of a bill stays text, in everything that is written for a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import Any

import pytest

from aisbom.bom import Bom
from aisbom.bom.diff import diff
from aisbom.bom.findings import findings
from aisbom.emit import changes
from aisbom.emit.cyclonedx.read import read
from aisbom.emit.first_screen import screen
from aisbom.emit.html import LANGUAGES, bundle_page, report
from aisbom.emit.html.words import words
from aisbom.emit.markdown import markdown
from aisbom.model.plain import STEERING
from tests.emit.test_findings import SCORE
from tests.emit.test_sarif import parts, result
from tests.program import ROOT, document_of

WORDS = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "{{ 7*7 }}{% raw %}",
    "a\n::error title=x::y",
    "##[error]z",
    "\x1b[31mred\x9b31m",
    "\u202etxt.\u2066exe\u2028",
    "[a](http://evil.example) ![b](http://evil.example/b.png) @everyone",
    "| `a` | <b>c</b>",
    '=HYPERLINK("http://evil.example")',
    "%0A::warning::z",
    "{0} {name}",
)
KEPT = frozenset(
    {
        *("root", "ref", "source", "target", "subject", "kind", "status", "verdict", "attribute"),
        *("confidence", "technique", "lowest", "sees", "acknowledgement", "line", "files", "phase"),
        *("sentence", "said", "activity"),
    }
)
"""Refs and words of a fixed list: the bill would be none without them."""
_STEERS = re.compile(f"[{STEERING}]")
CASES = ("multimodal", "small-stack")


def poisoned(value: Any, word: str) -> Any:
    """The value with `word` for every text in it but those that KEPT names."""
    if isinstance(value, str):
        return word if value else value
    if is_dataclass(value) and not isinstance(value, type):
        rows = {
            one.name: poisoned(getattr(value, one.name), word)
            for one in fields(value)
            if one.init and one.name not in KEPT
        }
        return replace(value, **rows)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return value._replace(
            **{name: poisoned(getattr(value, name), word) for name in value._fields}
        )
    if isinstance(value, tuple) and _is_fact(value):
        return value[0], value[1] if value[0] in FIXED else word
    if isinstance(value, tuple):
        return tuple(poisoned(one, word) for one in value)
    return value


FIXED = ("component.role", "component.class", "component.path_role", "origin.trained.country")


def _is_fact(value: tuple[Any, ...]) -> bool:
    return len(value) == 2 and all(isinstance(one, str) for one in value) and "." in value[0]


class Tags(HTMLParser):
    """The tags of a page, each with the names of its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(" ".join([tag, *(name for name, _ in attrs)]))


def pages(bom: Bom, language: Any) -> Iterator[str]:
    verdict = {
        "verdict": "fail",
        "policy": {"name": bom.program, "version": bom.program},
        "requirements": [{"title": bom.program, "verdict": "fail"}],
    }
    yield report(bom, [], language).decode()
    yield bundle_page(bom, verdict, language).decode()


def lines(bom: Bom, word: str, language: Any) -> Iterator[str]:
    text, changed = words(language), poisoned(bom, word)
    yield screen(changed, text)
    yield changes.text(diff(bom, changed), text)
    yield changes.markdown(diff(bom, changed), text)
    yield markdown(result(parts(word)), SCORE, False, changed, text)


@pytest.fixture(scope="module", params=CASES)
def bom(request: pytest.FixtureRequest) -> Bom:
    return read(document_of(ROOT / "fixtures" / request.param))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", WORDS)
def test_pages_have_the_tags_of_the_template(bom: Bom, word: str, language: str) -> None:
    changed = poisoned(bom, word)
    assert findings(changed)
    for before, after in zip(pages(bom, language), pages(changed, language), strict=True):
        assert Tags(after).found <= Tags(before).found
        assert not _STEERS.search(after.replace("\n", ""))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", WORDS)
def test_lines_steer_nobody(bom: Bom, word: str, language: str) -> None:
    for said in lines(bom, word, language):
        assert not _STEERS.search(said.replace("\n", ""))
        assert "##[" not in said
        assert not any(line.lstrip().startswith("::") for line in said.split("\n"))


@pytest.mark.parametrize("word", WORDS)
def test_markdown_has_no_markup_of_strangers(bom: Bom, word: str) -> None:
    changed = poisoned(bom, word)
    made = markdown(result(parts(word)), SCORE, False, changed, words("en"))
    made += changes.markdown(diff(bom, changed), words("en"))
    for mark in ("<script", "<img", "<b>", "](http", " @everyone"):
        assert mark not in made
