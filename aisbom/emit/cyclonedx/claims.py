"""Claims with their evidence, and with what speaks against them, as `declarations`, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from aisbom.bom import Bom
from aisbom.emit.cyclonedx.attestations import attestations
from aisbom.emit.cyclonedx.names import (
    ASSESSOR,
    CONFIDENCE,
    Json,
    place_of,
    place_text,
    property_name,
)
from aisbom.errors import UsageError
from aisbom.model import Claim, Confidence, Evidence, Location, Status, Technique, digest
from aisbom.model.vocabulary import GRADED, REPEATABLE


def declarations(bom: Bom) -> Json:
    """The object; empty where nothing is claimed and nothing required."""
    if not bom.claims and not bom.sovereignty.requirements:
        return {}
    organization = {"name": "aisbom (automated)", "url": ["https://pypi.org/project/aisbom/"]}
    made: Json = {
        "assessors": [{"bom-ref": ASSESSOR, "thirdParty": False, "organization": organization}]
    }
    attested = attestations(bom.sovereignty)
    if attested:
        made["attestations"] = attested
    if bom.claims:
        written = _Evidence(bom)
        claims = [_claim(claim, written) for claim in bom.claims]
        made["claims"] = sorted(claims, key=lambda row: str(row["bom-ref"]))
        made["evidence"] = [written.rows[ref] for ref in sorted(written.rows)]
    return made


class _Evidence:
    """The evidence of a bill, each once, and the claims about one question together."""

    def __init__(self, bom: Bom) -> None:
        self.bom = bom
        self.rows: dict[str, Json] = {}
        self.about: dict[tuple[str, str], list[Claim]] = {}
        for claim in bom.claims:
            self.about.setdefault((claim.subject, claim.attribute), []).append(claim)

    def refs(self, *claims: Claim) -> list[str]:
        """Refs of the evidence of these claims, sorted."""
        return sorted({self._ref(e, c.attribute) for c in claims for e in c.evidence})

    def against(self, claim: Claim) -> list[str]:
        """Refs of the evidence for another answer to the same question."""
        if claim.value == "unknown" or claim.attribute in (*REPEATABLE, *GRADED):
            return []
        return self.refs(
            *(
                other
                for other in self.about[claim.subject, claim.attribute]
                if other.value not in (claim.value, "unknown")
            )
        )

    def _ref(self, e: Evidence, attribute: str) -> str:
        row = _evidence(e, attribute, self.bom)
        ref = "e-" + digest([attribute, *e.key])[:12]
        if self.rows.get(ref, row)["data"] != row["data"]:
            # The same words, on which other facts rest.
            ref = "e-" + digest([attribute, *e.key, e.facts])[:12]
        self.rows.setdefault(ref, {"bom-ref": ref, **row})
        return ref


def _claim(claim: Claim, written: _Evidence) -> Json:
    strongest = max((e.confidence for e in claim.evidence), key=CONFIDENCE.__getitem__)
    row: Json = {
        "bom-ref": claim.ref,
        "target": claim.subject,
        "predicate": f"{claim.attribute}={claim.value}",
        "reasoning": f"{claim.status}; confidence {strongest}",
        "evidence": written.refs(claim),
    }
    counter = written.against(claim)
    if counter:
        row["counterEvidence"] = counter
    return row


def _evidence(e: Evidence, attribute: str, bom: Bom) -> Json:
    data = {
        "by": e.by,
        "technique": e.technique,
        "confidence": e.confidence,
        "at": place_text(e.at),
        **({} if _is_described(e) else {"excerpt": e.excerpt}),
        **({"facts": e.facts} if e.facts else {}),
    }
    content = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    row: Json = {
        "propertyName": property_name(attribute),
        "description": _before(e.by, e.at) + (f": {e.excerpt}" if e.excerpt else ""),
        "data": [
            {
                "name": "sighting",
                "contents": {"attachment": {"contentType": "application/json", "content": content}},
            }
        ],
        "author": {"name": f"aisbom {bom.program}"},
    }
    return row


def _before(by: str, at: Location) -> str:
    """What stands before the excerpt in the description of a piece of evidence."""
    return f"{by} at {at}"


def _is_described(e: Evidence) -> bool:
    """Whether the description gives the excerpt back as it is, in XML too, so that it need not
    stand beside it once more.
    """
    words = _before(e.by, e.at) + e.excerpt
    return e.excerpt.isprintable() and words.isprintable() and " ".join(words.split()) == words


def read_claims(declarations: Json) -> Iterator[Claim]:
    """The claims that `declarations` wrote. Raises UsageError for one without a status."""
    evidence = {
        str(row["bom-ref"]): _read_evidence(row) for row in declarations.get("evidence", [])
    }
    for row in declarations.get("claims", []):
        attribute, _, value = str(row["predicate"]).partition("=")
        status = str(row.get("reasoning", "")).partition(";")[0]
        if status not in ("derived", "declared", "withdrawn"):
            raise UsageError(f"claim {row['bom-ref']} has no status")
        found = tuple(sorted(evidence[str(ref)] for ref in row.get("evidence", [])))
        yield Claim(str(row["target"]), attribute, value, found, cast(Status, status))


def _read_evidence(row: Json) -> Evidence:
    data: dict[str, Any] = json.loads(row["data"][0]["contents"]["attachment"]["content"])
    by, at = str(data["by"]), place_of(str(data["at"]))
    described = str(row["description"])[len(_before(by, at)) :].removeprefix(": ")
    return Evidence(
        by,
        cast(Technique, data["technique"]),
        cast(Confidence, data["confidence"]),
        at,
        str(data.get("excerpt", described)),
        tuple((str(key), str(value)) for key, value in data.get("facts", ())),
    )
