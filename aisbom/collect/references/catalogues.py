"""Settings that list more weight files than any product loads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aisbom.collect.references.rows import Source
from aisbom.model import Location, Observation, Row, facts

MAX_FILES = 24
"""Weight files that settings name: of more, they are a catalogue of what can be loaded."""


def reduce_catalogue(rows: Iterable[Row], source: Source, at: Location) -> Iterator[Row]:
    """The rows of settings, but for the files of a list that is longer than any product loads: such
    a catalogue says what can be loaded, and is one row.
    """
    every = list(dict.fromkeys(rows))
    files = {
        row
        for row in every
        if isinstance(row, Observation) and (row.fact("named-by") == "file" or row.fact("url"))
    }
    names = {row.name for row in files}
    if len(names) <= MAX_FILES:
        yield from every
        return
    yield from (row for row in every if row not in files)
    told = f"catalogue of {len(names)} weight files"
    seen = source.evidence(at, told, "low")
    yield Observation("format", "catalogue", "", "", seen, facts(("format", told)))
