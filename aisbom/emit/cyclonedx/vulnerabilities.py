"""Known vulnerabilities as CycloneDX's `vulnerabilities`, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from aisbom.advisories import cvss
from aisbom.bom import Bom
from aisbom.emit.cyclonedx.names import Json
from aisbom.model import digest
from aisbom.model.facts import VULNERABILITY, Vulnerability

_UNRATED = "unrated"
_ORDER = ("critical", "high", "medium", "low", _UNRATED, "none")
_METHODS = (("CVSS:4", "CVSSv4"), ("CVSS:3.1", "CVSSv31"), ("CVSS:3.0", "CVSSv3"))
_FIXED = "aisbom:vulnerability:fixed"


def write_vulnerabilities(bom: Bom) -> list[Json]:
    """One object for each, with the parts that have it; the gravest first."""
    refs: dict[Vulnerability, list[str]] = {}
    for ref, one in bom.vulnerabilities:
        refs.setdefault(one, []).append(ref)
    rows = sorted(refs.items(), key=lambda row: (_ORDER.index(row[0].level), row))
    return [_write(one, sorted(found)) for one, found in rows]


def _write(one: Vulnerability, refs: list[str]) -> Json:
    rating: Json = {"severity": "unknown" if one.level == _UNRATED else one.level}
    if one.vector:
        score = cvss.score(one.vector)
        rating |= {"score": score} if score is not None else {}
        method = next((word for start, word in _METHODS if one.vector.startswith(start)), "other")
        rating |= {"method": method, "vector": one.vector}
    analysis = {"state": one.state, "detail": one.detail}
    row: Json = {
        "bom-ref": f"vulnerability-{digest([VULNERABILITY.text(one), refs])[:12]}",
        "id": one.id,
        "source": {"name": one.source},
        "references": [{"id": alias, "source": {"name": one.source}} for alias in one.aliases],
        "ratings": [rating],
        "description": one.summary,
        "recommendation": f"Upgrade to {one.fixed[0]} or later." if one.fixed else "",
        "published": one.published,
        "updated": one.modified,
        "analysis": {key: value for key, value in analysis.items() if value},
        "affects": [{"ref": ref} for ref in refs],
        "properties": [{"name": _FIXED, "value": version} for version in one.fixed],
    }
    return {key: value for key, value in row.items() if value}


def read_vulnerabilities(rows: Iterable[Any]) -> Iterator[tuple[str, Vulnerability]]:
    """Each vulnerability with each part that has it."""
    for row in rows:
        rating = row["ratings"][0]
        level = str(rating["severity"])
        analysis = row.get("analysis", {})
        one = Vulnerability(
            id=str(row["id"]),
            aliases=tuple(str(reference["id"]) for reference in row.get("references", [])),
            level=_UNRATED if level == "unknown" else level,
            vector=str(rating.get("vector", "")),
            summary=str(row.get("description", "")),
            fixed=tuple(str(p["value"]) for p in row.get("properties", []) if p["name"] == _FIXED),
            source=_one(row["source"]["name"]),
            published=str(row.get("published", "")),
            modified=str(row.get("updated", "")),
            state=str(analysis.get("state", "")),
            detail=str(analysis.get("detail", "")),
        )
        for affected in row["affects"]:
            yield str(affected["ref"]), one


def _one(value: Any) -> str:
    """A text; the schema of XML lets a source have several names."""
    return str(value[0] if isinstance(value, list) else value)
