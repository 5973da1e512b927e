"""What the page shows, taken out of the bill: plain rows for the template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aisbom.bom import Bom, Part
from aisbom.bom.findings import CLASSES, Finding, by_kind, findings
from aisbom.emit.html.claims import ROLES, claims_by_part
from aisbom.emit.html.pictures import lineage, percent, source_name, stack
from aisbom.emit.html.words import Words
from aisbom.emit.lines import cut_front, shorten_paths
from aisbom.model.plain import plain

Row = dict[str, Any]

_FIRST = 3
"""Findings on the first screen."""

_PLACE = 60
"""Columns of a place there."""

_GAPS = 200
_ASIDE = frozenset({"test", "example", "docs", "benchmark"})
_STAGES = ("trained", "collected", "developed", "operated")
_SOURCES = 3
_COMMIT = re.compile("[0-9a-f]{40}")
_CONTENT = ("size.bytes", "tensor.parameters", "tokenizer.vocabulary")
"""Facts that only who has read the thing itself can state."""


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
    groups = [
        {
            "title": text(f"finding.{rows[0].kind}.title"),
            "settle": text(f"finding.{rows[0].kind}.settle"),
            "rows": [finding_row(one, text) for one in rows],
        }
        for rows in by_kind(found, 1)
    ]
    root = bom.part(bom.root)
    parts = [part for part in bom.parts if part.ref != bom.root]
    sovereignty = bom.sovereignty
    claims = claims_by_part(bom, text)
    carried = {row["ref"] for group in claims for row in group["rows"]}
    return {
        "root": _component(root, text),
        "verdict": sovereignty.verdict,
        "verdict_words": text.get(f"verdict.{sovereignty.verdict}", sovereignty.verdict),
        "profile": f"{sovereignty.profile}@{sovereignty.version}",
        "profile_title": sovereignty.title,
        "home": ", ".join(text.country(one) for one in sovereignty.home),
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
                "found": plain(text.phrase(one.said or one.found)),
                "why": plain(text.rule(one.why)),
                "settle": plain(text.rule(one.settle)),
                "claims": [ref for ref in (*one.claims, *one.counter) if ref in carried][:20],
            }
            for one in sovereignty.requirements
        ],
        "first": [_first_row(rows, text) for rows in by_kind(found, _FIRST)[:_FIRST]],
        "findings": groups,
        "finding_count": len(found),
        "profiles": [_profile(row, text) for row in verdicts],
        "core": core_rows(bom, text),
        "missing": [text.get(f"class.{one}", one) for one in sovereignty.missing],
        "stack": stack(sovereignty.shares, text),
        "lineage": lineage(parts, text),
        "origins": _origins(sovereignty.shares, text),
        "components": [_component(part, text) for part in sorted(parts, key=_order)],
        "claims": claims,
        "carried": carried,
        "claims_all": len(bom.claims),
        "gaps": [
            {"at": plain(str(gap.at)) or ".", "reason": text.message(gap.reason), "by": gap.by}
            for gap in bom.gaps[:_GAPS]
        ],
        "gap_count": bom.gap_count,
        "files": int(bom.files or 0),
        "knowledge": bom.knowledge,
        "index": text.message(bom.index),
        "program": bom.program,
        "time": bom.time,
        "part_count": len(parts),
    }


def finding_row(one: Finding, text: Words) -> Row:
    """A finding in words: part, what, place, how sure, what would settle it."""
    known = maker_of(one.whose, one.countries, text)
    where = ", ".join(filter(None, (one.whose, *map(text.country, one.countries))))
    whose = known if one.whose or not known else text("somebody-in", where=known)
    name = _name_part(one, text)
    return {
        "kind": one.kind,
        "title": text(f"finding.{one.kind}.title"),
        "part": name,
        "ref": one.ref,
        "role": text.get(f"role.{one.role}", one.role),
        "what": text(
            f"finding.{one.kind}.{_form(one)}",
            what=plain(text.sentence(one.sentence) or one.what),
            whose=plain(whose) or text("unknown"),
            where=f" ({plain(where)})" if where else "",
            part=name,
            sources=_projects(one.sources, text),
            **dict(zip(("same", "changed", "more"), one.files or (), strict=False)),
        ),
        "at": plain(str(one.at)) if one.at else "",
        "sure": text(f"confidence.{one.confidence}"),
        "settle": text(f"finding.{one.kind}.settle"),
        "claims": list(one.claims[:10]),
    }


def _name_part(one: Finding, text: Words) -> str:
    """The name of the part; the code of a folder has a name that could be any word."""
    name, folder = text.name(one.part), f"{one.ref.removeprefix('code:')}/"
    held = one.at is not None and one.at.path.startswith(folder) and one.ref.startswith("code:")
    return text("folder", name=name) if held and one.part != "." else name


def _first_row(rows: Sequence[Finding], text: Words) -> Row:
    """The first finding of a kind, short, with how many more there are."""
    row = finding_row(rows[0], text)
    what, at = shorten_paths(describe(row)), cut_front(row["at"], _PLACE)
    return row | {"what": what, "at": at, "more": len(rows) - 1}


def describe(row: Row) -> str:
    """What was found; with the part where that does not name it."""
    return row["what"] if row["part"] in row["what"] else f"{row['part']}: {row['what']}"


def maker_of(organisation: str, countries: Sequence[str], text: Words) -> str:
    """An organisation with its country, or what is known of both; `""` where nothing is."""
    where = ", ".join(text.country(word) for word in countries)
    if organisation and where:
        return text("maker", name=plain(organisation), where=where)
    return plain(organisation) or where


def _form(one: Finding) -> str:
    """Which of the texts of its kind says a finding."""
    if one.kind in ("code-from", "weights-from"):
        return one.what
    if one.kind == "foreign-architecture" and one.what in one.part:
        return "in-name"
    if one.kind == "fork" and one.files:
        return "counted"
    if one.kind == "unknown-origin" and one.whose:
        return "hinted"
    return "what"


def _projects(sources: Sequence[str], text: Words) -> str:
    """The projects of some sources, each once, without the types of their purls. A repository that
    is called as a package beside it is that package's.
    """
    packages = {
        one.partition("#")[0].rpartition("/")[2] for one in sources if one.startswith("pkg:pypi/")
    }
    names: dict[str, None] = {}
    for source in sources:
        project = source.partition("#")[0]
        if project.startswith("pkg:github/") and project.rpartition("/")[2] in packages:
            continue
        names[source_name(source if len(sources) == 1 else project)] = None
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
    lies_here = any(part.values(fact) for fact in _CONTENT)
    lies_here = lies_here or part.value("component.class").endswith("-code")
    sources = [*part.values("weights-from"), *part.values("code-from")][:4]
    designs = part.values("architecture-from")[:3]
    return row | {
        "here": text("yes") if lies_here else text("only-named"),
        "sources": [source_name(one) for one in sources],
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
        "name": text.name(part.name or part.ref),
        "version": plain(short_version(part)),
        "purl": plain(part.purl),
        "role": role,
        "role_words": text.get(f"role.{role}", role) if role else "",
        "kind": text.get(f"class.{kind}", kind)
        if kind
        else text.get(f"type.{part.kind}", part.kind),
        "aside": path_role in _ASIDE,
        "path_role": text.get(f"path-role.{path_role}", path_role),
        "origin": plain(maker_of(organisation, countries, text)) or text("unknown"),
        "licence": ", ".join(plain(one) for one in licences) or text("unknown"),
        "place": plain(str(part.places[0].at)) if part.places else "",
    }


def short_version(part: Part) -> str:
    """The version of a part, a commit by its first twelve digits."""
    return part.version[:12] if _COMMIT.fullmatch(part.version) else part.version


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
    return ROLES.index(role) if role in ROLES else len(ROLES), aside, part.name, part.ref


def _origins(shares: Iterable[tuple[str, str, float]], text: Words) -> list[Row]:
    return [
        {
            "role": text.get(f"role.{role}", role),
            "country": text.country(word),
            "share": percent(share),
        }
        for role, word, share in shares
    ]


def _interval(low: float, high: float) -> str:
    return f"{low:.2f} – {high:.2f}"
