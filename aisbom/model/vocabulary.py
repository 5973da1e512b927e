"""The words that profiles, rules and policies may use, each in one place, and the nearest known
word for a misspelt one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

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

COUNTRY_ATTRIBUTES = (*(f"origin.{stage}" for stage in STAGES), "control")
"""Attributes whose values are ISO 3166-1 alpha-2 codes (several joined by commas) or one of
COUNTRY_WORDS.
"""

COUNTRY_WORDS = ("international", "person-undisclosed")

LICENCES = ("licence.concluded", "licence.declared", "licence.observed")
LICENCE = "licence"
"""The one of LICENCES that counts: the first that has an answer."""

LICENCE_ATTRIBUTES = (LICENCE, *LICENCES)

REPEATABLE = (
    *(
        "code-from",
        "weights-from",
        "architecture-from",
        "match.weights",
        "same-values",
        "contradiction",
        "licence.conflict",
    ),
    "copyright-organisation",
)
"""Attributes of which several values stand side by side without contesting each other."""

FINDINGS = ("contradiction", "licence.conflict")
"""Attributes that exist only where something was found: none is an answer too."""

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "class": CLASSES,
    "role": ROLES,
    "path-role": PATH_ROLES,
    **dict.fromkeys(COUNTRY_ATTRIBUTES, ()),
    **{f"origin.{stage}.organisation": () for stage in STAGES},
    **dict.fromkeys(LICENCE_ATTRIBUTES, ()),
    "initialisation": ("random", "pretrained", "frozen"),
    "attribution": ("kept", "repository-level", "missing", "replaced"),
    "code-from.basis": ("declared", "identical", "derived", "family"),
    **dict.fromkeys(REPEATABLE, ()),
}
"""Every attribute that a rule may ask about, with its words where they are fixed."""


def nearest(word: object, known: Iterable[str]) -> str:
    """`; did you mean 'x'?`, or the list of known words."""
    words = sorted(known)
    near = difflib.get_close_matches(str(word), words, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; one of {', '.join(words)}"


def quoted(value: object) -> str:
    """A value that a stranger wrote, quoted, on one line of at most 80 characters."""
    return repr(value if len(str(value)) <= 80 else f"{str(value)[:79]}…")
