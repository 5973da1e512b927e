"""The marker environment (PEP 508) of a Python environment, as far as its files tell, and markers
evaluated in it.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.version import InvalidVersion

from aisbom.model import Observation

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


_PYTHON = re.compile(r"(?:^|/)(?:lib|lib64)/(?:python|pypy)(\d+\.\d+)t?(?:/|$)")


_PYTHON_WINDOWS = re.compile(r"(?:^|/)[Pp]ython(\d)(\d{1,2})(?:-\d+)?/[Ll]ib/site-packages(?:/|$)")


_FULL = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?\+?")


_TAG_PYTHON = re.compile(r"(?:cp|pp)(\d)(\d{1,2})$")


_MACHINE = re.compile(
    r"_(x86_64|aarch64|arm64|i[3-6]86|armv[67]l|ppc64le|ppc64|s390x|riscv64|loongarch64|amd64)$"
)


_SYSTEMS = {
    "linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "darwin": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
    "win32": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
}


_WORK = 4_000_000
"""Characters of markers tried in possible environments, in one environment; what needs more was
made to be slow and stays undecided.
"""


_VERSIONS = ("2.7", *(f"3.{minor}" for minor in range(31)))


def markers_of(
    scope: str, distributions: Iterable[Observation], python_full_version: str = ""
) -> dict[str, str]:
    """The PEP 508 marker environment of the environment folder `scope`.

    The Python version comes from `python_full_version` (such as `3.11.7`), else the path
    (`lib/python3.11/`), else the tags of what is built for one version; platform and machine from
    the tags of wheels (most votes; Linux where none speaks, Windows for `Lib/site-packages`). A
    variable that nothing tells (often `platform_release`) is absent: give the result to `holds`,
    which knows what to do about that, rather than to `packaging`, which would fill in the running
    interpreter's.
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
    machine = _most(
        Counter({name: count for (of, name), count in machines.items() if of == system})
    )
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
    """The value with most votes; of equals the first in the alphabet, so that the order of files
    does not matter.
    """
    return min(votes, key=lambda value: (-votes[value], value), default="")


def _platform(tag: str) -> tuple[str, str]:
    """(sys_platform, platform_machine as that platform spells it) of a wheel tag, `""` where it
    does not tell.
    """
    platform = tag.rpartition("-")[2]
    machine = _MACHINE.search(platform)
    if platform.startswith(("manylinux", "musllinux", "linux")):
        return "linux", machine[1] if machine else ""
    if platform.startswith("macosx"):
        return "darwin", machine[1] if machine else ""
    if platform.startswith("win"):
        return "win32", {"win_amd64": "AMD64", "win_arm64": "ARM64", "win32": "x86"}.get(
            platform, ""
        )
    return "", ""


def _python(tag: str) -> str:
    """The Python version that a tag is for, where it is for one only (`cp311-cp311-...`, not
    `abi3`).
    """
    python, _, rest = tag.partition("-")
    version = _TAG_PYTHON.match(python)
    return f"{version[1]}.{version[2]}" if version and not rest.startswith(("abi3", "none")) else ""


class _Markers:
    """Markers evaluated in one environment; each distinct text is parsed once and evaluated once
    for an extra.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._known = {key: value for key, value in environment.items() if key in _VARIABLES}
        self._parsed: dict[str, Marker | None] = {}
        self._answers: dict[tuple[str, str], bool | None] = {}
        self._work = 0

    def holds(self, text: str, extra: str) -> bool | None:
        """Whether it is true; None where it cannot be read, or hangs on what the environment does
        not tell.
        """
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
        """Every environment that the known values leave possible, as far as this marker could tell
        them apart.
        """
        missing = self.missing(text)
        if not missing:
            yield self._known
            return
        literals = [one or other for one, other in _QUOTED.findall(text)][:6]
        python = [
            name
            for name in ("python_version", "python_full_version", "implementation_version")
            if name in missing
        ]
        others = [name for name in missing if name not in python][:2]
        minors = (
            [self._known["python_version"]] if "python_version" in self._known else list(_VERSIONS)
        )
        pythons = [
            (minor, f"{minor}.{patch}")
            for minor in minors
            for patch in ((0, 99) if python else (0,))
        ]
        if not python:
            pythons = pythons[:1]
        for minor, full in pythons:
            versions = {
                "python_version": minor,
                "python_full_version": full,
                "implementation_version": full,
            }
            for values in itertools.product(*([*literals, "", "0"] for _ in others)):
                yield {**versions, **self._known, **dict(zip(others, values, strict=True))}


def holds(marker: str, markers: Mapping[str, str], extra: str = "") -> bool | None:
    """Whether a marker is true in an environment of `markers_of`; None where the tree does not tell
    (or it cannot be read).
    """
    return _Markers(markers).holds(marker, extra)
