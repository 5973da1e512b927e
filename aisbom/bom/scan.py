"""The scan that a bill tells of, so that a document alone can be scored, checked and explained.

Sightings come back as places, of which a bill lists some and counts the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from aisbom.bom import Bom, Part, Place, compact
from aisbom.model import (
    Claim,
    Component,
    Evidence,
    Location,
    Observation,
    Scan,
    Sees,
    Sighting,
    facts,
)

_SIZES: dict[str, tuple[Sighting, str]] = {
    "size.lines": ("source", "lines"),
    "tensor.parameters": ("weights", "parameters"),
}


def scan_of(bom: Bom) -> Scan:
    """The scan. Its components have the places that the bill lists, and sizes on the first of
    them.
    """
    readers = {by: sees for sees, by in bom.readers}
    holders = {r.target: r.source for r in bom.relations if r.kind == "contains"}
    components = [
        _component(part if part.places else _place(part, holders, bom), readers)
        for part in bom.parts
    ]
    roles = (claim for part in bom.parts for claim in _role(part))
    claims = {*bom.claims, *bom.judgements, *roles, *_left_out(bom)}
    return Scan(
        bom.root,
        tuple(sorted(components)),
        bom.relations,
        tuple(sorted(claims)),
        bom.gaps,
        facts(
            *(("home", code) for code in bom.sovereignty.home),
            ("home-from", bom.sovereignty.home_from),
            ("profile", f"{bom.sovereignty.profile}@{bom.sovereignty.version}"),
            ("files", bom.files),
            ("knowledge", bom.knowledge),
            ("index", bom.index),
            *(("unapplied", line) for line in bom.unapplied),
        ),
    )


def _place(part: Part, holders: Mapping[str, str], bom: Bom) -> Part:
    """The part at the first place of what holds it, whose SBOM lists it."""
    holder = holders.get(part.ref)
    return part if holder is None else replace(part, places=bom.part(holder).places[:1])


def _left_out(bom: Bom) -> Iterator[Claim]:
    """The claims that a compact bill leaves out, made of its answers again."""
    if not bom.compact:
        return
    there = {(claim.subject, claim.attribute) for claim in (*bom.claims, *bom.judgements)}
    for part in filter(compact.is_short, bom.parts):
        for claim in compact.answers_of(part):
            if (part.ref, claim.attribute) not in there:
                yield claim


def _component(part: Part, readers: Mapping[str, Sees]) -> Component:
    kind: Sighting = "service" if part.hosting else "occurrence"
    if part.value("component.class") == "tokenizer":
        kind = "tokenizer"
    name, version, purl = part.name, part.version, part.purl
    seen = [
        Observation(kind, name, version, purl, _sighting(place, readers)) for place in part.places
    ]
    first = seen[0].evidence if seen else Evidence("document", "other", "low", Location(""))
    for fact, (sized, key) in _SIZES.items():
        seen += [
            Observation(sized, name, version, purl, first, facts((key, value)))
            for value in part.values(fact)
        ]
    return Component(part.ref, part.kind, name, version, purl, tuple(sorted(set(seen))))


def _sighting(place: Place, readers: Mapping[str, Sees]) -> Evidence:
    sees = readers.get(place.by, "statement")
    return Evidence(place.by, "other", "medium", place.at, place.words, sees=sees)


def _role(part: Part) -> Iterator[Claim]:
    """The role that the profile of the bill gave; another profile may give another."""
    rule = part.value("component.role_rule") or "document"
    at = min((place.at for place in part.places), default=Location(""))
    for value in part.values("component.role"):
        seen = Evidence(rule, "other", "medium", at, compact.SAYS)
        yield Claim(part.ref, "role", value, (seen,))
