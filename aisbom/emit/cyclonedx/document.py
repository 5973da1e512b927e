"""A bill of materials as a CycloneDX document (a plain dict): one rooted graph, declared
completeness, claims with evidence.

The library's object model lacks modelCard, compositions, declarations and more, and takes 16 s for
5,000 components, so the document is built directly and held to the official schemas (schema.py)
before anybody sees it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping

import orjson

from aisbom.bom import Bom
from aisbom.bom.compact import LISTED_CONFIDENCE, is_listed, usual_role
from aisbom.emit.cyclonedx.attestations import standards
from aisbom.emit.cyclonedx.claims import declarations
from aisbom.emit.cyclonedx.component import write_component
from aisbom.emit.cyclonedx.judgements import write_judgements
from aisbom.emit.cyclonedx.metadata import metadata
from aisbom.emit.cyclonedx.names import Json, rows_of
from aisbom.emit.cyclonedx.service import write_service
from aisbom.emit.cyclonedx.training import formulation
from aisbom.emit.cyclonedx.vulnerabilities import write_vulnerabilities
from aisbom.model import Claim

_NAMESPACE = uuid.UUID("6f1a7a0e-52c6-5d0e-9c86-3f4f2f3d8a11")
_NO_TIME = "1970-01-01T00:00:00Z"
"""The schemas of CycloneDX 1.5 to 1.7 require a time in every annotation: where the bill has none
it is the start of that epoch.
"""
(_USUALLY,) = rows_of((LISTED_CONFIDENCE,))
_FIRST = ("machine-learning-model", "data", "application", "framework", "library")
"""Kinds of components in the order of the document; files come last."""


def document(bom: Bom, spec_version: str, spdx: frozenset[str]) -> Json:
    """The document; `spdx` are the licence ids that the schema knows. Its serial number and order
    come from its content alone, which the time is no part of.
    """
    rows = _rows(bom, spdx)
    head = rows.pop(bom.root)
    components, services = _nest(bom, rows)
    made: Json = {
        "$schema": f"http://cyclonedx.org/schema/bom-{spec_version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": spec_version,
        "version": 1,
        "metadata": metadata(bom, head),
        "components": components,
        **({"services": services} if services else {}),
        "dependencies": _dependencies(bom),
        "compositions": _compositions(bom),
    }
    defined = standards(bom.sovereignty)
    for key, value in (
        ("vulnerabilities", write_vulnerabilities(bom)),
        ("formulation", formulation(bom.parts)),
        ("definitions", {"standards": defined} if defined else {}),
        ("declarations", declarations(bom)),
        ("annotations", _annotations(bom)),
    ):
        if value:
            made[key] = value
    listed = [part for part in bom.parts if bom.compact and is_listed(part)]
    if listed:
        from aisbom.emit.cyclonedx.short_refs import rename, short_refs

        others = {part.ref for part in bom.parts} - {part.ref for part in listed}
        made = rename(made, short_refs(listed, others))
    content = hashlib.sha256(orjson.dumps(made, option=orjson.OPT_SORT_KEYS)).hexdigest()
    made["serialNumber"] = f"urn:uuid:{uuid.uuid5(_NAMESPACE, content)}"
    if bom.time:
        made["metadata"] = {"timestamp": bom.time, **made["metadata"]}
        for note in made.get("annotations", []):
            note["timestamp"] = bom.time
    order = ["$schema", "bomFormat", "specVersion", "serialNumber", "version"]
    return {key: made[key] for key in [*order, *(k for k in made if k not in order)]}


def _rows(bom: Bom, spdx: frozenset[str]) -> dict[str, Json]:
    """Every component and service by its ref, without what is inside it."""
    judged: dict[str, list[Claim]] = {}
    for claim in bom.judgements:
        judged.setdefault(claim.subject, []).append(claim)
    rows: dict[str, Json] = {}
    role = usual_role(bom)
    for part in bom.parts:
        hosting = part.hosting
        row = write_service(part, hosting) if hosting else write_component(part, spdx)
        row["properties"] += write_judgements(judged.get(part.ref, ()))
        if role and is_listed(part):
            row["properties"] = [one for one in row["properties"][1:] if one != _USUALLY]
            _leave_out_acknowledgement(row)
        if not row["properties"]:
            del row["properties"]
        rows[part.ref] = row
    return rows


def _leave_out_acknowledgement(row: Json) -> None:
    """Of a part that only an SBOM in its holder lists, a licence is concluded where nothing else is
    said.
    """
    for choice in row.get("licenses", ()):
        said = choice.get("license", choice)
        if said.get("acknowledgement") == "concluded":
            del said["acknowledgement"]


def _nest(bom: Bom, rows: Mapping[str, Json]) -> tuple[list[Json], list[Json]]:
    """Components, each with its own inside, and services."""
    components: list[Json] = []
    services: list[Json] = []
    inside = {r.target: r.source for r in bom.relations if r.kind == "contains"}
    for ref, row in sorted(rows.items(), key=_rank):
        if bom.part(ref).hosting:
            services.append(row)
        elif ref in inside:
            rows[inside[ref]].setdefault("components", []).append(row)
        else:
            components.append(row)
    return components, services


def _rank(item: tuple[str, Json]) -> tuple[int, str]:
    """Models before what they are made with: some readers look at the first component alone."""
    ref, row = item
    kind = row.get("type", "")
    return (_FIRST.index(kind) if kind in _FIRST else len(_FIRST), ref)


def _dependencies(bom: Bom) -> list[Json]:
    """What needs what. Of what a part holds, it needs what nothing else in it needs: the rest is
    reached from there, and that it lies in the part is said by the place of the component.
    """
    needs: dict[str, set[str]] = {part.ref: set() for part in bom.parts}
    held: dict[str, set[str]] = {}
    for relation in bom.relations:
        where = held if relation.kind == "contains" else needs
        where.setdefault(relation.source, set()).add(relation.target)
    rows = {ref: set(found) for ref, found in needs.items()}
    for holder, inside in held.items():
        entries = inside - {target for ref in inside for target in needs[ref] - {ref}}
        seen = _reach(entries | needs[holder], needs)
        for ref in sorted(inside):
            if ref not in seen:
                entries.add(ref)
                seen |= _reach({ref}, needs)
        rows[holder] |= entries
    return [{"ref": ref, "dependsOn": sorted(found)} for ref, found in sorted(rows.items())]


def _reach(starts: Iterable[str], needs: Mapping[str, Iterable[str]]) -> set[str]:
    """Everything that is needed from these on."""
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        ref = waiting.pop()
        if ref not in seen:
            seen.add(ref)
            waiting += needs[ref]
    return seen


def _compositions(bom: Bom) -> list[Json]:
    """What is known to be complete and what is not."""
    listed = {part.ref for part in bom.parts if bom.compact and is_listed(part)}
    rest = sorted({part.ref for part in bom.parts} - set(bom.complete) - listed - {bom.root})
    rows: list[Json] = [
        {
            "bom-ref": "composition-tree",
            "aggregate": "incomplete" if bom.gap_count else "unknown",
            "assemblies": [bom.root],
            "dependencies": [bom.root],
        }
    ]
    if bom.complete:
        rows.append(
            {
                "bom-ref": COMPLETE,
                "aggregate": "complete",
                "dependencies": list(bom.complete),
            }
        )
    if rest:
        rows.append(
            {"bom-ref": "composition-declared", "aggregate": "unknown", "dependencies": rest}
        )
    return rows


COMPLETE = "composition-resolved"
"""The composition of what is complete."""


def _annotations(bom: Bom) -> list[Json]:
    return [
        {
            "bom-ref": note.ref,
            "subjects": [note.subject],
            "annotator": {
                "component": {"type": "application", "name": "aisbom", "version": bom.program}
            },
            "timestamp": _NO_TIME,
            "text": note.text,
        }
        for note in bom.notes
    ]
