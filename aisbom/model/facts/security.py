"""Facts about what can run code (docs/unsafe-files.md) and known vulnerabilities
(docs/vulnerabilities.md).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from aisbom.model.facts.key import Key


class Hazard(NamedTuple):
    """One way in which a file can run code: through what (`pickle`, `keras`, `operator`,
    `template`, `remote-code`, `loader`), and what it would do.

    Not `certain`: it could not be followed to its end. `line` counts from 1, 0 for no line.
    """

    through: str
    what: str
    line: int
    certain: bool


class Vulnerability(NamedTuple):
    """A known vulnerability of one version of a package.

    `level` is none, low, medium, high, critical or unrated; `vector` a CVSS vector; `fixed` the
    versions that mend it. `published` and `modified` are ISO 8601, `state` and `detail` what a VEX
    statement says of it.
    """

    id: str
    aliases: tuple[str, ...]
    level: str
    vector: str
    summary: str
    fixed: tuple[str, ...]
    source: str
    published: str
    modified: str
    state: str
    detail: str


HAZARD = Key("hazard", Hazard, ("collect",), ("identify",), "a way in which a file can run code")
VULNERABILITY = Key(
    "vulnerability",
    Vulnerability,
    ("examine",),
    ("identify", "bom"),
    "a known vulnerability of this version",
)
UNAUDITED = Key("unaudited", str, ("examine",), ("identify",), "why it could not be asked about")

RECORDS: tuple[Key[Any], ...] = (HAZARD, VULNERABILITY)
