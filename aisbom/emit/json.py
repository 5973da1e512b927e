"""A score as the JSON object that `docs/contract` promises to scripts."""

from __future__ import annotations

from typing import Any

from aisbom.judge import Judgement
from aisbom.judge.interval import Interval
from aisbom.judge.rule import Verdict
from aisbom.judge.score import weighted_share


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


def _pair(interval: Interval) -> list[float]:
    return [round(interval[0], 4), round(interval[1], 4)]
