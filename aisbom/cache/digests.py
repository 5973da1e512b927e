"""Digests of weight files, finished or under way, kept between runs."""

from __future__ import annotations

import hashlib
import sqlite3
import threading

from aisbom.cache.rows import folder, settled

_LAYOUT = 1


class Kept:
    """What was digested before, in one SQLite file under the user's cache folder. Any fault of it
    means that nothing was kept.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        try:
            where = folder()
            where.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._database = sqlite3.connect(
                where / f"digests-{_LAYOUT}.sqlite", timeout=2, check_same_thread=False
            )
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS digests (file TEXT, stamp TEXT, name TEXT, value TEXT,"
                " done INTEGER, state BLOB, PRIMARY KEY (file, name)) WITHOUT ROWID"
            )
        except (OSError, sqlite3.Error):
            self._database = None

    def get(self, file: str, stamp: str, name: str) -> tuple[str, int, bytes]:
        """(digest, 0, b"") of a finished one, ("", bytes done, state) of one under way, ("", 0,
        b"") if there is neither.
        """
        with self._lock:
            if self._database is None or not settled(stamp):
                return "", 0, b""
            try:
                row = self._database.execute(
                    "SELECT value, done, state FROM digests WHERE file = ? AND name = ? AND"
                    " stamp = ?",
                    (_key(file), name, stamp),
                ).fetchone()
            except sqlite3.Error:
                return "", 0, b""
        return (str(row[0]), int(row[1]), bytes(row[2])) if row else ("", 0, b"")

    def put(self, file: str, stamp: str, name: str, kept: tuple[str, int, bytes]) -> None:
        """Keep what `get` gives."""
        with self._lock:
            if self._database is None or not settled(stamp):
                return
            try:
                with self._database:
                    self._database.execute(
                        "INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?, ?, ?)",
                        (_key(file), stamp, name, *kept),
                    )
            except sqlite3.Error:
                return

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None


def _key(file: str) -> str:
    """Paths are kept as digests: the cache tells nobody what lies where."""
    return hashlib.sha256(file.encode("utf-8", "surrogateescape")).hexdigest()
