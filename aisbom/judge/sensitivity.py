"""The open questions, and what answering each would do to the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aisbom.judge import table
from aisbom.judge.interval import Interval
from aisbom.judge.profile import Profile
from aisbom.judge.table import SCORED, Contribution
from aisbom.model.vocabulary import LEGS

_QUESTIONS = {
    "origin": "whose is it",
    "control": "under what licence is it used",
    "attribution": "are its licence and notices kept",
}


_FEW = 3
"""More open components of one class than this are one question, not many."""


@dataclass(frozen=True, slots=True)
class Move:
    """What settling one open question would do to the score of its role."""

    ref: str
    name: str
    role: str
    leg: str
    question: str
    now: Interval
    best: Interval
    worst: Interval


def moves(
    contributions: Sequence[Contribution],
    profile: Profile,
    missing: Sequence[str],
    totals: Mapping[str, Interval],
    homes: Sequence[str],
) -> tuple[Move, ...]:
    """The open questions, those that move the score of their role most first (at most ten)."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for number, c in enumerate(contributions):
        # Without a home no origin can be settled: that is one question to the user, not one a
        # component.
        if c.high > c.low and (homes or c.leg != "origin"):
            groups.setdefault((c.role, c.kind, c.leg), []).append(number)
    questions: list[tuple[str, str, str, str, frozenset[int]]] = []
    for (role, kind, leg), numbers in sorted(groups.items()):
        if len(numbers) > _FEW:
            count = len({c.ref for c in contributions if (c.role, c.kind) == (role, kind)})
            name = f"{len(numbers)} of {count} x {kind}"
            questions.append(("", name, role, leg, frozenset(numbers)))
        else:
            questions += [
                (contributions[n].ref, contributions[n].name, role, leg, frozenset([n]))
                for n in numbers
            ]
    moves = [
        Move(
            ref,
            name,
            role,
            leg,
            _QUESTIONS[leg],
            totals[role],
            *_ends(contributions, profile, missing, role, numbers),
        )
        for ref, name, role, leg, numbers in questions
    ]
    for kind in missing:
        role = profile.roles[kind]
        if role in SCORED:
            rest = [m for m in missing if m != kind]
            best, worst = (
                table.totals(
                    [*contributions, *(_whole(kind, role, leg, degree) for leg in LEGS)],
                    profile,
                    rest,
                )[1][role]
                for degree in (1.0, 0.0)
            )
            moves.append(
                Move(
                    "",
                    kind,
                    role,
                    "all",
                    "nothing of this class is in the tree: where is it",
                    totals[role],
                    best,
                    worst,
                )
            )
    moves = [m for m in moves if m.best != m.worst]
    return tuple(
        sorted(
            moves,
            key=lambda m: (
                -(m.best[0] - m.worst[0] + m.best[1] - m.worst[1]),
                m.role,
                m.name,
                m.leg,
            ),
        )[:10]
    )


def _ends(
    contributions: Sequence[Contribution],
    profile: Profile,
    missing: Sequence[str],
    role: str,
    numbers: frozenset[int],
) -> tuple[Interval, Interval]:
    """The role's total if these contributions were settled at their best, and at their worst."""
    ends = []
    for best in (True, False):
        rows = list(contributions)
        for n in numbers:
            degree = rows[n].high if best else rows[n].low
            rows[n] = replace(rows[n], low=degree, high=degree)
        ends.append(table.totals(rows, profile, missing)[1][role])
    return ends[0], ends[1]


def _whole(kind: str, role: str, leg: str, degree: float) -> Contribution:
    return Contribution("", kind, role, kind, leg, degree, degree, 1, True, "", ())
