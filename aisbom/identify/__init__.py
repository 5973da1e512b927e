"""Identifiers: one file per question, registered here, one line each."""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.identify import (
    architecture_widths,
    code_lineage,
    contradictions,
    hub_references,
    initialisation,
    licence_conflicts,
    licence_custom,
    licence_files,
    licence_trees,
    listed_folders,
    model_origin,
    model_parts,
    named_files,
    network_classes,
    origin,
    runs_code,
    source_headers,
    vulnerable,
    weights_from,
)
from aisbom.identify.identifier import Identifier, ScanIdentifier
from aisbom.identify.release_date import released
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Scan
from aisbom.model.ledger import Ledger

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
    network_classes.architectures,
    model_parts.weights_from,
    model_parts.initialised,
    model_parts.trained,
    licence_files.licences,
    source_headers.holders,
    licence_trees.stated,
    weights_from.weights_from,
    named_files.named,
    runs_code.runs_code,
    vulnerable.vulnerable,
)

SCAN_IDENTIFIERS: tuple[ScanIdentifier, ...] = (
    licence_files.stewards,
    code_lineage.lineage,
    source_headers.inherited,
    licence_trees.carded,
    licence_trees.below,
    licence_custom.restrictions,
    listed_folders.listed,
    contradictions.contradictions,
    architecture_widths.fossils,
    licence_conflicts.conflicts,
)
"""In order: each sees in the ledger what those before it claimed."""

__all__ = ["IDENTIFIERS", "SCAN_IDENTIFIERS", "identify", "identify_scan"]


def identify(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """The claims of every identifier of one component, with organisations as they were when it was
    released.
    """
    knowledge = knowledge.at(released(component))
    for identifier in IDENTIFIERS:
        yield from identifier(component, knowledge)


def identify_scan(scan: Scan, ledger: Ledger, knowledge: Knowledge) -> None:
    """Add the claims of every identifier of the whole scan to the ledger."""
    for identifier in SCAN_IDENTIFIERS:
        ledger.add(identifier(scan, ledger, knowledge))
