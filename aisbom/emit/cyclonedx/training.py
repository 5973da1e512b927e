"""Training as `formulation.workflows`, and the files that tell of it as references of the model.

A workflow says what a log states, and who says so; that a training ran like this it does not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from aisbom.bom.training import told
from aisbom.model import Claim, Component, Evidence, Scan, digest

Json = dict[str, Any]


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
            rows[o.evidence.at.path] = _of_facts(
                component.ref, o.evidence, dict(o.facts), vocabulary
            )
    for claim in claims:
        for e in claim.evidence if claim.status == "declared" else ():
            if e.fact("sha256"):
                beside = rows.get(e.at.path)
                found = _of_facts(component.ref, e, dict(e.facts), vocabulary)
                if beside and not found.words:
                    found = beside._replace(sha256=found.sha256, by=found.by)
                rows[e.at.path] = found
    return [rows[path] for path in sorted(rows)]


def _of_facts(ref: str, seen: Evidence, facts: Mapping[str, str], vocabulary: int) -> Told:
    return Told(
        ref,
        seen.at.path,
        facts.get("sha256", ""),
        told(facts, vocabulary),
        facts.get("declared-by", ""),
        facts.get("started", ""),
        facts.get("ended", ""),
    )


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
