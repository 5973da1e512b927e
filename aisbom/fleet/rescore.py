"""Every submission of a catalogue under another rule: from the documents, without a scan."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from aisbom import pipeline
from aisbom.bom.scan import scan_of
from aisbom.classify import under
from aisbom.emit.cyclonedx.read import parse
from aisbom.fleet import parts, rows
from aisbom.fleet.catalogue import Catalogue
from aisbom.judge import Judgement
from aisbom.judge import profile as profiles
from aisbom.model import Scan


def rescore(
    catalogue: Catalogue,
    names: Sequence[str],
    report: Callable[[int, int], None] | None = None,
) -> list[tuple[str, Judgement]]:
    """Judge every unit under profiles (shipped ones by name, others by file) for the catalogue's
    home, and keep the rows in the tables `rescored` and `rescored_requirements`. Returns units
    and judgements, in the order of units, then profiles.

    Raises UsageError for a profile that is not known.
    """
    definitions = [(name, profiles.load(name)) for name in names]
    units = sorted({entry.unit for entry in catalogue.entries()})
    found: list[tuple[str, Judgement]] = []
    tables: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for _, one in definitions:
        for table in ("rescored", "rescored_requirements"):
            tables[table, _short(one)] = []
    for number, (unit, scan) in enumerate(_scans(catalogue, units), 1):
        for name, one in definitions:
            if scan is None:
                continue
            judgement = pipeline.measure(under(scan, one), name, catalogue.question.home)
            made = rows.judgement_rows(judgement)
            tables["rescored", _short(one)] += rows.with_unit(unit, made["scores"])
            tables["rescored_requirements", _short(one)] += rows.with_unit(
                unit, made["requirements"]
            )
            found.append((unit, judgement))
        if report:
            report(number, len(units))
    for (table, short), made_rows in tables.items():
        catalogue.store.write(f"added/{table}-{short}.parquet", parts.part(table, made_rows))
    return found


def _short(profile: profiles.Profile) -> str:
    """What the file of a profile and version is called."""
    return hashlib.sha256(f"{profile.name}@{profile.version}".encode()).hexdigest()[:16]


def _scans(catalogue: Catalogue, units: Sequence[str]) -> Iterator[tuple[str, Scan | None]]:
    """The scan that each unit's document tells of; None where it has none: no file was read."""
    for unit in units:
        name = f"documents/{unit}.cdx.json.zst"
        try:
            data = parts.decompress(catalogue.store.read(name))
        except FileNotFoundError:
            if name in catalogue.marker(unit)["written"]:
                raise
            yield unit, None
        else:
            yield unit, scan_of(parse(data, name))
