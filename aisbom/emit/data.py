"""A score as the JSON object that `docs/contract` promises to scripts."""

from __future__ import annotations

from typing import Any

from aisbom.score import Interval, Score


def score_data(score: Score) -> dict[str, Any]:
    """`profile, home, overall, core, peripheral, coverage, weakest, contributions, moves` and what they rest on."""
    made: dict[str, Any] = {
        "profile": score.profile,
        "profile_digest": f"sha256:{score.profile_digest}",
        "home": list(score.home),
        "home_from": score.home_from,
    }
    for role in ("overall", "core", "peripheral"):
        made[role] = {**{leg: _pair(interval) for leg, interval in score.legs[role].items()}, "total": _pair(score.totals[role])}
    made["countries"] = {role: {country: round(share, 4) for country, share in shares.items()} for role, shares in score.countries.items()}
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
        for m in score.moves
    ]
    return made


def _pair(interval: Interval) -> list[float]:
    return [round(interval[0], 4), round(interval[1], 4)]
