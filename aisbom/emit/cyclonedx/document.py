"""A scan and its score as a CycloneDX document (a plain dict): one rooted graph, declared
completeness, claims with evidence.

The library's object model lacks modelCard, compositions, declarations and more, and takes 16 s for
5,000 components, so the document is built directly and held to the official schemas (validate.py)
before anybody sees it.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from datetime import UTC, datetime

import orjson

from aisbom.__version__ import __version__
from aisbom.emit.cyclonedx.attestations import attestations, standards
from aisbom.emit.cyclonedx.component import CONFIDENCE, Json, component
from aisbom.emit.cyclonedx.model_card import data_refs
from aisbom.emit.cyclonedx.service import service
from aisbom.emit.cyclonedx.training import formulation
from aisbom.emit.cyclonedx.weights import similarities
from aisbom.errors import UsageError
from aisbom.judge import Judgement
from aisbom.judge.score import weighted_share
from aisbom.model import Claim, Component, Evidence, Gap, Scan, digest
from aisbom.model.ledger import Answer, resolve
from aisbom.model.vocabulary import GRADED, REPEATABLE

TOOL = "aisbom-tool"
ASSESSOR = "aisbom-assessor"
MAX_GAPS = 2000

_SPEC_VERSIONS = ("1.6", "1.7")
_NAMESPACE = uuid.UUID("6f1a7a0e-52c6-5d0e-9c86-3f4f2f3d8a11")


def document(scan: Scan, judgement: Judgement, spec_version: str, spdx: frozenset[str]) -> Json:
    """The document. Its serial number and order come from its content alone; a timestamp only from
    SOURCE_DATE_EPOCH.
    """
    answers = _answers(scan)
    root = scan.component(scan.root)
    nested = _nested(scan)
    by_ref = {c.ref: c for c in scan.components}
    stamp = _timestamp()
    data = data_refs(scan)

    def built(subject: Component) -> Json:
        row = component(
            subject,
            answers.get(subject.ref, {}),
            subject.kind,
            TOOL,
            spdx,
            data=data.get(subject.ref),
        )
        inner = [built(by_ref[ref]) for ref in nested.get(subject.ref, ())]
        if inner:
            row["components"] = inner
        return row

    whole = {c for refs in nested.values() for c in refs} | {root.ref}
    components = [built(c) for c in scan.components if c.ref not in whole and c.kind != "service"]
    services = [service(c, answers.get(c.ref, {})) for c in scan.components if c.kind == "service"]
    head = component(root, answers.get(root.ref, {}), "application", TOOL, spdx)
    made: Json = {
        "$schema": f"http://cyclonedx.org/schema/bom-{spec_version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": spec_version,
        "version": 1,
        "metadata": _metadata(scan, judgement, head, stamp),
        "components": components,
        **({"services": services} if services else {}),
        "dependencies": _dependencies(scan),
        "compositions": _compositions(scan),
    }
    formulas = formulation(scan)
    if formulas:
        made["formulation"] = formulas
    defined = standards(judgement)
    if defined:
        made["definitions"] = {"standards": defined}
    declarations = _declarations(scan, judgement, stamp)
    if declarations:
        made["declarations"] = declarations
    notes = similarities(scan, stamp)
    if notes:
        made["annotations"] = notes
    content = hashlib.sha256(orjson.dumps(made, option=orjson.OPT_SORT_KEYS)).hexdigest()
    made["serialNumber"] = f"urn:uuid:{uuid.uuid5(_NAMESPACE, content)}"
    order = ["$schema", "bomFormat", "specVersion", "serialNumber", "version"]
    return {key: made[key] for key in [*order, *(k for k in made if k not in order)]}


def _timestamp() -> str:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return ""
    try:
        return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"SOURCE_DATE_EPOCH={epoch}: not a number of seconds since 1970"
        ) from error


def _answers(scan: Scan) -> dict[str, dict[str, Answer]]:
    rows: dict[str, dict[str, list[Claim]]] = {}
    for claim in scan.claims:
        rows.setdefault(claim.subject, {}).setdefault(claim.attribute, []).append(claim)
    return {
        subject: {attribute: resolve(found) for attribute, found in by.items()}
        for subject, by in rows.items()
    }


def _nested(scan: Scan) -> dict[str, tuple[str, ...]]:
    """`{holder: parts}`: a part stands inside its holder once; the parts of the root stand at the
    top.
    """
    holder: dict[str, str] = {}
    for relation in scan.relations:
        if (
            relation.kind == "contains"
            and relation.source != scan.root
            and relation.target not in holder
        ):
            holder[relation.target] = relation.source
    # A cycle of holders cannot be nested; whoever closes it stays at the top.
    for ref in sorted(holder):
        seen = {ref}
        above = holder.get(ref)
        while above is not None:
            if above in seen:
                del holder[ref]
                break
            seen.add(above)
            above = holder.get(above)
    parts: dict[str, list[str]] = {}
    for part, above in sorted(holder.items()):
        parts.setdefault(above, []).append(part)
    return {above: tuple(found) for above, found in parts.items()}


def _metadata(scan: Scan, judgement: Judgement, head: Json, stamp: str) -> Json:
    row: Json = {}
    if stamp:
        row["timestamp"] = stamp
    row["lifecycles"] = [{"phase": _phase(scan)}]
    row["tools"] = {
        "components": [
            {
                "type": "application",
                "bom-ref": TOOL,
                "name": "aisbom",
                "version": __version__,
                "purl": f"pkg:pypi/aisbom@{__version__}",
            }
        ]
    }
    row["component"] = head
    if "manufacturer" in head:
        row["manufacturer"] = head["manufacturer"]
    row["licenses"] = [{"license": {"id": "CC0-1.0", "acknowledgement": "declared"}}]
    row["properties"] = [
        {"name": name, "value": value} for name, value in _properties(scan, judgement)
    ]
    return row


def _phase(scan: Scan) -> str:
    kinds = {kind for c in scan.components for kind in c.kinds}
    root = scan.component(scan.root)
    if "distribution" in root.kinds:
        return "post-build"
    if "distribution" in kinds and not kinds & {"project", "source"}:
        return "operations"
    return "pre-build"


def number(value: float) -> str:
    """A share as the document prints it: four decimals, so that sums can be checked."""
    return f"{value:.4f}"


def _properties(scan: Scan, judgement: Judgement) -> list[tuple[str, str]]:
    score = judgement.score
    rows = [
        ("cdx:reproducible", "true"),
        ("aisbom:schema:version", "1"),
        ("aisbom:sovereignty:profile", score.profile),
        ("aisbom:sovereignty:profile_digest", f"sha256:{score.profile_digest}"),
    ]
    rows += [("aisbom:sovereignty:home", code) for code in score.home]
    if score.home_from:
        rows.append(("aisbom:sovereignty:home_from", score.home_from))
    for role, prefix in (("overall", "score"), ("core", "core"), ("peripheral", "peripheral")):
        low, high = score.totals[role]
        rows += [
            (f"aisbom:sovereignty:{prefix}_low", number(low)),
            (f"aisbom:sovereignty:{prefix}_high", number(high)),
        ]
    rows += [
        ("aisbom:sovereignty:coverage", number(score.coverage)),
        ("aisbom:sovereignty:verdict", judgement.verdict),
    ]
    rows += [
        ("aisbom:sovereignty:requirement", f"{v.id} {v.verdict}") for v in judgement.requirements
    ]
    if score.objectives:
        low, high = weighted_share(score.objectives)
        rows += [
            ("aisbom:sovereignty:objectives_low", number(low)),
            ("aisbom:sovereignty:objectives_high", number(high)),
        ]
    rows += [("aisbom:sovereignty:override", text) for text in score.overrides]
    for role, shares in score.countries.items():
        rows += [
            (f"aisbom:sovereignty:{role}_share", f"{country} {number(share)}")
            for country, share in shares.items()
        ]
    rows += [("aisbom:sovereignty:missing", kind) for kind in score.missing]
    rows += [
        ("aisbom:gap:count", str(len(scan.gaps))),
        ("aisbom:scan:files", dict(scan.facts).get("files", "0")),
        ("aisbom:knowledge:digest", f"sha256:{dict(scan.facts).get('knowledge', '')}"),
        ("aisbom:index:coverage", dict(scan.facts).get("index", "not stated")),
    ]
    rows += _readers(scan)
    rows += [("aisbom:gap", gap_text(gap)) for gap in scan.gaps[:MAX_GAPS]]
    return rows


def _readers(scan: Scan) -> list[tuple[str, str]]:
    """Who of those that saw something saw content, or only names; the others saw statements."""
    seen = {(o.evidence.sees, o.evidence.by) for c in scan.components for o in c.observations}
    return [(f"aisbom:reader:{sees}", by) for sees, by in sorted(seen) if sees != "statement"]


def gap_text(gap: Gap) -> str:
    """`place: reason [who]`, the form in which gaps are printed and written."""
    return f"{gap.at}: {gap.reason} [{gap.by}]"


def _dependencies(scan: Scan) -> list[Json]:
    targets: dict[str, set[str]] = {c.ref: set() for c in scan.components}
    for relation in scan.relations:
        targets[relation.source].add(relation.target)
    return [{"ref": ref, "dependsOn": sorted(found)} for ref, found in sorted(targets.items())]


def _compositions(scan: Scan) -> list[Json]:
    """What is known to be complete and what is not. Nothing is complete unless a tool that
    installed or locked it said all of it.
    """
    installed = {
        c.ref
        for c in scan.components
        if any(o.kind == "distribution" and o.fact("installed") for o in c.observations)
    }
    locked = {c.ref for c in scan.components if "locked" in c.kinds} - installed
    unmet = {r for r in installed if any(gap.kind == "unmet" for gap in scan.gaps)}
    complete = sorted((installed | locked) - unmet)
    rest = sorted({c.ref for c in scan.components} - set(complete) - {scan.root})
    rows: list[Json] = [
        {
            "bom-ref": "composition-tree",
            "aggregate": "incomplete" if scan.gaps else "unknown",
            "assemblies": [scan.root],
            "dependencies": [scan.root],
        }
    ]
    if complete:
        rows.append(
            {"bom-ref": "composition-resolved", "aggregate": "complete", "dependencies": complete}
        )
    if rest:
        rows.append(
            {"bom-ref": "composition-declared", "aggregate": "unknown", "dependencies": rest}
        )
    return rows


def _declarations(scan: Scan, judgement: Judgement, stamp: str) -> Json:
    """Every claim with its evidence and with what speaks against it; roles that a profile gives
    stand in the properties alone.
    """
    told = [
        c
        for c in scan.claims
        if c.attribute not in ("class", "role", "path-role") or c.status != "derived"
    ]
    if not told and not judgement.requirements:
        return {}
    evidence: dict[str, Json] = {}
    against: dict[tuple[str, str], list[Claim]] = {}
    for claim in told:
        against.setdefault((claim.subject, claim.attribute), []).append(claim)
    claims = []
    for claim in told:
        refs = [_evidence(e, claim, evidence, stamp) for e in claim.evidence]
        counter = [
            _evidence(e, other, evidence, stamp)
            for other in against[claim.subject, claim.attribute]
            if other.value not in (claim.value, "unknown")
            and claim.value != "unknown"
            and claim.attribute not in (*REPEATABLE, *GRADED)
            for e in other.evidence
        ]
        row: Json = {
            "bom-ref": claim.ref,
            "target": claim.subject,
            "predicate": f"{claim.attribute}={claim.value}",
            "reasoning": (
                f"{claim.status}; confidence"
                f" {max(claim.evidence, key=lambda e: CONFIDENCE[e.confidence]).confidence}"
            ),
            "evidence": sorted(set(refs)),
        }
        if counter:
            row["counterEvidence"] = sorted(set(counter))
        claims.append(row)
    organization = {"name": "aisbom (automated)", "url": ["https://pypi.org/project/aisbom/"]}
    made: Json = {
        "assessors": [{"bom-ref": ASSESSOR, "thirdParty": False, "organization": organization}]
    }
    attested = attestations(judgement, ASSESSOR, {claim.ref: claim for claim in told})
    if attested:
        made["attestations"] = attested
    if told:
        made["claims"] = sorted(claims, key=lambda row: str(row["bom-ref"]))
        made["evidence"] = [evidence[ref] for ref in sorted(evidence)]
    return made


def _evidence(e: Evidence, claim: Claim, found: dict[str, Json], stamp: str) -> str:
    ref = "e-" + digest([claim.attribute, *e.key])[:12]
    if ref not in found:
        data = {
            "by": e.by,
            "technique": e.technique,
            "confidence": e.confidence,
            "at": str(e.at),
            "excerpt": e.excerpt,
            **({"facts": e.facts} if e.facts else {}),
        }
        content = json.dumps(data, sort_keys=True, ensure_ascii=False)
        row: Json = {
            "bom-ref": ref,
            "propertyName": f"aisbom:{claim.attribute.replace('.', ':')}",
            "description": f"{e.by} at {e.at}" + (f": {e.excerpt}" if e.excerpt else ""),
            "data": [
                {
                    "name": "sighting",
                    "contents": {
                        "attachment": {"contentType": "application/json", "content": content}
                    },
                }
            ],
            "author": {"name": f"aisbom {__version__}"},
        }
        if stamp:
            row["created"] = stamp
        found[ref] = row
    return ref


def versions() -> tuple[str, ...]:
    """The CycloneDX versions that can be written."""
    return _SPEC_VERSIONS
