"""What makes `tomllib` explode, found before it reads: it takes time and memory with the square of
the parts of a dotted key.
"""

from __future__ import annotations

import re

MAX_PARTS = 64

_LONG_KEY = re.compile(
    r"""(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')[ \t]*\.[ \t]*){64}"""
)


def long_key(text: str) -> int:
    """The first line that has a key of more than MAX_PARTS parts, 0 where none does."""
    for number, row in enumerate(text.split("\n"), 1):
        if row.count(".") > 200 and _LONG_KEY.search(row):
            return number
    return 0
