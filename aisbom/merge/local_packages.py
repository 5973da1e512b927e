"""Packages that lie in the tree or are taken from a folder or a file: they have no public identity.

One that a manifest takes from a folder of this tree *is* the project in that folder, whatever the
manifest calls it. Neither it nor any other local package has a purl of an index: a package of the
index may have the same name and be somebody else's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from aisbom.merge.packages import EXACT
from aisbom.model import Component, Observation

_ASKED = frozenset({"requirement", "locked"})


def resolve_local(
    sightings: Iterable[Observation], folders: Collection[str], owned: Mapping[str, str]
) -> tuple[list[Observation], dict[tuple[str, str], str]]:
    """The sightings without those that mean a project of this tree, and for these the project's
    ref, by the file that names it and the purl it uses.
    """
    rest: list[Observation] = []
    here: dict[tuple[str, str], str] = {}
    for sighting in sightings:
        path = sighting.fact("path") if sighting.kind in _ASKED else ""
        folder = "" if path == "." else path
        if path and sighting.fact("local") and folder in folders:
            here[sighting.evidence.at.path, sighting.purl] = owned[folder]
        else:
            rest.append(sighting)
    return rest, here


def without_public_purl(components: Iterable[Component]) -> Iterator[Component]:
    """The components, the local ones without the purl of an index. Their refs stay."""
    for component in components:
        if component.purl.startswith("pkg:pypi/") and _local(component):
            yield replace(component, purl="")
        else:
            yield component


def _local(component: Component) -> bool:
    """A project of the tree, or a package that is taken from a folder or file, and of which no lock
    and no environment says that it comes from anywhere else.
    """
    packed = any(o.kind == "distribution" and not o.fact("local") for o in component.observations)
    if "project" in component.kinds:
        return not packed
    public = any(o.kind in EXACT and not o.fact("local") for o in component.observations)
    return not public and any(o.fact("local") for o in component.observations)
