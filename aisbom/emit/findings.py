"""The verdict of a policy in words that every form of it shares: in which order, what speaks
against a requirement, and what a reader must know beside.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.emit.html.words import Words, words
from aisbom.judge.policy import Result
from aisbom.judge.rule import Finding, Verdict, Word
from aisbom.model.plain import plain


def order(result: Result) -> list[Verdict]:
    """What is violated first, then what is undecided, then what holds; each in the order of the
    policy.
    """
    return sorted(result.requirements, key=lambda v: ("fail", "unknown", "pass").index(v.verdict))


def list_telling(verdict: Verdict) -> tuple[Finding, ...]:
    """The findings that speak against a requirement, violations first; none where it holds."""
    if verdict.verdict == "pass":
        return ()
    rows = verdict.findings if verdict.every else verdict.deciding
    return tuple(
        sorted((f for f in rows if f.verdict != "pass"), key=lambda f: f.verdict != "fail")
    )


def sentence(verdict: Verdict, finding: Finding | None = None, say: Words | None = None) -> str:
    """What was found, why it matters and what would settle it, for one component, or for all."""
    say = say or words("en")
    found = f"{say.phrase(finding.said if finding else verdict.said)}."
    named = f"{finding.name}: " if finding and finding.name else ""
    undecided = finding is not None and finding.verdict == "unknown"
    return plain(
        say(
            "annotation.sentence",
            opening=say("annotation.undecided") if undecided else "",
            found=f"{named}{found}",
            why=say.rule(verdict.why),
            settle=say.rule(verdict.settle),
        )
    )


def counts(result: Result, say: Words | None = None) -> str:
    """`5 requirements: 3 pass, 1 fail, 1 unknown`, in the words of a language."""
    say = say or words("en")
    rows = [v.verdict for v in result.requirements]
    kinds: tuple[Word, ...] = ("pass", "fail", "unknown")
    found = ", ".join(say(f"check.count.{word}", count=rows.count(word)) for word in kinds)
    return say("check.counts", count=len(rows), found=found)


def asides(result: Result, say: Words | None = None) -> Iterator[str]:
    """What a reader must know beside the requirements, a line each: waivers used, expired and idle,
    what of the tree's configuration does not count, and gaps.
    """
    say = say or words("en")
    for w in result.waived:
        yield plain(
            say(
                "aside.waived",
                requirement=w.requirement,
                part=w.finding.name or say("aside.whole"),
                found=f"{say(f'check.word.{w.finding.verdict}')}: {say.phrase(w.finding.said)}",
                until=w.waiver.expires.isoformat(),
                owner=w.waiver.owner,
                reason=w.waiver.reason,
            )
        )
    for expired in result.expired:
        yield plain(
            say(
                "aside.expired",
                place=expired.place,
                requirement=expired.requirement,
                part=expired.component,
                until=expired.expires.isoformat(),
                owner=expired.owner,
            )
        )
    for idle in result.idle:
        yield plain(
            say("aside.idle", place=idle.place, requirement=idle.requirement, part=idle.component)
        )
    for line in result.unapplied:
        yield plain(say("aside.unapplied", line=line))
    if result.gaps:
        yield say("aside.gaps", count=result.gaps)
