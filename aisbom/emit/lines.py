"""Lines of a terminal: how many columns a text takes, and how it is broken into lines."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import combining, east_asian_width

_LONGEST = 44
"""Columns of a path inside a sentence."""


def columns(text: str) -> int:
    """The columns that a text takes: Korean and Chinese characters take two each."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def pad(text: str, width: int) -> str:
    """A text with spaces behind it, so that it takes at least `width` columns."""
    return text + " " * (width - columns(text))


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """The lines of a text, broken at spaces; every line but the first begins with `indent`. A word
    that is longer than a line stays whole, so that a path can be copied.
    """
    start = text[: len(text) - len(text.lstrip(" "))]
    lines = list(_lines(text.split(), width, start, indent))
    return lines or [""]


def _lines(words: list[str], width: int, line: str, indent: str) -> Iterator[str]:
    empty = True
    for word in words:
        if not empty and columns(line) + 1 + columns(word) > width:
            yield line
            line, empty = indent, True
        line, empty = line + word if empty else f"{line} {word}", False
    if not empty:
        yield line


def cut(text: str, width: int) -> str:
    """A text of at most `width` columns, with an ellipsis where its end is missing."""
    if columns(text) <= width:
        return text
    used = 1
    kept = ""
    for one in text:
        used += columns(one)
        if used > width:
            break
        kept += one
    return f"{kept}…"


def cut_front(text: str, width: int) -> str:
    """A text of at most `width` columns, with an ellipsis where its beginning is missing: of a path
    the end tells more. A path is cut before a folder where that leaves half of the width.
    """
    if columns(text) <= width:
        return text
    kept = cut(text[::-1], width)[:-1][::-1]
    folder = kept.find("/")
    return f"…{kept[folder:] if 0 <= folder < len(kept) // 2 else kept}"


def shorten_paths(text: str) -> str:
    """A sentence whose paths have lost their beginning where they are long."""
    return " ".join(
        "(".join(cut_front(piece, _LONGEST) for piece in word.split("(")) for word in text.split()
    )
