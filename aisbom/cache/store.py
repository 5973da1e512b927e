"""A SQLite file below the user's cache folder, opened in one way for everything that is kept."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

from aisbom.user_folders import cache_folder

SETTLED = 2.0
"""Seconds that a file must have been left alone before what was read of it is kept: within a clock
tick a change could go unseen.
"""


class Store:
    """One SQLite file with one table. Threads of one process may share it; every method is harmless
    where the file cannot be used.

    `name` names the file, `layout` its version (another one is another file), `table` is the
    statement that creates the table. Documents of many megabytes do not lie in the file of the
    small rows: each user of the store has a file of its own.
    """

    def __init__(self, name: str, layout: int, table: str) -> None:
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        folder = cache_folder()
        if folder is None:
            return
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            database = sqlite3.connect(
                folder / f"{name}-{layout}.sqlite", timeout=2, check_same_thread=False
            )
            database.execute("PRAGMA journal_mode = WAL")
            # What a crash of the machine loses is read again.
            database.execute("PRAGMA synchronous = OFF")
            database.execute(f"CREATE TABLE IF NOT EXISTS {table}")
        except (OSError, sqlite3.Error):
            return
        self._database = database

    @property
    def usable(self) -> bool:
        """Whether anything can be kept at all."""
        return self._database is not None

    def read(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows that a query finds, none where the file cannot be read."""
        with self._lock:
            if self._database is None:
                return []
            try:
                return list(self._database.execute(query, values))
            except sqlite3.Error:
                return []

    def write(self, *statements: tuple[str, Iterable[Sequence[Any]]]) -> None:
        """Run each statement for each of its rows of values: all of it, or nothing."""
        with self._lock:
            if self._database is None:
                return
            try:
                with self._database:
                    for statement, rows in statements:
                        self._database.executemany(statement, rows)
            except sqlite3.Error:
                return

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None


def forget_beyond(table: str, column: str) -> str:
    """The statement that leaves of a table the rows written last, which together have so many bytes
    in a column; the number is its one value.
    """
    return f"""
DELETE FROM {table} WHERE rowid IN (
    SELECT rowid FROM (
        SELECT rowid, SUM(LENGTH({column})) OVER (ORDER BY rowid DESC) AS bytes FROM {table}
    ) WHERE bytes > ?
)"""  # noqa: S608  (names of ours)


def is_settled(stamp: str, now: int = 0) -> bool:
    """Whether a file with this stamp (`mtime:ctime:inode`, nanoseconds) was left alone long enough
    to be trusted unchanged. `now` is in nanoseconds, 0 asks the clock.
    """
    try:
        modified, changed, *_ = stamp.split(":")
        return (now or time.time_ns()) - max(int(modified), int(changed)) > SETTLED * 1e9
    except ValueError:
        return False
