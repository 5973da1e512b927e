"""A requirement as data, and its answer over a classified scan: pass, fail or unknown, with the claims and places it rests on.

Profiles state their floors and policies their rules in this one form (docs/policy.md). What is not known, or contested, decides
nothing: it gives `unknown`, and the message says what evidence would settle it.
"""

from aisbom.rules.answer import Answers, Freedom, answers, concluded, counted, evaluate
from aisbom.rules.parse import parse
from aisbom.rules.rule import About, Condition, Finding, Rule, Verdict, Word

__all__ = [
    "About",
    "Answers",
    "Condition",
    "Finding",
    "Freedom",
    "Rule",
    "Verdict",
    "Word",
    "answers",
    "concluded",
    "counted",
    "evaluate",
    "parse",
]
