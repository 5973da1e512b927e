"""The verdict of a policy for scripts and job summaries: JSON and Markdown; for a terminal see
`verdict.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from aisbom.judge.policy import Result
from aisbom.judge.rule import Finding, Verdict
from aisbom.judge.score import Score
from aisbom.model.plain import plain

MAX_MARKDOWN = 1024 * 1024 - 4096
"""A job summary may have 1 MiB a step; the rest is for what the workflow adds."""

_SHOWN = 20
_MARKS = re.compile(r"([\\`*_{}\[\]()#+!|~@:-])")


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


def data(result: Result, score: Score, strict: bool = False) -> dict[str, Any]:
    """The JSON object of the contract: `verdict`, `requirements[]`, `waived[]`, and what they rest
    on.
    """
    return {
        "policy": {
            "name": result.policy.name,
            "version": result.policy.version,
            "title": result.policy.title,
            "digest": f"sha256:{result.policy.digest}",
            "on_unknown": result.policy.on_unknown,
        },
        "profile": result.profile,
        "home": list(result.home),
        "verdict": result.verdict,
        "holds": result.holds(strict),
        "score": {
            role: [round(score.totals[role][0], 4), round(score.totals[role][1], 4)]
            for role in ("overall", "core", "peripheral")
        },
        "requirements": [_requirement(v) for v in result.requirements],
        "waived": [
            {
                "requirement": w.requirement,
                "component": w.finding.ref,
                "name": w.finding.name,
                "verdict": w.finding.verdict,
                "found": w.finding.found,
                "claims": list(w.finding.claims),
                "reason": w.waiver.reason,
                "owner": w.waiver.owner,
                "expires": w.waiver.expires.isoformat(),
            }
            for w in result.waived
        ],
        **{
            key: [
                {
                    "requirement": w.requirement,
                    "component": w.component,
                    "owner": w.owner,
                    "expires": w.expires.isoformat(),
                    "at": w.place,
                }
                for w in rows
            ]
            for key, rows in (("expired", result.expired), ("idle", result.idle))
        },
        "unapplied": list(result.unapplied),
        "gaps": result.gaps,
    }


def _requirement(v: Verdict) -> dict[str, Any]:
    return {
        "id": v.id,
        "leg": v.leg,
        "title": v.title,
        "severity": v.severity,
        "verdict": v.verdict,
        "message": v.message,
        "found": v.found,
        "why": v.why,
        "settle": v.settle,
        "components": list(v.components),
        "claims": list(v.claims),
        "places": [str(at) for at in v.places],
        "findings": [
            {
                "component": f.ref,
                "name": f.name,
                "purl": f.purl,
                "verdict": f.verdict,
                "found": f.found,
                "role": f.role,
                "path_role": f.path_role,
                "claims": list(f.claims),
                "places": [str(at) for at in f.places],
            }
            for f in v.findings
        ],
    }


def markdown(result: Result, score: Score, strict: bool = False) -> str:
    """A job summary, below 1 MiB: what does not fit is counted."""
    low, high = score.totals["overall"]
    gate = "holds" if result.holds(strict) else "does not hold"
    home = _md(",".join(result.home) or "not given")
    against = f"profile {_md(result.profile)}; home {home}; score {low:.2f} to {high:.2f}"
    head = [
        f"## aisbom: {_md(result.policy.title)}",
        "",
        f"**{result.verdict.upper()}** ({gate}): {counts(result)}.",
        "",
        f"Policy {_md(result.policy.name)}, version {_md(result.policy.version)}; {against}.",
        "",
        "| | requirement | leg | severity | what was found |",
        "|---|---|---|---|---|",
    ]
    rows = [
        f"| {v.verdict} | {_md(v.title)} (`{v.id}`) | {_md(v.leg)} | {v.severity} |"
        f" {_md(v.found, 400)} |"
        for v in ordered(result)
    ]
    details = [line for v in ordered(result) for line in _details(v)]
    notes = [f"- {_md(note, 600)}" for note in asides(result)]
    made = [*head, *rows, "", *details, *([""] if notes else []), *notes]
    kept, size = [], 0
    for number, line in enumerate(made):
        size += len(line.encode()) + 1
        if size > MAX_MARKDOWN:
            kept += [
                "",
                (
                    f"Cut: {len(made) - number} more lines do not fit into a job summary; `--format"
                    " json` has all of it."
                ),
            ]
            break
        kept.append(line)
    return "\n".join(kept)


def _details(v: Verdict) -> Iterator[str]:
    rows = telling(v)
    if v.verdict == "pass":
        return
    yield f"### {v.verdict}: {_md(v.title)}"
    yield ""
    for f in rows[:_SHOWN]:
        at = f" at {_md(str(f.places[0]))}" if f.places else ""
        claims = f" ({', '.join(f.claims[:3])})" if f.claims else ""
        yield (
            f"- {f.verdict}: {_md(f.name)}{at}: {_md(f.found, 600)}{claims}"
            if f.name
            else f"- {f.verdict}: {_md(f.found, 600)}"
        )
    if not rows:
        yield f"- {_md(v.found, 600)}"
    if len(rows) > _SHOWN:
        yield f"- and {len(rows) - _SHOWN} more"
    yield ""
    yield f"Why it matters: {_md(v.why)}"
    yield ""
    yield f"What would settle it: {_md(v.settle)}"
    yield ""


def _md(text: str, limit: int = 300) -> str:
    """Text of strangers that stays text: no markup, no link, no image, no mention."""
    line = plain(text)
    line = line if len(line) <= limit else f"{line[: limit - 1]}…"
    return _MARKS.sub(r"\\\1", line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
