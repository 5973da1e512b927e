"""Where the part of a licence or notice file that is the project's own ends, and that of third
parties begins; and whether several licences are a choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aisbom.lazy_module import compile_later
from aisbom.licences.matcher import LicenceMatch

_THIRD = compile_later(
    r"third[- ]?part(?:y|ies)|3rd[- ]?part(?:y|ies)|sub-?components?\b|bundled|vendored"
    r"|(?:this|the) (?:\w+ ){0,3}?(?:software|products?|projects?|repository|distribution|package"
    r"|library|code|files?|works?) (?:\w+ ){0,2}?(?:includes?|contains?|incorporates?|bundles?"
    r"|uses?|is (?:partly |partially |in part )?(?:based|built|derived)|may (?:include|contain))"
    r"|portions? of (?:this|the)\b|(?:files|code|parts|portions|components|software) (?:\w+ ){0,4}?"
    r"(?:from|derived|taken|copied|adapted|borrowed|based on)"
    r"|licen[cs]es? (?:of|for) (?:the )?(?:bundled|included|dependenc|following|other)"
    r"|dependenc\w+ and (?:their )?licen[cs]es?\b"
    r"|components? under (?:the )?[\w .\-]{2,40} licen[cs]e"
    r"|acknowledge?ments?\b|the following (?:\w+ ){0,3}?(?:is|are|applies|apply|licen|notice)"
    r"|^\W*(?:license|licence|notice)s? (?:of|for|from) \S+",
    re.IGNORECASE,
)
_RULE = compile_later(r"^[ \t#/*]*(?P<rule>[-=_*~#+]{4,})(?P<title>[^-=_*~#+\n][^\n]*)?$")
_CHOICE = compile_later(
    r"\b(?:dual(?:ly)?[- ]licen[cs]|either (?:\w+ ){0,6}?or|at your option|your choice"
    r"|you may choose|(?:any|one) of the following licen[cs]es)",
    re.IGNORECASE,
)
_ITEM = compile_later(r"\(?\w{1,2}[.)]\s")
"""A clause of the text itself."""
_BEFORE = 150
"""More words than this before the first known licence are terms of the project's own."""

_HEADING = 100
_INTRODUCTION = 40
"""Lines from the top in which a choice between licences is offered."""


def own_lines(lines: Sequence[str], found: Sequence[LicenceMatch], altered: bool = False) -> int:
    """How many lines from the top are the project's own; all of them where no third party's part
    begins.

    What stands in the terms of the first licence is no heading: the search begins behind it. A
    file without a known licence is searched from its second line. Of a text that was `altered`, the
    known one may be an untouched copy further down: its first heading ends the own part.
    """
    if altered or (found and found[0].basis in ("exact", "phrases")):
        return next(_headings(lines), len(lines)) if altered else len(lines)
    if found and sum(len(line.split()) for line in lines[: found[0].line - 1]) > _BEFORE:
        return _before(lines, found[0].line - 1)
    last = found[0].end or found[0].line if found else 1
    for number in range(last, len(lines)):
        line = lines[number].strip()
        if not line:
            continue
        if _THIRD.search(line) and len(line) < 200:
            return number
        rule = _RULE.match(line)
        if rule and len(found) > 1 and found[1].line > number:
            return number
    if len(found) > 1 and not choice(lines):
        return max(last, found[0].line)
    return len(lines)


def _headings(lines: Sequence[str]) -> Iterator[int]:
    """The lines (from 0) that head a paragraph and speak of somebody else's work; a rule may stand
    above them.
    """
    for number in range(1, len(lines)):
        line, above = lines[number].strip(), lines[number - 1].strip()
        begins = line and len(line) < _HEADING and (not above or _RULE.match(above))
        if begins and _THIRD.search(line) and not _ITEM.match(line):
            yield number


def _before(lines: Sequence[str], start: int) -> int:
    """Where the third parties' part begins whose first licence starts at line `start`: the last
    heading above it, else the paragraph in which it starts.
    """
    for number in range(start, 0, -1):
        line = lines[number].strip()
        if line and len(line) < _HEADING and _THIRD.search(line):
            return number
    while start and lines[start - 1].strip():
        start -= 1
    return start


def own_block(lines: Sequence[str]) -> int:
    """How many lines of a NOTICE are about the project itself: those before the first rule or the
    first line that speaks of somebody else's work.
    """
    started = False
    for number, raw in enumerate(lines):
        line = raw.strip()
        if _RULE.match(line):
            if started:
                return number
        elif line:
            if _THIRD.search(line):
                return number
            started = True
    return len(lines)


def choice(lines: Sequence[str]) -> bool:
    """Whether the introduction says that one of several licences may be chosen."""
    return any(_CHOICE.search(line) for line in lines[:_INTRODUCTION])
