"""Small classified stacks for rules: parts with claims, nothing read from disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aisbom.judge import profile as profiles
from aisbom.judge.evaluate import Case, evaluate
from aisbom.judge.interval import Shares
from aisbom.judge.rule import Rule, Verdict
from aisbom.judge.rule_table import parse
from aisbom.judge.score import Home, Score, score
from aisbom.model import (
    Claim,
    Component,
    Confidence,
    Evidence,
    Gap,
    Location,
    Observation,
    Scan,
    Sees,
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
        sees: Sees = "content",
        path: str = "",
        **said: str | Sequence[str],
    ) -> None:
        at = path or f"{name}/file"
        seen = Observation(
            "weights",
            name,
            "",
            "",
            Evidence("reader", "manifest-analysis", "high", Location(at, 1), sees=sees),
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
    asked: Rule,
    scanned: Scan,
    *home: str,
    free: dict[str, float] | None = None,
    shares: Shares | None = None,
) -> Verdict:
    facets = profiles.load("model").facets
    ledger = Ledger(scanned.claims)
    return evaluate(asked, Case(scanned, ledger, home, facets, (free or {}).get, shares))


def scored() -> Score:
    """The score of nothing, for a home in KR."""
    home = Home(("KR",), "given")
    return score(scan(), Ledger(), profiles.load("model"), home, lambda _: None)
