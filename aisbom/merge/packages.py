"""Sightings of Python packages into components: one a name and version, however many files speak of
it.

An exact sighting (a lock entry, an installed distribution, an SBOM row) makes a component. A
requirement joins every component that satisfies it among those nearest to its file; only if there
is none does it stand alone, without a version unless it pins one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_version
from packaging.version import InvalidVersion, Version

from aisbom.merge.owners import nearness
from aisbom.model import Observation

_EXACT = frozenset({"locked", "distribution", "bom-component"})


def base(purl: str) -> str:
    """A purl without version, qualifiers and subpath: what a requirement by name alone
    would say.
    """
    return (
        purl.partition("#")[0].partition("?")[0].partition("@")[0]
        if not purl.startswith("pkg:npm/%40")
        else purl
    )


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


def _versions(name: str, sightings: Sequence[Observation]) -> dict[str, tuple[Observation, ...]]:  # noqa: C901, PLR0912
    exact: dict[str, list[Observation]] = {}
    # An installed or locked version decides; a pin in a manifest joins it, or stands for itself.
    for sighting in sightings:
        if sighting.kind in _EXACT and sighting.version:
            exact.setdefault(version_key(sighting.version), []).append(sighting)
    settled = {key: tuple(found) for key, found in exact.items()}
    loose: list[Observation] = []
    late: list[Observation] = []
    for sighting in sightings:
        if sighting.kind in _EXACT and sighting.version:
            continue
        if sighting.fact("group") == "constraint":
            late.append(sighting)
            continue
        chosen = nearest(sighting, settled)
        if chosen:
            for key in chosen:
                exact[key].append(sighting)
        elif sighting.version:
            exact.setdefault(version_key(sighting.version), []).append(sighting)
        else:
            loose.append(sighting)
    result = {_purl(name, found): tuple(found) for found in exact.values()}
    if loose:
        # A pin found in another manifest settles a range there too, but only if it is the single
        # candidate.
        pinned = {key: tuple(found) for key, found in exact.items()}
        left = []
        for sighting in loose:
            chosen = nearest(sighting, pinned)
            if chosen:
                for key in chosen:
                    exact[key].append(sighting)
            else:
                left.append(sighting)
        result = {_purl(name, found): tuple(found) for found in exact.values()}
        if left:
            result[name] = tuple(left)
    for sighting in late:
        for purl in result:
            result[purl] = (*result[purl], sighting)
    return result


def nearest(sighting: Observation, candidates: dict[str, tuple[Observation, ...]]) -> list[str]:
    """The keys of the candidates that satisfy a requirement and lie nearest to its file."""
    fitting = {
        key: found
        for key, found in candidates.items()
        if admits(
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


def admits(specifier: str, version: str) -> bool:
    """Whether a version satisfies a specifier. What cannot be read is taken to admit: it says
    nothing against.
    """
    if not specifier or not version:
        return True
    try:
        return SpecifierSet(specifier).contains(Version(version), prereleases=True)
    except InvalidSpecifier:
        return True
    except InvalidVersion:
        return specifier.lstrip("= ") == version or not specifier.startswith("=")


def version_key(version: str) -> str:
    """Versions that are equal under PEP 440 have one key."""
    return canonicalize_version(version)


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
