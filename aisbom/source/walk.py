"""Where the files of a tree are found: folder by folder, and in archives, read in place.

No link is followed out of the tree, and how many files, how deep, is bounded.
"""

from __future__ import annotations

import fnmatch
import os
import posixpath
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aisbom.model import Gap, Location
from aisbom.model.plain import steers
from aisbom.source import archive
from aisbom.source.entry import Entry, Unreadable, in_environment, stamp_of

if TYPE_CHECKING:
    from aisbom.source.entries import PackedEntries

FEW = 20_000
"""Up to so many files are a list of entries, which are not made again each time."""

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


def listing(tree: WalkedTree) -> tuple[Sequence[Entry], tuple[Gap, ...]]:
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
    if not isinstance(entries, list):
        if not entries.in_order:  # rare, and takes more memory than the walk: it is in order
            entries = type(entries)(walk.without_ambiguous(sorted(entries, key=_FIELDS)))
        return entries, tuple(sorted(walk.gaps))
    entries.sort(key=_PATH)
    if any(one.path == other.path for one, other in pairwise(entries)):
        # An archive may hold a name twice. Of a million files that many tuples are not made for it.
        entries.sort(key=_FIELDS)
        entries = walk.without_ambiguous(entries)
    return tuple(entries), tuple(sorted(walk.gaps))


class _Walk:
    """What a walk has found so far."""

    def __init__(self, tree: WalkedTree) -> None:
        self._tree = tree
        self.entries: list[Entry] | PackedEntries = []
        self.gaps: list[Gap] = []
        self._skip = str(tree.skip) if tree.skip else ""
        self._archives = 0
        self._passed_over: dict[str, dict[str, None]] = {}

    def end(self) -> None:
        """Say which folders were not looked into for their names, and whether files were left."""
        for name, places in sorted(self._passed_over.items()):
            count = f" ({len(places):,} of them)" if len(places) > 1 else ""
            self._gap(min(places), f"folders called {name} are not looked at{count}")
        if len(self.entries) > MAX_FILES:
            self._gap("", f"more than {MAX_FILES:,} files: the rest was not looked at")

    def without_ambiguous(self, entries: list[Entry]) -> list[Entry]:
        """Entries, sorted by their fields, without members of archives whose path another file has,
        too, since a folder may be called `a.zip!`. Each that is left out is a gap.
        """
        unambiguous: list[Entry] = []
        for path, same in groupby(entries, key=_PATH):
            files = list(same)
            outer = min((entry.outer for entry in files), key=len)
            unambiguous += (entry for entry in files if entry.outer == outer)
            if len(files) > 1 and any(entry.outer != outer for entry in files):
                self._gap(path, "a member of an archive has this path, too: not looked at")
        return unambiguous

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
            self._add(Entry(path, size, outer, stamp))
            if archive.is_archive(path):
                if not self._tree.packed and os.path.lexists(self._tree.on_disk(path)):
                    continue  # what lies at this path on disk is listed in its place
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
            self._pass_over(folder)
        elif self._is_excluded(path):
            excluded.append(path)
        else:
            return path in _OWN
        return True

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        if len(self.entries) == FEW and isinstance(self.entries, list):
            from aisbom.source.entries import PackedEntries  # few trees are so large

            self.entries = PackedEntries(sorted(self.entries, key=_PATH))

    def _add_file(self, path: str, status: os.stat_result) -> None:
        if isinstance(self.entries, list):
            self._add(Entry(path, status.st_size, "", stamp_of(status)))
        else:  # its stamp need not be spelled, only to be parsed
            stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
            self.entries.add(path, status.st_size, "", stamp)

    def folders(self) -> None:
        """Add what lies in the folder, in the order of the paths."""
        stack = [self._list(self._tree.label)]
        while stack and len(self.entries) <= MAX_FILES:
            path, place = next(stack[-1], ("", ""))
            if not path:
                stack.pop()
            elif self._visit(path, place, len(stack) - 1):
                if len(stack) > MAX_DEPTH:
                    self._gap(path, f"more than {MAX_DEPTH} folders deep: not looked at")
                else:
                    stack.append(self._list(path.rstrip("/")))

    def _list(self, folder: str) -> Iterator[tuple[str, str]]:
        """The paths of what lies in a folder and is looked at, sorted, and where it lies on disk;
        paths of folders end in a slash, by which what lies in them sorts.
        """
        place = str(self._tree.on_disk(folder))
        before = f"{folder}/" if folder else ""
        exclude = self._tree.exclude
        try:
            with os.scandir(place) as listed:
                names = sorted(map(_name, listed))
        except OSError as error:
            self._gap(folder, f"folder cannot be listed: {error.strerror}")
            return
        for name in names:
            path = before + name
            if not _printable(name):
                self._gap(
                    _replace_unprintable(path.rstrip("/")),
                    "a name with control characters, or no valid Unicode: not looked at",
                )
            elif exclude and self._is_excluded(path.rstrip("/")):
                self._gap(path.rstrip("/"), "excluded on request: not looked at")
            else:
                yield path, f"{place}{os.sep}{name}"

    def _visit(self, path: str, place: str, depth: int) -> bool:
        """Add what lies at a path; True for a folder that is to be walked."""
        is_folder = path.endswith("/")
        path = path.rstrip("/")
        name = path.rpartition("/")[2]
        if name == ".git":
            self._add(Entry(path, 0))
            return False
        if is_folder:
            if name == "node_modules":
                self._gap(path, "npm packages are not read by this version")
            if name in _CACHES and not in_environment(f"{path}/"):
                self._pass_over(path)
            return name not in _CACHES and name != "node_modules"
        try:
            status = os.lstat(place)
            if stat.S_ISLNK(status.st_mode):
                self._link(path)
            elif not stat.S_ISREG(status.st_mode):
                self._gap(path, "not a regular file: not opened")
            elif not (depth == 0 and name in _OWN) and (place != self._skip):
                self._add_file(path, status)
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
            self._add_file(path, status)

    def _is_excluded(self, path: str) -> bool:
        return bool(self._tree.exclude) and any(
            fnmatch.fnmatchcase(path, glob) or path.startswith(glob.rstrip("/") + "/")
            for glob in self._tree.exclude
        )

    def _pass_over(self, folder: str) -> None:
        """Note a folder that is not looked into for its name."""
        self._passed_over.setdefault(folder.rpartition("/")[2], {}).setdefault(folder)

    def _gap(self, path: str, reason: str) -> None:
        self.gaps.append(Gap("walk", Location(path), reason))


def _name(item: os.DirEntry[str]) -> str:
    """The name of an item; that of a folder ends in a slash, but for a folder of git, which is one
    entry.
    """
    try:
        walked = item.is_dir(follow_symlinks=False) and item.name != ".git"
    except OSError:  # it is looked at once more, and told then
        walked = False
    return f"{item.name}/" if walked else item.name


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
