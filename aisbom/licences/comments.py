"""Lines of source files, and the marks that make them comments, for any of the languages
read here.
"""

from __future__ import annotations

import re

from aisbom.source.text import decode

_MARKS = re.compile(
    r"\s*(?:(?:#+!?|//+!?|/\*+!?|\*+(?!\w)|--+|;+|%+|<!--|@?rem\b|dnl\b|[rRuU]?\"\"\"|[rRuU]?''')\s*)*",
    re.IGNORECASE,
)
_FIRST = frozenset("#/*-;%<@rRdDuU\"'")
"""What every mark begins with: most lines are code and no comment."""


def marks(line: str) -> int:
    """How long the comment marks (and spaces) at the start of a line are."""
    begin = line.lstrip()
    if begin[:1] not in _FIRST:
        return len(line) - len(begin)
    match = _MARKS.match(line)
    return match.end() if match else 0


def line_at(data: bytes, start: int) -> str:
    """The line that starts at this byte, decoded, cut at 2,000 bytes."""
    end = data.find(b"\n", start)
    return decode(data[start : min(end if end >= 0 else len(data), start + 2000)])
