"""Where the files of one model disagree with each other: one sentence a finding, with both places.

A finding says that two files cannot both be right, or that one says what the other leaves out;
which of them is wrong it does not say. Silence is the rule: a name that only tells an architecture,
a source that the card owns up to, padded vocabularies, rounded parameter counts and quantised files
are no contradictions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from aisbom.identify.cite import facts
from aisbom.identify.model_findings import ID, finding
from aisbom.identify.scratch_claims import Documents, from_scratch
from aisbom.identify.stated_sizes import parameters, shapes
from aisbom.knowledge import Knowledge, Organisation
from aisbom.lazy_module import Function
from aisbom.model import Claim, Component, Scan
from aisbom.model.facts import MENTIONS
from aisbom.model.ledger import Ledger
from aisbom.model.sentences import say

# Needed only where a notice or a README lists what was taken over.
_UNCREDITED = Function("aisbom.identify.unlisted_weights", "claim_missing_credit")
_UNNOTICED = Function("aisbom.identify.unlisted_weights", "claim_missing_notice")


def contradictions(scan: Scan, ledger: Ledger, knowledge: Knowledge) -> Iterator[Claim]:
    """The findings about every model of a tree and its parts."""
    by_ref = {c.ref: c for c in scan.components}
    models = {c.ref for c in scan.components if c.kind == "machine-learning-model"}
    inside: dict[str, list[Component]] = {}
    held = set()
    for relation in scan.relations:
        if relation.kind == "contains" and relation.source in models and relation.target in models:
            inside.setdefault(relation.source, []).append(by_ref[relation.target])
            held.add(relation.target)
    lists = sorted(
        {
            (o.evidence.at, o.evidence, mentions.words)
            for c in scan.components
            for o in c.observations
            for mentions in o.get(MENTIONS)
        }
    )
    documents = Documents(scan, [by_ref[ref] for ref in sorted(models - held)])
    if lists:
        yield from _UNCREDITED(scan, ledger, lists, knowledge)
    for ref in sorted(models):
        model = by_ref[ref]
        parts = sorted(_below(ref, inside))
        if ref not in held:
            yield from from_scratch(model, parts, documents, knowledge)
            yield from parameters(model, parts)
            if lists:
                yield from _UNNOTICED(model, parts, lists, knowledge)
        # What a language model inside the same files says is said of that part.
        if not any(
            "#" in p.ref
            and p.fact("part").endswith("language-model")
            and p.facts("hidden-size")
            and p.weights
            for p in parts
        ):
            yield from shapes(model)
        yield from _header(model, knowledge)
        yield from _bases(model)


def _below(ref: str, inside: Mapping[str, Sequence[Component]], depth: int = 0) -> list[Component]:
    rows = []
    for part in inside.get(ref, ()):
        rows += [part, *(_below(part.ref, inside, depth + 1) if depth < 8 else [])]
    return rows


def _header(model: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """The header of a weight file names an architecture of one lab, the configuration beside it
    that of another.
    """
    for seen in facts(model, "header-architecture"):
        one = _family(seen.words, knowledge)
        for said in facts(model, "model-type"):
            other = _family(said.words, knowledge)
            if one and other and one.id != other.id:
                named = (seen.words, one.name, seen.evidence.at)
                sentence = say("architecture", *named, said.words, other.name, said.evidence.at)
                yield finding(model, sentence, seen.evidence, said.evidence)


def _family(words: str, knowledge: Knowledge) -> Organisation | None:
    plain = re.sub(r"[^a-z0-9]", "", words.lower())
    ids = {
        row.organisations
        for name, row in knowledge.families.items()
        if re.sub(r"[^a-z0-9]", "", name.lower()) == plain
    }
    one = next(iter(ids)) if len(ids) == 1 else ()
    return knowledge.organisation(one[0]) if len(one) == 1 else None


def _bases(model: Component) -> Iterator[Claim]:
    """The card of an adapter names another base model than its configuration."""
    told = [seen for seen in facts(model, "base-model") if ID.fullmatch(seen.words)]
    loaded = [seen for seen in told if seen.evidence.at.path.endswith("adapter_config.json")]
    stated = [seen for seen in told if seen not in loaded]
    if (
        loaded
        and stated
        and not {s.words.casefold() for s in stated} & {s.words.casefold() for s in loaded}
    ):
        one, two = stated[0], loaded[0]
        sentence = say("base-model", one.words, one.evidence.at, two.words, two.evidence.at)
        yield finding(model, sentence, one.evidence, two.evidence)
