"""A classified scan under a profile: its score, its requirements, and what would settle it.

A requirement is data (rule.py, docs/policy.md), and its answer over a classified scan is pass, fail
or unknown, with the claims and places it rests on. What is not known, or contested, decides
nothing. Requirements come before any average: the score knows no verdict.
"""

from __future__ import annotations

from dataclasses import dataclass

from aisbom.judge.evaluate import Case
from aisbom.judge.freedoms import Freedom
from aisbom.judge.profile import Profile
from aisbom.judge.requirements import Outcome, floors, outcome
from aisbom.judge.rule import Verdict
from aisbom.judge.score import Home, Score, score
from aisbom.judge.sensitivity import Move, moves
from aisbom.model import Scan
from aisbom.model.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Judgement:
    """A score, the requirements of its profile with the verdict they come to, and the open
    questions that move the score most.
    """

    score: Score
    requirements: tuple[Verdict, ...]
    verdict: Outcome
    moves: tuple[Move, ...]


def judge(scan: Scan, profile: Profile, home: Home, freedom: Freedom) -> Judgement:
    """The judgement of a classified scan."""
    ledger = Ledger(scan.claims)
    made = score(scan, ledger, profile, home, freedom)
    case = Case(scan, ledger, made.home, profile.facets, freedom, made.shares)
    verdicts = floors(profile, case, made.objectives)
    return Judgement(
        made,
        verdicts,
        outcome(verdicts),
        moves(made.contributions, profile, made.missing, made.totals, made.home),
    )
