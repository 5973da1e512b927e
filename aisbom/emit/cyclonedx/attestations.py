"""The profile as a CycloneDX standard, its requirements as an attestation that maps each to the
claims it rests on, and both back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from aisbom.bom import Requirement, Sovereignty
from aisbom.emit.cyclonedx.names import ASSESSOR, CONFIDENCE, Json, facts_of, property_name
from aisbom.judge.requirements import count_binding
from aisbom.model.phrases import Phrase, from_json, to_json

_LEVELS = (
    ("minimum", "The minimum condition"),
    ("binding", "What the verdict rests on"),
    ("all", "Everything that is asked, aims included"),
)
_LEG, _SEVERITY, _SAID = "profile.leg", "profile.severity", "profile.found"
_OWNER = "aisbom project"
_SETTLE = "What would settle it: "


def standards(found: Sovereignty) -> list[Json]:
    """`definitions.standards`: the profile under which the document was made; empty if it asks for
    nothing.
    """
    if not found.requirements:
        return []
    row: Json = {
        "bom-ref": f"standard-{found.profile}",
        "name": f"aisbom profile {found.profile}",
        "version": found.version,
        "description": found.title,
    }
    if found.shipped:
        row["owner"] = _OWNER
    row["requirements"] = [
        {
            "bom-ref": _ref(row),
            "identifier": row.id,
            "title": row.title,
            "text": row.why,
            "descriptions": [f"{_SETTLE}{row.settle}"],
            "properties": [
                {"name": property_name(name), "value": value}
                for name, value in (
                    (_LEG, row.leg),
                    (_SEVERITY, row.severity),
                    *([(_SAID, to_json(row.said))] if row.said else []),
                )
            ],
        }
        for row in found.requirements
    ]
    levels = [
        (name, title, [_ref(row) for row in found.requirements if _belongs(row, name)])
        for name, title in _LEVELS
    ]
    row["levels"] = [
        {"bom-ref": f"level-{name}", "identifier": name, "title": title, "requirements": refs}
        for name, title, refs in levels
        if refs
    ]
    if found.links:
        row["externalReferences"] = [{"type": "documentation", "url": link} for link in found.links]
    return [row]


def _belongs(row: Requirement, level: str) -> bool:
    return level == "all" or (
        row.severity == "error" if level == "binding" else row.id.startswith("minimum.")
    )


def attestations(found: Sovereignty) -> list[Json]:
    """`declarations.attestations`: one, with every requirement. What is unknown has no conformance
    and confidence 0.
    """
    if not found.requirements:
        return []
    profile = f"{found.profile}@{found.version}"
    return [
        {
            "summary": f"{found.verdict} under {profile}: {count_binding(found.requirements)}",
            "assessor": ASSESSOR,
            "map": [_map_requirement(row) for row in found.requirements],
        }
    ]


def _map_requirement(row: Requirement) -> Json:
    made: Json = {"requirement": _ref(row)}
    if row.claims:
        made["claims"] = list(row.claims)
    if row.counter:
        made["counterClaims"] = list(row.counter)
    if row.verdict == "unknown":
        made["confidence"] = {"score": 0, "rationale": f"unknown: {row.found}"}
        return made
    made["conformance"] = {
        "score": 1 if row.verdict == "pass" else 0,
        "rationale": f"{row.verdict}: {row.found}",
    }
    if row.lowest:
        made["confidence"] = {
            "score": CONFIDENCE[row.lowest],
            "rationale": f"{row.lowest}, the lowest of the {row.rests} claims that it rests on",
        }
    return made


def read_requirements(
    standards: Iterable[Json], attestations: Iterable[Json]
) -> tuple[Requirement, ...]:
    """The requirements of the profile and how they came out."""
    mapped = {str(row["requirement"]): row for made in attestations for row in made["map"]}
    return tuple(
        _read(row, mapped[str(row["bom-ref"])])
        for made in standards
        for row in made["requirements"]
    )


def _read(row: Json, mapped: Mapping[str, Any]) -> Requirement:
    said = dict(facts_of(row))
    confidence = mapped.get("confidence", {})
    verdict, _, found = str(mapped.get("conformance", confidence).get("rationale", "")).partition(
        ": "
    )
    lowest, _, rest = str(confidence.get("rationale", "")).partition(", the lowest of the ")
    rests = rest.partition(" ")[0]
    return Requirement(
        id=str(row["identifier"]),
        title=str(row["title"]),
        why=str(row.get("text", "")),
        settle=str(row["descriptions"][0]).removeprefix(_SETTLE),
        leg=said[_LEG],
        severity=said[_SEVERITY],
        verdict=cast(Any, verdict),
        found=found,
        claims=tuple(map(str, mapped.get("claims", []))),
        counter=tuple(map(str, mapped.get("counterClaims", []))),
        said=_read_said(said.get(_SAID, ""), found),
        lowest=cast(Any, lowest if verdict != "unknown" else ""),
        rests=int(rests) if verdict != "unknown" and rests else 0,
    )


def read_standard(rows: Iterable[Json]) -> tuple[str, bool, tuple[str, ...]]:
    """The profile's title, whether it is shipped with the program, and where to read it."""
    for row in rows:
        links = row.get("externalReferences", [])
        urls = tuple(str(link["url"]) for link in links)
        return str(row.get("description", "")), row.get("owner") == _OWNER, urls
    return "", False, ()


def _ref(row: Requirement) -> str:
    return f"requirement-{row.id}"


def _read_said(text: str, found: str) -> Phrase | str:
    said = from_json(text, found)
    return said if isinstance(said, Phrase) else ""
