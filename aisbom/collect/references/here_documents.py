"""Here-documents of shell scripts and Dockerfiles: Python that a command gets, and files that are
written with settings.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

MAX_LINES = 2_000
MAX_DOCUMENTS = 100

_OPENS = re.compile(r"<<-?\s{0,4}(?P<quote>['\"]?)(?P<word>[A-Za-z_]\w{0,40})(?P=quote)")
_PYTHON = re.compile(r"\bpython[\d.]{0,5}\b|\.py\b")
_SETTINGS = re.compile(r"\.(?:ya?ml|toml|ini|cfg|conf|env|properties)\b")
_SHEBANG = re.compile(r"\s*#!.{0,60}python")


class HereDocument(NamedTuple):
    """A body, the number of its first line, and what it is: `python`, `settings` or `""`."""

    body: str
    first: int
    kind: str


def here_documents(text: str) -> Iterator[HereDocument]:
    """The here-documents of a script, in order. One without an end is none."""
    lines = text.split("\n")
    ends: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if re.fullmatch(r"[\t ]*[A-Za-z_]\w{0,40}[\t ]*", line[:200]):
            ends.setdefault(line.strip("\t "), []).append(number)
    number, count = 0, 0
    while number < len(lines) and count < MAX_DOCUMENTS:
        opened = _OPENS.search(lines[number][:4_000]) if "<<" in lines[number] else None
        end = _after(ends.get(opened["word"], []), number) if opened else 0
        if not end:
            number += 1
            continue
        body = "\n".join(lines[number + 1 : end])
        yield HereDocument(body, number + 2, _kind(lines[number], body))
        number, count = end + 1, count + 1


def _after(numbers: list[int], start: int) -> int:
    """The first of the line numbers behind `start` that is near enough, else 0."""
    at = bisect_right(numbers, start)
    return numbers[at] if at < len(numbers) and numbers[at] - start <= MAX_LINES else 0


def _kind(opener: str, body: str) -> str:
    if _SETTINGS.search(opener[:4_000]):
        return "settings"
    return "python" if _PYTHON.search(opener[:4_000]) or _SHEBANG.match(body) else ""
