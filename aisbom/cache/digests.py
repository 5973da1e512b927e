"""Digests of weight files, finished or under way, kept between runs."""

from __future__ import annotations

import hashlib

from aisbom.cache.store import Store, is_settled

_LAYOUT = 1
_TABLE = (
    "digests (file TEXT, stamp TEXT, name TEXT, value TEXT, done INTEGER, state BLOB,"
    " PRIMARY KEY (file, name)) WITHOUT ROWID"
)


class DigestCache:
    """What was digested before. Threads may share it."""

    def __init__(self) -> None:
        self._store = Store("digests", _LAYOUT, _TABLE)

    def get(self, file: str, stamp: str, name: str) -> tuple[str, int, bytes]:
        """(digest, 0, b"") of a finished one, ("", bytes done, state) of one under way, ("", 0,
        b"") if there is neither.
        """
        if not is_settled(stamp):
            return "", 0, b""
        query = "SELECT value, done, state FROM digests WHERE file = ? AND name = ? AND stamp = ?"
        for value, done, state in self._store.read(query, (_key(file), name, stamp)):
            return str(value), int(done), bytes(state)
        return "", 0, b""

    def put(self, file: str, stamp: str, name: str, entry: tuple[str, int, bytes]) -> None:
        """Keep what `get` gives."""
        if is_settled(stamp):
            statement = "INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?, ?, ?)"
            self._store.write((statement, [(_key(file), stamp, name, *entry)]))

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()


def _key(file: str) -> str:
    """Paths are kept as digests: the cache tells nobody what lies where."""
    return hashlib.sha256(file.encode("utf-8", "surrogateescape")).hexdigest()
