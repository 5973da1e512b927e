"""What the page shows, taken out of the bill: plain rows for the template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aisbom.bom import Bom, Part
from aisbom.bom.findings import CLASSES, Finding, findings
from aisbom.emit.html.pictures import lineage, stack
from aisbom.emit.html.words import Words
from aisbom.model import Claim
from aisbom.model.plain import plain

Row = dict[str, Any]

_FIRST = 3
"""Findings on the first screen."""

_CLAIMS = 400_000
"""Characters of claims that the page carries; the document has the rest."""

_EVIDENCE = 6
_GAPS = 200
_ASIDE = frozenset({"test", "example", "docs", "benchmark"})
_STAGES = ("trained", "collected", "developed", "operated")
_ROLES = ("core", "undetermined", "peripheral", "tooling", "")
_SOURCES = 3
_PURL = re.compile(r"pkg:(?P<type>[a-z]+)/(?P<name>[^@#?]+)(?:@(?P<version>[^#?]+))?")


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """What the bill comes to under one profile. Intervals lie in [0, 1]."""

    name: str
    title: str
    verdict: str
    overall: tuple[float, float]
    core: tuple[float, float]
    peripheral: tuple[float, float]
    current: bool


Verdicts = Sequence[ProfileRow]


def page(bom: Bom, verdicts: Verdicts, text: Words) -> Row:
    """Every variable of the template."""
    found = findings(bom)
    rows = [finding_row(one, text) for one in found]
    root = bom.part(bom.root)
    parts = [part for part in bom.parts if part.ref != bom.root]
    sovereignty = bom.sovereignty
    claims, carried = _claims(bom)
    return {
        "root": _component(root, text),
        "verdict": sovereignty.verdict,
        "verdict_words": text.get(f"verdict.{sovereignty.verdict}", sovereignty.verdict),
        "profile": f"{sovereignty.profile}@{sovereignty.version}",
        "profile_title": sovereignty.title,
        "home": ", ".join(sovereignty.home),
        "totals": [
            {
                "name": text.get(f"role.{name}", name),
                "low": low,
                "high": high,
                "words": _interval(low, high),
            }
            for name, low, high in sovereignty.totals
        ],
        "coverage": f"{sovereignty.coverage:.0%}",
        "requirements": [
            {
                "id": one.id,
                "title": plain(text.rule(one.title)),
                "verdict": one.verdict,
                "words": text(f"requirement.{one.verdict}"),
                "found": plain(one.found),
                "why": plain(text.rule(one.why)),
                "settle": plain(text.rule(one.settle)),
                "claims": [ref for ref in (*one.claims, *one.counter) if ref in claims][:20],
            }
            for one in sovereignty.requirements
        ],
        "first": rows[:_FIRST],
        "findings": rows,
        "profiles": [_profile(row, text) for row in verdicts],
        "core": core_rows(bom, text),
        "missing": [text.get(f"class.{one}", one) for one in sovereignty.missing],
        "stack": stack(sovereignty.shares, text),
        "lineage": lineage(parts, text),
        "origins": _origins(sovereignty.shares, text),
        "components": [_component(part, text) for part in sorted(parts, key=_order)],
        "claims": claims,
        "claims_carried": carried,
        "claims_all": len(bom.claims),
        "gaps": [
            {"at": plain(str(gap.at)) or ".", "reason": plain(gap.reason), "by": gap.by}
            for gap in bom.gaps[:_GAPS]
        ],
        "gap_count": bom.gap_count,
        "files": int(bom.files or 0),
        "knowledge": bom.knowledge,
        "index": plain(bom.index),
        "program": bom.program,
        "time": bom.time,
        "part_count": len(parts),
    }


def finding_row(one: Finding, text: Words) -> Row:
    """A finding in words: part, what, place, how sure, what would settle it."""
    countries = [text.get(f"country.{word}", word) for word in one.countries]
    known = ", ".join(filter(None, (one.whose, *countries)))
    whose = known if one.whose or not countries else text("somebody-in", where=known)
    return {
        "kind": one.kind,
        "title": text(f"finding.{one.kind}.title"),
        "part": plain(one.part),
        "ref": one.ref,
        "role": text.get(f"role.{one.role}", one.role),
        "what": text(
            f"finding.{one.kind}.{_form(one)}",
            what=plain(text.sentence(one.sentence) or one.what),
            whose=plain(whose) or text("unknown"),
            where=f" ({plain(known)})" if known else "",
            part=plain(one.part),
            sources=_projects(one.sources, text),
        ),
        "at": plain(str(one.at)) if one.at else "",
        "sure": text(f"confidence.{one.confidence}"),
        "settle": text(f"finding.{one.kind}.settle"),
        "claims": list(one.claims[:10]),
    }


def _form(one: Finding) -> str:
    """Which of the texts of its kind says a finding."""
    if one.kind in ("code-from", "weights-from"):
        return one.what
    if one.kind == "foreign-architecture" and one.what in one.part:
        return "in-name"
    return "what"


def _projects(sources: Sequence[str], text: Words) -> str:
    """The projects of some sources, each once, without the types of their purls."""
    names: dict[str, None] = {}
    for source in sources:
        found = _PURL.match(source)
        name = f"{found['name']} {found['version'] or ''}".strip() if found else source
        if len(sources) == 1 and "#" in source:
            name += f" {source.rpartition('/')[2]}"
        names[plain(name)] = None
    more = text("terminal.and-more", count=len(names) - _SOURCES) if len(names) > _SOURCES else ""
    return ", ".join(filter(None, [*list(names)[:_SOURCES], more]))


def _profile(row: ProfileRow, text: Words) -> Row:
    return {
        "name": row.name,
        "title": plain(text.rule(row.title)),
        "verdict": row.verdict,
        "words": text.get(f"verdict.{row.verdict}", row.verdict),
        "overall": _interval(*row.overall),
        "core": _interval(*row.core),
        "peripheral": _interval(*row.peripheral),
        "current": row.current,
    }


def core_rows(bom: Bom, text: Words) -> list[Row]:
    """The core, part by part: weights, encoders, tokenizers, data, code."""
    return [_core(part, text) for part in core_parts(bom)]


def core_parts(bom: Bom) -> list[Part]:
    """The parts of the core in the order of their classes; a weight file belongs to its model."""
    core = [
        part
        for part in bom.parts
        if part.ref != bom.root
        and part.value("component.role") == "core"
        and not part.ref.startswith("weights:")
    ]
    return sorted(core, key=lambda part: (_class(part), part.name, part.ref))


def _class(part: Part) -> int:
    kind = part.value("component.class")
    return CLASSES.index(kind) if kind in CLASSES else len(CLASSES)


def _core(part: Part, text: Words) -> Row:
    row = _component(part, text)
    lies_here = bool(part.values("size.bytes") or part.values("tensor.parameters"))
    lies_here = lies_here or part.value("component.class").endswith("-code")
    sources = [*part.values("weights-from"), *part.values("code-from")][:4]
    designs = part.values("architecture-from")[:3]
    return row | {
        "here": text("yes") if lies_here else text("only-named"),
        "sources": [plain(one) for one in sources],
        "designs": [plain(one) for one in designs],
    }


def _component(part: Part, text: Words) -> Row:
    stage, countries = country_of(part)
    licences = sorted({one.value for one in part.licences if one.acknowledgement})
    role, kind = part.value("component.role"), part.value("component.class")
    path_role = part.value("component.path_role")
    organisation = part.value(f"origin.{stage}.organisation") if stage else ""
    return {
        "ref": part.ref,
        "name": plain(part.name or part.ref),
        "version": plain(part.version),
        "purl": plain(part.purl),
        "role": role,
        "role_words": text.get(f"role.{role}", role) if role else "",
        "kind": text.get(f"class.{kind}", kind)
        if kind
        else text.get(f"type.{part.kind}", part.kind),
        "aside": path_role in _ASIDE,
        "path_role": text.get(f"path-role.{path_role}", path_role),
        "country": ", ".join(text.get(f"country.{one}", one) for one in countries),
        "organisation": plain(organisation),
        "licence": ", ".join(plain(one) for one in licences) or text("unknown"),
        "place": plain(str(part.places[0].at)) if part.places else "",
    }


def country_of(part: Part) -> tuple[str, tuple[str, ...]]:
    """The stage that tells whose a part is, and its countries or words for them."""
    for stage in _STAGES:
        values = part.values(f"origin.{stage}.country")
        if values:
            return stage, values
    return "", ()


def is_aside(part: Part) -> bool:
    """Whether nothing of the product is or names it: what only tests, examples or documents do."""
    role = part.value("component.role")
    return role == "tooling" or (not role and part.value("component.path_role") in _ASIDE)


def _order(part: Part) -> tuple[int, bool, str, str]:
    role = part.value("component.role")
    aside = part.value("component.path_role") in _ASIDE
    return _ROLES.index(role) if role in _ROLES else len(_ROLES), aside, part.name, part.ref


def _origins(shares: Iterable[tuple[str, str, float]], text: Words) -> list[Row]:
    return [
        {
            "role": text.get(f"role.{role}", role),
            "country": text.get(f"country.{word}", word),
            "share": f"{share:.0%}",
        }
        for role, word, share in shares
    ]


def _claims(bom: Bom) -> tuple[dict[str, Row], int]:
    """The claims that the page carries, by ref: those of core parts first, then of the rest, until
    there is no room for more.
    """
    roles = {part.ref: part.value("component.role") for part in bom.parts}
    names = {part.ref: plain(part.name or part.ref) for part in bom.parts}
    ordered = sorted(
        bom.claims,
        key=lambda claim: (
            _ROLES.index(role) if (role := roles.get(claim.subject, "")) in _ROLES else 9,
            claim.subject,
            claim.attribute,
            claim.value,
        ),
    )
    kept: dict[str, Row] = {}
    used = 0
    for claim in ordered:
        row = _claim(claim, names)
        used += len(str(row))
        if used > _CLAIMS:
            break
        kept[claim.ref] = row
    return kept, len(kept)


def _claim(claim: Claim, names: Mapping[str, str]) -> Row:
    return {
        "ref": claim.ref,
        "part": names.get(claim.subject, plain(claim.subject)),
        "subject": claim.subject,
        "attribute": claim.attribute,
        "value": plain(claim.value)[:400],
        "status": claim.status,
        "evidence": [
            {
                "at": plain(str(one.at)) or ".",
                "by": one.by,
                "technique": one.technique,
                "confidence": one.confidence,
                "excerpt": plain(one.excerpt)[:300],
            }
            for one in claim.evidence[:_EVIDENCE]
        ],
        "more": max(0, len(claim.evidence) - _EVIDENCE),
    }


def _interval(low: float, high: float) -> str:
    return f"{low:.2f} – {high:.2f}"
