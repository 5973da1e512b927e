"""Dependencies inside one Python environment, as pip itself would compute them, from what lies in
the tree alone.

Nothing is asked of the interpreter that runs this program: what the files of the environment do not
tell is left undecided.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from aisbom.merge.markers import _QUOTED, _Markers
from aisbom.model import Gap, Location, Observation, Relation, facts

NAME = "environment"

_EXTRA = re.compile(r"\bextra\b")
_EXTRA_IS = re.compile(
    r"""\bextra\s*==\s*(?:"([^"]*)"|'([^']*)')|(?:"([^"]*)"|'([^']*)')\s*==\s*extra\b"""
)


def edges(
    distributions: Sequence[Observation],
    relations: Sequence[Relation],
    asked: Mapping[str, frozenset[str]],
    markers: Mapping[str, str],
) -> tuple[list[Relation], list[Gap]]:
    """The dependencies that hold among the distributions installed in one environment, and what is
    wrong with them.

    `relations` are those that the metadata of `distributions` states (others are ignored); `asked`
    gives the extras that manifests request, by normalised name; `markers` comes from `markers_of`.
    An edge holds when its marker is true without an extra or with one asked of its source, by a
    manifest or by another edge that holds. Its target carries the version installed here. A package
    that asks for extras of itself gets these extras, not an edge to itself.

    Gaps (by `environment`, at the line of the requirement): a target that is not installed, an
    installed version outside the specifier (the edge is kept: it is what would be imported), a name
    installed more than once (every version that fits gets an edge), and markers that cannot be
    decided (kept where the target is installed).
    """
    return _Solver(distributions, relations, markers).solve(asked)


class _Solver:
    def __init__(
        self,
        distributions: Sequence[Observation],
        relations: Sequence[Relation],
        markers: Mapping[str, str],
    ) -> None:
        self._markers = _Markers(markers)
        self._installed: dict[str, list[Observation]] = {}
        names = {}
        for distribution in sorted(set(distributions)):
            name = canonicalize_name(distribution.name)
            names[distribution.purl] = name
            twins = self._installed.setdefault(name, [])
            if distribution.purl not in {twin.purl for twin in twins}:
                twins.append(distribution)
        scopes = {distribution.fact("scope") for distribution in distributions}
        # By the name and the extra under which a requirement could hold; `None` for those that any
        # extra might decide.
        self._stated: dict[tuple[str, str | None], list[Relation]] = {}
        for relation in sorted(set(relations)):
            if (
                relation.kind == "depends-on"
                and relation.source in names
                and relation.fact("scope") in scopes
            ):
                for extra in _extras(relation.fact("marker")):
                    self._stated.setdefault((names[relation.source], extra), []).append(relation)
        self._edges: set[Relation] = set()
        self._gaps: set[Gap] = set()
        self._undecided: dict[str, set[Relation]] = {}
        self._fits: dict[tuple[str, str], bool | None] = {}

    def solve(self, asked: Mapping[str, frozenset[str]]) -> tuple[list[Relation], list[Gap]]:
        seen: set[tuple[str, str]] = set()
        settled: set[Relation] = set()
        waiting = [(name, "") for name in sorted(self._installed)]
        waiting += [
            (name, canonicalize_name(extra))
            for name in sorted(asked)
            for extra in sorted(asked[name])
        ]
        while waiting:
            name, extra = waiting.pop()
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            for relation in (
                *self._stated.get((name, extra), ()),
                *self._stated.get((name, None), ()),
            ):
                if relation in settled:
                    continue
                marker = relation.fact("marker")
                holding = self._markers.holds(marker, extra) if marker else True
                if holding is False:
                    continue
                settled.add(relation)
                target = _name(relation.target)
                self._settle(relation, name, target, holding)
                waiting += [(target, canonicalize_name(asking)) for asking in relation.all("extra")]
        self._tell_undecided()
        self._tell_twins()
        return sorted(self._edges), sorted(self._gaps)

    def _settle(self, relation: Relation, name: str, target: str, holding: bool | None) -> None:
        specifier = relation.fact("specifier")
        found = self._installed.get(target, [])
        if holding is None:
            self._doubt(relation)
        if not found:
            if holding:
                self._gap(
                    relation.at, f"{name} requires {target}{specifier}, which is not installed here"
                )
            return
        if target == name:
            return
        fitting = [o for o in found if self._fit(relation, o.version) is not False]
        if not fitting:
            versions = ", ".join(o.version for o in found)
            self._gap(
                relation.at,
                f"{name} requires {target}{specifier}, but {versions} is installed here",
            )
        for distribution in fitting or found:
            self._edges.add(
                Relation(
                    relation.source,
                    distribution.purl,
                    "depends-on",
                    relation.at,
                    facts(*relation.facts),
                )
            )

    def _fit(self, relation: Relation, version: str) -> bool | None:
        """Whether an installed version satisfies a specifier; None if either cannot be read, which
        is a gap of its own.
        """
        specifier = relation.fact("specifier")
        if not specifier:
            return True
        key = (specifier, version)
        if key not in self._fits:
            try:
                self._fits[key] = SpecifierSet(specifier).contains(
                    Version(version), prereleases=True
                )
            except (InvalidSpecifier, InvalidVersion):
                self._fits[key] = None
        if self._fits[key] is None:
            self._gap(
                relation.at,
                f"{_name(relation.target)} {version} cannot be compared with {specifier}",
            )
        return self._fits[key]

    def _doubt(self, relation: Relation) -> None:
        marker = relation.fact("marker")
        missing = self._markers.missing(marker)
        if not missing:
            self._gap(relation.at, f"the marker cannot be evaluated: {marker[:120]}")
        for variable in missing:
            self._undecided.setdefault(variable, set()).add(relation)

    def _tell_undecided(self) -> None:
        for variable, relations in self._undecided.items():
            more = f" (and {len(relations) - 1} more)" if len(relations) > 1 else ""
            reason = (
                f"the environment does not tell its {variable}, which this requirement{more} asks"
                " for: taken to hold where installed"
            )
            self._gap(min(relation.at for relation in relations), reason)

    def _tell_twins(self) -> None:
        for name, found in self._installed.items():
            if len(found) > 1:
                versions = ", ".join(o.version for o in found)
                self._gap(
                    found[0].evidence.at,
                    f"{name} is installed here more than once ({versions}): which one is used"
                    " cannot be told",
                )

    def _gap(self, at: Location, reason: str) -> None:
        self._gaps.add(Gap(NAME, at, reason, "unmet"))


def _extras(marker: str) -> set[str | None]:
    """The extras that could make a marker true: `""` always, those it compares `extra` with, None
    for any at all.
    """
    named = [canonicalize_name("".join(found)) for found in _EXTRA_IS.findall(marker)]
    uses = len(_EXTRA.findall(_QUOTED.sub('""', marker)))
    return {""} | (set(named) if uses == len(named) else {None})


def _name(purl: str) -> str:
    """The normalised name in a `pkg:pypi` purl."""
    return purl.removeprefix("pkg:pypi/").partition("@")[0]
