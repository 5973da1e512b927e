"""Core metadata of Python distributions (METADATA, PKG-INFO; versions 1.0 to 2.5): header lines,
facts, and requirement rows.

Only the header block is parsed, so that a description of any length costs nothing; every header
keeps its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from aisbom.collect.ownership.licence_file import of_field
from aisbom.model import Confidence, Evidence, Facts, Gap, Location, Observation, Relation, facts
from aisbom.source.faults import fault, length
from aisbom.source.text import decode
from aisbom.source.tree import File

MAX_HEAD = 8 * 1024 * 1024
"""Headers end within this many bytes, or what stands behind them is not read (old writers put the
description among them).
"""

MAX_HEADERS = 20_000
MAX_REQUIREMENT = 4_000
"""Characters of one requirement; what is longer was made to be slow."""

_FIRST = 64 * 1024
_BLANK = re.compile(rb"\n\r?\n|\r\r")
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9\-]*)[ \t]*:")
_UNUSED = frozenset(
    {"description", "description-content-type", "keywords", "platform", "supported-platform"}
)
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._\-]*[A-Za-z0-9])?")
_ALGORITHM = re.compile(r"[a-z0-9_\-]{2,20}")
_HEX = re.compile(r"[0-9a-fA-F]{32,128}")
_LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128}
_CLASSES = ("License ::", "Topic ::", "Development Status ::")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")
_EXTRA = re.compile(r"""\bextra\s*={2,3}\s*['"]([^'"]*)['"]|['"]([^'"]*)['"]\s*={2,3}\s*extra\b""")
_SINGLE = {
    "license-expression": "license-expression",
    "author": "author",
    "author-email": "author-email",
    "maintainer": "maintainer",
    "maintainer-email": "maintainer-email",
    "home-page": "home-page",
    "summary": "summary",
    "requires-python": "requires-python",
}
_MANY = {
    "license-file": "license-file",
    "project-url": "project-url",
    "provides-extra": "provides-extra",
}


@dataclass(frozen=True, slots=True)
class Header:
    """One header: its name in lower case, its value (further lines joined by `\\n`), and the line
    it begins on.
    """

    key: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Headers:
    """The header block of one file; `faults` are (line, reason) of what could not be read in it."""

    rows: tuple[Header, ...]
    faults: tuple[tuple[int, str], ...] = ()

    def all(self, key: str) -> list[Header]:
        """Every header of that name that says something."""
        return [row for row in self.rows if row.key == key and row.value and row.value != "UNKNOWN"]

    def first(self, key: str) -> Header | None:
        """The first header of that name that says something."""
        return next(iter(self.all(key)), None)

    def value(self, key: str) -> str:
        """The first value of that name, or `""`."""
        row = self.first(key)
        return row.value if row else ""


def pypi(name: str, version: str = "") -> str:
    """The purl of a Python package: the name normalised after PEP 503, the version percent-encoded
    (`+` is `%2B`).
    """
    return f"pkg:pypi/{quote(canonicalize_name(name), safe='')}" + (
        f"@{quote(version, safe=':')}" if version else ""
    )


def clean(text: str, limit: int = 1000) -> str:
    """One line without control characters, at most `limit` characters."""
    return " ".join(_CONTROL.sub(" ", text).split())[:limit]


def read(file: File) -> Headers:
    """The headers of a file, reading no further than they go. Raises Unreadable where the file
    cannot be opened.
    """
    for limit in (_FIRST, MAX_HEAD):
        data = file.head(limit)
        begin = len(data) - len(data.lstrip())
        end = _BLANK.search(data, begin)
        if end or len(data) < limit:
            break
    return parse(data[: end.start() + 1] if end else data, cut=not end and len(data) == limit)


def parse(data: bytes, cut: bool = False) -> Headers:
    """Headers up to the first empty line. `cut` says that the bytes stop before the block does."""
    rows: list[Header] = []
    faults: list[tuple[int, str]] = []
    key, value, begun = "", "", 0
    for number, line in enumerate(decode(data).split("\n"), 1):
        if line[:1] in (" ", "\t", "\x0c") and key:
            if key not in _UNUSED and len(value) < 4000:
                value += "\n" + line.strip()
            continue
        if not line.strip():
            if rows or key:
                break
            continue
        found = _KEY.match(line)
        if not found:
            if not faults:
                faults.append((number, "not a header line: skipped"))
            continue
        if key:
            rows.append(Header(key, value.strip(), begun))
        if len(rows) >= MAX_HEADERS:
            faults.append((number, f"more than {MAX_HEADERS:,} headers: the rest was not read"))
            key = ""
            break
        key, value, begun = found[1].lower(), line[found.end() :].strip(), number
    if key:
        rows.append(Header(key, value.strip(), begun))
    if cut:
        faults.append((0, f"headers longer than {len(data):,} bytes: the rest was not read"))
    return Headers(tuple(rows), tuple(faults))


def read_metadata_facts(headers: Headers) -> list[tuple[str, str]]:
    """The facts that core metadata states about the distribution itself (not its name, version or
    dependencies).
    """
    found = [(fact, clean(headers.value(key))) for key, fact in _SINGLE.items()]
    found += [(fact, clean(row.value)) for key, fact in _MANY.items() for row in headers.all(key)]
    found += [
        ("classifier", clean(row.value))
        for row in headers.all("classifier")
        if row.value.startswith(_CLASSES)
    ]
    found += [
        (key, clean(value, 200) if key == "license" else value)
        for key, value in of_field(headers.value("license"))
    ]
    return found


def valid_name(name: str) -> bool:
    """Whether a name is one under PEP 508."""
    return bool(_NAME.fullmatch(name))


def hash_fact(algorithm: str, value: str) -> list[tuple[str, str]]:
    """The fact of a digest, such as `("hash", "sha256:<hex>")`; none where it is not one of that
    algorithm.
    """
    if (
        not _ALGORITHM.fullmatch(algorithm)
        or not _HEX.fullmatch(value)
        or len(value) != _LENGTHS.get(algorithm, len(value))
    ):
        return []
    return [("hash", f"{algorithm}:{value.lower()}")]


@lru_cache(maxsize=20_000)
def requirement(text: str) -> Requirement:
    """A parsed Requires-Dist value. Raises InvalidRequirement."""
    if len(text) > MAX_REQUIREMENT:
        raise InvalidRequirement(f"longer than {MAX_REQUIREMENT:,} characters")
    try:
        return Requirement(text)
    except RecursionError as error:
        raise InvalidRequirement("nested too deeply") from error


def requirement_facts(parsed: Requirement) -> list[tuple[str, str]]:
    """Facts of a requirement: specifier, marker, extras asked for, where it comes from, and its
    group.
    """
    marker = str(parsed.marker) if parsed.marker else ""
    found = [("specifier", str(parsed.specifier)), ("marker", marker)]
    found += [("extra", canonicalize_name(extra)) for extra in parsed.extras]
    if parsed.url:
        url, _, fragment = parsed.url.partition("#")
        vcs = re.match(r"(?:git|hg|svn|bzr)\+", url)
        if url.lower().startswith("file:") or "://" not in url:
            found.append(("local", "yes"))
        else:
            found.append(("vcs-url" if vcs else "url", clean(url)))
        found += [
            ("hash", f"sha256:{digest}")
            for digest in re.findall(r"\bsha256=([0-9a-fA-F]{64})\b", fragment)
        ]
    asking = sorted({canonicalize_name(one or other) for one, other in _EXTRA.findall(marker)})
    found += [("group", f"extra:{extra}") for extra in asking if extra] or [("group", "runtime")]
    return found


def get_pinned_version(parsed: Requirement) -> str:
    """The one version that a requirement admits (`==X` without wildcard, `===X`), or `""`."""
    clauses = list(parsed.specifier)
    if (
        len(clauses) == 1
        and clauses[0].operator in ("==", "===")
        and not clauses[0].version.endswith(".*")
    ):
        return clauses[0].version
    return ""


@dataclass(frozen=True, slots=True)
class RequiresDist:
    """One Requires-Dist (or requires.txt) entry: its value as PEP 508 text, its place, and the
    words seen there.
    """

    text: str
    at: Location
    excerpt: str


def read_requires_dist(headers: Headers, file: File) -> list[RequiresDist]:
    """The Requires-Dist headers of a file."""
    return [
        RequiresDist(" ".join(row.value.split()), file.at(row.line), f"Requires-Dist: {row.value}")
        for row in headers.rows
        if row.key == "requires-dist"
    ]


def requirement_rows(  # noqa: PLR0913
    entries: list[RequiresDist],
    source: str,
    by: str,
    *,
    scope: str | None,
    components: bool,
    confidence: Confidence = "high",
) -> Iterator[Observation | Relation | Gap]:
    """What entries declare: a relation from `source` each, and with `components` a requirement
    observation too.

    `scope` is the environment folder for the relations of a distribution, None for those of a
    project, whose targets carry the version where it is pinned.
    """
    for entry in entries:
        try:
            parsed = requirement(entry.text)
        except InvalidRequirement as error:
            yield Gap(
                by,
                entry.at,
                f"not a requirement ({length(entry.text)}): {fault(error)}",
            )
            continue
        stated: Facts = facts(*requirement_facts(parsed))
        version = get_pinned_version(parsed)
        target = pypi(parsed.name, version if scope is None else "")
        if components:
            evidence = Evidence(by, "manifest-analysis", confidence, entry.at, entry.excerpt)
            yield Observation(
                "requirement", parsed.name, version, pypi(parsed.name, version), evidence, stated
            )
        yield Relation(
            source, target, "depends-on", entry.at, facts(*stated, ("scope", scope or ""))
        )
