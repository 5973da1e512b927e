"""The finished document of a tree, kept for a run in which nothing that it rests on has changed:
the same bytes without a second scan.

What it rests on: what was asked for, every file of the tree (size, modification and change time,
inode) and what could not be listed, the files of the program, its libraries and its index, the rows
a user added, the variables that are read, and what the git folders say, which are the one thing in
a tree that is read past the list of files. One of these unlike the last time, or a file changed
less than two seconds ago, means a scan.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from aisbom.__version__ import __version__
from aisbom.cache.store import Store, forget_beyond, is_settled
from aisbom.source.tree import Tree
from aisbom.user_folders import data_folder

_LAYOUT = 2
_TABLE = (
    "documents (tree TEXT, asked TEXT, state TEXT, data BLOB, digest TEXT, summary TEXT,"
    " gaps TEXT, PRIMARY KEY (tree, asked))"
)
_FOR_ONE_TREE = 8
"""Documents kept for one tree, each the answer to another question: the ones written last."""

_IN_ALL = 2 * 1024**3
"""Bytes of documents kept for all trees together: the ones written last."""

_FORGET_OF_TREE = """
DELETE FROM documents WHERE tree = ? AND rowid NOT IN (
    SELECT rowid FROM documents WHERE tree = ? ORDER BY rowid DESC LIMIT ?
)"""
_FORGET_OF_ALL = forget_beyond("documents", "data")

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

GitState = Callable[[Tree], Iterable[str]]
"""What the git folders of a tree say now, as texts that change when it does."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a run has to say: the document, its summary, and a line for each gap."""

    data: bytes
    summary: str
    gaps: tuple[str, ...]


class DocumentCache:
    """The document kept for one tree and one question.

    `asked` is everything the answer depends on beside the files, `outside` are files and folders
    out of the tree that were named, `git` says what the git folders of the tree say.
    """

    def __init__(
        self, tree: Tree, asked: Iterable[str], outside: Iterable[Path], git: GitState
    ) -> None:
        self._tree = tree
        self._root = _digest([str(tree.root.resolve())])
        self._asked = _digest(asked)
        self._git = git
        self._git_before = _digest(git(tree))
        self._state = self._of_everything(outside)

    def load(self) -> Document | None:
        """The document, if everything is as it was when it was written."""
        if not self._state:
            return None
        store = Store("documents", _LAYOUT, _TABLE)
        query = (
            "SELECT data, digest, summary, gaps FROM documents"
            " WHERE tree = ? AND asked = ? AND state = ?"
        )
        found = store.read(query, (self._root, self._asked, self._state))
        store.close()
        try:
            for data, digest, summary, gaps in found:
                if hashlib.sha256(data).hexdigest() == digest:
                    return Document(data, summary, tuple(json.loads(gaps)))
        except (ValueError, TypeError):
            return None
        return None

    def store(self, document: Document) -> None:
        """Keep it for as long as all stays as it was when this object was made."""
        if not self._state or len(document.data) > _LARGEST:
            return
        if self._git_before != _digest(self._git(self._tree)):
            return
        row = (
            self._root,
            self._asked,
            self._state,
            document.data,
            hashlib.sha256(document.data).hexdigest(),
            document.summary,
            json.dumps(document.gaps),
        )
        store = Store("documents", _LAYOUT, _TABLE)
        store.write(
            ("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)", [row]),
            (_FORGET_OF_TREE, [(self._root, self._root, _FOR_ONE_TREE)]),
            (_FORGET_OF_ALL, [(_IN_ALL,)]),
        )
        store.close()

    def _of_everything(self, outside: Iterable[Path]) -> str:
        """A digest of all that the document rests on; `""` where something may still be
        changing.
        """
        entries, gaps = self._tree.listing
        named = [
            *_files(_PACKAGE),
            *(line for path in (*_list_user_folders(), *outside) for line in _files(path)),
        ]
        now = time.time_ns()
        stamps = chain((e.stamp for e in entries if e.stamp), (stamp for _, stamp in named))
        if not all(is_settled(stamp, now) for stamp in stamps):
            return ""
        return _digest(
            chain(
                (f"{entry.path}\n{entry.size}:{entry.stamp}:{entry.outer}" for entry in entries),
                (f"{gap.at.path}\n{gap.reason}" for gap in gaps),
                (f"{path}\n{stamp}" for path, stamp in named),
                (f"{name}={os.environ.get(name)}" for name in _READ),
                # A library that was installed, updated or removed changes the folder it lies in.
                (f"{path}\n{_stamp(path)}" for path in sys.path if path.endswith("-packages")),
                (__version__, sys.version, str(os.getuid() if hasattr(os, "getuid") else "")),
                (str(data_folder()), self._git_before),
            )
        )


def _list_user_folders() -> Iterator[Path]:
    """Where a user's own indexes and references may lie."""
    folder = data_folder()
    if folder is not None:
        yield folder
    for key in ("AISBOM_CODE_INDEX", "AISBOM_REFERENCES"):
        if named := os.environ.get(key):
            yield Path(named)


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
