"""The labelled rows, and the component that each would be."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import NamedTuple

from aisbom.model import Component, Evidence, Facts, Location, Observation

BLIND = "licence_files_blind.csv"
FOLDER = Path(__file__).parent


class Labelled(NamedTuple):
    """A row of distributions.csv. `origin` and `licence` are the acceptable answers.

    Origin: country codes, `international`, `none` (no country may be asserted), `person` (the same:
    one person runs it). Licence: expressions, or `unknown` where nothing may be concluded.
    Addresses have their domain only; `team` is a role's, `someone` is not; domains and pages that
    bear a person's name are replaced, and names of people are left out.
    """

    name: str
    version: str
    home: tuple[str, ...]
    urls: tuple[str, ...]
    names: tuple[str, ...]
    mail: tuple[str, ...]
    holder: str
    expression: str
    licence: str
    classifiers: tuple[str, ...]
    texts: tuple[str, ...]
    origin: tuple[str, ...]
    licences: tuple[str, ...]

    @property
    def tuning(self) -> bool:
        """Whether it belongs to the half that tables may be grown from; the other half is only
        reported on.
        """
        return half(self.name)

    @property
    def countries(self) -> frozenset[str]:
        """The countries that may be asserted."""
        return frozenset(answer for answer in self.origin if len(answer) == 2)

    @property
    def answerable(self) -> bool:
        """Whether there is a country and nothing else to say."""
        return len(self.origin) == len(self.countries) > 0

    def component(self) -> Component:
        """What a scan of an environment with this distribution would have."""
        place = f"site-packages/{self.name}-{self.version}.dist-info"
        pairs = [("home-page", url) for url in self.home]
        pairs += [("project-url", url) for url in self.urls]
        pairs += [("author", name) for name in self.names]
        pairs += [("author-email", mail) for mail in self.mail]
        pairs += [("license-expression", self.expression)] if self.expression else []
        pairs += [("license", self.licence)] if self.licence else []
        pairs += [("classifier", f"License :: {name}") for name in self.classifiers]
        purl = f"pkg:pypi/{self.name}@{self.version}"
        evidence = Evidence(
            "distribution",
            "manifest-analysis",
            "high",
            Location(f"{place}/METADATA", 2),
            f"Name: {self.name}",
        )
        found = [
            Observation("distribution", self.name, self.version, purl, evidence, _sorted(pairs))
        ]
        for number, text in enumerate(self.texts or ("",)):
            beside = Evidence(
                "distribution-licence",
                "manifest-analysis",
                "high",
                Location(f"{place}/licenses/LICENSE-{number}", 1),
                "",
            )
            pairs = [
                ("copyright-holder", "" if number else self.holder),
                ("licence-guess", text),
                ("licence-basis", "exact"),
            ]
            pairs = [pair for pair in pairs if pair[1]]
            if self.holder or text:
                found.append(
                    Observation(
                        "notice",
                        "LICENSE",
                        self.version,
                        purl,
                        beside,
                        _sorted([*pairs, ("file-kind", "licence")]),
                    )
                )
        return Component(purl, "library", self.name, self.version, purl, tuple(sorted(found)))


class LicenceFile(NamedTuple):
    """A row of licence_files.csv: SHA-256 of a file, where it was found, and the licence it (first)
    holds.

    `expected` are the acceptable identifiers; `kind` is `single`, or `several` where licences are
    strung together.
    """

    sha256: str
    distribution: str
    version: str
    path: str
    kind: str
    expected: tuple[str, ...]

    @property
    def tuning(self) -> bool:
        """Which half it is counted in. The matcher was made with all of these files at hand:
        neither half is unseen.
        """
        return half(self.sha256)


def distributions() -> list[Labelled]:
    """All labelled distributions."""
    return [
        Labelled(
            row["name"],
            row["version"],
            _list(row["home"]),
            _list(row["urls"]),
            _list(row["names"]),
            _list(row["mail"]),
            row["holder"],
            row["expression"],
            row["licence"],
            _list(row["classifiers"]),
            _list(row["texts"]),
            tuple(row["accept_origin"].split("|")),
            tuple(row["accept_licence"].split("|")),
        )
        for row in _rows("distributions.csv")
    ]


def licence_files(name: str = "licence_files.csv") -> list[LicenceFile]:
    """All labelled licence files; BLIND are those that were labelled before the matcher had seen
    one of them.
    """
    return [
        LicenceFile(
            row["sha256"],
            row["distribution"],
            row["version"],
            row["path"],
            row["kind"],
            tuple(row["expected"].split("|")),
        )
        for row in _rows(name)
    ]


def half(key: str) -> bool:
    """A fixed half of all keys: those whose SHA-256 starts with an even byte."""
    return hashlib.sha256(key.encode()).digest()[0] % 2 == 0


def _rows(name: str) -> list[dict[str, str]]:
    lines = [
        line
        for line in (FOLDER / name).read_text("utf-8").split("\n")
        if line.strip() and not line.startswith("#")
    ]
    return list(csv.DictReader(lines, strict=True))


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part for one in cell.split("; ") if (part := one.strip()))


def _sorted(pairs: list[tuple[str, str]]) -> Facts:
    return tuple(sorted(dict.fromkeys(pairs)))
