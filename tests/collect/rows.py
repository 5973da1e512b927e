"""Short views of rows, for assertions."""

from __future__ import annotations

from collections.abc import Iterable

from aisbom.model import Gap, Observation, Relation, Row


def observed(rows: Iterable[Row], kind: str = "") -> dict[str, Observation]:
    """Observations by name; a later one of the same name replaces an earlier."""
    return {r.name: r for r in rows if isinstance(r, Observation) and (not kind or r.kind == kind)}


def all_observed(rows: Iterable[Row], name: str) -> list[Observation]:
    return [r for r in rows if isinstance(r, Observation) and r.name == name]


def edges(rows: Iterable[Row]) -> set[tuple[str, str]]:
    return {(r.source, r.target) for r in rows if isinstance(r, Relation)}


def relations(rows: Iterable[Row]) -> list[Relation]:
    return [r for r in rows if isinstance(r, Relation)]


def gaps(rows: Iterable[Row]) -> list[str]:
    return [f"{r.at}: {r.reason}" for r in rows if isinstance(r, Gap)]
