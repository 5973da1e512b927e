"""NOTICE and third-party files: the words in them, so that it can be asked whether a part is named
there at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.collect.collector import Collector
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.model.facts import MENTIONS, Words
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "notice-list"
MAX_READ = 256 * 1024
MAX_WORDS = 1500
_LEAST = 8
"""A notice with fewer words than this lists nothing."""


def _collect(file: File) -> Iterator[Row]:
    head = file.head(MAX_READ)
    if b"\0" in head:
        return
    text = decode(head)
    words = sorted(set(re.findall(r"[a-z][a-z0-9]{3,}", text.lower())))[:MAX_WORDS]
    if len(words) < _LEAST:
        return
    line = next((n for n, row in enumerate(text.split("\n"), 1) if row.strip()), 1)
    excerpt = text.split("\n")[line - 1].strip()
    yield Observation(
        "notice",
        "",
        "",
        "",
        Evidence(NAME, "manifest-analysis", "high", file.at(line), excerpt),
        facts(("file-kind", "notice-list"), MENTIONS(Words(tuple(words)))),
    )


COLLECTOR = Collector(
    NAME,
    1,
    ("NOTICE", "NOTICE.md", "NOTICE.txt", "THIRD_PARTY*", "THIRD-PARTY*", "ThirdParty*"),
    _collect,
    sees="statement",
)
