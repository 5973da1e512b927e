"""Whom a repository credits in its NOTICE, AUTHORS, third-party and licence files: one sighting a
line, so that each can be cited.

A credit is a copyright holder, a named project or an address. That it stands there says that
somebody is credited for something; for which files it does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.lazy_module import compile_later
from aisbom.licences import copyright_lines
from aisbom.licences.comments import marks
from aisbom.model import Evidence, Gap, Observation, Row, facts
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "credits"
MAX_READ = 1024 * 1024
MAX_CREDITS = 1000

_URL = compile_later(r"https?://[^\s<>\"'`,;|\\{}()\[\]]+")
# Addresses of licence texts and of those who publish them: they credit nobody.
_TEXTS = compile_later(
    r"https?://(?:www\.)?(?:apache\.org/licenses|opensource\.org|creativecommons\.org|gnu\.org|fsf\.org|spdx\.org|mozilla\.org/MPL|"
    r"choosealicense\.com|unlicense\.org|example\.(?:com|org))",
    re.IGNORECASE,
)
_FROM = compile_later(
    r"(?:(?:includes?|contains?|uses?|incorporates?|bundles?|redistributes?)\s++(?:\w++\s++){0,4}?"
    r"(?:developed|written|derived|adapted|copied|taken|ported|borrowed|originally|made)?\s*+(?:by|at|from|of)|"
    r"(?:derived|adapted|copied|ported|taken|borrowed|forked|based)\s++(?:\w++\s++){0,2}?(?:from|on|upon))\s++"
    r"(?:the\s++|an?\s++|project\s++|original\s++)*(?P<what>[\"'`]?[A-Za-z0-9][\w.+/\-]*(?:["
    r" ][A-Z0-9][\w.+/\-]*){0,4})",
)
_FIELD = compile_later(
    r"(?:name|package|component|project|software|library|module|upstream)\s*:\s*(?P<what>[\w@]"
    r"[\w@./+\- ]{1,80})$",
    re.IGNORECASE,
)
_HEADING = compile_later(
    r"(?:#{1,6}|={2,}|\*\*|[-*•]\s+\*\*)\s*`?(?P<what>[A-Za-z0-9@]"
    r"[\w@./+\- ]{1,60}?)`?\s*(?:\(.*)?(?:#*|=*|\*\*):?$"
)
_RULE = compile_later(r"(?:-{4,}|={4,}|~{4,}|\*{4,})$")
_NAME = compile_later(r"[A-Za-z0-9@][\w@./+\-]*(?: [A-Za-z0-9][\w./+\-]*){0,3}$")
_GENERIC = frozenset(
    """
    a an the this software license licence licenses notice notices third third-party copyright
    program library authors contributors mit bsd apache acknowledgements acknowledgments
    credits people companies definitions terms appendix overview introduction above below it
    its source code other others general summary table
    """.split()  # noqa: SIM905
)
# Only an organisation is taken from a list of authors: whoever is a person is nobody's upstream.
_ORGANISATION = compile_later(
    r"\b(?:Inc|LLC|Ltd|Limited|GmbH|Corp|Corporation|Company|Co|S\.?A|AG|B\.?V|University|Institute|Laborator(?:y|ies)|Labs?|Foundation|"
    r"Team|Authors|Project|Community|Consortium|Research|Group)\b\.?|주식회사|대학교|연구원|재단|有限公司|大学|株式会社"
)


def collect(file: File) -> Iterator[Row]:
    """Everyone whom a file of notices or authors credits."""
    text = decode(file.head(MAX_READ))
    people = file.name.lower().startswith(("authors", "contributors"))
    seen: set[str] = set()
    for number, kind, value, words in find_credits(text, people):
        if value in seen:
            continue
        seen.add(value)
        yield Observation(
            "credit",
            value,
            "",
            "",
            Evidence(NAME, "manifest-analysis", "medium", file.at(number), words),
            facts(credit=kind),
        )
        if len(seen) >= MAX_CREDITS:
            yield Gap(
                NAME, file.at(number), f"more than {MAX_CREDITS:,} credits: the rest was not read"
            )
            return
    if file.size > MAX_READ:
        yield Gap(NAME, file.at(), f"only the first {MAX_READ:,} bytes were read for credits")


Credit = tuple[int, str, str, str]
"""(line, `holder` | `project` | `address`, value, the words of the line)."""


def find_credits(text: str, people: bool = False) -> Iterator[Credit]:
    """Each credit. `people`: the file lists authors."""
    lines = text.split("\n")
    for number, raw in enumerate(lines, 1):
        line = raw.strip()[:1000]
        if len(line) < 3:
            continue
        plain = line[marks(line) :] if not line.startswith(("**", "##", "==")) else line
        words = line[:200]
        if people:
            if name := _author(plain):
                yield number, "holder", name, words
            continue
        holder = copyright_lines.holder(plain)
        if holder:
            yield number, "holder", holder, words
        for match in _URL.finditer(line):
            if not _TEXTS.match(match[0]):
                yield number, "address", match[0].rstrip(".:/!?*_"), words
        ruled = number < len(lines) and _RULE.match(lines[number].strip()) is not None
        project = _project(line, plain, ruled) if holder is None else ""
        if project:
            yield number, "project", project, words


def _author(line: str) -> str:
    """The organisation that a line of a list of authors names, else `""`."""
    name = re.sub(r"[<(].*", "", line).rstrip().strip(" -*•")
    good = _ORGANISATION.search(name) and len(name) <= 100 and not name.endswith(":")
    return name if good and name.lower() not in _GENERIC else ""


def _project(line: str, plain: str, ruled: bool) -> str:
    """The project that a line credits, else `""`; `ruled`: a rule is drawn below the line."""
    found = _FROM.search(line) or _FIELD.match(plain) or _HEADING.match(line)
    what = line if ruled and _NAME.match(line) else ""
    if found:
        what = found["what"].partition(". ")[0].strip(" \"'`*=#.")
        if found.re.pattern == _FROM.pattern and not re.search(r"[A-Z0-9_./\-]", what):
            return ""  # the prose of a licence: "use of names", "based on the extent"
    if len(what) <= 2 or what.lower().split(" ")[0] in _GENERIC:
        return ""
    return what if any(c.isalpha() for c in what) else ""


_NAMES = (
    "NOTICE*",
    "Notice*",
    "THIRD*PARTY*",
    "ThirdParty*",
    "third*party*",
    "Third*Party*",
    "CREDITS*",
    "ACKNOWLEDG*",
    "COPYRIGHT*",
)

COLLECTOR = get_collector(NAME)
