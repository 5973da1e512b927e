"""What a document says of itself and of the whole, as CycloneDX's `metadata`, and back."""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.bom import Bom, Sovereignty
from aisbom.bom.compact import usual_role
from aisbom.emit.cyclonedx.names import TOOL, Json, gap_text, rows_of

_ROLES = (("overall", "score"), ("core", "core"), ("peripheral", "peripheral"))
_NAME = "sovereignty"

LISTED_ROLE = "listed.role"
"""The role of all that only SBOMs inside their holders list."""


def metadata(bom: Bom, head: Json) -> Json:
    """The object; `head` is the component that the document is about."""
    row: Json = {"lifecycles": [{"phase": bom.phase}]}
    row["tools"] = {
        "components": [
            {
                "type": "application",
                "bom-ref": TOOL,
                "name": "aisbom",
                "version": bom.program,
                "purl": f"pkg:pypi/aisbom@{bom.program}",
            }
        ]
    }
    row["component"] = head
    for key in ("manufacturer", "supplier", "authors"):
        if key in head:
            row[key] = head[key]
    row["licenses"] = [{"license": {"id": "CC0-1.0", "acknowledgement": "declared"}}]
    row["properties"] = rows_of(tuple(_facts(bom)))
    return row


def _facts(bom: Bom) -> Iterator[tuple[str, str]]:
    yield "cdx:reproducible", "true"
    yield "schema.version", "1"
    if bom.compact:
        yield "claims", "core"
    if role := usual_role(bom):
        yield LISTED_ROLE, role
    for name, value in _sovereignty(bom.sovereignty):
        yield f"{_NAME}.{name}", value
    yield "gap.count", str(bom.gap_count)
    yield "scan.files", bom.files
    yield "knowledge.digest", f"sha256:{bom.knowledge}"
    yield "index.coverage", bom.index
    for line in bom.unapplied:
        yield "unapplied", line
    for sees, by in bom.readers:
        yield f"reader.{sees}", by
    for gap in bom.gaps:
        yield "gap", gap_text(gap)


def _sovereignty(found: Sovereignty) -> Iterator[tuple[str, str]]:
    yield "profile", f"{found.profile}@{found.version}"
    yield "profile_digest", f"sha256:{found.digest}"
    for code in found.home:
        yield "home", code
    if found.home_from:
        yield "home_from", found.home_from
    totals = {role: (low, high) for role, low, high in found.totals}
    for role, prefix in _ROLES:
        yield f"{prefix}_low", _number(totals[role][0])
        yield f"{prefix}_high", _number(totals[role][1])
    yield "coverage", _number(found.coverage)
    yield "verdict", found.verdict
    for row in found.requirements:
        yield "requirement", f"{row.id} {row.verdict}"
    if found.objectives is not None:
        yield "objectives_low", _number(found.objectives[0])
        yield "objectives_high", _number(found.objectives[1])
    for text in found.overrides:
        yield "override", text
    for role, country, share in found.shares:
        yield f"{role}_share", f"{country} {_number(share)}"
    for kind in found.missing:
        yield "missing", kind


def _number(value: float) -> str:
    """A share as the document prints it: four decimals, so that sums can be checked."""
    return f"{value:.4f}"


def read_sovereignty(facts: list[tuple[str, str]]) -> Sovereignty:
    """What `metadata` said of the judgement, without its requirements."""
    rows = [(name.removeprefix(f"{_NAME}."), value) for name, value in facts]
    said = dict(reversed(rows))
    profile, _, version = said["profile"].partition("@")
    shares = []
    for name, value in rows:
        if name.endswith("_share"):
            country, _, share = value.rpartition(" ")
            shares.append((name.removesuffix("_share"), country, float(share)))
    objectives = None
    if "objectives_low" in said:
        objectives = float(said["objectives_low"]), float(said["objectives_high"])
    return Sovereignty(
        profile=profile,
        version=version,
        digest=said["profile_digest"].removeprefix("sha256:"),
        home=tuple(value for name, value in rows if name == "home"),
        home_from=said.get("home_from", ""),
        totals=tuple(
            (role, float(said[f"{prefix}_low"]), float(said[f"{prefix}_high"]))
            for role, prefix in _ROLES
        ),
        coverage=float(said["coverage"]),
        verdict=said["verdict"],
        objectives=objectives,
        overrides=tuple(value for name, value in rows if name == "override"),
        shares=tuple(shares),
        missing=tuple(value for name, value in rows if name == "missing"),
    )
