"""Licence files of folders in which no code tree is left: they are kept by the project around them,
whose parts they speak for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from aisbom.merge.owners import Owners
from aisbom.model import Component, Observation


def keep_notices(
    components: Iterable[Component],
    text: Iterable[Observation],
    owners: Owners,
    owned: Mapping[str, str],
) -> list[Component]:
    """The components; every notice that none of them holds is with the owner of its folder."""
    every = list(components)
    # By path: the licence of an installed distribution is held as a sighting of that package.
    held = {o.evidence.at.path for c in every for o in c.observations if o.kind == "notice"}
    left: dict[str, set[Observation]] = {}
    for o in text:
        if (
            o.kind == "notice"
            and o.fact("file-kind") == "licence"
            and o.evidence.at.path not in held
        ):
            left.setdefault(owned[owners.of(o.evidence.at.folder)], set()).add(_below(o))
    return [
        replace(c, observations=tuple(sorted({*c.observations, *left[c.ref]})))
        if c.ref in left
        else c
        for c in every
    ]


def _below(o: Observation) -> Observation:
    """It speaks for its folder, not for the whole that keeps it."""
    facts = tuple((key, "licence-below" if key == "file-kind" else value) for key, value in o.facts)
    return replace(o, facts=facts)
