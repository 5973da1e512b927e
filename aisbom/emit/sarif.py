"""The verdict as SARIF 2.1.0, within what GitHub code scanning takes."""

from __future__ import annotations

import gzip
import json
from typing import Any
from urllib.parse import quote

from aisbom.__version__ import __version__
from aisbom.emit.artifact_location import Repository, StatedPaths
from aisbom.emit.findings import asides, counts, list_telling, order, sentence
from aisbom.emit.github import level
from aisbom.judge.policy import Policy, Result
from aisbom.judge.rule import Rule
from aisbom.model import Location, Scan, digest
from aisbom.model.plain import plain

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

MAX_RESULTS = 25_000
"""More in one run and the upload is refused (GitHub, "SARIF results exceed limit"); of these the
5,000 gravest are shown.
"""

SHOWN_RESULTS = 5_000
MAX_PACKED = 10 * 1024 * 1024
"""Bytes of the file after gzip."""

_FINGERPRINT = "aisbomFinding/v1"
_GRAVITY = ("error", "warning", "note")
_PRECISION = {"error": "high", "warning": "medium", "note": "medium"}


def sarif(
    result: Result, scan: Scan, repository: Repository | StatedPaths, strict: bool = False
) -> str:
    """The SARIF log as JSON text. Results stand gravest first, so that a cut drops the least."""
    results = _results(result, scan, repository, "fail" if strict else result.policy.on_unknown)
    kept = results[:MAX_RESULTS]
    while True:
        made = json.dumps(_log(result, kept, len(results)), indent=2, ensure_ascii=False) + "\n"
        if not kept or len(made) < MAX_PACKED or len(gzip.compress(made.encode())) < MAX_PACKED:
            return made
        kept = kept[: len(kept) * 3 // 4]


def _log(result: Result, results: list[dict[str, Any]], found: int) -> dict[str, Any]:
    notes = [_note("note", f"policy {result.policy.name}: {result.verdict} ({counts(result)})")]
    if found > len(results):
        notes.append(
            _note(
                "warning",
                f"cut to what code scanning takes: {len(results)} of {found} results, the gravest"
                " first",
            )
        )
    elif found > SHOWN_RESULTS:
        notes.append(_note("note", f"code scanning shows {SHOWN_RESULTS} of these {found} results"))
    notes += [_note("note", line) for line in list(asides(result))[:100]]
    run = {
        "tool": {
            "driver": {
                "name": "aisbom",
                "semanticVersion": __version__,
                "informationUri": "https://pypi.org/project/aisbom/",
                "rules": [_rule(rule, result.policy) for rule in result.policy.rules],
            }
        },
        "automationDetails": {"id": f"aisbom/{plain(result.policy.name)}/"},
        "columnKind": "utf16CodeUnits",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": results,
        "properties": {
            "verdict": result.verdict,
            "profile": result.profile,
            "home": list(result.home),
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule, policy: Policy) -> dict[str, Any]:
    why = f"{rule.message} What would settle it: {rule.help}."
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.id.replace(".", "-").split("-")),
        "shortDescription": {"text": plain(rule.title)[:1000]},
        "fullDescription": {"text": plain(rule.message)[:1000]},
        "help": {"text": plain(why), "markdown": plain(why)},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {
            "tags": ["sovereignty", f"policy:{plain(policy.name)}", f"leg:{plain(rule.leg)}"],
            "precision": _PRECISION[rule.severity],
            "problem.severity": {"error": "error", "warning": "warning", "note": "recommendation"}[
                rule.severity
            ],
        },
    }


def _results(
    result: Result, scan: Scan, repository: Repository | StatedPaths, on_unknown: str
) -> list[dict[str, Any]]:
    index = {rule.id: number for number, rule in enumerate(result.policy.rules)}
    said = {claim.ref: f"{claim.attribute}={claim.value}" for claim in scan.claims}
    rows = []
    for v in order(result):
        if v.verdict == "pass":
            continue
        for f in list_telling(v):
            claims = sorted({said.get(ref, ref) for ref in f.claims})
            row = _result(
                v.id, index[v.id], level(v.severity, f.verdict, on_unknown), sentence(v, f)
            )
            rows.append(
                {
                    **row,
                    **_places(repository, f.places),
                    **_identity(v.id, f.ref, claims, f.verdict),
                }
            )
        if not list_telling(v):
            row = _result(
                v.id, index[v.id], level(v.severity, v.verdict, on_unknown), plain(v.message)
            )
            rows.append({**row, **_places(repository, ()), **_identity(v.id, "", [], v.verdict)})
    return sorted(rows, key=lambda row: _GRAVITY.index(row["level"]))


def _result(rule: str, index: int, grave: str, message: str) -> dict[str, Any]:
    return {"ruleId": rule, "ruleIndex": index, "level": grave, "message": {"text": message}}


def _places(repository: Repository | StatedPaths, places: tuple[Location, ...]) -> dict[str, Any]:
    found = list(dict.fromkeys(place for at in places if (place := repository.place(at))))
    if not found and (one := repository.first(())):
        found = [one]
    rows = [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": quote(path), "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": line},
            }
        }
        for path, line in found
    ]
    return {"locations": rows} if rows else {}


def _identity(rule: str, ref: str, claims: list[str], word: str) -> dict[str, Any]:
    """What stays the same when lines move: the rule, the component, and what its claims say."""
    return {
        "partialFingerprints": {_FINGERPRINT: digest([rule, ref, claims])},
        "properties": {"verdict": word, "component": ref, "claims": claims},
    }


def _note(grave: str, text: str) -> dict[str, Any]:
    return {"level": grave, "message": {"text": plain(text)}}
