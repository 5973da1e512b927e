"""Rows of files that have not changed since they were read, so that a second scan reads only what
is new.

Only the stages that read bytes are cached; identify onward always runs, since knowledge changes. A
file is unchanged when its size, modification time, change time and inode are (the change time
cannot be set by a program), and when the same holds for every sibling its collectors looked at.
Rows are stored as JSON, redacted, in one SQLite file under the user's cache folder; any fault of it
means no cache.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aisbom.__version__ import __version__
from aisbom.model import Evidence, Gap, Location, Observation, Relation, Row

SETTLED = 2.0
"""Seconds that a file must have been left alone before its rows are kept: within a clock tick a
change could go unseen.
"""

_LAYOUT = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of one file, the signature they hold for, and the siblings they rest on (`{what: its
    signature}`).
    """

    signature: str
    siblings: tuple[tuple[str, str], ...]
    rows: str


def folder() -> Path:
    """Where caches live: `AISBOM_CACHE_DIR`, else `aisbom` under the platform's cache folder."""
    given = os.environ.get("AISBOM_CACHE_DIR")
    if given:
        return Path(given)
    base = (
        os.environ.get("XDG_CACHE_HOME")
        or os.environ.get("LOCALAPPDATA")
        or str(Path.home() / ".cache")
    )
    return Path(base) / "aisbom"


class Cache:
    """The rows kept for one scanned root. Every method is harmless when the file cannot be used."""

    def __init__(self, root: Path) -> None:
        self._root = hashlib.sha256(
            f"{_LAYOUT}:{__version__}:{root.resolve()}".encode("utf-8", "surrogateescape")
        ).hexdigest()[:32]
        self._database = self._opened()

    def load(self) -> dict[str, Kept]:
        """`{path: kept rows}` for this root."""
        if self._database is None:
            return {}
        try:
            found = self._database.execute(
                "SELECT path, signature, siblings, rows FROM kept WHERE root = ?", (self._root,)
            ).fetchall()
            return {
                path: Kept(signature, tuple(map(tuple, json.loads(siblings))), rows)
                for path, signature, siblings, rows in found
            }
        except (sqlite3.Error, ValueError):
            return {}

    def store(self, kept: Mapping[str, Kept], gone: Iterable[str]) -> None:
        """Keep these, and forget the paths that are `gone`."""
        if self._database is None:
            return
        try:
            with self._database:
                self._database.executemany(
                    "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)",
                    [
                        (self._root, path, k.signature, json.dumps(k.siblings), k.rows)
                        for path, k in kept.items()
                    ],
                )
                self._database.executemany(
                    "DELETE FROM kept WHERE root = ? AND path = ?",
                    [(self._root, path) for path in gone],
                )
        except sqlite3.Error:
            return

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()

    @staticmethod
    def _opened() -> sqlite3.Connection | None:
        try:
            where = folder()
            where.mkdir(parents=True, exist_ok=True, mode=0o700)
            database = sqlite3.connect(where / f"rows-{_LAYOUT}.sqlite", timeout=2)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = OFF")
            database.execute(
                "CREATE TABLE IF NOT EXISTS kept (root TEXT, path TEXT, signature TEXT, siblings"
                " TEXT, rows TEXT, PRIMARY KEY (root, path)) WITHOUT ROWID"
            )
        except (OSError, sqlite3.Error):
            return None
        return database


def settled(stamp: str) -> bool:
    """Whether a file with this stamp (`mtime:ctime:inode`, nanoseconds) was left alone long enough
    to be trusted unchanged.
    """
    try:
        latest = max(int(part) for part in stamp.split(":")[:2])
    except ValueError:
        return False
    return time.time_ns() - latest > SETTLED * 1e9


def dumped(rows: Iterable[Row]) -> str:
    """Rows as JSON."""
    return json.dumps([flat(row) for row in rows], separators=(",", ":"), ensure_ascii=False)


def loaded(text: str) -> tuple[Row, ...]:
    """The rows of `dumped`. Raises ValueError or TypeError for anything else."""
    return tuple(_row(*item) for item in json.loads(text))


def flat(row: Row) -> list[Any]:
    """A row as nested lists in the order of its fields: they sort as the rows do, gaps before
    observations before relations.
    """
    if isinstance(row, Gap):
        return ["g", row.by, [row.at.path, row.at.line, row.at.member], row.reason, row.kind]
    if isinstance(row, Relation):
        return [
            "r",
            row.source,
            row.target,
            row.kind,
            [row.at.path, row.at.line, row.at.member],
            row.facts,
        ]
    e = row.evidence
    seen = [e.by, e.technique, e.confidence, [e.at.path, e.at.line, e.at.member], e.excerpt, e.sees]
    return ["o", row.kind, row.name, row.version, row.purl, seen, row.facts]


def _row(tag: str, *rest: Any) -> Row:
    if tag == "g":
        return Gap(rest[0], Location(*rest[1]), rest[2], rest[3])
    if tag == "r":
        return Relation(
            rest[0],
            rest[1],
            rest[2],
            Location(*rest[3]),
            tuple((key, value) for key, value in rest[4]),
        )
    by, technique, confidence, at, excerpt, sees = rest[4]
    evidence = Evidence(by, technique, confidence, Location(*at), excerpt, sees=sees)
    return Observation(
        rest[0], rest[1], rest[2], rest[3], evidence, tuple((key, value) for key, value in rest[5])
    )
