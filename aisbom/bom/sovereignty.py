"""A judgement as the bill tells it: the score in intervals, and each requirement of the profile
with the claims that speak for and against it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from aisbom.bom import Requirement, Sovereignty
from aisbom.judge import Judgement
from aisbom.judge.profile import list_profiles
from aisbom.judge.rule import Verdict
from aisbom.judge.score import Score, weighted_share
from aisbom.model import Claim
from aisbom.model.ledger import RANK, confidence
from aisbom.model.phrases import Phrase

_DECIMALS = 4
"""So that sums can be checked."""

_ROLES = ("overall", "core", "peripheral")
_LINK = re.compile(r"https?://[^\s;()]+")


def sovereignty(judgement: Judgement, claims: Mapping[str, Claim]) -> Sovereignty:
    """What the judgement comes to; `claims` are those of the bill, by their refs."""
    score, profile = judgement.score, judgement.score.definition
    stated = bool(judgement.requirements)
    return Sovereignty(
        profile=profile.name,
        version=profile.version,
        digest=score.profile_digest,
        home=score.home,
        home_from=score.home_from,
        totals=tuple((role, *_round(score.totals[role])) for role in _ROLES),
        coverage=round(score.coverage, _DECIMALS),
        verdict=judgement.verdict,
        objectives=_round(weighted_share(score.objectives)) if score.objectives else None,
        overrides=score.overrides,
        shares=_shares(score),
        missing=score.missing,
        requirements=tuple(_requirement(v, claims) for v in judgement.requirements),
        title=f"{profile.title}. {profile.modelled_on}" if stated else "",
        shipped=stated and profile.name in list_profiles(),
        links=tuple(dict.fromkeys(_LINK.findall(profile.source))) if stated else (),
    )


def _round(interval: tuple[float, float]) -> tuple[float, float]:
    return round(interval[0], _DECIMALS), round(interval[1], _DECIMALS)


def _shares(score: Score) -> tuple[tuple[str, str, float], ...]:
    return tuple(
        (role, country, round(share, _DECIMALS))
        for role, shares in score.countries.items()
        for country, share in shares.items()
    )


def _requirement(verdict: Verdict, claims: Mapping[str, Claim]) -> Requirement:
    """Claims of the parts for which it holds speak for it, those of the parts for which it fails
    against it; what is unknown has no confidence.
    """
    rests = [claims[ref] for ref in verdict.claims if ref in claims]
    words = [confidence((claim,)) for claim in rests] if verdict.verdict != "unknown" else []
    return Requirement(
        verdict.id,
        verdict.title,
        verdict.why,
        verdict.settle,
        verdict.leg,
        verdict.severity,
        verdict.verdict,
        verdict.description,
        tuple(dict.fromkeys([*_cite(verdict, "pass", claims), *_cite(verdict, "unknown", claims)])),
        _cite(verdict, "fail", claims),
        min(words, key=RANK.__getitem__) if words else "",
        len(words),
        verdict.said if isinstance(verdict.said, Phrase) else "",
    )


def _cite(verdict: Verdict, word: str, claims: Collection[str]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            ref for f in verdict.findings if f.verdict == word for ref in f.claims if ref in claims
        )
    )
