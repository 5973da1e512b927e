"""A score and the verdict of a policy as the JSON objects that scripts read."""

from __future__ import annotations

from typing import Any

from aisbom.judge import Judgement
from aisbom.judge.interval import Interval
from aisbom.judge.policy import Result
from aisbom.judge.rule import Verdict
from aisbom.judge.score import Score, weighted_share


def score_data(judgement: Judgement) -> dict[str, Any]:
    """`profile, home, overall, core, peripheral, coverage, weakest, contributions, moves`, the
    floors, and what they rest on.
    """
    score = judgement.score
    made: dict[str, Any] = {
        "profile": score.profile,
        "profile_digest": f"sha256:{score.profile_digest}",
        "home": list(score.home),
        "home_from": score.home_from,
    }
    made["verdict"] = judgement.verdict
    made["requirements"] = [verdict_data(row) for row in judgement.requirements]
    for role in ("overall", "core", "peripheral"):
        made[role] = {
            **{leg: _pair(interval) for leg, interval in score.legs[role].items()},
            "total": _pair(score.totals[role]),
        }
    made["countries"] = {
        role: {country: round(share, 4) for country, share in shares.items()}
        for role, shares in score.countries.items()
    }
    made["coverage"] = round(score.coverage, 4)
    made["weakest"] = score.weakest
    made["missing"] = list(score.missing)
    made["contributions"] = [
        {
            "component": c.ref,
            "name": c.name,
            "role": c.role,
            "class": c.kind,
            "leg": c.leg,
            "degree": _pair((c.low, c.high)),
            "size": c.size,
            "why": c.why,
            "claims": list(c.claims),
        }
        for c in score.contributions
    ]
    made["moves"] = [
        {
            "component": m.ref,
            "name": m.name,
            "role": m.role,
            "leg": m.leg,
            "question": m.question,
            "now": _pair(m.now),
            "if_best": _pair(m.best),
            "if_worst": _pair(m.worst),
        }
        for m in judgement.moves
    ]
    if score.objectives:
        made["objectives"] = [
            {
                "id": row.id,
                "title": row.title,
                "weight": row.weight,
                "share": _pair(row.share),
                "level": row.level,
                "answered_by": row.answered_by or "nothing",
                "claims": list(row.claims),
            }
            for row in score.objectives
        ]
        made["objectives_score"] = _pair(weighted_share(score.objectives))
    made["overrides"] = list(score.overrides)
    return made


def verdict_data(row: Verdict) -> dict[str, Any]:
    """One requirement: `id, leg, verdict, claims, message`, and what they are about."""
    return {
        "id": row.id,
        "leg": row.leg,
        "title": row.title,
        "severity": row.severity,
        "verdict": row.verdict,
        "components": list(row.components),
        "claims": list(row.claims),
        "places": [str(at) for at in row.places],
        "message": row.message,
    }


def policy_data(result: Result, score: Score, strict: bool = False) -> dict[str, Any]:
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
        "score": {role: _pair(score.totals[role]) for role in ("overall", "core", "peripheral")},
        "requirements": [_requirement(v) for v in result.requirements],
        "waived": [
            {
                "requirement": w.requirement,
                "component": w.finding.ref,
                "name": w.finding.name,
                "verdict": w.finding.verdict,
                "found": w.finding.description,
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
        "found": v.description,
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
                "found": f.description,
                "role": f.role,
                "path_role": f.path_role,
                "claims": list(f.claims),
                "places": [str(at) for at in f.places],
            }
            for f in v.findings
        ],
    }


def _pair(interval: Interval) -> list[float]:
    return [round(interval[0], 4), round(interval[1], 4)]
