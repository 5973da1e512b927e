"""Dockerfiles: base images and the Python packages that `pip install` names; packages of other
systems are counted as not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from packageurl import PackageURL

from aisbom.collect import get_collector
from aisbom.collect.commands.installed_packages import read_pip
from aisbom.collect.commands.joined_lines import join_lines
from aisbom.model import Evidence, Gap, Observation, Row, facts
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable

NAME = "dockerfile"
MAX_READ = 1024 * 1024
MAX_ROWS = 2_000
_SHOWN = 12

_FROM = re.compile(r"FROM\s+(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?\s*", re.IGNORECASE)
_ARG = re.compile(r"(?:ARG|ENV)\s+([A-Za-z_]\w*)=(\"[^\"]*\"|'[^']*'|\S+)\s*", re.IGNORECASE)
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)(?::-([^}]*))?\}|([A-Za-z_]\w*))")
_IMAGE = re.compile(
    r"(?P<name>[a-z0-9][\w.\-]*(?::\d+)?(?:/[\w.\-]+){0,6})"
    r"(?::(?P<tag>[\w][\w.\-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_PIP = re.compile(r"(?:^|[\s/])(?:uv\s+pip|pip[\d.]*)\s+install\s")
_SYSTEM = re.compile(
    r"(?:^|\s)(apt-get|apt|apk|yum|dnf|microdnf|zypper|conda|mamba|npm|yarn|gem|cargo|go)\s+"
    r"(?:-\S+\s+)*(?:install|add)\s(.*)"
)
_PACKAGE = re.compile(r"[A-Za-z0-9][\w.+:=~-]{0,59}")


def collect(file: File) -> Iterator[Row]:
    """A sighting of every base image, and what its build steps install."""
    if file.size > MAX_READ:
        raise Unreadable(f"larger than {MAX_READ:,} bytes: not read")
    data = file.read(MAX_READ)
    if b"\0" in data:
        raise Unreadable("a null byte: no Dockerfile")
    stages: set[str] = set()
    system: dict[str, tuple[int, list[str]]] = {}
    values: dict[str, str] = {}
    for count, (number, line) in enumerate(join_lines(decode(data).split("\n"))):
        if count > MAX_ROWS:
            yield Gap(NAME, file.at(number), f"more than {MAX_ROWS:,} instructions: not read")
            break
        if set_ := _ARG.fullmatch(line):
            values[set_[1]] = set_[2].strip("\"'")
        elif base := _FROM.fullmatch(line):
            named = _substitute_variables(base[1], values)
            if named.lower() not in stages | {"scratch"}:
                yield _image(file, number, line, named)
            if base[2]:
                stages.add(base[2].lower())
        elif line[:4].upper() == "RUN ":
            yield from _run(file, number, line[4:], system)
    for tool, (number, names) in system.items():
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        shown = f"{', '.join(names[:_SHOWN])}{more}"
        yield Gap(NAME, file.at(number), f"packages of {tool}, listed but not read: {shown}")


def _image(file: File, number: int, line: str, named: str) -> Row:
    found = _IMAGE.fullmatch(named)
    if not found:
        return Gap(NAME, file.at(number), "the name of a base image is computed")
    host, _, rest = found["name"].partition("/")
    registry = host if rest and re.search(r"[.:]|^localhost$", host) else ""
    *owner, name = (rest if registry else found["name"]).split("/")
    version = found["digest"] or found["tag"] or ""
    where = {"repository_url": registry} if registry and registry != "docker.io" else None
    purl = PackageURL("docker", "/".join(owner) or None, name, version or None, where)
    return Observation(
        "image",
        "/".join([*owner, name]),
        version,
        purl.to_string(),
        Evidence(NAME, "manifest-analysis", "high", file.at(number), line[:200]),
        facts(("image-registry", registry)),
    )


def _substitute_variables(text: str, values: Mapping[str, str]) -> str:
    """Variables with a default replaced by it; the others stay."""

    def value(found: re.Match[str]) -> str:
        return values.get(found[1] or found[3], found[2] or found[0])

    for _ in range(3):
        text = _VARIABLE.sub(value, text[:400])
    return text


def _run(
    file: File, number: int, command: str, system: dict[str, tuple[int, list[str]]]
) -> Iterator[Row]:
    for part in re.split(r"&&|\|\||;|\|", command)[:500]:
        if _PIP.search(part):
            yield from read_pip(part, NAME, file.folder, file.at(number))
        elif found := _SYSTEM.search(part):
            names = [word[:60] for word in found[2].split() if _PACKAGE.fullmatch(word)]
            if names:
                _, held = system.setdefault(found[1], (number, []))
                held += [name for name in names if name not in held]


COLLECTOR = get_collector(NAME)
