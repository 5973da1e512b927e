"""A policy: rules, what an undecided one comes to, and waivers that name a reason, an owner and a
last day (docs/policy.md).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase

from aisbom.errors import UsageError
from aisbom.judge.evaluate import Case, conclude_verdict, evaluate
from aisbom.judge.freedoms import Freedom
from aisbom.judge.rule import Finding, Rule, Verdict, Word
from aisbom.judge.score import Score
from aisbom.model import Component, Scan
from aisbom.model.ledger import Ledger
from aisbom.model.phrases import phrase
from aisbom.model.vocabulary import quote


@dataclass(frozen=True, slots=True)
class Waiver:
    """One rule does not count for the components that the glob matches, up to and including the day
    `expires`.
    """

    requirement: str
    component: str
    reason: str
    owner: str
    expires: date
    place: str


@dataclass(frozen=True, slots=True)
class Policy:
    """`profile` is where the policy sees the end of core, `home` for whom it asks (empty: not
    said); `digest` is the file's SHA-256.
    """

    name: str
    version: str
    title: str
    profile: str
    home: tuple[str, ...]
    on_unknown: str
    rules: tuple[Rule, ...]
    waivers: tuple[Waiver, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class WaivedFinding:
    """A finding that a waiver took out of the verdict; it keeps what was found."""

    requirement: str
    finding: Finding
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict of a policy. Only requirements of severity `error` make it; the others are told.

    `expired` waivers waived nothing, `idle` ones matched nothing. `unapplied` is what the judged
    tree says about its own judgement, which does not count.
    """

    policy: Policy
    profile: str
    home: tuple[str, ...]
    verdict: Word
    requirements: tuple[Verdict, ...]
    waived: tuple[WaivedFinding, ...] = field(default=())
    expired: tuple[Waiver, ...] = field(default=())
    idle: tuple[Waiver, ...] = field(default=())
    gaps: int = 0
    unapplied: tuple[str, ...] = ()

    def holds(self, strict: bool = False) -> bool:
        """Whether a gate opens: nothing is violated, and nothing undecided that the policy, or
        `strict`, wants decided.
        """
        return self.verdict == "pass" or (
            self.verdict == "unknown" and not strict and self.policy.on_unknown != "fail"
        )


def today() -> date:
    """The day that waivers are held against: SOURCE_DATE_EPOCH if set, else the clock (UTC). The
    only use of a clock.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"SOURCE_DATE_EPOCH={quote(epoch)}: not a number of seconds since 1970"
        ) from error


def check(policy: Policy, scan: Scan, score: Score, freedom: Freedom, day: date) -> Result:
    """The verdict of every requirement and of the whole, with the waivers that are valid on
    `day`.
    """
    live = [w for w in policy.waivers if w.expires >= day]
    expired = tuple(w for w in policy.waivers if w.expires < day)
    facets = score.definition.facets
    case = Case(scan, Ledger(scan.claims), score.home, facets, freedom, score.shares)
    components = {c.ref: c for c in scan.components}
    verdicts: list[Verdict] = []
    waived: list[WaivedFinding] = []
    for rule in policy.rules:
        verdict = evaluate(rule, case)
        mine = [w for w in live if w.requirement == rule.id]
        taken = {
            f: waiver
            for f in verdict.findings
            if f.verdict != "pass" and (waiver := _first(mine, f, components.get(f.ref)))
        }
        if taken:
            rest = tuple(_waive_finding(f, taken[f]) if f in taken else f for f in verdict.findings)
            verdict = conclude_verdict(rule, rest, len(scan.gaps))
            waived += [WaivedFinding(rule.id, f, waiver) for f, waiver in taken.items()]
        verdicts.append(verdict)
    words = {v.verdict for v in verdicts if v.severity == "error"}
    overall: Word = "fail" if "fail" in words else "unknown" if "unknown" in words else "pass"
    used = {w.waiver for w in waived}
    idle = tuple(w for w in live if w not in used)
    return Result(
        policy,
        score.profile,
        score.home,
        overall,
        tuple(verdicts),
        tuple(waived),
        expired,
        idle,
        len(scan.gaps),
    )


def _first(
    waivers: Sequence[Waiver], finding: Finding, component: Component | None
) -> Waiver | None:
    names = {finding.name, finding.ref, finding.purl, finding.purl.partition("@")[0]} - {""}
    if component is not None:
        names |= {o.evidence.at.path for o in component.observations}
    return next(
        (w for w in waivers if any(fnmatchcase(name, w.component) for name in names or {""})), None
    )


def _waive_finding(finding: Finding, waiver: Waiver) -> Finding:
    until = waiver.expires.isoformat()
    said = phrase("waived", until, waiver.owner, waiver.reason, finding.said)
    return replace(finding, verdict="pass", said=said)
