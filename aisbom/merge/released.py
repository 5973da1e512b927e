"""What only a release of somebody else names: models of its tests, data sets of its benchmarks. It
belongs to that release, as one fact, and is no part of what is scanned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from aisbom.model import Component, Evidence, Location, Observation, facts
from aisbom.model.path_roles import path_role
from aisbom.model.vocabulary import ONLY_SHOWN

MAX_LISTED = 49
"""More names than this are counted, not listed: with their number, what a part shows of formats."""
_KINDS = {"reference": "model", "dataset": "data set", "service": "service"}


@dataclass(frozen=True, slots=True)
class ReleaseFolder:
    """A release in a folder (`""` for the whole tree): which of its files are upstream's, which
    were changed, and which were put beside them.
    """

    ref: str
    root: str
    own: frozenset[str]
    changed: frozenset[str]
    added: frozenset[str]

    def holds(self, o: Observation) -> bool:
        """Whether what stands here is the release's. In files that the index does not know
        (documents, settings) it is where they lie among upstream's tests and documents; what was
        changed or put there is not, but for a test: most of what it names was there before.

        A service that a copied folder reaches is reached by whoever runs it; only that of its
        tests, documents and examples is the release's.
        """
        path = o.evidence.at.path.partition("!/")[0]
        role = path_role(path)
        if path in self.added:
            return False
        if path in self.changed:
            return not self.root and role == "test"
        if o.kind == "service" and self.root and role in ("product", "benchmark"):
            return False
        aside = role != "product" or path.endswith(".md")
        if not self.root:
            # The tree may be the project itself, and what its product loads is its own.
            said = o.fact("named-by") in ONLY_SHOWN
            return aside or (said and path in self.own)
        return path in self.own or (path.startswith(f"{self.root}/") and aside)


class Partition(NamedTuple):
    """Sightings that are of what is scanned, and the releases with a fact on what they name."""

    own: list[Observation]
    releases: list[Component]


def mark_unchanged(
    sightings: Iterable[Observation], releases: Sequence[ReleaseFolder]
) -> list[Observation]:
    """The sightings; those in unchanged files of a release that the whole tree is say so: whether
    that is somebody else's is not known here.
    """
    whole = frozenset[str]().union(*(one.own for one in releases if not one.root))
    return [
        replace(o, facts=facts(*o.facts, ("in-release", "yes")))
        if o.evidence.at.path in whole
        else o
        for o in sightings
    ]


def partition_sightings(
    sightings: Sequence[Observation],
    releases: Sequence[ReleaseFolder],
    components: Iterable[Component],
) -> Partition:
    """Take the references that stand in releases out."""
    if not releases:
        return Partition(list(sightings), [])
    own: list[Observation] = []
    theirs: dict[str, dict[str, Observation]] = {}
    for o in mark_unchanged(sightings, releases):
        holder = next((one.ref for one in releases if one.holds(o)), "")
        if holder:
            theirs.setdefault(holder, {}).setdefault(f"{_KINDS.get(o.kind, o.kind)} {o.name}", o)
        else:
            own.append(o)
    made = []
    for component in components:
        names = theirs.get(component.ref)
        if names:
            made.append(_with_facts(component, names))
    return Partition(own, made)


def _with_facts(component: Component, names: Mapping[str, Observation]) -> Component:
    """The release with the number of names, and the first of them with a place each."""
    first = min(o.evidence.at for o in component.observations)
    words = f"{len(names)} models, data sets and services that only files of this release name"
    seen = [_fact(words, Location(first.path))]
    for name, o in sorted(names.items())[:MAX_LISTED]:
        at = o.evidence.at
        seen.append(_fact(f"{name} at {at.path}:{at.line}", at))
    return replace(component, observations=tuple(sorted({*component.observations, *seen})))


def _fact(words: str, at: Location) -> Observation:
    evidence = Evidence("lineage", "other", "medium", at, words)
    return Observation("format", "names", "", "", evidence, facts(("format", words)))
