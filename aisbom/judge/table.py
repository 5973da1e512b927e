"""One row for each component and leg, and the intervals that they come to for each class, role and
leg.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aisbom.judge.interval import WHOLE, Interval, compute_weighted_mean, mean
from aisbom.judge.profile import Profile
from aisbom.model.vocabulary import LEGS

SCORED = ("core", "peripheral")


@dataclass(frozen=True, slots=True)
class Contribution:
    """One component's degree under one leg. `size` is parameters, lines or a count; None where it
    is not known.
    """

    ref: str
    name: str
    role: str
    kind: str
    leg: str
    low: float
    high: float
    size: int | None
    answered: bool
    why: str
    claims: tuple[str, ...]


def totals(
    contributions: Sequence[Contribution], profile: Profile, missing: Sequence[str]
) -> tuple[dict[str, dict[str, Interval]], dict[str, Interval]]:
    """Intervals by role and leg, and the total of each role; a class is averaged first, then
    classes by the profile's weights.
    """
    rows: dict[tuple[str, str], dict[str, list[tuple[Interval, int | None]]]] = {}
    for c in contributions:
        rows.setdefault((c.role, c.leg), {}).setdefault(c.kind, []).append(
            ((c.low, c.high), c.size)
        )
    classes: dict[tuple[str, str], list[tuple[Interval, float]]] = {}
    for role in SCORED:
        for leg in LEGS:
            cells = [
                (mean(found), profile.weights[kind])
                for kind, found in sorted(rows.get((role, leg), {}).items())
            ]
            cells += [
                (WHOLE, profile.weights[kind]) for kind in missing if profile.roles[kind] == role
            ]
            classes[role, leg] = cells
    for leg in LEGS:
        classes["overall", leg] = [cell for role in SCORED for cell in classes[role, leg]]
    legs = {
        role: {leg: compute_weighted_mean(classes[role, leg]) for leg in LEGS}
        for role in ("overall", *SCORED)
    }
    totals = {
        role: compute_weighted_mean((legs[role][leg], profile.legs[leg]) for leg in LEGS)
        for role in legs
    }
    return legs, totals
