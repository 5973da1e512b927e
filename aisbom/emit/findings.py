"""The verdict of a policy in words that every form of it shares: in which order, what speaks
against a requirement, and what a reader must know beside.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.judge.policy import Result
from aisbom.judge.rule import Finding, Verdict
from aisbom.model.plain import plain


def ordered(result: Result) -> list[Verdict]:
    """What is violated first, then what is undecided, then what holds; each in the order of the
    policy.
    """
    return sorted(result.requirements, key=lambda v: ("fail", "unknown", "pass").index(v.verdict))


def telling(verdict: Verdict) -> tuple[Finding, ...]:
    """The findings that speak against a requirement, violations first; none where it holds."""
    if verdict.verdict == "pass":
        return ()
    rows = verdict.findings if verdict.every else verdict.deciding
    return tuple(
        sorted((f for f in rows if f.verdict != "pass"), key=lambda f: f.verdict != "fail")
    )


def sentence(verdict: Verdict, finding: Finding) -> str:
    """What was found, why it matters and what would settle it, for one component."""
    found = f"{finding.name}: {finding.found}." if finding.name else f"{finding.found}."
    opening = "Undecided: " if finding.verdict == "unknown" else ""
    return plain(f"{opening}{found} {verdict.why} What would settle it: {verdict.settle}.")


def counts(result: Result) -> str:
    """`5 requirements: 3 pass, 1 fail, 1 unknown`."""
    rows = [v.verdict for v in result.requirements]
    said = ", ".join(f"{rows.count(word)} {word}" for word in ("pass", "fail", "unknown"))
    return f"{len(rows)} requirement{'' if len(rows) == 1 else 's'}: {said}"


def asides(result: Result) -> Iterator[str]:
    """What a reader must know beside the requirements, a line each: waivers used, expired and idle,
    what of the tree's configuration does not count, and gaps.
    """
    for w in result.waived:
        who = f"until {w.waiver.expires.isoformat()} by {w.waiver.owner}: {w.waiver.reason}"
        yield plain(
            f"waived: {w.requirement} for {w.finding.name or 'the whole'} ({w.finding.verdict}:"
            f" {w.finding.found}) {who}"
        )
    for expired in result.expired:
        row = (
            f"{expired.requirement} for {expired.component} ended on {expired.expires.isoformat()}"
            f" (owner {expired.owner})"
        )
        yield plain(f"expired waiver, waives nothing: {expired.place}: {row}")
    for idle in result.idle:
        yield plain(
            f"idle waiver, matches nothing: {idle.place}: {idle.requirement} for {idle.component}"
        )
    for line in result.unapplied:
        yield plain(f"not applied, the tree has no say over its judgement: {line}")
    if result.gaps:
        yield (
            f"{result.gaps} place{'' if result.gaps == 1 else 's'} could not be looked at: not seen"
            " is not clean"
        )
