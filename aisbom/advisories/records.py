"""A record of OSV (ossf.github.io/osv-schema), and whether a version is one that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from aisbom.advisories import cvss
from aisbom.model.facts import Vulnerability

ECOSYSTEM = "PyPI"
_WORDS = {
    "MODERATE": "medium",
    "MEDIUM": "medium",
    "HIGH": "high",
    "CRITICAL": "critical",
    "LOW": "low",
}
_ORDER = ("PYSEC", "CVE")
LEVELS = ("unrated", "none", "low", "medium", "high", "critical")
_MAX_TEXT = 300


def names(record: Any) -> set[str]:
    """The packages of the index that a record is about, by their canonical names."""
    return {canonicalize_name(str(row["package"]["name"])) for row in _list_affected(record)}


def matching(record: Any, name: str, version: Version, source: str) -> Vulnerability | None:
    """The vulnerability that a record tells of, where it is about this version; None for another
    version and for a record that was withdrawn.
    """
    if not isinstance(record, dict) or record.get("withdrawn") or not record.get("id"):
        return None
    rows = [
        row
        for row in _list_affected(record)
        if canonicalize_name(str(row["package"]["name"])) == name and _is_about(row, version)
    ]
    return _vulnerability(record, rows, version, source) if rows else None


def merge_aliases(found: Iterable[Vulnerability]) -> list[Vulnerability]:
    """Each vulnerability once: records that name each other as aliases are one, called by its
    PYSEC or CVE id where it has one. The gravest rating stands.
    """
    kept: list[Vulnerability] = []
    for one in sorted(found, key=lambda v: (_rank(v.id), v.id)):
        ids = {one.id, *one.aliases}
        at = next((n for n, v in enumerate(kept) if ids & {v.id, *v.aliases}), -1)
        if at < 0:
            kept.append(one)
            continue
        other = kept[at]
        graver = max(other, one, key=lambda v: LEVELS.index(v.level))
        kept[at] = Vulnerability(
            other.id,
            tuple(sorted((ids | {other.id, *other.aliases}) - {other.id})),
            graver.level,
            graver.vector,
            other.summary,
            tuple(sorted({*other.fixed, *one.fixed}, key=Version)),
            other.source,
            other.published,
            max(other.modified, one.modified),
            other.state,
            other.detail,
        )
    return sorted(kept, key=lambda v: (-LEVELS.index(v.level), v.id))


def _vulnerability(record: Any, rows: list[Any], version: Version, source: str) -> Vulnerability:
    ids = sorted({str(record["id"]), *map(str, record.get("aliases") or ())}, key=_rank_name)
    level, vector = _rating(record)
    summary = str(record.get("summary") or record.get("details") or "")
    return Vulnerability(
        ids[0],
        tuple(sorted(ids[1:])),
        level,
        vector,
        " ".join(summary.split())[:_MAX_TEXT],
        tuple(map(str, sorted({fix for row in rows for fix in _fixes(row) if fix > version}))),
        source,
        str(record.get("published") or ""),
        str(record.get("modified") or ""),
        "",
        "",
    )


def _rank_name(name: str) -> tuple[int, str]:
    return _rank(name), name


def _rank(name: str) -> int:
    return next((n for n, start in enumerate(_ORDER) if name.startswith(start)), len(_ORDER))


def _rating(record: Any) -> tuple[str, str]:
    """(word, vector): by a vector where one can be read, else by the database's own word."""
    vectors = [
        str(row.get("score", ""))
        for row in record.get("severity") or ()
        if isinstance(row, dict) and str(row.get("type", "")).startswith("CVSS")
    ]
    scored = [(value, vector) for vector in vectors if (value := cvss.score(vector)) is not None]
    if scored:
        value, vector = max(scored)
        return cvss.level(value), vector
    own = record.get("database_specific")
    word = str(own.get("severity", "")).upper() if isinstance(own, dict) else ""
    return _WORDS.get(word, "unrated"), vectors[0] if vectors else ""


def _list_affected(record: Any) -> Iterator[Any]:
    rows = record.get("affected") if isinstance(record, dict) else None
    for row in rows if isinstance(rows, list) else ():
        package = row.get("package") if isinstance(row, dict) else None
        if not isinstance(package, dict) or not package.get("name"):
            continue
        if package.get("ecosystem") == ECOSYSTEM:
            yield row


def _is_about(row: Any, version: Version) -> bool:
    listed = row.get("versions")
    if isinstance(listed, list) and version in set(_versions(listed)):
        return True
    return any(_inside(events, version) for events in _ranges(row))


def _ranges(row: Any) -> Iterator[list[tuple[str, str]]]:
    for found in row.get("ranges") or ():
        if isinstance(found, dict) and found.get("type") in ("ECOSYSTEM", "SEMVER"):
            yield [
                (str(kind), str(value))
                for event in found.get("events") or ()
                if isinstance(event, dict)
                for kind, value in event.items()
            ]


def _inside(events: list[tuple[str, str]], version: Version) -> bool:
    """Whether a version lies in a range of events, in whatever order these stand."""
    order = {"introduced": 0, "last_affected": 1, "fixed": 2, "limit": 2}
    sorted_events = sorted(
        (number, order[kind], kind)
        for kind, value in events
        if kind in order
        for number in _versions(["0" if value == "0" else value])
    )
    inside = False
    for number, _, kind in sorted_events:
        if kind == "introduced" and number <= version:
            inside = True
        elif (kind in ("fixed", "limit") and number <= version) or (
            kind == "last_affected" and number < version
        ):
            inside = False
    return inside


def _fixes(row: Any) -> Iterator[Version]:
    for events in _ranges(row):
        yield from _versions(value for kind, value in events if kind == "fixed")


def _versions(texts: Iterable[Any]) -> Iterator[Version]:
    for text in texts:
        try:
            yield Version(str(text))
        except InvalidVersion:
            continue
