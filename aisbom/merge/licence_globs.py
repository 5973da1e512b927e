"""Licences by glob (REUSE.toml): which expression holds for the files of a component, the last
matching annotation first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from aisbom.model import Component, Observation, facts
from aisbom.model.facts import ANNOTATION, LICENCE_SCOPE, LicenceScope

_BINARY = ("weights", "weight-data", "tokenizer")


def scope_licences(
    components: Iterable[Component], tables: Sequence[Observation]
) -> list[Component]:
    """The components, with a `notice` that carries `licence-scope` for each annotation that
    holds for files of theirs.

    For a model its weight files count, and where it has none its other files.
    """
    if not tables:
        return list(components)
    rows = [
        (table.evidence.at.folder, annotation, table)
        for table in tables
        for annotation in table.get(ANNOTATION)
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
            matching = [row for row in rows if _matches(row[0], row[1].glob, path)]
            if matching:
                # The nearest table counts, and in it the last annotation: that is how the REUSE
                # specification reads them.
                nearest = max(len(row[0]) for row in matching)
                _, last, table = [row for row in matching if len(row[0]) == nearest][-1]
                scope = LICENCE_SCOPE(LicenceScope(last.expression, last.glob))
                at = replace(
                    table.evidence,
                    at=replace(table.evidence.at, line=last.line),
                    excerpt=f"{last.glob}: {last.expression}",
                )
                found.add(Observation("notice", "", "", "", at, facts(scope, file_kind="scope")))
        made.append(
            replace(component, observations=tuple(sorted({*component.observations, *found})))
            if found
            else component
        )
    return made


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
