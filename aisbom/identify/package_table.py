"""What the table of packages says where a package says nothing itself: because nothing is
installed, only its name is here, in a requirement or a lock.

Never for a package of another index or of another repository than the table's, which may only share
the name, and never for a project of the scanned tree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from packageurl import PackageURL
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from aisbom.identify.cite import SeenFact, cite
from aisbom.identify.licence_agreement import agree, identifiers
from aisbom.identify.purls import parse
from aisbom.knowledge import CondaPackage, Knowledge, names, package_table
from aisbom.knowledge.package_table import HAND, RECENT, Statement
from aisbom.model import Claim, Component, Confidence, Evidence
from aisbom.model.facts import TableRow

_HOME = "repository"
_CHANNELS = frozenset(
    {
        *("defaults", "main", "free", "r", "msys2", "anaconda", "pkgs/main", "pkgs/free"),
        *("conda-forge", "pytorch", "pytorch-lts", "nvidia", "huggingface", "bioconda", "intel"),
    }
)
"""Channels of conda whose packages are the projects that they are called after."""
_INDEXED = frozenset({"requirement", "locked", "distribution", "bom-component"})


def find_indexed_package(component: Component, knowledge: Knowledge) -> tuple[str, SeenFact | None]:
    """The name of a package of the Python index, and where it was seen; `""` for any other. A
    package of conda is the one of its name there, or the one that its row names.
    """
    purl = _find_public_package(component, knowledge)
    if purl is None:
        return "", None
    name = purl.name
    if purl.type == "conda":
        row = knowledge.conda_package(name)
        name = row.python if row else names.package(name)
        if not name or not package_table.statements(name):
            return "", None
    return name, _see_purl(component, purl)


def find_conda_package(
    component: Component, knowledge: Knowledge
) -> tuple[CondaPackage, SeenFact] | None:
    """The row of a package of conda that is none of the Python index, and where it was seen."""
    purl = _find_public_package(component, knowledge)
    row = knowledge.conda_package(purl.name) if purl and purl.type == "conda" else None
    return (row, _see_purl(component, purl)) if purl and row and not row.python else None


def _see_purl(component: Component, purl: PackageURL) -> SeenFact:
    evidence = min(o.evidence for o in component.observations if o.kind in _INDEXED)
    return SeenFact("purl", f"pkg:{purl.type}/{purl.name}", evidence)


def _find_public_package(component: Component, knowledge: Knowledge) -> PackageURL | None:
    """The purl of a package that comes from a public index of Python or of conda."""
    purl = parse(component.purl)
    if purl is None or "project" in component.kinds or not component.kinds & _INDEXED:
        return None
    qualifiers = purl.qualifiers if isinstance(purl.qualifiers, dict) else {}
    if purl.type == "conda":
        return purl if qualifiers.get("channel", "defaults") in _CHANNELS else None
    return purl if purl.type == "pypi" and _public(purl, knowledge) else None


def _public(purl: PackageURL, knowledge: Knowledge) -> bool:
    """Whether it comes from the Python index, from one that has the same files, or from the very
    repository that the table names for it.
    """
    qualifiers = purl.qualifiers if isinstance(purl.qualifiers, dict) else {}
    if address := qualifiers.get("vcs_url", ""):
        named = [row.value for row in package_table.statements(purl.name) if row.what == _HOME]
        return _repository(address) in {value.casefold() for value in named}
    addresses = [qualifiers.get(key, "") for key in ("repository_url", "download_url")]
    return all(knowledge.package_index(one) is not None for one in addresses if one)


def _repository(address: str) -> str:
    """`host/owner/name` of a version control address, in lower case; `""` for one of another
    form.
    """
    parts = urlsplit(address.partition("+")[2] or address)
    path = [part for part in parts.path.partition("@")[0].split("/") if part]
    if not parts.hostname or len(path) != 2:
        return ""
    return f"{parts.hostname}/{path[0]}/{path[1].removesuffix('.git')}".casefold()


def repositories(component: Component, knowledge: Knowledge) -> Iterator[tuple[str, SeenFact]]:
    """The repository that the table names for a package: the weightiest statement's."""
    name, seen = find_indexed_package(component, knowledge)
    row = _home(name)
    if seen and row:
        words = f"{seen.words}: {row.value} ({row.source_words})"
        yield f"https://{row.value}", SeenFact("package table", words, seen.evidence)


def _home(name: str) -> Statement | None:
    """The weightiest statement about a repository, in the words of a source where one says the
    same as a row by hand.
    """
    rows = [row for row in package_table.statements(name) if row.what == _HOME]
    same = [row for row in rows if row.value.casefold() == rows[0].value.casefold()]
    return min(same, key=lambda row: row.source == HAND, default=None)


def rows(component: Component, knowledge: Knowledge, organisation: str) -> Iterator[TableRow]:
    """The rows that name a package's steward: its own, or that of its repository."""
    name, _ = find_indexed_package(component, knowledge)
    entry = knowledge.package(name) if name else None
    if entry and entry[1].id == organisation:
        yield TableRow("packages.csv", entry[0].name)
        return
    if row := _home(name):
        yield TableRow(package_table.TABLE.name, row.source)
    if conda := find_conda_package(component, knowledge):
        yield TableRow("conda_packages.csv", conda[0].name)


def licences(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`licence.concluded` of a package that states none here. What outweighs the rest is medium,
    several such are contested; the rest stands beside it as a hint. A row by hand is cited only
    where no source says the same.
    """
    if conda := find_conda_package(component, knowledge):
        yield from _claim_conda_licence(component, *conda)
        return
    name, seen = find_indexed_package(component, knowledge)
    rows = [
        row
        for row in package_table.statements(name)
        if row.what == "licence" and holds(row, component.version)
    ]
    if not seen:
        return
    found: dict[str, list[Evidence]] = {}
    best = weightiest(rows, component.version)
    compared = {row.value for row in rows if row.source != HAND}
    for row in rows:
        if row.source == HAND and row.value in compared:
            continue
        sure: Confidence = "medium" if row.value in best else "low"
        cited = TableRow(package_table.TABLE.name, row.source)
        rule = "licence/package-table-curated" if row.source == HAND else "licence/package-table"
        evidence = cite(rule, sure, seen, f"{row.value} ({row.source_words})", cited)
        found.setdefault(row.value, []).append(evidence)
    for value, rests_on in sorted(found.items()):
        yield Claim(component.ref, "licence.concluded", value, tuple(sorted(rests_on)))


def _claim_conda_licence(
    component: Component, package: CondaPackage, seen: SeenFact
) -> Iterator[Claim]:
    if package.licence:
        cited = TableRow("conda_packages.csv", package.name)
        words = f"{package.licence} ({package_table.CURATED})"
        evidence = cite("licence/package-table-curated", "medium", seen, words, cited)
        yield Claim(component.ref, "licence.concluded", package.licence, (evidence,))


def weightiest(rows: Sequence[Statement], version: str) -> frozenset[str]:
    """The licences of those statements that outweigh the rest; several where it is contested, none
    where all are hints.

    `rows`: those about one package that hold for `version`, the weightiest first.
    """
    if not rows or rows[0].authority[0] < 0:
        return frozenset()
    votes: Counter[str] = Counter()
    for row in rows:
        if row.authority[0] == rows[0].authority[0]:
            votes[row.value] += row.votes
    best = {value for value, count in votes.items() if count == max(votes.values())}
    best |= {row.value for row in _before(rows, version)}
    return frozenset(one for one in best if not any(_holds_more(two, one) for two in best))


def _holds_more(two: str, one: str) -> bool:
    """Whether an expression says all that another does and more: `GPL-3.0` leaves open what
    `GPL-3.0-only` says, `MIT` what `Apache-2.0 OR MIT` does. It contests it no more than silence.
    """
    return two.startswith(f"{one}-") or set(identifiers(one)) < set(identifiers(two))


def _before(rows: Sequence[Statement], version: str) -> Iterator[Statement]:
    """What is said of the version itself or of one between it and that which the weightiest speaks
    of: the licence may have changed since, and then both stand. So does what several distributions
    say of a version older than the one whose metadata says something else.
    """
    asked, newest = _parse_version(version), _parse_version(rows[0].version)
    if not asked or rows[0].versions or (newest and asked >= newest):
        return
    undated = next((row for row in rows if not row.version), None)
    for row in rows:
        of = _parse_version(row.version)
        told = asked <= of if of else row is undated and newest and row.votes > 1
        if told and row.month < RECENT and not agree(row.value, rows[0].value):
            yield row


def _parse_version(version: str) -> Version | None:
    try:
        return Version(version)
    except InvalidVersion:
        return None


def holds(row: Statement, version: str) -> bool:
    """Whether a statement speaks for a version; where none is known, for those to come."""
    if not row.versions:
        return True
    try:
        wanted = SpecifierSet(row.versions)
        return Version(version or "999999") in wanted
    except (InvalidSpecifier, InvalidVersion):
        return False
