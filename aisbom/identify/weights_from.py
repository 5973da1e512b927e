"""Whose weights these are, from what the values of weight files share with known models
(docs/weights.md).

Three strengths, never mixed: equal digests of the values are identity; a part, or values equal only
after rounding, is a claim of medium confidence; units in the same places are similarity, stated
with its null under `match.weights`, and answer nothing by themselves, since they do not tell which
of two models came first.
"""

from __future__ import annotations

from collections.abc import Iterator

from packageurl import PackageURL

from aisbom.identify.cite import UNKNOWN, Rule, SeenFact, of_organisation
from aisbom.knowledge import Knowledge, Organisation
from aisbom.model import Claim, Component, Confidence, Evidence, Observation
from aisbom.model.facts import WEIGHTS_REFERENCES
from aisbom.model.vocabulary import BY_VALUES

ATTRIBUTE = "weights-from"
SIMILAR = "match.weights"
RULE = BY_VALUES
WHOLE = 0.99
_DIRECTION = "; a hint only: weights do not tell which came first"


def weights_from(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`weights-from`, `match.weights`, and for a model that is a known one as a whole
    `initialisation` and `origin.trained`.
    """
    looked = [o for o in component.observations if o.kind == "values"]
    if not looked:
        return
    matches = [o for o in component.observations if o.kind == "match"]
    equal = [o for o in matches if o.fact("weights-from")]
    named = [o for o in equal if not own(component, o.fact("weights-from"))]
    for value in sorted({o.fact("weights-from") for o in named}):
        evidence = tuple(sorted(o.evidence for o in named if o.fact("weights-from") == value))
        yield Claim(component.ref, ATTRIBUTE, value, evidence)
    similar = [
        o for o in matches if o.fact("similar-to") and not own(component, o.fact("similar-to"))
    ]
    for o in sorted(similar):
        yield Claim(
            component.ref,
            SIMILAR,
            f"{o.fact('verdict')} with {o.fact('similar-to')}",
            (o.evidence,),
        )
        hint = _evidence(o, "low", f"{o.fact('verdict')} with {o.fact('reference')}{_DIRECTION}")
        yield Claim(component.ref, ATTRIBUTE, o.fact("similar-to"), (hint,))
    for o in sorted(o for o in matches if o.fact("same-values")):
        yield Claim(component.ref, "same-values", o.fact("same-values"), (o.evidence,))
    if not named:
        number = looked[0].get(WEIGHTS_REFERENCES)[0].number
        read, size = (
            sum(int(o.fact(key)) for o in looked) for key in ("weights-read", "weights-bytes")
        )
        found = "equal only to the reference of its own name" if equal else "nothing equal found"
        words = (
            f"{read:,} of {size:,} bytes of values read, held against {number} references: {found}"
        )
        yield Claim(component.ref, ATTRIBUTE, UNKNOWN, (_evidence(looked[0], "low", words),))
    if component.kind != "file" and not similar:
        yield from _whole(component, knowledge, named)


def entire(component: Component) -> Observation | None:
    """The match of a model that is a known one and nothing else: all that could be evidence on both
    sides is equal by digest.
    """
    looked = {o.evidence.at.path for o in component.observations if o.kind == "values"}
    matches = [o for o in component.observations if o.kind == "match" and o.fact("weights-from")]
    good = [
        o
        for o in matches
        if o.evidence.confidence == "high"
        and min(float(o.fact("share-there")), float(o.fact("share-here"))) >= WHOLE
    ]
    # One answer for the whole: every file of it is a match, with one and the same model.
    one = (
        len({o.fact("weights-from") for o in matches}) == 1
        and {o.evidence.at.path for o in good} == looked
    )
    return good[0] if one and good else None


def own(component: Component, value: str) -> bool:
    """Whether a reference is this very model, by the id that its card or the hub cache gives it."""
    ids = {words.casefold() for words, _ in component.facts("model-id")}
    parsed = _parse_purl(value)
    if parsed is None or not parsed.namespace:
        return False
    same = component.purl.partition("@")[0].casefold() == value.partition("@")[0].casefold()
    return same or f"{parsed.namespace}/{parsed.name}".casefold() in ids


def _whole(component: Component, knowledge: Knowledge, named: list[Observation]) -> Iterator[Claim]:
    match = entire(component)
    if match is None or match not in named:
        return
    value = match.fact("weights-from")
    words = f"all values are those of {match.fact('reference')}: taken over as they are -> frozen"
    yield Claim(component.ref, "initialisation", "frozen", (_evidence(match, "medium", words),))
    row = _maker(value, knowledge)
    if row is not None:
        seen = SeenFact("weights-from", f"{value} (equal values)", match.evidence)
        yield from (
            c
            for c in of_organisation(
                component, "trained", Rule("origin/equal-weights"), row, [seen]
            )
            if c.attribute != "control"
        )


def _maker(value: str, knowledge: Knowledge) -> Organisation | None:
    """Who owns the account that the reference's purl names; a package index says who packed it, not
    who trained it.
    """
    parsed = _parse_purl(value)
    if parsed is None or not parsed.namespace or parsed.type not in ("huggingface", "github"):
        return None
    if parsed.type == "huggingface" and knowledge.not_origin(parsed.namespace, parsed.name):
        return None
    return knowledge.by_owner("hub" if parsed.type == "huggingface" else "github", parsed.namespace)


def _parse_purl(value: str) -> PackageURL | None:
    try:
        return PackageURL.from_string(value)
    except ValueError:
        return None


def _evidence(o: Observation, confidence: Confidence, words: str) -> Evidence:
    return Evidence(RULE, o.evidence.technique, confidence, o.evidence.at, words[:200])
