"""Sightings of packages into components: one a name, version and origin, however many files speak
of it.

An exact sighting (a lock entry, an installed distribution, an SBOM row) makes a component. A
requirement joins every component that satisfies it among those nearest to its file; only if there
is none does it stand alone, without a version unless it pins one.

What shares only a name is not the same thing: a package of another index, of a repository or of a
download is another package (its purl says so); a copy inside another package belongs to that
package; and the lock of a neighbouring project says nothing about this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from aisbom.merge.owners import nearness
from aisbom.merge.versions import admits, ecosystem, identity
from aisbom.model import Observation

EXACT = frozenset({"locked", "distribution", "bom-component"})
"""Kinds of sighting that state a version that is there, not one that is asked for."""


class Package(NamedTuple):
    """The sightings of one package. `inside` is the folder of the package that carries it, `""` for
    one that stands for itself.
    """

    purl: str
    inside: str
    sightings: tuple[Observation, ...]


def base(purl: str) -> str:
    """A purl without version, qualifiers and subpath: what a requirement by name alone
    would say.
    """
    return purl.partition("#")[0].partition("?")[0].partition("@")[0]


def qualifiers(purl: str) -> str:
    """What a purl says about where the package comes from, with the question mark."""
    _, mark, rest = purl.partition("#")[0].partition("?")
    return mark + rest


def group(sightings: Iterable[Observation]) -> list[Package]:
    """Every package of these sightings, in order; constraints never make a package by
    themselves.
    """
    every = list(sightings)
    scopes = sorted({o.fact("scope") for o in every if o.fact("scope") and o.fact("installed")})
    # A folder with requirements of its own is a project of its own: its lock is for it.
    manned = frozenset(o.evidence.at.folder for o in every if o.kind == "requirement")
    by_name: dict[tuple[str, str], list[Observation]] = {}
    for sighting in every:
        place = carrier(sighting, scopes)
        by_name.setdefault((base(sighting.purl), place), []).append(sighting)
    packages: list[Package] = []
    for name, place in sorted(by_name):
        for purl, found in _versions(name, by_name[name, place], manned).items():
            packages.append(Package(purl, place, found))
    return packages


def carrier(sighting: Observation, scopes: Sequence[str]) -> str:
    """The folder, inside an environment, of the package that carries this one; `""` for what is
    installed for itself or seen elsewhere.
    """
    folder = sighting.evidence.at.folder
    if sighting.kind == "distribution":
        folder = sighting.fact("scope")
    elif sighting.kind != "bom-component":
        return ""
    for scope in scopes:
        if folder.startswith(f"{scope}/"):
            first = folder[len(scope) + 1 :].partition("/")[0]
            return f"{scope}/{first}"
    return ""


def _versions(
    name: str, sightings: Sequence[Observation], manned: frozenset[str]
) -> dict[str, tuple[Observation, ...]]:
    """`{purl: sightings}` of one package; `name` is its purl without version."""
    late = [o for o in sightings if not _exact(o) and o.fact("group") == "constraint"]
    # An installed or locked version decides; a pin in a manifest joins it, or stands for itself.
    exact = _group_by_key(name, [o for o in sightings if _exact(o)])
    asked = [o for o in sightings if not _exact(o) and o.fact("group") != "constraint"]
    apart = _join(name, asked, exact, manned)
    for pin in apart:
        if pin.version:
            exact.setdefault(_key(name, pin), []).append(pin)
    # A pin found in another manifest settles a range there too, but only if it is the single
    # candidate.
    left = _join(name, [o for o in apart if not o.version], exact, manned)
    # An SBOM may write one version in a purl and another beside it: the purl is the identity.
    result: dict[str, list[Observation]] = {}
    for found in exact.values():
        result.setdefault(_purl(name, found), []).extend(found)
    for sighting in left:
        result.setdefault(name + qualifiers(sighting.purl), []).append(sighting)
    return {purl: (*found, *late) for purl, found in result.items()}


def _exact(sighting: Observation) -> bool:
    return sighting.kind in EXACT and bool(sighting.version)


def _key(name: str, sighting: Observation) -> str:
    key = identity(sighting.purl, sighting.version)
    return key + qualifiers(sighting.purl) if ecosystem(name) == "pypi" else key


def _group_by_key(name: str, sightings: Iterable[Observation]) -> dict[str, list[Observation]]:
    found: dict[str, list[Observation]] = {}
    for sighting in sightings:
        found.setdefault(_key(name, sighting), []).append(sighting)
    if ecosystem(name) == "pypi":
        _settle(found)
    return found


def _settle(found: dict[str, list[Observation]]) -> None:
    """An installed distribution does not say from which index it came: where a lock names one
    origin of its version, that is it.
    """
    for key in [key for key in found if "?" not in key]:
        if any(o.kind == "locked" for o in found[key]):
            continue
        origins = [other for other in found if other.startswith(f"{key}?")]
        if len(origins) == 1:
            found[origins[0]] += found.pop(key)


def _join(
    name: str,
    asked: Iterable[Observation],
    exact: dict[str, list[Observation]],
    manned: frozenset[str],
) -> list[Observation]:
    """Add each requirement to the versions that meet it, and give back those that none does. All
    see the versions as they are when this is called.
    """
    settled = {key: tuple(found) for key, found in exact.items()}
    apart = []
    for sighting in asked:
        chosen = nearest(name, sighting, settled, manned)
        for key in chosen:
            exact[key].append(sighting)
        if not chosen:
            apart.append(sighting)
    return apart


def nearest(
    name: str,
    sighting: Observation,
    candidates: Mapping[str, tuple[Observation, ...]],
    manned: frozenset[str] = frozenset(),
) -> list[str]:
    """The keys of the candidates that satisfy a requirement of the package and lie nearest to its
    file.
    """
    specifier = sighting.fact("specifier") or (f"=={sighting.version}" if sighting.version else "")
    folder = sighting.evidence.at.folder
    reach: dict[str, int] = {}
    for key, found in candidates.items():
        if not admits(name, specifier, found[0].version) or not _same_origin(sighting, found):
            continue
        heard = [o for o in found if o.version and _speaks(o, folder, manned)]
        if heard:
            reach[key] = max(nearness(folder, o.evidence.at.folder) for o in heard)
    best = max(reach.values(), default=0)
    return sorted(key for key, value in reach.items() if value == best)


def _same_origin(asked: Observation, found: Sequence[Observation]) -> bool:
    """Whether a requirement may be met from there: one that names a repository, a download or a
    folder is met from such a place, or by what is installed.
    """
    direct = _direct(asked)
    return not direct or any(o.kind == "distribution" or _direct(o) == direct for o in found)


def _direct(sighting: Observation) -> str:
    """What kind of place, other than an index, a sighting says the package comes from."""
    facts = ("vcs-url", "url", "local")
    return next((fact for fact in facts if sighting.fact(fact)), "")


def _speaks(exact: Observation, folder: str, manned: frozenset[str]) -> bool:
    """Whether a lock holds for a requirement in this folder: that of a neighbouring project does
    not.
    """
    place = exact.evidence.at.folder
    if exact.kind != "locked" or place not in manned or place == folder or not place:
        return True
    return folder.startswith(f"{place}/")


def _purl(name: str, sightings: Sequence[Observation]) -> str:
    """The purl of a group: that of its most telling sighting (an exact one; the longest, so that
    build tags are kept), with where a lock says it comes from.
    """
    exact = [o for o in sightings if o.kind in EXACT and o.version] or [
        o for o in sightings if o.version
    ]
    if not exact:
        return name
    order = {"distribution": 0, "locked": 1, "bom-component": 2}
    purl = min(exact, key=lambda o: (order.get(o.kind, 3), -len(o.purl), o.purl)).purl
    if ecosystem(name) == "pypi" and not qualifiers(purl):
        stated = sorted({qualifiers(o.purl) for o in exact} - {""})
        return purl + stated[0] if len(stated) == 1 else purl
    return purl
