"""Every submission of a catalogue under another rule: from the documents, without a scan."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from aisbom import pipeline
from aisbom.bom.scan import scan_of
from aisbom.classify import under
from aisbom.emit.cyclonedx.read import parse
from aisbom.fleet import parts, rows
from aisbom.fleet.catalogue import Catalogue
from aisbom.judge import Judgement
from aisbom.judge import profile as profiles


def rescore(
    catalogue: Catalogue, profile: str, report: Callable[[int, int], None] | None = None
) -> list[tuple[str, Judgement]]:
    """Judge every unit under a profile (the name of a shipped one, or a file) for the catalogue's
    home, and keep the rows in the tables `rescored` and `rescored_requirements`. Returns the
    judgement of each submission's unit, in the order of units.

    Raises UsageError for a profile that is not known.
    """
    definition = profiles.load(profile)
    units = sorted({entry.unit for entry in catalogue.entries()})
    found: list[tuple[str, Judgement]] = []
    tables: dict[str, list[dict[str, Any]]] = {"rescored": [], "rescored_requirements": []}
    for number, unit in enumerate(units, 1):
        judgement = _judge(catalogue, unit, profile, definition)
        if judgement is not None:
            made = rows.judged(judgement)
            tables["rescored"] += rows.with_unit(unit, made["scores"])
            tables["rescored_requirements"] += rows.with_unit(unit, made["requirements"])
            found.append((unit, judgement))
        if report:
            report(number, len(units))
    name = hashlib.sha256(f"{definition.name}@{definition.version}".encode()).hexdigest()[:16]
    for table, made_rows in tables.items():
        catalogue.store.write(f"added/{table}-{name}.parquet", parts.part(table, made_rows))
    return found


def _judge(
    catalogue: Catalogue, unit: str, profile: str, definition: profiles.Profile
) -> Judgement | None:
    """None for a submission without a document: no file of it could be read."""
    name = f"documents/{unit}.cdx.json.zst"
    try:
        data = parts.decompressed(catalogue.store.read(name))
    except FileNotFoundError:
        return None
    scan = scan_of(parse(data, name))
    return pipeline.measure(under(scan, definition), profile, catalogue.question.home)
