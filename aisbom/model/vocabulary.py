"""The words that profiles, rules and policies may use, each in one place, and the nearest known
word for a misspelt one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CLASSES = (
    "backbone-weights",
    "encoder-weights",
    "adapter-weights",
    "tokenizer",
    "training-data",
    "model-code",
    "training-code",
    "inference-code",
    "dependency",
    "service",
    "build-tool",
)
ROLES = ("core", "peripheral", "tooling")
PATH_ROLES = ("product", "test", "example", "docs", "benchmark", "vendored")
SCORE_ROLES = ("overall", "core", "peripheral")
LEGS = ("origin", "control", "attribution")
STAGES = ("developed", "trained", "collected", "operated", "architecture")

COUNTRY_WORDS = ("international", "community", "person-undisclosed")

LICENCES = ("licence.concluded", "licence.declared", "licence.observed")
LICENCE = "licence"
"""The one of LICENCES that counts: the first that has an answer."""

RESTRICTIONS = (
    "non-commercial",
    "research-only",
    "field-of-use",
    "no-training",
    "naming",
    "user-threshold",
    "territory",
    "no-derivatives",
    "no-redistribution",
)
"""What a licence may forbid or ask beyond its notice."""

LICENCE_ATTRIBUTES = (LICENCE, *LICENCES)


@dataclass(frozen=True, slots=True)
class Attribute:
    """A question that rules may ask about. `words` are its values where they are fixed.

    `country`: its values are ISO 3166-1 alpha-2 codes (several joined by commas) or one of
    COUNTRY_WORDS. `several`: values stand side by side without contesting each other. `finding`: it
    exists only where something was found, so that none is an answer too. `graded`: each claim is
    about one part (a holder), `words` rise from the best to the gravest, and the gravest answers.
    """

    words: tuple[str, ...] = ()
    country: bool = False
    several: bool = False
    finding: bool = False
    graded: bool = False
    anywhere: bool = False


_TABLE: Mapping[str, Attribute] = {
    "class": Attribute(CLASSES),
    "role": Attribute(ROLES),
    "path-role": Attribute(PATH_ROLES),
    **{f"origin.{stage}": Attribute(country=True) for stage in STAGES},
    **{f"origin.{stage}.seat": Attribute(country=True) for stage in STAGES},
    "control": Attribute(country=True),
    **{f"origin.{stage}.organisation": Attribute() for stage in STAGES},
    **dict.fromkeys(LICENCE_ATTRIBUTES, Attribute()),
    "initialisation": Attribute(("random", "pretrained", "frozen")),
    "attribution": Attribute(("kept", "repository-level", "missing", "replaced"), graded=True),
    "code-from.basis": Attribute(("declared", "identical", "derived", "family")),
    "code-from": Attribute(several=True),
    "code-from.member": Attribute(several=True),
    "code-from.own": Attribute(several=True),
    "code-from.holder": Attribute(several=True),
    "code-from.country": Attribute(country=True, several=True),
    "weights-from": Attribute(several=True),
    "architecture-from": Attribute(several=True),
    "match.weights": Attribute(several=True),
    "same-values": Attribute(several=True),
    "contradiction": Attribute(several=True, finding=True),
    "licence.conflict": Attribute(several=True, finding=True),
    "fork-of": Attribute(several=True),
    "fork-by": Attribute(several=True),
    "licence.restriction": Attribute(RESTRICTIONS, several=True, finding=True),
    "copyright-organisation": Attribute(several=True),
    "vulnerability": Attribute(several=True, finding=True),
    "vulnerability.severity": Attribute(
        ("none", "low", "medium", "high", "critical", "unrated"), several=True
    ),
    "vulnerability.unaudited": Attribute(several=True, finding=True),
    **{
        attribute: Attribute(several=True, finding=True, anywhere=True)
        for attribute in ("runs-code", "runs-code.remote", "runs-code.loader")
    },
}
"""Every attribute that a rule may ask about: a new one is a row here (CONTRIBUTING.md)."""

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {name: row.words for name, row in _TABLE.items()}
COUNTRY_ATTRIBUTES = tuple(name for name, row in _TABLE.items() if row.country)
REPEATABLE = tuple(name for name, row in _TABLE.items() if row.several)
ANYWHERE = tuple(name for name, row in _TABLE.items() if row.anywhere)
FINDINGS = tuple(name for name, row in _TABLE.items() if row.finding)
GRADED: Mapping[str, tuple[str, ...]] = {
    name: row.words for name, row in _TABLE.items() if row.graded
}
"""The words of graded attributes, the gravest last."""


def nearest(word: object, known: Iterable[str]) -> str:
    """`; did you mean 'x'?`, or the list of known words."""
    words = sorted(known)
    near = difflib.get_close_matches(str(word), words, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; one of {', '.join(words)}"


def quote(value: object) -> str:
    """A value that a stranger wrote, quoted, on one line of at most 80 characters."""
    return repr(value if len(str(value)) <= 80 else f"{str(value)[:79]}…")


ONLY_SHOWN = frozenset({"text", "link", "list"})
"""What a name rests on (`named-by`) where a text shows it and nothing loads it."""

BY_VALUES = "weights/values"
"""The rule that finds weights by equal values."""
BY_PUBLISHED = "weights/hub-table"
"""The rule that answers from published tables what a model was trained on from: of the files that
were read none says so.
"""
