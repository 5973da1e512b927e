"""Small classified stacks for rules: parts with claims, nothing read from disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aisbom.judge import Rule, Verdict, evaluate, parse
from aisbom.model import (
    Claim,
    Component,
    Confidence,
    Evidence,
    Gap,
    Location,
    Observation,
    Scan,
    Status,
)
from aisbom.model.ledger import Ledger

KINDS = {"weights": "machine-learning-model", "code": "file"}


def evidence(
    by: str, path: str = "x.toml", line: int = 3, confidence: Confidence = "medium"
) -> tuple[Evidence, ...]:
    return (Evidence(by, "manifest-analysis", confidence, Location(path, line)),)


def claim(
    ref: str, attribute: str, value: str, by: str = "rule", status: Status = "derived", **more: Any
) -> Claim:
    return Claim(ref, attribute, value, evidence(f"{by}-{value}", **more), status)


class Part:
    """A component and its claims: `Part("backbone-weights", "w", **{"origin.trained": "KR"})`;
    several values contest.
    """

    def __init__(
        self,
        kind: str,
        name: str,
        role: str = "core",
        by: str = "weights",
        path: str = "",
        **said: str | Sequence[str],
    ) -> None:
        at = path or f"{name}/file"
        seen = Observation(
            "weights", name, "", "", Evidence(by, "manifest-analysis", "high", Location(at, 1))
        )
        self.component = Component(
            name, KINDS.get(kind.rpartition("-")[2], "library"), name, "", "", (seen,)
        )
        rows = {
            "class": kind,
            "role": role,
            "path-role": "product",
            **{key.replace("_", "-"): value for key, value in said.items()},
        }
        self.claims = [
            claim(name, key, value)
            for key, values in rows.items()
            for value in ((values,) if isinstance(values, str) else values)
        ]


def scan(*parts: Part, gaps: int = 0, more: Sequence[Claim] = ()) -> Scan:
    root = Component("root", "application", "root", "", "", ())
    missing = tuple(Gap("test", Location(f"gap{n}"), "unreadable") for n in range(gaps))
    return Scan(
        "root",
        (root, *(p.component for p in parts)),
        (),
        (*(c for p in parts for c in p.claims), *more),
        missing,
    )


def rule(**keys: Any) -> Rule:
    row = {
        "id": "r",
        "leg": "technical",
        "title": "t",
        "message": "why",
        "help": "settle",
        **{k.replace("_", "-"): v for k, v in keys.items()},
    }
    return parse([row], "p.toml")[0]


def ask(
    asked: Rule, scanned: Scan, *home: str, free: dict[str, float] | None = None, score: Any = None
) -> Verdict:
    return evaluate(asked, scanned, Ledger(scanned.claims), home, (free or {}).get, score=score)
