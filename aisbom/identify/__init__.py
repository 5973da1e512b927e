"""Identifiers: one file per question, registered here, one line each."""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.identify import code, initialisation, licence, model_origin, model_parts, observed, origin, references, weights_from
from aisbom.identify.code import inherited
from aisbom.identify.conflicts import conflicts
from aisbom.identify.contradictions import contradictions
from aisbom.identify.fossils import fossils
from aisbom.identify.identifier import Identifier
from aisbom.identify.lineage import lineage
from aisbom.identify.released import released
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component

IDENTIFIERS: tuple[Identifier, ...] = (
    origin.developed,
    model_origin.trained,
    model_origin.architecture,
    references.operated,
    references.collected,
    references.fetched,
    references.tokenizer,
    initialisation.initialised,
    model_parts.ancestry,
    model_parts.weights_from,
    model_parts.initialised,
    model_parts.trained,
    licence.declared,
    observed.observed,
    observed.concluded,
    observed.stewards,
    code.holders,
    code.licences,
    weights_from.weights_from,
)

__all__ = ["IDENTIFIERS", "conflicts", "contradictions", "fossils", "identify", "inherited", "lineage"]


def identify(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """The claims of every identifier about one component, with organisations as they were when it was released."""
    knowledge = knowledge.at(released(component))
    for identifier in IDENTIFIERS:
        yield from identifier(component, knowledge)
