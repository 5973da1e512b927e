"""Tokenizers of one tree against each other, and against known public ones: identical, extended, or
of their own.

This routes a question ("why do these two share a vocabulary?") and answers none: a shared tokenizer
is no shared weight.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from aisbom.model import Component, Evidence, Observation
from aisbom.weights import token_sketch

EXTENDS = 0.98
"""One vocabulary extends another when it holds nearly all of it, within what a sketch can tell."""
APART = 0.5
_MOST = 60


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """What one tokenizer holds. `unit` is `vocabulary`, or `merges` where only those are known."""

    ref: str
    path: str
    count: int
    digest: str
    sketch: str
    merges: str
    evidence: Evidence


def compare_tokenizers(components: Iterable[Component]) -> list[Component]:
    """The components, with a sighting more on each tokenizer that was compared: fact `comparison`,
    one sentence each.
    """
    every = list(components)
    held = [row for c in every if c.ref.startswith("tokenizer:") and (row := _read_vocabulary(c))][
        :_MOST
    ]
    said: dict[str, set[str]] = {}
    for row in held:
        known = _public().get(row.digest)
        if known:
            said.setdefault(row.ref, set()).add(f"identical to the public vocabulary {known}")
        for other in held:
            if other.ref != row.ref:
                said.setdefault(row.ref, set()).add(_describe_relation(row, other))
    made = []
    for c in every:
        mine = next((row for row in held if row.ref == c.ref), None)
        if mine and said.get(c.ref):
            seen = replace(
                mine.evidence,
                by="tokenizer-comparison",
                technique="hash-comparison",
                excerpt=f"{mine.count:,} tokens compared",
            )
            more = Observation(
                "tokenizer",
                c.name,
                "",
                "",
                seen,
                tuple(("comparison", text) for text in sorted(said[c.ref])),
            )
            c = replace(c, observations=tuple(sorted({*c.observations, more})))  # noqa: PLW2901
        made.append(c)
    return made


def _read_vocabulary(c: Component) -> _Vocabulary | None:
    for o in c.observations:
        if o.fact("vocabulary-digest"):
            digest, merges = o.fact("vocabulary-digest"), o.fact("merges-digest")
            path = o.evidence.at.path
            return _Vocabulary(
                c.ref,
                path,
                int(o.fact("vocabulary")),
                digest,
                o.fact("vocabulary-sketch"),
                merges,
                o.evidence,
            )
    return None


def _describe_relation(one: _Vocabulary, other: _Vocabulary) -> str:
    """How the vocabulary of one stands to that of the other, in one sentence."""
    if one.digest == other.digest:
        merges = "" if one.merges == other.merges else ", with other merges"
        return (
            f"identical to {other.path}: the same {one.count:,} tokens under the same"
            f" numbers{merges}"
        )
    jaccard = token_sketch.jaccard(one.sketch, other.sketch)
    small, large = min(one.count, other.count), max(one.count, other.count)
    part = min(1.0, jaccard * (small + large) / (1 + jaccard) / small)
    if part >= EXTENDS and large > small:
        word = "extends" if one.count > other.count else "is extended by"
        return (
            f"{word} {other.path}: {one.count:,} and {other.count:,} tokens, about {part:.0%} of"
            " the smaller in the larger"
        )
    word = "independent of" if part < APART else "overlaps with"
    return (
        f"{word} {other.path}: {one.count:,} and {other.count:,} tokens, about {part:.0%} of the"
        " smaller in the larger"
    )


@cache
def _public() -> dict[str, str]:
    """`{digest: name}` of well-known vocabularies."""
    table = tomllib.loads(
        (resources.files("aisbom.knowledge") / "tokenizers.toml").read_text("utf-8")
    )
    return {row["digest"]: row["name"] for row in table["vocabulary"]}
