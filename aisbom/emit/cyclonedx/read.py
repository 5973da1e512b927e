"""One of our own documents back into a scan, so that `score` and `explain` answer from the document
alone.

Sightings come back as places; sizes, classes and roles from the properties; claims with their
evidence from the declarations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from aisbom.emit.cyclonedx import service
from aisbom.errors import UsageError
from aisbom.model import (
    Claim,
    Component,
    Confidence,
    Evidence,
    Facts,
    Gap,
    Location,
    Observation,
    Relation,
    Scan,
    Sees,
    Sighting,
    Status,
    Technique,
    facts,
)

MAX_DOCUMENT = 256 * 1024 * 1024

_SIZES: dict[str, tuple[Sighting, str]] = {
    "aisbom:size:lines": ("source", "lines"),
    "aisbom:tensor:parameters": ("weights", "parameters"),
}
Readers = dict[str, Sees]
_ROLES = ("role", "class", "path_role")


def read(path: Path) -> Scan:
    """The scan that a document tells of. Raises UsageError with one line for what is not a
    CycloneDX document of ours.
    """
    if path.stat().st_size > MAX_DOCUMENT:
        raise UsageError(f"{path.name}: larger than {MAX_DOCUMENT:,} bytes: not read")
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        hint = "; only the JSON form can be read back" if path.suffix == ".xml" else ""
        raise UsageError(f"{path.name}: not a JSON document{hint}") from error
    if not isinstance(data, dict) or data.get("bomFormat") != "CycloneDX":
        raise UsageError(f"{path.name}: not a CycloneDX document")
    try:
        scan = _scan(data)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise UsageError(
            f"{path.name}: not a document written by aisbom: {type(error).__name__} {error}"
        ) from error
    if "files" not in dict(scan.facts):
        raise UsageError(
            f"{path.name}: has no aisbom: properties; run `aisbom generate` on the tree that it"
            " describes"
        )
    return scan


def _scan(data: dict[str, Any]) -> Scan:
    head = data["metadata"]["component"]
    properties = data["metadata"].get("properties", [])
    readers: Readers = {
        str(p["value"]): sees
        for sees in ("content", "reference")
        for p in properties
        if p["name"] == f"aisbom:reader:{sees}"
    }
    root = str(head["bom-ref"])
    components: list[Component] = []
    relations: list[Relation] = []
    claims: list[Claim] = []
    for row, holder in [(head, ""), *_all(data.get("components", []), root)]:
        ref = str(row["bom-ref"])
        component = _component(row, ref, readers)
        components.append(component)
        at = component.observations[0].evidence.at if component.observations else Location("")
        if holder and holder != root:
            relations.append(Relation(holder, ref, "contains", at))
        claims += _judgements(row, ref, at)
    for row in data.get("services", []):
        hosted = service.read(row, readers)
        components.append(hosted)
        claims += _judgements(
            row,
            hosted.ref,
            hosted.observations[0].evidence.at if hosted.observations else Location(""),
        )
    for row in data.get("dependencies", []):
        relations += [
            Relation(str(row["ref"]), str(target), "depends-on", Location(""))
            for target in row.get("dependsOn", [])
        ]
    claims += _claims(data.get("declarations", {}))
    gaps = [_gap(str(p["value"])) for p in properties if p["name"] == "aisbom:gap"]
    names = {
        "aisbom:scan:files": "files",
        "aisbom:knowledge:digest": "knowledge",
        "aisbom:index:coverage": "index",
        "aisbom:sovereignty:profile": "profile",
        "aisbom:sovereignty:home": "home",
        "aisbom:sovereignty:home_from": "home-from",
    }
    noted = facts(
        *(
            (names[p["name"]], str(p["value"]).removeprefix("sha256:"))
            for p in properties
            if p["name"] in names
        )
    )
    return Scan(
        root,
        tuple(sorted(components)),
        tuple(sorted(set(relations))),
        tuple(sorted(set(claims))),
        tuple(sorted(gaps)),
        noted,
    )


def _all(rows: list[dict[str, Any]], holder: str) -> Iterator[tuple[dict[str, Any], str]]:
    for row in rows:
        yield row, holder
        yield from _all(row.get("components", []), str(row["bom-ref"]))


def _values(row: dict[str, Any], name: str) -> list[str]:
    return [str(p.get("value", "")) for p in row.get("properties", []) if p.get("name") == name]


def _component(row: dict[str, Any], ref: str, readers: Readers) -> Component:
    name = f"{row['group']}/{row['name']}" if row.get("group") else str(row["name"])
    version, purl = str(row.get("version", "")), str(row.get("purl", ""))
    seen = [
        Observation("occurrence", name, version, purl, _sighting(o, readers), ())
        for o in row.get("evidence", {}).get("occurrences", [])
    ]
    first = seen[0].evidence if seen else Evidence("document", "other", "low", Location(""))
    for key, (kind, fact) in _SIZES.items():
        seen += [
            Observation(kind, name, version, purl, first, cast(Facts, ((fact, value),)))
            for value in _values(row, key)
        ]
    if _values(row, "aisbom:component:class") == ["tokenizer"]:
        seen = [Observation("tokenizer", o.name, o.version, o.purl, o.evidence) for o in seen]
    return Component(ref, str(row["type"]), name, version, purl, tuple(sorted(set(seen))))


def _sighting(row: dict[str, Any], readers: Readers) -> Evidence:
    by, _, excerpt = str(row.get("additionalContext", "")).partition(": ")
    path = str(row["location"])
    return Evidence(
        by,
        "other",
        "medium",
        Location("" if path == "." else path, int(row.get("line", 0))),
        excerpt,
        sees=readers.get(by, "statement"),
    )


def _judgements(row: dict[str, Any], ref: str, at: Location) -> Iterator[Claim]:
    rule = next(iter(_values(row, "aisbom:component:role_rule")), "document")
    for key in _ROLES:
        for value in _values(row, f"aisbom:component:{key}"):
            yield Claim(
                ref,
                key.replace("_", "-"),
                value,
                (Evidence(rule, "other", "medium", at, "as the document says"),),
            )


def _claims(declarations: dict[str, Any]) -> Iterator[Claim]:
    evidence = {str(row["bom-ref"]): _evidence(row) for row in declarations.get("evidence", [])}
    for row in declarations.get("claims", []):
        attribute, _, value = str(row["predicate"]).partition("=")
        status = str(row.get("reasoning", "")).partition(";")[0]
        if status not in ("derived", "declared", "withdrawn"):
            raise UsageError(f"claim {row['bom-ref']} has no status")
        found = tuple(sorted(evidence[ref] for ref in row.get("evidence", [])))
        yield Claim(str(row["target"]), attribute, value, found, cast(Status, status))


def _evidence(row: dict[str, Any]) -> Evidence:
    data = json.loads(row["data"][0]["contents"]["attachment"]["content"])
    return Evidence(
        str(data["by"]),
        cast(Technique, data["technique"]),
        cast(Confidence, data["confidence"]),
        _location(str(data["at"])),
        str(data["excerpt"]),
        tuple((str(key), str(value)) for key, value in data.get("facts", ())),
    )


def _gap(text: str) -> Gap:
    place, _, rest = text.partition(": ")
    reason, _, by = rest.rpartition(" [")
    return Gap(by.rstrip("]"), _location(place), reason)


def _location(text: str) -> Location:
    place, _, member = text.partition("#")
    path, _, line = place.rpartition(":")
    if path and line.isdigit():
        return Location("" if path == "." else path, int(line), member)
    return Location("" if place == "." else place, 0, member)
