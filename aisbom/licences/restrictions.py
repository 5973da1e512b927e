"""Sentences that restrict: what a text forbids or asks beyond a known licence, by phrase.

A phrase says that a restriction of a kind is there, and where; how far it goes is for a reader.
The phrases are rows of restrictions.csv: English ones in normalised words, Korean and Chinese ones
in the text as it stands.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from aisbom.licences.words import words

_NOT = r"(?:not|never|cannot|neither)"
_FIELD = (
    r"(?:military|warfare|weapons?|weaponry|surveillance|nuclear|biometric|facial recognition|law"
    r" enforcement|medical|clinical|autonomous|gambling|political|defen[cs]e|harm|unlawful|illegal)"
)
_WORDS = re.compile(
    r"commercial|research|academic|educational|evaluation|military|weapon|warfare|surveillance"
    r"|nuclear|use|train|display|name|users|revenue|employee|territory|union|modify|distribut"
    r"|sublicense|[\u3400-\u9fff\uac00-\ud7a3]"
)
MAX_FOUND = 40


@lru_cache(maxsize=2)
def _patterns(where: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """One pattern a kind, of the rows of restrictions.csv for this place."""
    text = (resources.files("aisbom.licences") / "restrictions.csv").read_text("utf-8")
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    found: dict[str, list[str]] = {}
    for row in csv.DictReader(lines, strict=True):
        if row["where"] == where:
            pattern = row["pattern"].replace("{not}", _NOT).replace("{field}", _FIELD)
            found.setdefault(row["kind"], []).append(pattern)
    edges = ("(?<= )", "(?= )") if where == "words" else ("", "")
    return tuple(
        (kind, re.compile(f"{edges[0]}(?:{'|'.join(rows)}){edges[1]}"))
        for kind, rows in found.items()
    )


class Restriction(NamedTuple):
    """A restriction: its kind, the line (from 1) where its phrase begins, the words around the
    phrase, and the positions of the phrase in the words of the text (`-1, -1` where it was found in
    the text as it stands).
    """

    kind: str
    line: int
    words: str
    start: int
    end: int


def restrictions(text: str) -> list[Restriction]:
    """What a text restricts, in the order of its lines; at most MAX_FOUND."""
    low = text.lower()
    if not _WORDS.search(low):
        return []
    given = words(text)
    line = f" {' '.join(given.words)} "
    starts: list[int] = []
    at = 1
    for word in given.words:
        starts.append(at)
        at += len(word) + 1
    place = {start: number for number, start in enumerate(starts)}
    found: list[Restriction] = []
    for kind, pattern in _patterns("words"):
        for hit in pattern.finditer(line):
            if " intended " in hit[0] or " recommended " in hit[0]:
                continue  # advice, not a term
            first = place.get(hit.start(), 0)
            last = first + hit[0].count(" ")
            around = " ".join(given.words[max(0, first - 4) : last + 7])
            found.append(Restriction(kind, given.lines[first], around[:200], first, last))
    for kind, pattern in _patterns("text"):
        for hit in pattern.finditer(text):
            number = text.count("\n", 0, hit.start()) + 1
            sentence = " ".join(text[max(0, hit.start() - 40) : hit.end() + 60].split())
            found.append(Restriction(kind, number, sentence[:200], -1, -1))
    order = {kind: number for number, (kind, _) in enumerate(_patterns("words"))}
    return sorted(found, key=lambda row: (row.line, order[row.kind]))[:MAX_FOUND]
