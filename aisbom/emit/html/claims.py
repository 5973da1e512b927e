"""The claims that the page carries, part by part."""

from __future__ import annotations

from typing import Any

from aisbom.bom import Bom
from aisbom.emit.html.words import Words
from aisbom.model import Claim
from aisbom.model.plain import plain
from aisbom.model.vocabulary import COUNTRY_ATTRIBUTES

Row = dict[str, Any]

ROLES = ("core", "undetermined", "peripheral", "tooling", "")
"""Roles in the order in which a reader asks for them."""

_CLAIMS = 400_000
"""Characters of claims that the page carries; the document has the rest."""

_EVIDENCE = 6


def claims_by_part(bom: Bom, text: Words) -> list[Row]:
    """The claims about each part (`part`, `rows`), those about core parts first, until there is no
    room for more.
    """
    roles = {part.ref: part.value("component.role") for part in bom.parts}
    names = {part.ref: text.name(part.name or part.ref) for part in bom.parts}
    ordered = sorted(
        bom.claims,
        key=lambda claim: (
            ROLES.index(role) if (role := roles.get(claim.subject, "")) in ROLES else len(ROLES),
            claim.subject,
            claim.attribute,
            claim.value,
        ),
    )
    groups: dict[str, list[Row]] = {}
    used = 0
    for claim in ordered:
        row = _claim(claim, text)
        used += len(str(row))
        if used > _CLAIMS:
            break
        groups.setdefault(claim.subject, []).append(row)
    return [
        {"part": names.get(subject, plain(subject)), "rows": rows}
        for subject, rows in groups.items()
    ]


def _claim(claim: Claim, text: Words) -> Row:
    return {
        "ref": claim.ref,
        "attribute": plain(claim.attribute),
        "title": text.get(f"attribute.{claim.attribute}", ""),
        "value": plain(text.value(claim))[:400],
        "words": name_value(claim.attribute, claim.value, text),
        "status": claim.status,
        "evidence": [
            {
                "at": plain(str(one.at)) or ".",
                "by": one.by,
                "technique": text.id("technique", one.technique),
                "confidence": one.confidence,
                "excerpt": plain(text.evidence(one))[:300],
            }
            for one in claim.evidence[:_EVIDENCE]
        ],
        "more": max(0, len(claim.evidence) - _EVIDENCE),
    }


def name_value(attribute: str, value: str, text: Words) -> str:
    """The value in words of the language where it is a country or a word of a table, else `""`."""
    if not text.get(f"attribute.{attribute}", ""):  # a language that says the ids themselves
        return ""
    if attribute in COUNTRY_ATTRIBUTES:
        said = text.country(value)
    elif attribute in ("class", "role", "path-role"):
        said = text.get(f"{attribute}.{value}", "")
    else:
        said = text.get(f"word.{value}", "")
    return "" if said == value else said
