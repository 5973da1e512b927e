"""Models, data sets and services that files refer to: names settled by the knowledge, then one
component an id, with all its places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from aisbom.merge.owners import Owners, code_tree
from aisbom.merge.packages import base
from aisbom.merge.released import Partition
from aisbom.model import Component, Observation, Relation
from aisbom.model.vocabulary import ONLY_SHOWN

REFERENCE_KINDS = frozenset({"reference", "dataset", "service", "image"})


class ReferenceParts:
    """What `components` makes: the new parts, those of the tree that gained sightings, and who uses
    what.
    """

    def __init__(self) -> None:
        self.components: list[Component] = []
        self.relations: list[Relation] = []


def components(
    sightings: Partition,
    held: Sequence[Component],
    relations: Iterable[Relation],
    owners: Owners,
    owned: Mapping[str, str],
) -> ReferenceParts:
    """`held` are the components found so far; those that are meant by a reference come back with
    its sightings, and releases with what they name themselves.
    """
    made = ReferenceParts()
    made.components += sightings.releases
    present: dict[str, Component] = {}
    for component in held:
        if component.kind == "machine-learning-model" and "/" in component.name:
            present.setdefault(f"reference {component.name.lower()}", component)
        if component.purl.startswith("pkg:huggingface/"):
            kind = (
                "dataset" if component.purl.startswith("pkg:huggingface/datasets/") else "reference"
            )
            present.setdefault(f"{kind} {component.name.lower()}", component)
    trees = {c.ref for c in held if "source" in c.kinds}
    cards = {
        o.evidence.at.path: c.ref
        for c in held
        if c.kind == "machine-learning-model"
        for o in c.observations
        if o.kind == "model"
    }
    places = {
        c.ref.partition(":")[2]: c.ref
        for c in held
        if c.kind == "machine-learning-model" and c.ref.startswith("model:")
    }
    # What lies in the tree is read there, and needs no folder's name.
    here = {place.rpartition("/")[2] for place in places}
    groups: dict[str, list[Observation]] = {}
    for sighting in sightings.own:
        if sighting.fact("named-by") == "folder" and sighting.fact("alias") in here:
            continue
        groups.setdefault(_key(sighting), []).append(sighting)
    for key, found in sorted(groups.items()):
        known = present.get(key)
        part = (
            replace(known, observations=tuple(sorted({*known.observations, *found})))
            if known
            else _component(found)
        )
        made.components.append(part)
        for sighting in found:
            # What only a text names is used by nobody in particular.
            said = sighting.fact("named-by") in ONLY_SHOWN
            card = "" if said else cards.get(sighting.evidence.at.path, "")
            source = card or _user(sighting, trees, owners, owned)
            if source != part.ref:
                made.relations.append(
                    Relation(source, part.ref, "depends-on", sighting.evidence.at)
                )
    for relation in relations:
        target = places.get(relation.target[5:]) if relation.target.startswith("path:") else None
        if target:
            source = owned[owners.of(relation.source[8:])]
            made.relations.append(
                Relation(source, target, "depends-on", relation.at, relation.facts)
            )
    return made


def _key(o: Observation) -> str:
    if o.kind == "service":
        return f"service {o.fact('service')}"
    if o.kind == "image":
        return f"image {o.purl}"
    if o.fact("url") or o.fact("repository"):
        return f"reference {o.purl}"
    if o.fact("file-kind"):
        return (
            f"dataset {o.name.lower()}" if "/" in o.name else f"dataset at {o.evidence.at.folder}"
        )
    return f"{o.kind} {o.name.lower()}"


_TYPES = {"dataset": "data", "image": "container"}


def _component(found: Sequence[Observation]) -> Component:
    first = min(found, key=lambda o: (not o.purl, o))
    if first.kind == "service":
        return Component(
            f"service:{first.fact('service')}",
            "service",
            first.name,
            "",
            "",
            tuple(sorted(set(found))),
        )
    commits = {o.version for o in found} - {""}
    version = commits.pop() if len(commits) == 1 else ""
    purl = next(
        (o.purl for o in sorted(found) if o.version == version and o.purl),
        first.purl.partition("@")[0],
    )
    purl = purl if version or not first.purl.startswith("pkg:huggingface/") else base(purl)
    kind = _TYPES.get(first.kind, "machine-learning-model")
    if kind != "data" and {o.fact("part") for o in found} - {""} == {"tokenizer"}:
        kind = "file"
    ref = purl or (
        f"dataset:{first.evidence.at.folder}"
        if first.fact("file-kind")
        else f"{first.kind}:{first.name}"
    )
    return Component(ref, kind, first.name, version, purl, tuple(sorted(set(found))))


def _user(sighting: Observation, trees: set[str], owners: Owners, owned: Mapping[str, str]) -> str:
    """The code tree that the place lies in, else the project."""
    folder = sighting.evidence.at.path.partition("!/")[0].rpartition("/")[0]
    owner = owners.of(folder)
    place = code_tree(owner, folder)
    ref = f"code:{place}" if place != owner else f"code:{place}/." if place else "code:."
    return ref if ref in trees else owned[owner]
