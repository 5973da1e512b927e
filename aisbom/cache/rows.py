"""Rows of files that have not changed since they were read, so that a second scan reads only what
is new.

Only the stages that read bytes are cached; identify onward always runs, since knowledge changes. A
file is unchanged when its size, modification time, change time and inode are (the change time
cannot be set by a program), and when the same holds for every sibling its collectors looked at.
Rows are stored as JSON, redacted, with a digest: what a disk changed is read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aisbom.__version__ import __version__
from aisbom.cache.store import Store
from aisbom.model import Evidence, Gap, Location, Observation, Relation, Row

_LAYOUT = 4  # rows are redacted before they are kept: another rule is another layout
_TABLE = (
    "kept (root TEXT, path TEXT, signature TEXT, siblings TEXT, rows TEXT, digest TEXT,"
    " PRIMARY KEY (root, path)) WITHOUT ROWID"
)


@dataclass(frozen=True, slots=True)
class CachedRows:
    """Rows of one file, the signature they hold for, and the siblings they rest on (`{what: its
    signature}`).
    """

    signature: str
    siblings: tuple[tuple[str, str], ...]
    rows: str


class RowCache:
    """The rows kept for one scanned root."""

    def __init__(self, root: Path) -> None:
        self._root = hashlib.sha256(
            f"{_LAYOUT}:{__version__}:{root.resolve()}".encode("utf-8", "surrogateescape")
        ).hexdigest()[:32]
        self._store = Store("rows", _LAYOUT, _TABLE)

    def load(self) -> dict[str, CachedRows]:
        """`{path: rows}` for this root."""
        query = "SELECT path, signature, siblings, rows, digest FROM kept WHERE root = ?"
        try:
            return {
                path: CachedRows(signature, tuple(map(tuple, json.loads(siblings))), rows)
                for path, signature, siblings, rows, digest in self._store.read(
                    query, (self._root,)
                )
                if digest == _digest(path, signature, siblings, rows)
            }
        except (ValueError, TypeError):
            return {}

    def store(self, fresh: Mapping[str, CachedRows], gone: Iterable[str]) -> None:
        """Keep these, and forget the paths that are `gone`."""
        self._store.write(
            (
                "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (self._root, *cells, _digest(*cells))
                    for path, row in fresh.items()
                    for cells in [(path, row.signature, json.dumps(row.siblings), row.rows)]
                ],
            ),
            (
                "DELETE FROM kept WHERE root = ? AND path = ?",
                [(self._root, path) for path in gone],
            ),
        )

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()


def _digest(*cells: str) -> str:
    return hashlib.blake2b("\0".join(cells).encode("utf-8", "surrogatepass")).hexdigest()[:32]


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
