"""Whom a README credits: repositories that a sentence says the project is built on, or that stand
under a heading of acknowledgements. One sighting a repository. A file that is named after where its
folder comes from (PROVENANCE.md, UPSTREAM) credits every repository it names.

`built-on` is a sentence that says code was taken over; `thanks` says that somebody is thanked, and
not for what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from aisbom.collect.collector import Collector
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "readme-credits"
MAX_READ = 1024 * 1024
MAX_CREDITS = 200

_URL = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|gitee\.com)/[\w.\-]+/[\w.\-]+", re.IGNORECASE
)
_NO_REPOSITORY = re.compile(r"/(?:issues|pulls?|orgs|sponsors|features|topics)(?:/|$)")
_HEADING = re.compile(r"(#{1,6})\s*(.*)|(?:<h([1-6])[^>]*>)(.*)", re.IGNORECASE)
_THANKS = re.compile(
    r"acknowledg|credit|thank|third.?part|attribution|special thanks|감사|致谢|感谢|謝辞",
    re.IGNORECASE,
)
_BUILT = re.compile(
    r"\b(?:based (?:up)?on|built (?:up)?on|builds? (?:up)?on|build our|adapted from|adopted from"
    r"|borrowed from|derived from|forked? (?:of|from)|modified from|modification of|copied from"
    r"|extracted from|vendored from|lifted from|imported from"
    r"|taken from|ported from|port of|codebase|code base|reimplement\w*|implementation from"
    r"|follows? the (?:code|implementation)|extends?)\b|기반|바탕|基于",
    re.IGNORECASE,
)
_SAYS_THANKS = re.compile(
    r"\b(?:thanks?|grateful|acknowledge[ds]?|inspired by|credits?|kudos)\b|감사|致谢|感谢",
    re.IGNORECASE,
)


class Credit(NamedTuple):
    """A repository's address, the line that names it (from 1), that line's words, and how it is
    credited: `built-on` or `thanks`.
    """

    line: int
    address: str
    words: str
    how: str


def credited(text: str, provenance: bool = False) -> Iterator[Credit]:
    """The repositories that a README credits, each once, in order. `provenance`: the whole file
    says where its folder comes from.
    """
    under = 0
    seen: set[str] = set()
    fenced = False
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()[:4000]
        if line.startswith(("```", "~~~")):
            fenced = not fenced
        if fenced or not line:
            continue
        heading = _HEADING.match(line)
        if heading:
            level = len(heading[1]) if heading[1] else int(heading[3])
            title = heading[2] if heading[1] else heading[4]
            if under and level <= under:
                under = 0
            if _THANKS.search(title):
                under = level
        how = "built-on" if _BUILT.search(line) else "thanks"
        if how == "thanks" and not provenance and not under and not _SAYS_THANKS.search(line):
            continue
        for match in _URL.finditer(line):
            rest = line[match.end() : match.end() + 20]
            address = match[0].rstrip(".").removesuffix(".git")
            if _NO_REPOSITORY.match(rest) or address.casefold() in seen:
                continue
            seen.add(address.casefold())
            yield Credit(number, address, line[:200], how)
            if len(seen) >= MAX_CREDITS:
                return


def _collect(file: File) -> Iterator[Row]:
    provenance = file.name.upper().startswith(_PROVENANCE)
    for one in credited(decode(file.head(MAX_READ)), provenance):
        evidence = Evidence(
            NAME,
            "manifest-analysis",
            "medium" if one.how == "built-on" else "low",
            file.at(one.line),
            one.words,
        )
        yield Observation("credit", one.address, "", "", evidence, facts(credit=one.how))


_PROVENANCE = ("PROVENANCE", "UPSTREAM", "VENDOR", "ORIGIN")
_CASES = tuple(case for stem in _PROVENANCE for case in (stem, stem.title(), stem.lower()))
_STEMS = ("README", "Readme", "readme", "NOTES", "EVALUATION", "Evaluation", "evaluation")

COLLECTOR = Collector(
    NAME,
    1,
    tuple(f"{stem}{end}" for stem in (*_STEMS, *_CASES) for end in ("*.md", "*.rst", "*.txt", "")),
    _collect,
    sees="statement",
)
