"""A profile as a CycloneDX standard, and its floors as an attestation that maps each requirement to
the claims it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from aisbom.emit.cyclonedx.component import CONFIDENCE, Json
from aisbom.judge import Judgement
from aisbom.judge.profile import shipped
from aisbom.judge.rule import Verdict
from aisbom.model import Claim
from aisbom.model.ledger import confidence

_LEVELS = (
    ("minimum", "The minimum condition"),
    ("binding", "What the verdict rests on"),
    ("all", "Everything that is asked, aims included"),
)


def standards(judgement: Judgement) -> list[Json]:
    """`definitions.standards`: the profile under which the document was made; empty if it asks for
    nothing.
    """
    profile = judgement.score.definition
    if not judgement.requirements:
        return []
    row: Json = {
        "bom-ref": f"standard-{profile.name}",
        "name": f"aisbom profile {profile.name}",
        "version": profile.version,
        "description": f"{profile.title}. {profile.modelled_on}",
    }
    if profile.name in shipped():
        row["owner"] = "aisbom project"
    row["requirements"] = [
        {
            "bom-ref": _ref(verdict),
            "identifier": verdict.id,
            "title": verdict.title,
            "text": verdict.why,
            "descriptions": [f"What would settle it: {verdict.settle}"],
            "properties": [
                {"name": "aisbom:profile:leg", "value": verdict.leg},
                {"name": "aisbom:profile:severity", "value": verdict.severity},
            ],
        }
        for verdict in judgement.requirements
    ]
    levels = [
        (name, title, [_ref(v) for v in judgement.requirements if _belongs(v, name)])
        for name, title in _LEVELS
    ]
    row["levels"] = [
        {"bom-ref": f"level-{name}", "identifier": name, "title": title, "requirements": refs}
        for name, title, refs in levels
        if refs
    ]
    links = dict.fromkeys(re.findall(r"https?://[^\s;()]+", profile.source))
    if links:
        row["externalReferences"] = [{"type": "documentation", "url": link} for link in links]
    return [row]


def _belongs(verdict: Verdict, level: str) -> bool:
    return level == "all" or (
        verdict.severity == "error" if level == "binding" else verdict.id.startswith("minimum.")
    )


def attestations(judgement: Judgement, assessor: str, claims: Mapping[str, Claim]) -> list[Json]:
    """`declarations.attestations`: one, with every requirement. What is unknown has no conformance
    and confidence 0.
    """
    if not judgement.requirements:
        return []
    return [
        {
            "summary": f"{judgement.verdict} under {judgement.score.profile}: {counted(judgement)}",
            "assessor": assessor,
            "map": [_mapped(verdict, claims) for verdict in judgement.requirements],
        }
    ]


def counted(judgement: Judgement) -> str:
    """How the binding requirements came out, in words."""
    words = [v.verdict for v in judgement.requirements if v.severity == "error"]
    told = [
        f"{words.count(word)} {said}"
        for word, said in (("fail", "failed"), ("unknown", "unknown"), ("pass", "held"))
        if word in words
    ]
    return (
        f"of {len(words)} binding requirements " + ", ".join(told)
        if words
        else "no binding requirement"
    )


def _mapped(verdict: Verdict, claims: Mapping[str, Claim]) -> Json:
    """Claims of the parts for which it holds speak for it, those of the parts for which it fails
    against it.
    """
    row: Json = {"requirement": _ref(verdict)}
    pros = _cited(verdict, ("pass",), claims)
    cons = _cited(verdict, ("fail",), claims)
    open_ = _cited(verdict, ("unknown",), claims)
    if pros or open_:
        row["claims"] = list(dict.fromkeys([*pros, *open_]))
    if cons:
        row["counterClaims"] = cons
    if verdict.verdict == "unknown":
        row["confidence"] = {"score": 0, "rationale": f"unknown: {verdict.found}"}
        return row
    row["conformance"] = {
        "score": 1 if verdict.verdict == "pass" else 0,
        "rationale": f"{verdict.verdict}: {verdict.found}",
    }
    rests = [claims[ref] for ref in verdict.claims if ref in claims]
    if rests:
        lowest = min((confidence((claim,)) for claim in rests), key=lambda word: CONFIDENCE[word])
        row["confidence"] = {
            "score": CONFIDENCE[lowest],
            "rationale": f"{lowest}, the lowest of the {len(rests)} claims that it rests on",
        }
    return row


def _cited(verdict: Verdict, words: Collection[str], claims: Mapping[str, Claim]) -> list[str]:
    return list(
        dict.fromkeys(
            ref for f in verdict.findings if f.verdict in words for ref in f.claims if ref in claims
        )
    )


def _ref(verdict: Verdict) -> str:
    return f"requirement-{verdict.id}"
