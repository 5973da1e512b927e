"""Identifiers: one file per question, registered here, one line each."""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.identify import (
    hub_references,
    initialisation,
    licence,
    licence_files,
    model_origin,
    model_parts,
    origin,
    source_headers,
    weights_from,
)
from aisbom.identify.architecture_widths import fossils
from aisbom.identify.code_lineage import lineage
from aisbom.identify.contradictions import contradictions
from aisbom.identify.identifier import Identifier
from aisbom.identify.licence_conflicts import conflicts
from aisbom.identify.release_date import released
from aisbom.identify.source_headers import inherited
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component

IDENTIFIERS: tuple[Identifier, ...] = (
    origin.developed,
    model_origin.trained,
    model_origin.architecture,
    hub_references.operated,
    hub_references.collected,
    hub_references.fetched,
    hub_references.tokenizer,
    initialisation.initialised,
    model_parts.ancestry,
    model_parts.weights_from,
    model_parts.initialised,
    model_parts.trained,
    licence.declared,
    licence_files.observed,
    licence_files.concluded,
    licence_files.stewards,
    source_headers.holders,
    source_headers.licences,
    weights_from.weights_from,
)

__all__ = [
    "IDENTIFIERS",
    "conflicts",
    "contradictions",
    "fossils",
    "identify",
    "inherited",
    "lineage",
]


def identify(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """The claims of every identifier about one component, with organisations as they were when it
    was released.
    """
    knowledge = knowledge.at(released(component))
    for identifier in IDENTIFIERS:
        yield from identifier(component, knowledge)
