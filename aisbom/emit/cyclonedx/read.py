"""One of our own documents, JSON or XML, back into the bill that it spells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from aisbom.bom import Bom, Note, Part
from aisbom.bom.compact import is_listed, with_usual_confidence
from aisbom.emit.cyclonedx import earlier
from aisbom.emit.cyclonedx.attestations import read_requirements, read_standard
from aisbom.emit.cyclonedx.claims import read_claims
from aisbom.emit.cyclonedx.component import read_component
from aisbom.emit.cyclonedx.document import COMPLETE
from aisbom.emit.cyclonedx.judgements import FACT, read_judgements
from aisbom.emit.cyclonedx.metadata import LISTED_ROLE, read_sovereignty
from aisbom.emit.cyclonedx.names import Json, facts_of, gap_of, split_facts
from aisbom.emit.cyclonedx.service import read_service
from aisbom.emit.cyclonedx.short_refs import long_refs, rename
from aisbom.emit.cyclonedx.training import read_formulation, with_words
from aisbom.emit.cyclonedx.vulnerabilities import read_vulnerabilities
from aisbom.errors import UsageError
from aisbom.model import Claim, Location, Relation, Sees

MAX_DOCUMENT = 256 * 1024 * 1024

_READERS: tuple[Sees, ...] = ("content", "reference")


def read(path: Path) -> Bom:
    """The bill that a document spells. Raises UsageError with one line for what is not a CycloneDX
    document of ours.
    """
    if path.stat().st_size > MAX_DOCUMENT:
        raise UsageError(f"{path.name}: larger than {MAX_DOCUMENT:,} bytes: not read")
    return parse(path.read_bytes(), path.name)


def parse(data: bytes, name: str) -> Bom:
    """The same of the bytes of a document; `name` is what errors call it."""
    document = _document(data, name)
    try:
        if not any(fact == "scan.files" for fact, _ in facts_of(document["metadata"])):
            raise UsageError(
                f"{name}: has no aisbom: properties; run `aisbom generate` on the tree that it"
                " describes"
            )
        if document.get("specVersion") == earlier.VERSION:
            raise UsageError(
                f"{name}: CycloneDX {earlier.VERSION} has {earlier.LACKS}, so nothing is decided"
                " from it; write 1.6 or 1.7 beside it"
            )
        return _bom(document)
    except UsageError:
        raise
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise UsageError(
            f"{name}: not a document written by aisbom: {type(error).__name__} {error}"
        ) from error


def _document(data: bytes, name: str) -> Json:
    """The document as a dict in the JSON form."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        from aisbom.emit.cyclonedx.from_xml import from_xml

        return from_xml(data, name)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name}: neither a JSON nor an XML document") from error
    if not isinstance(document, dict) or document.get("bomFormat") != "CycloneDX":
        raise UsageError(f"{name}: not a CycloneDX document")
    return document


def _bom(document: Json) -> Bom:
    metadata = document["metadata"]
    facts = facts_of(metadata)
    if ("claims", "core") in facts:
        rows_of_all = _walk_components(document.get("components", []))
        document = rename(document, long_refs(row for row, _ in rows_of_all))
    root = str(metadata["component"]["bom-ref"])
    said = dict(reversed(facts))
    workflows = read_formulation(document.get("formulation", []))
    rows = [(metadata["component"], ""), *_walk_components(document.get("components", []))]
    contains = [
        Relation(holder, str(row["bom-ref"]), "contains", Location(""))
        for row, holder in rows
        if holder
    ]
    written = [with_words(read_component(row), workflows) for row, _ in rows]
    written += map(read_service, document.get("services", []))
    parts, judgements = _part_judgements(written)
    if LISTED_ROLE in said:
        usual = ("component.role", said[LISTED_ROLE])
        parts = [_with_usual(part, usual) if is_listed(part) else part for part in parts]
    declarations = document.get("declarations", {})
    standards = document.get("definitions", {}).get("standards", [])
    title, shipped, links = read_standard(standards)
    return Bom(
        root=root,
        parts=tuple(sorted(parts, key=lambda part: part.ref)),
        judgements=tuple(sorted(judgements)),
        relations=_relations(contains, document.get("dependencies", [])),
        claims=tuple(sorted(read_claims(declarations))),
        gaps=tuple(sorted(gap_of(value) for name, value in facts if name == "gap")),
        gap_count=int(said["gap.count"]),
        sovereignty=replace(
            read_sovereignty(facts),
            requirements=read_requirements(standards, declarations.get("attestations", [])),
            title=title,
            shipped=shipped,
            links=links,
        ),
        vulnerabilities=tuple(sorted(read_vulnerabilities(document.get("vulnerabilities", [])))),
        notes=tuple(_notes(document.get("annotations", []))),
        complete=_complete(document.get("compositions", [])),
        readers=tuple(
            (sees, value) for sees in _READERS for name, value in facts if name == f"reader.{sees}"
        ),
        files=said["scan.files"],
        knowledge=said["knowledge.digest"].removeprefix("sha256:"),
        index=said["index.coverage"],
        unapplied=tuple(value for name, value in facts if name == "unapplied"),
        phase=str(metadata["lifecycles"][0]["phase"]),
        time=str(metadata.get("timestamp", "")),
        compact="claims" in said,
        program=str(metadata["tools"]["components"][0]["version"]),
    )


def _with_usual(part: Part, role: tuple[str, str]) -> Part:
    """A part that only an SBOM in its holder lists, with what a document leaves out of it."""
    licences = tuple(
        one if one.acknowledgement else replace(one, acknowledgement="concluded")
        for one in part.licences
    )
    return with_usual_confidence(replace(part, facts=(role, *part.facts), licences=licences))


def _walk_components(rows: Iterable[Json], holder: str = "") -> Iterator[tuple[Json, str]]:
    for row in rows:
        yield row, holder
        yield from _walk_components(row.get("components", []), str(row["bom-ref"]))


def _part_judgements(written: Iterable[Part]) -> tuple[list[Part], list[Claim]]:
    """The parts without the facts that say how the program judges them, and what these say."""
    parts: list[Part] = []
    claims: list[Claim] = []
    for part in written:
        facts, values = split_facts(part.facts, FACT)
        parts.append(replace(part, facts=facts))
        claims += read_judgements(part.ref, values)
    return parts, claims


def _relations(contains: list[Relation], rows: Iterable[Json]) -> tuple[Relation, ...]:
    held = {(relation.source, relation.target) for relation in contains}
    needs = {
        Relation(str(row["ref"]), str(target), "depends-on", Location(""))
        for row in rows
        for target in row.get("dependsOn", [])
    }
    return tuple(sorted([*contains, *(r for r in needs if (r.source, r.target) not in held)]))


def _notes(rows: Iterable[Json]) -> Iterator[Note]:
    for row in rows:
        yield Note(str(row["bom-ref"]), str(row["subjects"][0]), str(row["text"]))


def _complete(rows: Iterable[Json]) -> tuple[str, ...]:
    return tuple(
        str(ref)
        for row in rows
        if row["bom-ref"] == COMPLETE
        for ref in row.get("dependencies", [])
    )
