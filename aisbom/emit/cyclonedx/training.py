"""Training as `formulation.workflows`, and the files that tell of it as references of the model.

A workflow says what a log states, and who says so; that a training ran like this it does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import quote

from aisbom.bom.training import told
from aisbom.model import Claim, Component, Scan, digest

Json = dict[str, Any]

_SUPPORT = re.compile(r"supports it; sha256:(?P<digest>[0-9a-f]{64})(?:; (?P<words>steps .*))?")
_BY = re.compile(r", declared by (?P<by>[^:(]+?)(?=:| \(no supporting|$)")


class Told(NamedTuple):
    """A file that tells of the training of a component; `words` is empty where it is no log that
    could be read.
    """

    subject: str
    path: str
    sha256: str
    words: str
    by: str
    started: str = ""
    ended: str = ""


def told_of(component: Component, claims: Iterable[Claim]) -> list[Told]:
    """What lies beside a model, and what declarations about it name."""
    rows = {}
    vocabulary = vocabulary_of(component)
    for o in component.observations:
        if o.kind == "training-log":
            facts = dict(o.facts)
            path = o.evidence.at.path
            words = told(facts, vocabulary)
            rows[path] = Told(
                component.ref,
                path,
                facts.get("sha256", ""),
                words,
                "",
                facts.get("started", ""),
                facts.get("ended", ""),
            )
    for claim in claims:
        if claim.status != "declared":
            continue
        by = next((found["by"] for e in claim.evidence if (found := _BY.search(e.excerpt))), "")
        for e in claim.evidence:
            if match := _SUPPORT.fullmatch(e.excerpt):
                beside = rows.get(e.at.path)
                words = match["words"] or (beside.words if beside else "")
                dates = (beside.started, beside.ended) if beside else ("", "")
                rows[e.at.path] = Told(component.ref, e.at.path, match["digest"], words, by, *dates)
    return [rows[path] for path in sorted(rows)]


def vocabulary_of(component: Component) -> int:
    """The size of the vocabulary that the configuration states, 0 where it states none or
    several.
    """
    values = {value for value, _ in component.facts("vocab-size")} or {
        value for value, _ in component.facts("text-vocab-size")
    }
    return int(next(iter(values))) if len(values) == 1 else 0


def references(rows: Iterable[Told]) -> list[Json]:
    """`externalReferences` of the types `log` and `evidence`, each with its digest; the URL is the
    path in the tree.
    """
    found = []
    for row in rows:
        reference: Json = {"type": "log" if row.words else "evidence", "url": quote(row.path)}
        if row.by:
            reference["comment"] = f"declared by {row.by}"
        if row.sha256:
            reference["hashes"] = [{"alg": "SHA-256", "content": row.sha256}]
        found.append(reference)
    return found


def formulation(scan: Scan) -> list[Json]:
    """`formulation` with one workflow a log; empty where no log could be read."""
    claims: dict[str, list[Claim]] = {}
    for claim in scan.claims:
        if claim.status == "declared":
            claims.setdefault(claim.subject, []).append(claim)
    workflows = []
    for component in scan.components:
        if component.kind == "machine-learning-model":
            workflows += [
                _workflow(row)
                for row in told_of(component, claims.get(component.ref, ()))
                if row.words
            ]
    return [{"bom-ref": "formula-training", "workflows": workflows}] if workflows else []


def _workflow(row: Told) -> Json:
    ref = "workflow-" + digest([row.subject, row.path])[:12]
    made: Json = {
        "bom-ref": ref,
        "uid": ref,
        "name": "training, as a log tells it",
        "description": f"{row.path}: {row.words}",
        "taskTypes": ["other"],
        "inputs": [{"resource": {"externalReference": references([row])[0]}}],
        "outputs": [{"type": "artifact", "resource": {"ref": row.subject}}],
    }
    if row.started:
        made["timeStart"] = row.started
    if row.ended:
        made["timeEnd"] = row.ended
    made["properties"] = [
        {"name": "aisbom:training:said_by", "value": row.by or "the log, which nobody declares"}
    ]
    return made


def properties(rows: Iterable[Told], component: Component) -> list[tuple[str, str]]:
    """What logs say, as properties of the model."""
    found = [
        (
            "aisbom:training:log",
            f"{row.path}: {row.words}" + (f" [declared by {row.by}]" if row.by else ""),
        )
        for row in rows
        if row.words
    ]
    for o in component.observations:
        if o.kind == "training-log":
            found += [("aisbom:training:hardware", name) for name in o.all("hardware")]
            found += [("aisbom:training:world_size", size) for size in o.all("world-size")]
    return list(dict.fromkeys(found))
