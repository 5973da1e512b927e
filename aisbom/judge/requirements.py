"""The floors of a profile: each requirement passes, fails or is unknown, and no average can hide
one that failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

from aisbom.judge.evaluate import Case, conclude_verdict, evaluate
from aisbom.judge.profile import Objective, Profile
from aisbom.judge.rule import About, Condition, Finding, Rule, Verdict, Word
from aisbom.judge.score import Standing
from aisbom.model.phrases import phrase

Outcome = Literal["pass", "fail", "undetermined"]


class AnsweredRequirement(Protocol):
    """A requirement with its verdict, in a judgement or in a bill."""

    @property
    def severity(self) -> str:
        """`error` where it is binding."""

    @property
    def verdict(self) -> Word:
        """How it came out."""


def floors(profile: Profile, case: Case, standings: Sequence[Standing]) -> tuple[Verdict, ...]:
    """The verdict on every requirement of a profile, in its order: the minimum levels of its
    objectives first. `standings` says how far each objective is met.
    """
    levels = [
        _level(objective, standing)
        for objective, standing in zip(profile.objectives, standings, strict=True)
    ]
    return (*levels, *(evaluate(rule, case) for rule in profile.requirements))


def outcome(verdicts: Iterable[Verdict]) -> Outcome:
    """What the binding requirements (severity `error`) come to together; one that failed fails the
    whole, and none decide nothing.
    """
    words = {v.verdict for v in verdicts if v.severity == "error"}
    return "fail" if "fail" in words else "pass" if words == {"pass"} else "undetermined"


def count_binding(rows: Iterable[AnsweredRequirement]) -> str:
    """How the binding requirements came out, in words."""
    words = [row.verdict for row in rows if row.severity == "error"]
    found = [
        f"{words.count(word)} {said}"
        for word, said in (("fail", "failed"), ("unknown", "unknown"), ("pass", "held"))
        if word in words
    ]
    return (
        f"of {len(words)} binding requirements " + ", ".join(found)
        if words
        else "no binding requirement"
    )


def _level(objective: Objective, standing: Standing) -> Verdict:
    """Whether the declared level of an objective reaches its minimum; files never show a level."""
    rule = Rule(
        objective.id.lower(),
        "objective",
        f"{objective.title}: the minimum level is reached",
        "The minimum level comes before the weighted score: a submission below it is out.",
        f"A level from 0 to 4 for the component '.', declared as objective.{objective.id} with the"
        " documents that support it.",
        "error",
        About(),
        Condition("level"),
        True,
        "unknown",
    )
    word: Word = "unknown"
    if objective.minimum is None:
        found = phrase("level-unset")
    elif standing.level is None:
        found = phrase("level-undeclared", objective.minimum)
    else:
        word = "pass" if standing.level >= objective.minimum else "fail"
        found = phrase("level", standing.level, objective.minimum)
    return conclude_verdict(rule, (Finding("", "", "", word, found, standing.claims, ()),))
