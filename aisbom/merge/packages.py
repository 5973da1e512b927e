"""Sightings of packages into components: one a name and version, however many files speak of
it.

An exact sighting (a lock entry, an installed distribution, an SBOM row) makes a component. A
requirement joins every component that satisfies it among those nearest to its file; only if there
is none does it stand alone, without a version unless it pins one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aisbom.merge.owners import nearness
from aisbom.merge.versions import admits, identity
from aisbom.model import Observation

_EXACT = frozenset({"locked", "distribution", "bom-component"})


def base(purl: str) -> str:
    """A purl without version, qualifiers and subpath: what a requirement by name alone
    would say.
    """
    return purl.partition("#")[0].partition("?")[0].partition("@")[0]


def group(sightings: Iterable[Observation]) -> dict[str, tuple[Observation, ...]]:
    """`{purl: sightings}` over all sightings of packages; constraints never make a package by
    themselves.
    """
    by_name: dict[str, list[Observation]] = {}
    for sighting in sightings:
        by_name.setdefault(base(sighting.purl), []).append(sighting)
    groups: dict[str, tuple[Observation, ...]] = {}
    for name in sorted(by_name):
        groups.update(_versions(name, by_name[name]))
    return groups


def _versions(name: str, sightings: Sequence[Observation]) -> dict[str, tuple[Observation, ...]]:
    """`{purl: sightings}` of one package; `name` is its purl without version."""
    late = [o for o in sightings if not _exact(o) and o.fact("group") == "constraint"]
    # An installed or locked version decides; a pin in a manifest joins it, or stands for itself.
    exact = _keyed(o for o in sightings if _exact(o))
    asked = [o for o in sightings if not _exact(o) and o.fact("group") != "constraint"]
    apart = _join(name, asked, exact)
    for pin in apart:
        if pin.version:
            exact.setdefault(identity(pin.purl, pin.version), []).append(pin)
    # A pin found in another manifest settles a range there too, but only if it is the single
    # candidate.
    left = _join(name, [o for o in apart if not o.version], exact)
    # An SBOM may write one version in a purl and another beside it: the purl is the identity.
    result: dict[str, list[Observation]] = {}
    for found in exact.values():
        result.setdefault(_purl(name, found), []).extend(found)
    if left:
        result.setdefault(name, []).extend(left)
    return {purl: (*found, *late) for purl, found in result.items()}


def _exact(sighting: Observation) -> bool:
    return sighting.kind in _EXACT and bool(sighting.version)


def _keyed(sightings: Iterable[Observation]) -> dict[str, list[Observation]]:
    found: dict[str, list[Observation]] = {}
    for sighting in sightings:
        found.setdefault(identity(sighting.purl, sighting.version), []).append(sighting)
    return found


def _join(
    name: str, asked: Iterable[Observation], exact: dict[str, list[Observation]]
) -> list[Observation]:
    """Add each requirement to the versions that meet it, and give back those that none does. All
    see the versions as they are when this is called.
    """
    settled = {key: tuple(found) for key, found in exact.items()}
    apart = []
    for sighting in asked:
        chosen = nearest(name, sighting, settled)
        for key in chosen:
            exact[key].append(sighting)
        if not chosen:
            apart.append(sighting)
    return apart


def nearest(
    name: str, sighting: Observation, candidates: dict[str, tuple[Observation, ...]]
) -> list[str]:
    """The keys of the candidates that satisfy a requirement of the package and lie nearest to its
    file.
    """
    fitting = {
        key: found
        for key, found in candidates.items()
        if admits(
            name,
            sighting.fact("specifier") or (f"=={sighting.version}" if sighting.version else ""),
            found[0].version,
        )
    }
    if not fitting:
        return []
    folder = sighting.evidence.at.folder
    reach = {
        key: max(nearness(folder, o.evidence.at.folder) for o in found)
        for key, found in fitting.items()
    }
    best = max(reach.values())
    return sorted(key for key, value in reach.items() if value == best)


def _purl(name: str, sightings: Sequence[Observation]) -> str:
    """The purl of a group: that of its most telling sighting (an exact one; the longest, so that
    build tags are kept).
    """
    exact = [o for o in sightings if o.kind in _EXACT and o.version] or [
        o for o in sightings if o.version
    ]
    order = {"distribution": 0, "locked": 1, "bom-component": 2}
    return (
        min(exact, key=lambda o: (order.get(o.kind, 3), -len(o.purl), o.purl)).purl
        if exact
        else name
    )
