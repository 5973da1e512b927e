"""A licence text as words: without case, punctuation, copyright lines, comment marks, list numbers
and line breaks.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import NamedTuple

from aisbom.lazy_module import compile_later

SIZE = 5
"""Words in a shingle."""

SPARSE = 8
"""Of a long text one shingle in so many is kept: those whose digest is a multiple of it."""

LONG = 400
"""Texts of more words than this are long."""

MAX_WORDS = 15_000
"""More is a collection of third parties' notices, whose first ones say what there is to say."""

# A line that names a holder: different in every copy. A sentence about "copyright holders" stays.
_HOLDER = compile_later(
    r"^[^\w©]*(?:portions? |all |parts? of this \w+ (?:are|is) )?"
    r"(?:(?:copyright|copr)\b[\s:,\-.–—]*(?:\(c\)|©|\d{4}|[\[<{(]|by\b|years?\b|$)|(?:\(c\)|©)\s*(?:copyright\b|\d{4}|[\[<{]|[a-z]+))",
)
_RESERVED = compile_later(r"^\W*all rights? reserved\W*$")
_MARKS = compile_later(r"^[ \t]*(?://+|/\*+|\*+/?|#+|;+|>+|--+|%+|\.\. ?|rem\b|dnl\b|<!--)?[ \t]*")
_MARKED = frozenset(" \t#/*;>-%.rd<")
_NUMBER = compile_later(
    r"^(?:\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]|(?:[ivx]{1,4}|[a-z])\))|[-*•–·o])(?=[ \t])"
)
_WORD = compile_later(r"[a-z0-9]+|[\u3400-\u9fff]|[\uac00-\ud7a3]+|[^\W_a-z0-9]+")


class Words(NamedTuple):
    """`words` in order, and the line (from 1) on which each stands."""

    words: list[str]
    lines: list[int]


@lru_cache(maxsize=4)  # each of those who look at a text asks for its words
def words(text: str) -> Words:
    """The words that count, at most MAX_WORDS of them. Nobody changes the lists."""
    found: list[str] = []
    places: list[int] = []
    for number, raw in enumerate(text.lower().split("\n"), 1):
        line = _MARKS.sub("", raw, 1) if raw[:1] in _MARKED else raw
        if (
            not line
            or _RESERVED.match(line)
            or (("copyright" in line or "(c)" in line or "©" in line) and _HOLDER.match(line))
        ):
            continue
        line = _NUMBER.sub("", line, 1).replace("licence", "license").replace("https:", "http:")
        new = _WORD.findall(line)
        found += new
        places += [number] * len(new)
        if len(found) > MAX_WORDS:
            break
    return Words(found[:MAX_WORDS], places[:MAX_WORDS])


def shingles(given: list[str]) -> list[int]:
    """CRC-32 of every run of SIZE words, by position; of the whole for a shorter text."""
    crc = zlib.crc32
    line = " ".join(given).encode()
    if len(given) < SIZE:
        return [crc(line)] if line else []
    starts = [0]
    at = line.find(b" ")
    while at >= 0:
        starts.append(at + 1)
        at = line.find(b" ", at + 1)
    starts.append(len(line) + 1)
    return [crc(line[start : end - 1]) for start, end in zip(starts, starts[SIZE:], strict=False)]
