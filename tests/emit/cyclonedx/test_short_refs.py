"""What only an SBOM inside its holder lists has a short reference in a compact document, and its
own one again in the bill that is read.
"""

from __future__ import annotations

import json
from dataclasses import replace

from aisbom.bom import Bom, Part
from aisbom.emit import emit
from aisbom.emit.cyclonedx.read import parse, read
from aisbom.emit.cyclonedx.short_refs import long_refs, short_refs
from aisbom.model import Location, Relation
from tests.program import ROOT, document_of

CRATE = "pkg:cargo/syn@2.0.111"
TWICE = f"{CRATE}#0a1b2c3d"
FACTS = (
    ("component.role", "peripheral"),
    ("origin.developed.country", "US"),
    ("origin.developed.confidence", "medium"),
)


def listed(ref: str, purl: str = CRATE) -> Part:
    return Part(ref, "library", "syn", "2.0.111", purl=purl, facts=FACTS)


def bill() -> Bom:
    bom = read(document_of(ROOT / "fixtures" / "small-stack"))
    holder = next(part for part in bom.parts if part.purl.startswith("pkg:pypi/"))
    parts = [listed(CRATE), listed(TWICE)]
    relations = [Relation(holder.ref, part.ref, "contains", Location("")) for part in parts]
    relations.append(Relation(CRATE, TWICE, "depends-on", Location("")))
    return replace(
        bom,
        parts=tuple(sorted((*bom.parts, *parts), key=lambda part: part.ref)),
        relations=tuple(sorted((*bom.relations, *relations))),
        compact=True,
    )


def test_both_have_short_references_that_lead_back() -> None:
    bom = bill()
    data = emit(bom)
    document = json.loads(data)
    short = short_refs([listed(CRATE), listed(TWICE)], ())
    assert short[TWICE] == "0a1b2c3d"
    assert len(short[CRATE]) == 6
    row = next(row for row in document["dependencies"] if row["ref"] == short[CRATE])
    assert row["dependsOn"] == [short[TWICE]]
    assert f'"ref":"{CRATE}"'.encode() not in data.replace(b" ", b"")
    assert parse(data, "bom.json") == bom


def test_one_that_others_have_is_none() -> None:
    short = short_refs([listed(CRATE)], ())[CRATE]
    assert short_refs([listed(CRATE)], [short]) == {}
    assert short_refs([listed("crate", "")], ()) == {}
    assert short_refs([listed("elsewhere")], ()) == {}


def test_references_of_others_stay() -> None:
    rows = [{"bom-ref": "abcdef"}, {"bom-ref": CRATE, "purl": CRATE}, {"bom-ref": "c-123456789012"}]
    assert long_refs(rows) == {}


def test_confidence_and_acknowledgement_are_said_where_they_are_not_usual() -> None:
    bom = bill()
    sure = replace(listed(CRATE), facts=(*FACTS[:2], ("origin.developed.confidence", "high")))
    data = emit(replace(bom, parts=tuple(sure if p.ref == CRATE else p for p in bom.parts)))
    back = parse(data, "bom.json")
    assert back.part(CRATE) == sure
    assert back.part(TWICE) == listed(TWICE)
