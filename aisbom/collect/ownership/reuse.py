"""REUSE.toml: licences by glob, as the REUSE specification 3.2 writes them."""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.parsed import nodes
from aisbom.licences import copyright_lines
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.model.facts import ANNOTATION, Annotation
from aisbom.source.tree import File

NAME = "reuse"
MAX_ROWS = 500


def collect(file: File) -> Iterator[Row]:
    """The annotations of a REUSE.toml."""
    document = nodes.toml(file, NAME)
    found: list[tuple[str, str | int | None]] = [("file-kind", "reuse")]
    first = 0
    for table in document.root.get("annotations").array():
        path, licence = table.get("path"), table.get("SPDX-License-Identifier")
        globs = (
            [path.value] if isinstance(path.value, str) else [node.value for node in path.strings()]
        )
        texts = (
            [licence.value]
            if isinstance(licence.value, str)
            else [node.value for node in licence.strings()]
        )
        owners = table.get("SPDX-FileCopyrightText")
        named = (
            [owners.value]
            if isinstance(owners.value, str)
            else [node.value for node in owners.strings()]
        )
        found += [
            ("copyright-holder", name)
            for text in named
            if (name := copyright_lines.holder(f"Copyright {text}"))
        ]
        expression = " AND ".join(text.strip() for text in texts if text.strip())[:300]
        for glob in globs:
            if expression and glob and len(found) < MAX_ROWS:
                first = first or path.line
                found.append(ANNOTATION(Annotation(len(found), glob[:300], expression, path.line)))
    yield from document.drain()
    if first:
        excerpt = document.words(first)
        yield Observation(
            "notice",
            "",
            "",
            "",
            Evidence(NAME, "manifest-analysis", "high", file.at(first), excerpt),
            facts(*found),
        )


COLLECTOR = get_collector(NAME)
