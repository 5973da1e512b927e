"""in-toto statements: which files are spoken of, and what is said of them.

Formats: in-toto Statement v1 (https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md),
predicate https://cyclonedx.org/bom, and test-result v0.1 of in-toto for the verdict of a policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

STATEMENT = "https://in-toto.io/Statement/v1"
BOM = "https://cyclonedx.org/bom"
VERDICT = "https://in-toto.io/attestation/test-result/v0.1"

_DOCUMENT = {"aisbom": "document"}
_RESULTS = {"pass": "PASSED", "fail": "FAILED", "unknown": "WARNED"}
_ROWS = {"pass": "passedTests", "fail": "failedTests", "unknown": "warnedTests"}


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """A file that a statement speaks of: its path in the submission, and its SHA-256 in hex.

    `document` marks the bill of materials itself, which need not lie in the submission.
    """

    name: str
    sha256: str
    document: bool = False


def state_bom(subjects: tuple[Subject, ...], document: Mapping[str, Any]) -> dict[str, Any]:
    """The statement that `document`, a parsed CycloneDX document, is the bill of materials of the
    subjects.
    """
    return _statement(subjects, BOM, document)


def state_verdict(subjects: tuple[Subject, ...], verdict: Mapping[str, Any]) -> dict[str, Any]:
    """The statement of what a policy came to. `verdict` is what `check --format json` prints."""
    policy = verdict["policy"]
    predicate: dict[str, Any] = {
        "result": _RESULTS[verdict["verdict"]],
        "configuration": [
            {
                "name": f"policy {policy['name']}@{policy['version']}",
                "digest": {"sha256": str(policy["digest"]).removeprefix("sha256:")},
                "annotations": {
                    "profile": verdict["profile"],
                    "home": list(verdict["home"]),
                    "score": verdict["score"],
                },
            }
        ],
    }
    for word, key in _ROWS.items():
        predicate[key] = [row["id"] for row in verdict["requirements"] if row["verdict"] == word]
    return _statement(subjects, VERDICT, predicate)


def subjects_of(statement: Mapping[str, Any]) -> tuple[Subject, ...]:
    """The subjects of a parsed statement. Raises ValueError for what is none."""
    if statement.get("_type") != STATEMENT:
        raise ValueError(f"is no {STATEMENT}")
    try:
        return tuple(
            sorted(
                Subject(
                    str(row["name"]),
                    str(row["digest"]["sha256"]),
                    row.get("annotations") == _DOCUMENT,
                )
                for row in statement["subject"]
            )
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("names no subjects with a SHA-256") from error


def _statement(
    subjects: tuple[Subject, ...], kind: str, predicate: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "_type": STATEMENT,
        "subject": [
            {
                "name": one.name,
                "digest": {"sha256": one.sha256},
                **({"annotations": _DOCUMENT} if one.document else {}),
            }
            for one in subjects
        ],
        "predicateType": kind,
        "predicate": dict(predicate),
    }
