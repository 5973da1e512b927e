"""Licences by glob (REUSE.toml): which expression holds for the files of a component, the last
matching annotation first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from aisbom.model import Component, Observation

_BINARY = ("weights", "weight-data", "tokenizer")


def scoped(components: Iterable[Component], tables: Sequence[Observation]) -> list[Component]:
    """The components, with a `notice` that carries `scope-expression` for each annotation that
    holds for files of theirs.

    For a model its weight files count, and where it has none its other files.
    """
    if not tables:
        return list(components)
    rows = [
        (table.evidence.at.folder, *found, table)
        for table in tables
        for found in _annotations(table)
    ]
    made = []
    for component in components:
        weights = {o.evidence.at.path for o in component.observations if o.kind in _BINARY}
        weights |= {
            o.evidence.at.path
            for o in component.observations
            if o.kind == "submodel" and o.fact("basis") == "tensors"
        }
        files = weights or {
            o.evidence.at.path
            for o in component.observations
            if o.kind in ("model", "source", "submodel")
        }
        found = set()
        for path in sorted(files):
            matching = [row for row in rows if _matches(row[0], row[1], path)]
            if matching:
                # The nearest table counts, and in it the last annotation: that is how the REUSE
                # specification reads them.
                nearest = max(len(row[0]) for row in matching)
                _, glob, expression, line, table = [
                    row for row in matching if len(row[0]) == nearest
                ][-1]
                facts = (
                    ("file-kind", "scope"),
                    ("scope", f"{expression} {glob}"),
                    ("scope-expression", expression),
                )
                at = replace(
                    table.evidence,
                    at=replace(table.evidence.at, line=line),
                    excerpt=f"{glob}: {expression}",
                )
                found.add(Observation("notice", "", "", "", at, facts))
        made.append(
            replace(component, observations=tuple(sorted({*component.observations, *found})))
            if found
            else component
        )
    return made


def _annotations(table: Observation) -> list[tuple[str, str, int]]:
    """(glob, expression, line) in the order of the file."""
    rows = sorted(json.loads(value) for value in table.all("annotation"))
    return [(glob, expression, line) for _, glob, expression, line in rows]


def _matches(folder: str, glob: str, path: str) -> bool:
    inner = (
        path[len(folder) + 1 :]
        if folder and path.startswith(f"{folder}/")
        else path
        if not folder
        else ""
    )
    return bool(inner) and bool(_pattern(glob).fullmatch(inner))


@lru_cache(maxsize=1024)
def _pattern(glob: str) -> re.Pattern[str]:
    """`*` stays inside one folder, `**` does not."""
    pieces = re.split(r"(\*\*/?|\*)", glob)
    return re.compile(
        "".join(
            {"**": ".*", "**/": "(?:.*/)?", "*": "[^/]*"}.get(piece, re.escape(piece))
            for piece in pieces
        ),
        re.DOTALL,
    )
