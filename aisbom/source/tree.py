"""The files of a tree in one fixed order: a folder, a wheel, a zip or a tar, and the archives
inside it, read in place.

Nothing is unpacked to disk, no link is followed out of the tree, only regular files are opened, and
every read is bounded.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import posixpath
import re
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, TypeVar

from aisbom.model import Gap, Location
from aisbom.model.plain import steers
from aisbom.source import archive, hub_cache
from aisbom.source.scratch import Scratch
from aisbom.source.text import decode

T = TypeVar("T")

MAX_READ = 32 * 1024 * 1024
"""No single file is read whole above this; a collector that can do with less asks for a head."""

_MAX_SIGNED = 1024 * 1024
"""A larger file is told by its stamp: reading it again for a digest is what a cache is to save."""

_SIGNATURES = 50_000

_FIRST = 64 * 1024
"""Bytes of a file that are read at once where what is read is kept."""

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


class Unreadable(Exception):
    """This input cannot be read, and the message says why in one line; the pipeline turns it into a
    gap.
    """


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One regular file of the tree. `path` is posix and relative; `outer` is the archive that holds
    it (same form), if any.

    `stamp` is `mtime:ctime:inode` (nanoseconds) of the file on disk, or of the archive: equal
    stamps, unchanged bytes.
    """

    path: str
    size: int
    outer: str = ""
    stamp: str = ""


_FIELDS = attrgetter("path", "size", "outer", "stamp")


class Look(NamedTuple):
    """What was looked at beside a file: whether there is one at `path`, its bytes, or the names of
    the files in a folder.
    """

    path: str
    what: Literal["is", "bytes", "names"]


@dataclass(slots=True)
class Looks:
    """What was looked at beside one file, by it and by its siblings; `untold` where more was than
    can be told unchanged.
    """

    seen: set[Look] = field(default_factory=set)
    untold: bool = False


class File:
    """What a collector sees: one file, its bytes (bounded), and a look at its siblings inside the
    same tree.

    With `keep`, what was read of it and of its siblings is kept for as long as the object lives:
    the collectors of one file share it, and the file is read once.
    """

    def __init__(self, tree: Tree, entry: Entry, keep: bool = False) -> None:
        self._tree = tree
        self.entry = entry
        self.looks = Looks()
        self._is_sibling = False
        self._keep = keep
        self._start = b""
        self._whole = False
        self._stream: BinaryIO | None = None
        self._siblings: dict[str, File | None] = {}
        self._made: dict[Callable[[File], Any], Any] = {}

    def once(self, make: Callable[[File], T]) -> T:
        """What `make` says of this file, which all its collectors share. Raises what it raises."""
        if make not in self._made:
            try:
                self._made[make] = make(self)
            except Unreadable as error:
                self._made[make] = error
        made = self._made[make]
        if isinstance(made, Unreadable):
            raise made
        return made  # type: ignore[no-any-return]

    @property
    def path(self) -> str:
        """Relative posix path; `archive!/entry` inside an archive."""
        return self.entry.path

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.entry.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The path of the folder that holds it, `""` at the root; an archive's top is
        `archive!`.
        """
        return self.entry.path.rpartition("/")[0]

    @property
    def hub_path(self) -> str:
        """The path, with the folders of a hub's cache that lie above the root of the tree."""
        above = self._tree.hub_folder
        return f"{above.path}/{self.path}" if above else self.path

    @property
    def size(self) -> int:
        """Bytes, as the file system or the archive states them."""
        self._note_bytes()
        return self.entry.size

    def at(self, line: int = 0, member: str = "") -> Location:
        """A place in this file."""
        return Location(self.path, line, member)

    def head(self, count: int) -> bytes:
        """The first `count` bytes at the most."""
        self._note_bytes()
        if self._whole or len(self._start) >= count:
            return self._start[:count]
        # Several collectors look at the first few bytes: the first look takes enough for them all.
        wanted = max(count, _FIRST) if self._keep else count
        stream = self.open()
        try:
            data = stream.read(wanted)
        except BaseException:
            stream.close()
            raise
        if self._keep:
            self._start, self._whole = data, len(data) < wanted
        if self._keep and self._on_disk:
            self._stream = stream  # whoever opens the file next goes on with it
        else:
            stream.close()
        return data[:count]

    def read(self, limit: int = MAX_READ) -> bytes:
        """All bytes. Raises Unreadable if there are more than `limit`."""
        data = self.head(limit + 1)
        if len(data) > limit:
            raise Unreadable(f"larger than {limit:,} bytes: not read")
        return data

    def text(self, limit: int = MAX_READ) -> str:
        """The decoded text with line ends as `\\n` (see `decode`). Raises Unreadable for more than
        `limit` bytes.
        """
        return decode(self.read(limit))

    def open(self) -> BinaryIO:
        """A binary stream. Raises Unreadable where the file vanished or may not be read."""
        self._note_bytes()
        stream, self._stream = self._stream, None
        if stream is None:
            return self._tree.open(self.entry)
        stream.seek(0)
        return stream

    def close(self) -> None:
        """Let go of what is still open, here and of the siblings."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        for sibling in self._siblings.values():
            if sibling is not None:
                sibling.close()

    @property
    def _on_disk(self) -> bool:
        return not self.entry.outer and not self._tree.packed

    def sibling(self, relative: str) -> File | None:
        """The file at `relative` to this one's folder, or None if there is none or it lies outside
        the tree.
        """
        path = posixpath.normpath(posixpath.join(self.folder, relative.replace("\\", "/")))
        if path not in self._siblings:
            self._siblings[path] = self._tree.get(path, self._keep)
        found = self._siblings[path]
        self.looks.seen.add(Look(path, "is"))
        if found is not None:
            found.looks, found._is_sibling = self.looks, True
        return found

    def _note_bytes(self) -> None:
        """Note that the bytes of a sibling were looked at; its own are known to be."""
        if self._is_sibling:
            self.looks.seen.add(Look(self.path, "bytes"))

    def siblings(self) -> tuple[str, ...]:
        """The names of the files in the same folder, sorted."""
        self.looks.seen.add(Look(self.folder, "names"))
        return self._tree.names(self.folder)

    @property
    def local(self) -> Path | None:
        """Where it lies on disk, for readers that need random access; None inside an archive. Never
        put it into a row.
        """
        # Whoever goes to the disk may read anything there: what it found cannot be told unchanged.
        self.looks.untold = True
        return self._tree.on_disk(self.entry.path) if self._on_disk else None


class _Found(NamedTuple):
    """What a walk has found so far."""

    entries: list[Entry]
    gaps: list[Gap]
    archives: list[int]
    skipped: dict[str, dict[str, None]]

    def skip(self, folder: str) -> None:
        """Note a folder that is not looked into for its name."""
        self.skipped.setdefault(folder.rpartition("/")[2], {}).setdefault(folder)

    def gap(self, path: str, reason: str) -> None:
        self.gaps.append(Gap("walk", Location(path), reason))


def _cache_folder(path: str) -> str:
    """The path of the first folder on the way that is not looked into for its name, if any."""
    parts = path.split("/")[:-1]
    at = next((number for number, part in enumerate(parts) if part in _CACHES), -1)
    return "/".join(parts[: at + 1])


def in_environment(path: str) -> bool:
    """Whether a path lies in the library folder of a Python environment."""
    inside = f"/{path}"
    return "/site-packages/" in inside or "/dist-packages/" in inside


class Tree:
    """A folder or an archive to scan; `label` is the folder under which its files are shown (an
    environment beside the tree).

    A packed tree whose members all lie in one folder (an sdist) is shown without it. Pickles as its
    arguments.
    """

    def __init__(
        self, root: Path, exclude: tuple[str, ...] = (), label: str = "", skip: Path | None = None
    ) -> None:
        # Absolute, so that nothing depends on where the process stands when a file is opened.
        self.root = Path(os.path.abspath(root))  # noqa: PTH100  resolve() would follow links
        self.exclude = exclude
        self.label = label
        self.skip = skip
        self.packed = not root.is_dir()
        self._archives: dict[str, archive.Archive] = {}
        self._signatures: dict[str, str] = {}
        self._scratch = Scratch()

    def __reduce__(
        self,
    ) -> tuple[Callable[..., Tree], tuple[Path, tuple[str, ...], str, Path | None]]:
        return (Tree, (self.root, self.exclude, self.label, self.skip))

    @cached_property
    def listing(self) -> tuple[tuple[Entry, ...], tuple[Gap, ...]]:
        """Every file in path order, and what could not be listed. A `.git` folder is one entry,
        never walked.
        """
        found = _Found([], [], [0], {})
        if self.packed:
            self._members("", 0, _stamp(self.root.stat()), found)
        else:
            self._walk(found)
        entries, gaps = found.entries, found.gaps
        for name, places in sorted(found.skipped.items()):
            count = f" ({len(places):,} of them)" if len(places) > 1 else ""
            reason = f"folders called {name} are not looked at{count}"
            found.gap(min(places), reason)
        if len(entries) > MAX_FILES:
            gaps.append(
                Gap(
                    "walk",
                    Location(""),
                    f"more than {MAX_FILES:,} files: the rest was not looked at",
                )
            )
        # By its fields as tuples: that compares in C what entries compare in Python.
        return tuple(sorted(entries, key=_FIELDS)), tuple(sorted(gaps))

    @cached_property
    def _index(self) -> dict[str, Entry]:
        return {entry.path: entry for entry in self.listing[0]}

    @cached_property
    def _folders(self) -> dict[str, tuple[str, ...]]:
        folders: dict[str, list[str]] = {}
        for path in self._index:
            folder, _, name = path.rpartition("/")
            folders.setdefault(folder, []).append(name)
        return {folder: tuple(sorted(names)) for folder, names in folders.items()}

    @cached_property
    def _top(self) -> str:
        """The one folder that holds all members of a packed tree, with its slash."""
        if not self.packed:
            return ""
        tops = {
            name.partition("/")[0] if "/" in name else "" for name, _ in self.archive("").members
        }
        top = next(iter(tops)) if len(tops) == 1 else ""
        return f"{top}/" if top and not top.endswith((".dist-info", ".egg-info")) else ""

    def get(self, path: str, keep: bool = False) -> File | None:
        """The file at this path of the tree, or None. `keep` as for `File`."""
        entry = self._index.get(path)
        return File(self, entry, keep) if entry else None

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the files in this folder, sorted."""
        return self._folders.get(folder, ())

    def seen(self, look: Look) -> str:
        """What changes when a look would show something else: the same in another checkout."""
        if look.what == "is":
            return "yes" if look.path in self._index else ""
        if look.what == "names":
            return hashlib.sha256("\n".join(self.names(look.path)).encode()).hexdigest()
        return self.signature(look.path)

    def signature(self, path: str) -> str:
        """What changes when the bytes of the file at `path` do: the same in another checkout.

        A file that is large or lies in an archive is told by its size and stamp instead, as is one
        that is not any more what was listed.
        """
        entry = self._index.get(path)
        if entry is None:
            return ""
        stamped = f"{entry.size}:{entry.stamp}"
        if self.packed or entry.outer or entry.size > _MAX_SIGNED or not entry.stamp:
            return stamped
        if path not in self._signatures:
            if len(self._signatures) >= _SIGNATURES:
                self._signatures.clear()
            self._signatures[path] = self._digest(entry) or f"{stamped}:changed"
        return self._signatures[path]

    def unchanged(self, path: str) -> bool:
        """Whether the file at `path`, or the archive that holds it, bears the stamp that was
        listed.
        """
        entry = self._index.get(path)
        if entry is None:
            return False
        place = path if not self.packed else ""
        if entry.outer and not self.packed:
            place = entry.outer.partition("!/")[0]
        try:
            return _stamp(os.stat(self._on_disk(place))) == entry.stamp  # noqa: PTH116
        except OSError:
            return False

    def _digest(self, entry: Entry) -> str:
        """A digest of the bytes of a file on disk, `""` where they are not those that were
        listed.
        """
        try:
            with _open_regular(self._on_disk(entry.path), entry.stamp) as stream:
                data = stream.read(entry.size + 1)
                unchanged = _stamp(os.fstat(stream.fileno())) == entry.stamp
        except (OSError, Unreadable):
            return ""
        return hashlib.sha256(data).hexdigest() if unchanged and len(data) == entry.size else ""

    def archive(self, outer: str) -> archive.Archive:
        """The opened archive at path `outer` (`""` for a packed root); kept open. Raises
        Unreadable.
        """
        if outer not in self._archives:
            holder, _, inner = outer.rpartition("!/")
            try:
                if outer and (holder or self.packed):
                    name = inner if holder else self._top + outer
                    self._archives[outer] = archive.nested(
                        self.archive(holder), name, MAX_READ * 8, self._scratch
                    )
                else:
                    path = self.on_disk(outer) if outer else self.root
                    # A link among the files is never opened as an archive; the root may be one.
                    stream = _open_regular(str(path), "", follow=not outer)
                    self._archives[outer] = archive.opened(stream, path.name, self._scratch)
            except archive.BadArchive as error:
                raise Unreadable(str(error)) from error
        return self._archives[outer]

    def on_disk(self, path: str) -> Path:
        """Where the file shown at `path` lies."""
        return Path(self._on_disk(path))

    def _on_disk(self, path: str) -> str:
        inner = path[len(self.label) + 1 :] if self.label else path
        return f"{self._base}/{inner}" if inner else self._base

    @cached_property
    def _base(self) -> str:
        return str(self.root)

    def open(self, entry: Entry) -> BinaryIO:
        """A stream over one entry. Raises Unreadable."""
        if not entry.outer and not self.packed:
            return _open_regular(self._on_disk(entry.path), entry.stamp)
        name = entry.path[len(entry.outer) + 2 :] if entry.outer else self._top + entry.path
        try:
            return self.archive(entry.outer).open(name)
        except archive.BadArchive as error:
            raise Unreadable(str(error)) from error

    def _members(self, outer: str, depth: int, stamp: str, found: _Found) -> None:
        """Add the entries of one archive, and of the archives inside it up to three deep."""
        prefix = f"{outer}!/" if outer else ""
        found.archives[0] += 1
        if found.archives[0] > MAX_ARCHIVES:
            found.gap(outer, f"more than {MAX_ARCHIVES:,} archives: not opened")
            return
        try:
            opened = self.archive(outer)
        except Unreadable as error:
            found.gap(outer or self.root.name, f"archive cannot be read: {error}")
            return
        strip = "" if outer else self._top
        for reason, names in _by_reason(opened.refused).items():
            place = prefix + _shown(names[0].removeprefix(strip)) if names[0] else outer
            found.gap(place, reason + _and_more(names))
        excluded: list[str] = []
        for name, size in opened.members:
            if len(found.entries) > MAX_FILES:
                return
            path = prefix + name.removeprefix(strip)
            if self._left_out(path, found, excluded):
                continue
            found.entries.append(Entry(path, size, outer, stamp))
            if archive.is_archive(path):
                if depth >= 2:
                    found.gap(path, "an archive three archives deep: not opened")
                else:
                    self._members(path, depth + 1, stamp, found)
            elif kind := archive.unopened(path):
                found.gap(path, f"{kind} files are not opened")
        if excluded:
            found.gap(excluded[0], f"excluded on request: not looked at{_and_more(excluded)}")

    def _left_out(self, path: str, found: _Found, excluded: list[str]) -> bool:
        """Whether a member is not looked at, which is noted."""
        if folder := _cache_folder(path):
            found.skip(folder)
        elif self._excluded(path):
            excluded.append(path)
        else:
            return path in _OWN
        return True

    def _walk(self, found: _Found) -> None:
        """Add what lies in the folder, folder by folder."""
        stack = [(self.label, 0)]
        while stack and len(found.entries) <= MAX_FILES:
            folder, depth = stack.pop()
            try:
                with os.scandir(self._on_disk(folder)) as listed:
                    items = list(listed)
            except OSError as error:
                found.gap(folder, f"folder cannot be listed: {error.strerror}")
                continue
            for item in items:
                path = f"{folder}/{item.name}" if folder else item.name
                if not _printable(item.name):
                    found.gap(
                        _shown(path),
                        "a name with control characters, or no valid Unicode: not looked at",
                    )
                elif self._excluded(path):
                    found.gap(path, "excluded on request: not looked at")
                elif self._visit(item, path, depth, found):
                    if depth >= MAX_DEPTH:
                        found.gap(path, f"more than {MAX_DEPTH} folders deep: not looked at")
                    else:
                        stack.append((path, depth + 1))

    def _visit(self, item: os.DirEntry[str], path: str, depth: int, found: _Found) -> bool:
        """Add one item; True for a folder that is to be walked."""
        if item.name == ".git":
            found.entries.append(Entry(path, 0))
            return False
        try:
            if item.is_symlink():
                self._link(path, found)
            elif item.is_dir(follow_symlinks=False):
                if item.name == "node_modules":
                    found.gap(path, "npm packages are not read by this version")
                if item.name in _CACHES and not in_environment(f"{path}/"):
                    found.skip(path)
                return item.name not in _CACHES and item.name != "node_modules"
            else:
                status = item.stat(follow_symlinks=False)
                if not stat.S_ISREG(status.st_mode):
                    found.gap(path, "not a regular file: not opened")
                elif not (depth == 0 and item.name in _OWN) and (
                    self.skip is None or self.on_disk(path) != self.skip
                ):
                    found.entries.append(Entry(path, status.st_size, "", _stamp(status)))
                    # What lies in an environment is the business of the distribution that installed
                    # it.
                    if archive.is_archive(path) and not in_environment(path):
                        self._members(path, 0, _stamp(status), found)
                    elif kind := archive.unopened(path):
                        found.gap(path, f"{kind} files are not opened")
        except OSError as error:
            found.gap(path, f"cannot be looked at: {error.strerror}")
        return False

    def _link(self, path: str, found: _Found) -> None:
        """A link to a file of this tree is a file (a hub cache is made of them); a link to a folder
        of it is walked there.
        """
        try:
            target = self.on_disk(path).resolve(strict=True)
            inside = any(target.is_relative_to(root) for root in self._real_roots)
            status = target.stat()
        except (OSError, RuntimeError):
            found.gap(path, "broken link")
            return
        if not inside:
            # An environment's interpreter always points out of it; that is no file this tool reads.
            if not _INTERPRETER.fullmatch(posixpath.basename(path)):
                found.gap(path, "link out of the tree: not followed")
        elif stat.S_ISREG(status.st_mode):
            found.entries.append(Entry(path, status.st_size, "", _stamp(status)))

    @cached_property
    def _real_roots(self) -> tuple[Path, ...]:
        """Where links may lead: into the tree, and from a snapshot of a hub's cache into the files
        of its repository, which lie beside it.
        """
        blobs = [self.hub_folder.blobs] if self.hub_folder else []
        return tuple(folder.resolve() for folder in (self.root, *blobs))

    @cached_property
    def hub_folder(self) -> hub_cache.HubFolder | None:
        """The folder of a hub's cache that the root is or lies in, if it does."""
        return None if self.packed else hub_cache.enclosing(self.root)

    def _excluded(self, path: str) -> bool:
        return bool(self.exclude) and any(
            fnmatch.fnmatchcase(path, glob) or path.startswith(glob.rstrip("/") + "/")
            for glob in self.exclude
        )


def _open_regular(path: str, stamp: str, follow: bool = True) -> BinaryIO:
    """Open a file that was regular when listed, without blocking if it became something else
    meanwhile. Raises Unreadable where another file stands in its place: a link may lead anywhere.
    """
    try:
        descriptor = os.open(
            path,
            os.O_RDONLY
            | getattr(os, "O_NONBLOCK", 0)
            | getattr(os, "O_BINARY", 0)
            | (0 if follow else getattr(os, "O_NOFOLLOW", 0)),
        )
    except OSError as error:
        raise Unreadable(f"cannot be opened: {error.strerror}") from error
    stream = os.fdopen(descriptor, "rb")
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        stream.close()
        raise Unreadable("not a regular file: not opened")
    if stamp and stamp.rpartition(":")[2] != str(status.st_ino):
        stream.close()
        raise Unreadable("another file took its place after it was listed: not read")
    return stream


def _and_more(names: list[str]) -> str:
    return f" (and {len(names) - 1:,} more members of this archive)" if len(names) > 1 else ""


def _by_reason(refused: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for reason, name in refused:
        rows.setdefault(reason, []).append(name)
    return rows


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"


def _printable(name: str) -> bool:
    return name.isprintable() or not steers(name)


def _shown(path: str) -> str:
    return "".join(
        c if c.isprintable() else "�" for c in path.encode("utf-8", "replace").decode("utf-8")
    )
