"""Where the files of a tree are found: folder by folder, and in archives, read in place.

No link is followed out of the tree, and how many files, how deep, is bounded.
"""

from __future__ import annotations

import fnmatch
import os
import posixpath
import re
import stat
from collections.abc import Iterable
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import Protocol

from aisbom.model import Gap, Location
from aisbom.model.plain import steers
from aisbom.source import archive
from aisbom.source.entry import Entry, Unreadable, in_environment, stamp_of

MAX_DEPTH = 64
MAX_FILES = 1_000_000
MAX_ARCHIVES = 2000

_CACHES = frozenset(
    {
        "__pycache__",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".hypothesis",
        ".ipynb_checkpoints",
        ".eggs",
        ".hg",
        ".svn",
        ".bzr",
    }
)
_OWN = frozenset({"aisbom.cdx.json", "aisbom.cdx.xml"})

_INTERPRETER = re.compile(r"python[0-9.]*")

_PATH, _FIELDS = attrgetter("path"), attrgetter("path", "size", "outer", "stamp")
"""Compared in C, where entries are compared in Python."""


class WalkedTree(Protocol):
    """What a walk asks of the tree whose files it finds."""

    root: Path
    exclude: tuple[str, ...]
    label: str
    skip: Path | None
    packed: bool

    @property
    def top(self) -> str:
        """The one folder that holds all members of a packed tree, with its slash."""

    @property
    def real_roots(self) -> tuple[Path, ...]:
        """Where links may lead."""

    def on_disk(self, path: str) -> Path:
        """Where the file shown at `path` lies."""

    def archive(self, outer: str) -> archive.Archive:
        """The opened archive at a path. Raises Unreadable."""


def listing(tree: WalkedTree) -> tuple[tuple[Entry, ...], tuple[Gap, ...]]:
    """Every file of a tree in path order, and what could not be listed. A `.git` folder is one
    entry, never walked.
    """
    walk = _Walk(tree)
    if tree.packed:
        walk.members("", 0, stamp_of(tree.root.stat()))
    else:
        walk.folders()
    walk.end()
    entries = walk.entries
    entries.sort(key=_PATH)
    if any(one.path == other.path for one, other in pairwise(entries)):
        # An archive may hold a name twice. Of a million files that many tuples are not made for it.
        entries.sort(key=_FIELDS)
    return tuple(entries), tuple(sorted(walk.gaps))


class _Walk:
    """What a walk has found so far."""

    def __init__(self, tree: WalkedTree) -> None:
        self._tree = tree
        self.entries: list[Entry] = []
        self.gaps: list[Gap] = []
        self._archives = 0
        self._skipped: dict[str, dict[str, None]] = {}

    def end(self) -> None:
        """Say which folders were not looked into for their names, and whether files were left."""
        for name, places in sorted(self._skipped.items()):
            count = f" ({len(places):,} of them)" if len(places) > 1 else ""
            self._gap(min(places), f"folders called {name} are not looked at{count}")
        if len(self.entries) > MAX_FILES:
            self._gap("", f"more than {MAX_FILES:,} files: the rest was not looked at")

    def members(self, outer: str, depth: int, stamp: str) -> None:
        """Add the entries of one archive, and of the archives inside it up to three deep."""
        prefix = f"{outer}!/" if outer else ""
        self._archives += 1
        if self._archives > MAX_ARCHIVES:
            self._gap(outer, f"more than {MAX_ARCHIVES:,} archives: not opened")
            return
        try:
            opened = self._tree.archive(outer)
        except Unreadable as error:
            self._gap(outer or self._tree.root.name, f"archive cannot be read: {error}")
            return
        strip = "" if outer else self._tree.top
        for reason, names in _by_reason(opened.refused).items():
            place = (
                prefix + _replace_unprintable(names[0].removeprefix(strip)) if names[0] else outer
            )
            self._gap(place, reason + _and_more(names))
        excluded: list[str] = []
        for name, size in opened.members:
            if len(self.entries) > MAX_FILES:
                return
            path = prefix + name.removeprefix(strip)
            if self._left_out(path, excluded):
                continue
            self.entries.append(Entry(path, size, outer, stamp))
            if archive.is_archive(path):
                if depth >= 2:
                    self._gap(path, "an archive three archives deep: not opened")
                else:
                    self.members(path, depth + 1, stamp)
            elif kind := archive.get_unopened_kind(path):
                self._gap(path, f"{kind} files are not opened")
        if excluded:
            self._gap(excluded[0], f"excluded on request: not looked at{_and_more(excluded)}")

    def _left_out(self, path: str, excluded: list[str]) -> bool:
        """Whether a member is not looked at, which is noted."""
        if folder := _cache_folder(path):
            self._skip(folder)
        elif self._is_excluded(path):
            excluded.append(path)
        else:
            return path in _OWN
        return True

    def folders(self) -> None:
        """Add what lies in the folder, folder by folder."""
        stack = [(self._tree.label, 0)]
        while stack and len(self.entries) <= MAX_FILES:
            folder, depth = stack.pop()
            try:
                with os.scandir(self._tree.on_disk(folder)) as listed:
                    items = list(listed)
            except OSError as error:
                self._gap(folder, f"folder cannot be listed: {error.strerror}")
                continue
            for item in items:
                path = f"{folder}/{item.name}" if folder else item.name
                if not _printable(item.name):
                    self._gap(
                        _replace_unprintable(path),
                        "a name with control characters, or no valid Unicode: not looked at",
                    )
                elif self._is_excluded(path):
                    self._gap(path, "excluded on request: not looked at")
                elif self._visit(item, path, depth):
                    if depth >= MAX_DEPTH:
                        self._gap(path, f"more than {MAX_DEPTH} folders deep: not looked at")
                    else:
                        stack.append((path, depth + 1))

    def _visit(self, item: os.DirEntry[str], path: str, depth: int) -> bool:
        """Add one item; True for a folder that is to be walked."""
        if item.name == ".git":
            self.entries.append(Entry(path, 0))
            return False
        try:
            if item.is_symlink():
                self._link(path)
            elif item.is_dir(follow_symlinks=False):
                if item.name == "node_modules":
                    self._gap(path, "npm packages are not read by this version")
                if item.name in _CACHES and not in_environment(f"{path}/"):
                    self._skip(path)
                return item.name not in _CACHES and item.name != "node_modules"
            else:
                status = item.stat(follow_symlinks=False)
                if not stat.S_ISREG(status.st_mode):
                    self._gap(path, "not a regular file: not opened")
                elif not (depth == 0 and item.name in _OWN) and (
                    self._tree.skip is None or self._tree.on_disk(path) != self._tree.skip
                ):
                    self.entries.append(Entry(path, status.st_size, "", stamp_of(status)))
                    # What lies in an environment is the business of the distribution that installed
                    # it.
                    if archive.is_archive(path) and not in_environment(path):
                        self.members(path, 0, stamp_of(status))
                    elif kind := archive.get_unopened_kind(path):
                        self._gap(path, f"{kind} files are not opened")
        except OSError as error:
            self._gap(path, f"cannot be looked at: {error.strerror}")
        return False

    def _link(self, path: str) -> None:
        """A link to a file of this tree is a file (a hub cache is made of them); a link to a folder
        of it is walked there.
        """
        try:
            target = self._tree.on_disk(path).resolve(strict=True)
            inside = any(target.is_relative_to(root) for root in self._tree.real_roots)
            status = target.stat()
        except (OSError, RuntimeError):
            self._gap(path, "broken link")
            return
        if not inside:
            # An environment's interpreter always points out of it; that is no file this tool reads.
            if not _INTERPRETER.fullmatch(posixpath.basename(path)):
                self._gap(path, "link out of the tree: not followed")
        elif stat.S_ISREG(status.st_mode):
            self.entries.append(Entry(path, status.st_size, "", stamp_of(status)))

    def _is_excluded(self, path: str) -> bool:
        return bool(self._tree.exclude) and any(
            fnmatch.fnmatchcase(path, glob) or path.startswith(glob.rstrip("/") + "/")
            for glob in self._tree.exclude
        )

    def _skip(self, folder: str) -> None:
        """Note a folder that is not looked into for its name."""
        self._skipped.setdefault(folder.rpartition("/")[2], {}).setdefault(folder)

    def _gap(self, path: str, reason: str) -> None:
        self.gaps.append(Gap("walk", Location(path), reason))


def _cache_folder(path: str) -> str:
    """The path of the first folder on the way that is not looked into for its name, if any."""
    parts = path.split("/")[:-1]
    at = next((number for number, part in enumerate(parts) if part in _CACHES), -1)
    return "/".join(parts[: at + 1])


def _and_more(names: list[str]) -> str:
    return f" (and {len(names) - 1:,} more members of this archive)" if len(names) > 1 else ""


def _by_reason(refused: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for reason, name in refused:
        rows.setdefault(reason, []).append(name)
    return rows


def _printable(name: str) -> bool:
    return name.isprintable() or not steers(name)


def _replace_unprintable(path: str) -> str:
    return "".join(
        c if c.isprintable() else "�" for c in path.encode("utf-8", "replace").decode("utf-8")
    )
