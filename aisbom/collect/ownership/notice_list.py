"""NOTICE and third-party files, and READMEs that credit repositories: the words in them, so that it
can be asked whether a part is named there at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.ownership import readme_credits
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.model.facts import MENTIONS, Words
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "notice-list"
MAX_READ = 256 * 1024
MAX_WORDS = 1500
_LEAST = 8
"""A notice with fewer words than this lists nothing."""


def collect(file: File) -> Iterator[Row]:
    """A sighting of every work that a list of notices names."""
    head = file.head(MAX_READ)
    if b"\0" in head:
        return
    text = decode(head)
    words = sorted(set(re.findall(r"[a-z][a-z0-9]{3,}", text.lower())))
    line = next((n for n, row in enumerate(text.split("\n"), 1) if row.strip()), 1)
    if file.name.lower().startswith("readme"):
        built_on = [
            one.line for one in readme_credits.find_readme_credits(text) if one.how == "built-on"
        ]
        # Of a longer one not every word is kept, and what is not kept is not missing.
        if not built_on or len(words) > MAX_WORDS or file.size > MAX_READ:
            return
        line = built_on[0]
    if len(words) < _LEAST:
        return
    words = words[:MAX_WORDS]
    excerpt = text.split("\n")[line - 1].strip()
    yield Observation(
        # A README is no notice whose absence would be a fault.
        "format" if file.name.lower().startswith("readme") else "notice",
        "",
        "",
        "",
        Evidence(NAME, "manifest-analysis", "high", file.at(line), excerpt),
        facts(("file-kind", "notice-list"), MENTIONS(Words(tuple(words)))),
    )


COLLECTOR = get_collector(NAME)
