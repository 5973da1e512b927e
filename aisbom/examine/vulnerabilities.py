"""Which known vulnerabilities the packages of a scan have, and which could not be asked about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from packageurl import PackageURL
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from aisbom.advisories.service import ServiceFailure
from aisbom.advisories.vex import Statement
from aisbom.model import Component, Evidence, Gap, Location, Observation, Scan, facts
from aisbom.model.facts import UNAUDITED, VULNERABILITY, Vulnerability

NAME = "advisories"
_OTHERS = ("conda", "conan", "npm", "cargo", "maven", "golang", "gem", "deb", "rpm")
_GIVE_UP = 3
"""Failures in a row after which a service is not asked any more."""


class Source(Protocol):
    """Where advisories come from. `newest` is when the newest was changed, `broken` how many could
    not be read.
    """

    name: str
    newest: str
    broken: int

    def ask(self, name: str, version: Version) -> list[Vulnerability]:
        """What is known of this version of a package. Raises NotAnswered."""
        ...


@dataclass(frozen=True, slots=True)
class Audit:
    """Where advisories come from, and what the user's VEX states."""

    source: Source
    vex: tuple[Statement, ...] = ()


def audit_packages(scan: Scan, audit: Audit) -> Scan:
    """The scan with the vulnerabilities of its packages. What could not be asked about says why,
    one by one; each reason is one gap.
    """
    reasons: Counter[str] = Counter()
    first: dict[str, Location] = {}
    failures = 0
    components = []
    for component in scan.components:
        name, version, why = _package(component)
        found: list[Vulnerability] = []
        if name and version is not None and failures < _GIVE_UP:
            try:
                found = audit.source.ask(name, version)
                failures = 0
            except ServiceFailure as error:
                failures += 1
                why = str(error)
        elif name and version is not None:
            why = "the service did not answer, and was not asked again"
        if not name:
            components.append(component)
            continue
        if why:
            reasons[why] += 1
            first.setdefault(why, component.observations[0].evidence.at)
        rows = facts(
            *(VULNERABILITY(_apply_vex(one, component, audit.vex)) for one in found),
            *([UNAUDITED(why)] if why else ()),
        )
        components.append(_with(component, audit.source.name, rows, len(found)))
    gaps = [
        Gap(NAME, first[why], f"vulnerabilities are unknown for {count} packages: {why}")
        for why, count in sorted(reasons.items())
    ]
    if audit.source.broken:
        gaps.append(Gap(NAME, Location(""), f"{audit.source.broken} advisories cannot be read"))
    return replace(
        scan,
        components=tuple(sorted(components)),
        gaps=tuple(sorted({*scan.gaps, *gaps})),
    )


def _package(component: Component) -> tuple[str, Version | None, str]:
    """(name on the index, exact version, why it cannot be asked about); no name for what is no
    package.
    """
    try:
        parsed = PackageURL.from_string(component.purl)
    except ValueError:
        return "", None, ""
    if component.kind != "library" or parsed.type not in ("pypi", *_OTHERS):
        return "", None, ""
    name = canonicalize_name(parsed.name)
    own = isinstance(parsed.qualifiers, dict) and parsed.qualifiers.get("repository_url")
    why = (
        f"of {parsed.type}, not of PyPI"
        if parsed.type != "pypi"
        else "comes from an index of its own"
        if own
        else "no exact version is known"
        if not component.version
        else ""
    )
    try:
        return name, None if why else Version(component.version), why
    except InvalidVersion:
        return name, None, "its version is none of PyPI"


def _apply_vex(
    found: Vulnerability, component: Component, vex: Iterable[Statement]
) -> Vulnerability:
    """The vulnerability with what VEX states of it for this package."""
    ids = {found.id, *found.aliases}
    for statement in vex:
        same = statement.purl in ("", component.purl, component.purl.partition("@")[0])
        if statement.id in ids and same:
            return found._replace(state=statement.state, detail=statement.detail)
    return found


def _with(
    component: Component, source: str, rows: tuple[tuple[str, str], ...], count: int
) -> Component:
    at = component.observations[0].evidence.at
    words = f"{count} known vulnerabilities of this version" if count else "none known"
    evidence = Evidence(NAME, "other", "high", at, f"{source}: {words}", sees="statement")
    seen = Observation(
        "advisory", component.name, component.version, component.purl, evidence, rows
    )
    return replace(component, observations=tuple(sorted({*component.observations, seen})))
