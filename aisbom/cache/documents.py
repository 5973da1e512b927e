"""The finished document of a tree, kept for a run in which nothing that it rests on has changed:
the same bytes without a second scan.

What it rests on: what was asked for, every file of the tree (size, modification and change time,
inode) and what could not be listed, the files of the program, its libraries and its index, the rows
a user added, the variables that are read, and what the git folders say, which are the one thing in
a tree that is read past the list of files. One of these unlike the last time, or a file changed
less than two seconds ago, means a scan. Like the rows of `cache`, documents lie in a SQLite file of
the user's; any fault of it means none is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from aisbom.__version__ import __version__
from aisbom.cache import rows
from aisbom.collect.repository import git
from aisbom.collect.run import rows_of
from aisbom.source.tree import Tree

_LAYOUT = 1
_MOST = 24
"""Documents kept in all: the ones written last."""

_LARGEST = 64 * 1024 * 1024
_READ = (
    "SOURCE_DATE_EPOCH",
    "HOME",
    "USERPROFILE",
    "XDG_DATA_HOME",
    "AISBOM_CODE_INDEX",
    "AISBOM_REFERENCES",
)
_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Document:
    """What a run has to say: the document, its summary, and a line for each gap; whether some file
    took its reader down with it, which need not happen the next time.
    """

    data: bytes
    summary: str
    gaps: tuple[str, ...]
    crashed: bool = False


class Finished:
    """The document kept for one tree and one question. Every method is harmless when the file
    cannot be used.

    `asked` is everything the answer depends on beside the files; `outside` are files and folders
    out of the tree that were named.
    """

    def __init__(self, tree: Tree, asked: Iterable[str], outside: Iterable[Path] = ()) -> None:
        self._tree = tree
        self._asked = _digest([str(_LAYOUT), str(tree.root.resolve()), *asked])
        self._git = self._of_git()
        self._state = self._of_everything(outside)

    def load(self) -> Document | None:
        """The document, if everything is as it was when it was written."""
        database = self._opened() if self._state else None
        if database is None:
            return None
        try:
            query = (
                "SELECT data, digest, summary, gaps FROM documents WHERE asked = ? AND state = ?"
            )
            found = database.execute(query, (self._asked, self._state)).fetchone()
            if found is None or hashlib.sha256(found[0]).hexdigest() != found[1]:
                return None
            return Document(found[0], found[2], tuple(json.loads(found[3])))
        except (sqlite3.Error, ValueError, TypeError):
            return None
        finally:
            database.close()

    def store(self, document: Document) -> None:
        """Keep it for as long as all stays as it was when this object was made. What a crash left
        out may be there the next time.
        """
        if not self._state or len(document.data) > _LARGEST or document.crashed:
            return
        if self._git != self._of_git():
            return
        database = self._opened()
        if database is None:
            return
        row = (
            self._asked,
            self._state,
            document.data,
            hashlib.sha256(document.data).hexdigest(),
            document.summary,
        )
        try:
            with database:
                database.execute(
                    "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)",
                    (*row, json.dumps(document.gaps)),
                )
                newest = "SELECT rowid FROM documents ORDER BY rowid DESC LIMIT ?"
                database.execute(f"DELETE FROM documents WHERE rowid NOT IN ({newest})", (_MOST,))  # noqa: S608  a constant
        except sqlite3.Error:
            return
        finally:
            database.close()

    def _of_everything(self, outside: Iterable[Path]) -> str:
        """A digest of all that the document rests on; `""` where something may still be
        changing.
        """
        entries, gaps = self._tree.listing
        stamped = [entry for entry in entries if entry.stamp]
        lines = [f"{entry.path}\n{entry.size}:{entry.stamp}:{entry.outer}" for entry in entries]
        named = [
            *_files(_PACKAGE),
            *(line for path in (*_added(), *outside) for line in _files(path)),
        ]
        stamps = [*(entry.stamp for entry in stamped), *(stamp for _, stamp in named)]
        if not all(rows.settled(stamp) for stamp in set(stamps)):
            return ""
        lines += [f"{gap.at.path}\n{gap.reason}" for gap in gaps]
        lines += [f"{path}\n{stamp}" for path, stamp in named]
        lines += [f"{name}={os.environ.get(name)}" for name in _READ]
        # A library that was installed, updated or removed changes the folder it lies in.
        lines += [
            f"{folder}\n{_stamp(folder)}" for folder in sys.path if folder.endswith("-packages")
        ]
        lines += [
            __version__,
            sys.version,
            str(os.getuid() if hasattr(os, "getuid") else ""),
            str(Path.home()),
            self._git,
        ]
        return _digest(lines)

    def _of_git(self) -> str:
        """What the repositories in the tree say now."""
        folders = [
            entry for entry in self._tree.listing[0] if entry.path.rpartition("/")[2] == ".git"
        ]
        return _digest(rows.dumped(rows_of(self._tree, entry, git.COLLECTOR)) for entry in folders)

    @staticmethod
    def _opened() -> sqlite3.Connection | None:
        try:
            where = rows.folder()
            where.mkdir(parents=True, exist_ok=True, mode=0o700)
            database = sqlite3.connect(where / f"documents-{_LAYOUT}.sqlite", timeout=2)
            columns = (
                "asked TEXT PRIMARY KEY, state TEXT, data BLOB, digest TEXT, summary TEXT, gaps"
                " TEXT"
            )
            database.execute(f"CREATE TABLE IF NOT EXISTS documents ({columns})")
        except (OSError, sqlite3.Error):
            return None
        return database


def _added() -> tuple[Path, ...]:
    """Where a user's own indexes and references may lie."""
    data = os.environ.get("XDG_DATA_HOME")
    below = (Path(data) if data else Path.home() / ".local" / "share") / "aisbom"
    return (
        below,
        *(
            Path(named)
            for key in ("AISBOM_CODE_INDEX", "AISBOM_REFERENCES")
            if (named := os.environ.get(key))
        ),
    )


def _files(where: Path) -> Iterator[tuple[str, str]]:
    """(path, stamp) of a file, or of every file in a folder, compiled Python apart; of what is not
    there, an empty stamp.
    """
    if where.is_file():
        yield str(where), _stamp(str(where))
        return
    for folder, folders, names in os.walk(where):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            # Hundreds of them in a run of a few tenths of a second.
            path = os.path.join(folder, name)  # noqa: PTH118
            yield path, _stamp(path)


def _stamp(path: str) -> str:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return ""
    return f"{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}:{status.st_size}"


def _digest(lines: Iterable[str]) -> str:
    """Of lines, each with its length before it, so that no two lists of them read the same."""
    total = hashlib.sha256()
    for line in lines:
        data = line.encode("utf-8", "surrogatepass")
        total.update(b"%d:" % len(data))
        total.update(data)
    return total.hexdigest()
