"""A requirement as data, and its answer over a classified scan: pass, fail or unknown, with the
claims and places it rests on.

Profiles state their floors and policies their rules in this one form (docs/policy.md). What is not
known, or contested, decides nothing: it gives `unknown`, and the message says what evidence would
settle it.
"""

from aisbom.judge.counted import counted
from aisbom.judge.evaluate import Freedom, concluded, evaluate
from aisbom.judge.rule import About, Condition, Finding, Rule, Verdict, Word
from aisbom.judge.rule_table import parse

__all__ = [
    "About",
    "Condition",
    "Finding",
    "Freedom",
    "Rule",
    "Verdict",
    "Word",
    "concluded",
    "counted",
    "evaluate",
    "parse",
]
