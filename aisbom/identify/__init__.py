"""Identifiers: one file per question, registered here, one line each."""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.identify import (
    architecture_widths,
    code_lineage,
    contradictions,
    downloads,
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
from aisbom.identify.release_date import find_release_day
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Scan
from aisbom.model.ledger import Ledger

IDENTIFIERS: tuple[Identifier, ...] = (
    origin.claim_developer,
    model_origin.claim_trainer,
    model_origin.architecture,
    hub_references.claim_operator,
    hub_references.claim_dataset_collector,
    downloads.claim_download_trainer,
    hub_references.tokenizer,
    initialisation.claim_initialisation,
    model_parts.ancestry,
    network_classes.architectures,
    model_parts.weights_from,
    model_parts.claim_part_initialisation,
    model_parts.claim_part_trainer,
    licence_files.licences,
    source_headers.holders,
    licence_trees.claim_tree_licence,
    weights_from.weights_from,
    named_files.claim_named_files,
    runs_code.runs_code,
    vulnerable.vulnerable,
)

SCAN_IDENTIFIERS: tuple[ScanIdentifier, ...] = (
    licence_files.stewards,
    code_lineage.lineage,
    downloads.claim_own_downloads,
    source_headers.inherit_project_claims,
    licence_trees.claim_card_licence,
    licence_trees.below,
    licence_trees.claim_own_models,
    licence_custom.restrictions,
    listed_folders.claim_listed_folders,
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
    knowledge = knowledge.at(find_release_day(component))
    for identifier in IDENTIFIERS:
        yield from identifier(component, knowledge)


def identify_scan(scan: Scan, ledger: Ledger, knowledge: Knowledge) -> None:
    """Add the claims of every identifier of the whole scan to the ledger."""
    for identifier in SCAN_IDENTIFIERS:
        ledger.add(identifier(scan, ledger, knowledge))
