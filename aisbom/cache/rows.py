"""Rows of files whose bytes were read before, so that a second scan reads only what is new: after a
change, in another checkout, on another machine that was handed the cache.

Only the stages that read bytes are cached; identify onward always runs, since knowledge changes.
The rows of a file hold for its path, its bytes and the versions of its readers; those of each
reader for all that it looked at beside the file: whether another is there, its bytes, the names in
a folder. Rows are stored as JSON, redacted, with a digest: what a disk changed is read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from aisbom.__version__ import __version__
from aisbom.cache.store import Store
from aisbom.model import Evidence, Facts, Gap, Location, Observation, Relation, Row
from aisbom.source.tree import Look

_LAYOUT = 8  # rows are redacted before they are kept: another rule is another layout
_TABLE = (
    "kept (path TEXT, signature TEXT, seen TEXT, rows TEXT, digest TEXT,"
    " PRIMARY KEY (path, signature))"
)
_MOST = 400_000
"""Files whose rows are kept, of all trees together: those written last."""

_FORGET = "DELETE FROM kept WHERE rowid <= (SELECT MAX(rowid) FROM kept) - ?"


class CachedRows(NamedTuple):
    """Rows that one collector has of a file, as `flat` makes them, and what beside the file they
    rest on, with what was seen there.
    """

    seen: Sequence[tuple[Look, str]]
    rows: Sequence[list[Any]]


class CachedFile(NamedTuple):
    """What is kept of a file: the stamp that it had, its signature, and the rows of each of its
    collectors.
    """

    stamp: str
    signature: str
    parts: Sequence[CachedRows]


class RowCache:
    """The rows kept, of whatever tree. A signature tells the bytes of a file and its readers."""

    def __init__(self) -> None:
        self._store = Store("rows", _LAYOUT, _TABLE)

    def find(self, path: str, signature: str) -> Sequence[CachedRows]:
        """What is kept for a file of this path and signature, in the order of its collectors."""
        query = "SELECT seen, rows, digest FROM kept WHERE path = ? AND signature = ?"
        key = (path, add_version(signature))
        try:
            for seen, rows, digest in self._store.read(query, key):
                if digest == _digest(*key, seen, rows):
                    return parse_parts(zip(json.loads(seen), json.loads(rows), strict=True))
        except (ValueError, TypeError):
            return ()
        return ()

    def store(self, fresh: Mapping[tuple[str, str], Sequence[CachedRows]]) -> None:
        """Keep these, by path and signature."""
        self._store.write(
            (
                "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)",
                [
                    (*cells, _digest(*cells))
                    for (path, signature), found in fresh.items()
                    for cells in [
                        (
                            *(path, add_version(signature)),
                            _JSON.encode([one.seen for one in found]),
                            _JSON.encode([one.rows for one in found]),
                        )
                    ]
                ],
            ),
            (_FORGET, [(_MOST,)]),
        )

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()


def parse_parts(found: Iterable[Any]) -> tuple[CachedRows, ...]:
    """Parts from pairs of what was seen and rows, as JSON gives them. Raises TypeError or
    ValueError for anything else.
    """
    return tuple(
        [
            CachedRows(tuple([(Look(*look), there) for look, there in seen]) if seen else (), rows)
            for seen, rows in found
        ]
    )


def add_version(signature: str) -> str:
    """The key of what this version of the program has kept: another one reads again."""
    return f"{__version__}:{signature}"


def _digest(*cells: str) -> str:
    return hashlib.blake2b("\0".join(cells).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def dump_rows(rows: Iterable[Row]) -> str:
    """Rows as JSON."""
    return _JSON.encode([flat(row) for row in rows])


_JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def load_rows(text: str) -> tuple[Row, ...]:
    """The rows of `dump_rows`. Raises ValueError, TypeError or IndexError for anything else."""
    return tuple(unflat(item) for item in json.loads(text))


def unflat(item: list[Any]) -> Row:
    """The row of which `flat` says this. Raises TypeError or IndexError where there is none."""
    return _row(*item)


def flat(row: Row) -> list[Any]:
    """A row as nested lists in the order of its fields: they sort as the rows do, gaps before
    observations before relations.
    """
    if isinstance(row, Gap):
        return ["g", row.by, _place(row.at), row.reason, row.kind]
    if isinstance(row, Relation):
        return [
            "r",
            row.source,
            row.target,
            row.kind,
            _place(row.at),
            [[*pair] for pair in row.facts],
        ]
    e = row.evidence
    seen = [e.by, e.technique, e.confidence, _place(e.at), e.excerpt, e.sees]
    told = [[*pair] for pair in row.facts]
    return ["o", row.kind, row.name, row.version, row.purl, seen, told]


def _place(at: Location) -> list[Any]:
    return [at.path, at.line, at.member]


def _row(tag: str, *rest: Any) -> Row:
    if tag == "g":
        return Gap(rest[0], Location(*rest[1]), rest[2], rest[3])
    if tag == "r":
        return Relation(
            rest[0],
            rest[1],
            rest[2],
            Location(*rest[3]),
            _facts(rest[4]),
        )
    by, technique, confidence, at, excerpt, sees = rest[4]
    evidence = Evidence(by, technique, confidence, Location(*at), excerpt, sees=sees)
    return Observation(rest[0], rest[1], rest[2], rest[3], evidence, _facts(rest[5]))


def _facts(pairs: Any) -> Facts:
    return tuple([(key, value) for key, value in pairs])
