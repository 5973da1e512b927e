"""Dependencies inside one Python environment, as pip itself would compute them, from what lies in the tree alone.

Nothing is asked of the interpreter that runs this program: what the files of the environment do not tell is left undecided.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from aisbom.model import Gap, Location, Observation, Relation, facts

NAME = "environment"

_VARIABLES = (
    "implementation_name",
    "implementation_version",
    "os_name",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_full_version",
    "python_version",
    "sys_platform",
)
_VARIABLE = re.compile(r"\b(?:" + "|".join(_VARIABLES) + r")\b")
_QUOTED = re.compile(r'"([^"]*)"|\'([^\']*)\'')
_EXTRA = re.compile(r"\bextra\b")
_EXTRA_IS = re.compile(r"""\bextra\s*==\s*(?:"([^"]*)"|'([^']*)')|(?:"([^"]*)"|'([^']*)')\s*==\s*extra\b""")
_PYTHON = re.compile(r"(?:^|/)(?:lib|lib64)/(?:python|pypy)(\d+\.\d+)t?(?:/|$)")
_PYTHON_WINDOWS = re.compile(r"(?:^|/)[Pp]ython(\d)(\d{1,2})(?:-\d+)?/[Ll]ib/site-packages(?:/|$)")
_FULL = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?\+?")
_TAG_PYTHON = re.compile(r"(?:cp|pp)(\d)(\d{1,2})$")
_MACHINE = re.compile(r"_(x86_64|aarch64|arm64|i[3-6]86|armv[67]l|ppc64le|ppc64|s390x|riscv64|loongarch64|amd64)$")

_SYSTEMS = {
    "linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "darwin": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
    "win32": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
}
_WORK = 4_000_000
"""Characters of markers tried in possible environments, in one environment; what needs more was made to be slow and stays undecided."""

_VERSIONS = ("2.7", *(f"3.{minor}" for minor in range(31)))


def markers_of(scope: str, distributions: Iterable[Observation], python_full_version: str = "") -> dict[str, str]:
    """The PEP 508 marker environment of the environment folder `scope`.

    The Python version comes from `python_full_version` (such as `3.11.7`), else the path (`lib/python3.11/`), else the tags of what is
    built for one version; platform and machine from the tags of wheels (most votes; Linux where none speaks, Windows for
    `Lib/site-packages`). A variable that nothing tells (often `platform_release`) is absent: give the result to `holds`, which knows
    what to do about that, rather than to `packaging`, which would fill in the running interpreter's.
    """
    systems: Counter[str] = Counter()
    machines: Counter[tuple[str, str]] = Counter()
    pythons: Counter[str] = Counter()
    pypy = "pypy" in scope.lower()
    for distribution in distributions:
        votes = {_platform(tag) for tag in distribution.all("tag")}
        systems.update({system for system, _ in votes if system})
        machines.update({(system, machine) for system, machine in votes if machine})
        pythons.update({version for tag in distribution.all("tag") if (version := _python(tag))})
    windows = re.search(r"(?:^|/)Lib/site-packages(?:/|$)", scope)
    system = _most(systems) or ("win32" if windows else "linux")
    found = dict(_SYSTEMS[system])
    machine = _most(Counter({name: count for (of, name), count in machines.items() if of == system}))
    if machine:
        found["platform_machine"] = machine
    found["implementation_name"] = "pypy" if pypy else "cpython"
    found["platform_python_implementation"] = "PyPy" if pypy else "CPython"
    in_path, on_windows = _PYTHON.search(f"{scope}/"), _PYTHON_WINDOWS.search(f"{scope}/")
    if _FULL.fullmatch(python_full_version):
        found["python_full_version"] = python_full_version
        if not pypy:
            found["implementation_version"] = python_full_version
        found["python_version"] = ".".join(re.findall(r"\d+", python_full_version)[:2])
    elif re.fullmatch(r"\d+\.\d+", python_full_version):
        found["python_version"] = python_full_version
    elif in_path:
        found["python_version"] = in_path[1]
    elif on_windows:
        found["python_version"] = f"{on_windows[1]}.{on_windows[2]}"
    elif pythons:
        found["python_version"] = _most(pythons)
    return found


def _most(votes: Counter[str]) -> str:
    """The value with most votes; of equals the first in the alphabet, so that the order of files does not matter."""
    return min(votes, key=lambda value: (-votes[value], value), default="")


def _platform(tag: str) -> tuple[str, str]:
    """(sys_platform, platform_machine as that platform spells it) of a wheel tag, `""` where it does not tell."""
    platform = tag.rpartition("-")[2]
    machine = _MACHINE.search(platform)
    if platform.startswith(("manylinux", "musllinux", "linux")):
        return "linux", machine[1] if machine else ""
    if platform.startswith("macosx"):
        return "darwin", machine[1] if machine else ""
    if platform.startswith("win"):
        return "win32", {"win_amd64": "AMD64", "win_arm64": "ARM64", "win32": "x86"}.get(platform, "")
    return "", ""


def _python(tag: str) -> str:
    """The Python version that a tag is for, where it is for one only (`cp311-cp311-...`, not `abi3`)."""
    python, _, rest = tag.partition("-")
    version = _TAG_PYTHON.match(python)
    return f"{version[1]}.{version[2]}" if version and not rest.startswith(("abi3", "none")) else ""


class _Markers:
    """Markers evaluated in one environment; each distinct text is parsed once and evaluated once for an extra."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._known = {key: value for key, value in environment.items() if key in _VARIABLES}
        self._parsed: dict[str, Marker | None] = {}
        self._answers: dict[tuple[str, str], bool | None] = {}
        self._work = 0

    def holds(self, text: str, extra: str) -> bool | None:
        """Whether it is true; None where it cannot be read, or hangs on what the environment does not tell."""
        key = (text, extra)
        if key not in self._answers:
            self._answers[key] = self._evaluate(text, extra)
        return self._answers[key]

    def missing(self, text: str) -> list[str]:
        """The variables that a marker asks for and the environment does not tell."""
        return sorted(set(_VARIABLE.findall(_QUOTED.sub('""', text))).difference(self._known))

    def _evaluate(self, text: str, extra: str) -> bool | None:
        if text not in self._parsed:
            try:
                self._parsed[text] = Marker(text)
            except (InvalidMarker, RecursionError):
                self._parsed[text] = None
        marker = self._parsed[text]
        if marker is None:
            return None
        answers: set[bool] = set()
        for world in self._worlds(text):
            if answers:
                self._work += len(text)
                if self._work > _WORK:
                    return None
            try:
                answers.add(marker.evaluate({**world, "extra": extra}))
            except (UndefinedComparison, UndefinedEnvironmentName, InvalidVersion, RecursionError):
                return None
            if len(answers) > 1:
                return None
        return answers.pop() if answers else None

    def _worlds(self, text: str) -> Iterator[dict[str, str]]:
        """Every environment that the known values leave possible, as far as this marker could tell them apart."""
        missing = self.missing(text)
        if not missing:
            yield self._known
            return
        literals = [one or other for one, other in _QUOTED.findall(text)][:6]
        python = [name for name in ("python_version", "python_full_version", "implementation_version") if name in missing]
        others = [name for name in missing if name not in python][:2]
        minors = [self._known["python_version"]] if "python_version" in self._known else list(_VERSIONS)
        pythons = [(minor, f"{minor}.{patch}") for minor in minors for patch in ((0, 99) if python else (0,))]
        if not python:
            pythons = pythons[:1]
        for minor, full in pythons:
            versions = {"python_version": minor, "python_full_version": full, "implementation_version": full}
            for values in itertools.product(*([*literals, "", "0"] for _ in others)):
                yield {**versions, **self._known, **dict(zip(others, values, strict=True))}


def holds(marker: str, markers: Mapping[str, str], extra: str = "") -> bool | None:
    """Whether a marker is true in an environment of `markers_of`; None where the tree does not tell (or it cannot be read)."""
    return _Markers(markers).holds(marker, extra)


def edges(
    distributions: Sequence[Observation],
    relations: Sequence[Relation],
    asked: Mapping[str, frozenset[str]],
    markers: Mapping[str, str],
) -> tuple[list[Relation], list[Gap]]:
    """The dependencies that hold among the distributions installed in one environment, and what is wrong with them.

    `relations` are those that the metadata of `distributions` states (others are ignored); `asked` gives the extras that manifests
    request, by normalised name; `markers` comes from `markers_of`. An edge holds when its marker is true without an extra or with one
    asked of its source, by a manifest or by another edge that holds. Its target carries the version installed here. A package
    that asks for extras of itself gets these extras, not an edge to itself.

    Gaps (by `environment`, at the line of the requirement): a target that is not installed, an installed version outside
    the specifier (the edge is kept: it is what would be imported), a name installed more than once (every version that fits
    gets an edge), and markers that cannot be decided (kept where the target is installed).
    """
    return _Solver(distributions, relations, markers).solve(asked)


class _Solver:
    def __init__(self, distributions: Sequence[Observation], relations: Sequence[Relation], markers: Mapping[str, str]) -> None:
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
        # By the name and the extra under which a requirement could hold; `None` for those that any extra might decide.
        self._stated: dict[tuple[str, str | None], list[Relation]] = {}
        for relation in sorted(set(relations)):
            if relation.kind == "depends-on" and relation.source in names and relation.fact("scope") in scopes:
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
        waiting += [(name, canonicalize_name(extra)) for name in sorted(asked) for extra in sorted(asked[name])]
        while waiting:
            name, extra = waiting.pop()
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            for relation in (*self._stated.get((name, extra), ()), *self._stated.get((name, None), ())):
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
                self._gap(relation.at, f"{name} requires {target}{specifier}, which is not installed here")
            return
        if target == name:
            return
        fitting = [o for o in found if self._fit(relation, o.version) is not False]
        if not fitting:
            versions = ", ".join(o.version for o in found)
            self._gap(relation.at, f"{name} requires {target}{specifier}, but {versions} is installed here")
        for distribution in fitting or found:
            self._edges.add(Relation(relation.source, distribution.purl, "depends-on", relation.at, facts(*relation.facts)))

    def _fit(self, relation: Relation, version: str) -> bool | None:
        """Whether an installed version satisfies a specifier; None if either cannot be read, which is a gap of its own."""
        specifier = relation.fact("specifier")
        if not specifier:
            return True
        key = (specifier, version)
        if key not in self._fits:
            try:
                self._fits[key] = SpecifierSet(specifier).contains(Version(version), prereleases=True)
            except (InvalidSpecifier, InvalidVersion):
                self._fits[key] = None
        if self._fits[key] is None:
            self._gap(relation.at, f"{_name(relation.target)} {version} cannot be compared with {specifier}")
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
            reason = f"the environment does not tell its {variable}, which this requirement{more} asks for: taken to hold where installed"
            self._gap(min(relation.at for relation in relations), reason)

    def _tell_twins(self) -> None:
        for name, found in self._installed.items():
            if len(found) > 1:
                versions = ", ".join(o.version for o in found)
                self._gap(found[0].evidence.at, f"{name} is installed here more than once ({versions}): which one is used cannot be told")

    def _gap(self, at: Location, reason: str) -> None:
        self._gaps.add(Gap(NAME, at, reason))


def _extras(marker: str) -> set[str | None]:
    """The extras that could make a marker true: `""` always, those it compares `extra` with, None for any at all."""
    named = [canonicalize_name("".join(found)) for found in _EXTRA_IS.findall(marker)]
    uses = len(_EXTRA.findall(_QUOTED.sub('""', marker)))
    return {""} | (set(named) if uses == len(named) else {None})


def _name(purl: str) -> str:
    """The normalised name in a `pkg:pypi` purl."""
    return purl.removeprefix("pkg:pypi/").partition("@")[0]
