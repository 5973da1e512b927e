"""Files that can run code, told of the component that they are part of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from aisbom.merge.owners import Owners
from aisbom.model import Component, Observation, Relation

_ORDER = {"machine-learning-model": 0, "file": 2}
"""A model before the files it is made of; anything else stands between."""


def attach_hazards(
    sightings: Iterable[Observation],
    components: Sequence[Component],
    contains: Sequence[Relation],
    owners: Owners,
    owned: dict[str, str],
) -> tuple[list[Component], list[Relation]]:
    """The components with those of the sightings that tell of a hazard, and what contains what.

    A file belongs to the component it was seen as, else to the model of its folder, else it is a
    component of its own if it is a binary, and its project's if it is a text.
    """
    found = sorted(o for o in sightings if o.kind == "hazard")
    held = list(contains)
    if not found:
        return list(components), held
    wanted = {o.evidence.at.path for o in found}
    holders: dict[str, Component] = {}
    for component in sorted(components, key=lambda c: (_ORDER.get(c.kind, 1), c.ref)):
        for seen in component.observations:
            # What a file only names is not what the file is.
            if seen.evidence.at.path in wanted and seen.evidence.sees != "reference":
                holders.setdefault(seen.evidence.at.path, component)
    by_ref = {c.ref: c for c in components}
    more: dict[str, list[Observation]] = {}
    for sighting in found:
        at = sighting.evidence.at
        holder = holders.get(at.path) or by_ref.get(f"model:{at.folder}")
        if holder is None and sighting.evidence.technique != "binary-analysis":
            holder = by_ref[owned[owners.of(at.folder)]]
        if holder is None:
            ref = f"file:{at.path}"
            if ref not in by_ref:
                by_ref[ref] = Component(ref, "file", sighting.name, "", "", ())
                held.append(Relation(owned[owners.of(at.folder)], ref, "contains", at))
            holder = by_ref[ref]
        more.setdefault(holder.ref, []).append(sighting)
    return [
        replace(c, observations=tuple(sorted({*c.observations, *more[ref]}))) if ref in more else c
        for ref, c in by_ref.items()
    ], held
