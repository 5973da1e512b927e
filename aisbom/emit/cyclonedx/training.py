"""Files that tell of a training, as references of their model and workflows of `formulation`, and
back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import quote, unquote

from aisbom.bom import Log, Part
from aisbom.emit.cyclonedx.names import Json, property_name
from aisbom.model import digest

KINDS = ("log", "evidence")
"""The types of references that are logs."""

_NOBODY = "the log, which nobody declares"
_BY = "declared by "


def write_reference(log: Log) -> Json:
    """A reference of the type `log` or `evidence` with its digest; the URL is the path."""
    row: Json = {"type": "log" if log.words else "evidence", "url": quote(log.path)}
    if log.by:
        row["comment"] = f"{_BY}{log.by}"
    if log.sha256:
        row["hashes"] = [{"alg": "SHA-256", "content": log.sha256}]
    return row


def read_reference(row: Json) -> Log:
    """What the reference says; the words of a log stand in its workflow."""
    digests = row.get("hashes", [])
    return Log(
        path=unquote(str(row["url"])),
        sha256=str(digests[0]["content"]) if digests else "",
        by=str(row.get("comment", "")).removeprefix(_BY),
    )


def formulation(parts: Iterable[Part]) -> list[Json]:
    """`formulation` with one workflow a log; empty where no log could be read."""
    workflows = [_workflow(part.ref, log) for part in parts for log in part.logs if log.words]
    return [{"bom-ref": "formula-training", "workflows": workflows}] if workflows else []


def read_formulation(rows: Iterable[Json]) -> Mapping[str, Json]:
    """Workflows by their ref."""
    return {str(flow["bom-ref"]): flow for row in rows for flow in row.get("workflows", [])}


def with_words(part: Part, workflows: Mapping[str, Json]) -> Part:
    """The part with what the workflows say of its logs."""
    if not part.logs:
        return part
    return replace(part, logs=tuple(_with_words(part.ref, log, workflows) for log in part.logs))


def _with_words(subject: str, log: Log, workflows: Mapping[str, Json]) -> Log:
    row = workflows.get(_ref(subject, log))
    if row is None:
        return log
    return replace(
        log,
        words=str(row["description"]).removeprefix(f"{log.path}: "),
        started=str(row.get("timeStart", "")),
        ended=str(row.get("timeEnd", "")),
    )


def _ref(subject: str, log: Log) -> str:
    return "workflow-" + digest([subject, log.path])[:12]


def _workflow(subject: str, log: Log) -> Json:
    ref = _ref(subject, log)
    row: Json = {
        "bom-ref": ref,
        "uid": ref,
        "name": "training, as a log tells it",
        "description": f"{log.path}: {log.words}",
        "taskTypes": ["other"],
        "inputs": [{"resource": {"externalReference": write_reference(log)}}],
        "outputs": [{"type": "artifact", "resource": {"ref": subject}}],
    }
    if log.started:
        row["timeStart"] = log.started
    if log.ended:
        row["timeEnd"] = log.ended
    row["properties"] = [{"name": property_name("training.said_by"), "value": log.by or _NOBODY}]
    return row
