"""Logical lines of shell commands: those that a backslash continues joined, comments left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

LONGEST = 100_000
"""Characters of one command; what goes on after them is another one."""


def join_lines(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """(number from 1 of its first line, command) of each that is not empty."""
    joined, first = "", 0
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip()
        if line.lstrip().startswith("#"):
            continue
        first = first or number
        joined += line.removesuffix("\\") + " "
        if not line.endswith("\\") or len(joined) > LONGEST:
            if joined.strip():
                yield first, joined.strip()
            joined, first = "", 0
