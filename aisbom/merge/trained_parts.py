"""What the settings of a training say of the parts of a model of this tree: which were kept as they
were, which were trained.

The model is the one in the folder that the training writes; where only the name of the folder
agrees, it is a hint.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import replace

from aisbom.model import Component, Observation, Relation, facts, part_names


def attach_training(
    sightings: Iterable[Observation], components: Sequence[Component], relations: Iterable[Relation]
) -> list[Component]:
    """The components, where parts have the sightings of kind `training` that are about them, with
    `of-model` = `path` or `name`.
    """
    by_ref = {c.ref: c for c in components}
    held: dict[str, list[str]] = {}
    for relation in relations:
        if (
            relation.kind == "contains"
            and relation.target in by_ref
            and by_ref[relation.target].facts("part")
        ):
            held.setdefault(relation.source, []).append(relation.target)
    more: dict[str, set[Observation]] = {}
    for sighting in sightings:
        model, how = _model(sighting, [ref for ref in held if ref.startswith("model:")])
        for ref in held.get(model, ()):
            kinds = {part_names.kind(value) for value, _ in by_ref[ref].facts("part")}
            if part_names.kind(sighting.name) in kinds:
                more.setdefault(ref, set()).add(
                    replace(sighting, facts=facts(*sighting.facts, ("of-model", how)))
                )
    return [
        replace(c, observations=tuple(sorted({*c.observations, *more[c.ref]})))
        if c.ref in more
        else c
        for c in components
    ]


def _model(sighting: Observation, refs: Sequence[str]) -> tuple[str, str]:
    """(ref of the model that a training writes, how that is known)."""
    output = sighting.fact("trainer-output").replace("\\", "/").rstrip("/")
    for base in (sighting.evidence.at.folder, ""):
        place = f"model:{posixpath.normpath(posixpath.join(base, output))}"
        if place in refs:
            return place, "path"
    name = output.rpartition("/")[2].lower()
    like = [
        ref
        for ref in refs
        if name and ref.rpartition("/")[2].removeprefix("model:").lower() == name
    ]
    return (like[0], "name") if len(like) == 1 else ("", "")
