"""The files of a tree in one fixed order: a folder, a wheel, a zip or a tar, and the archives
inside it, read in place.

Nothing is unpacked to disk, no link is followed out of the tree, only regular files are opened, and
every read is bounded.
"""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from aisbom.model import Gap
from aisbom.source import archive, hub_cache, walk
from aisbom.source.entry import Entry, Unreadable, in_environment, open_regular, stamp_of
from aisbom.source.file import MAX_READ, File, Look, Looks
from aisbom.source.scratch import Scratch

__all__ = ["MAX_READ", "Entry", "File", "Look", "Looks", "Tree", "Unreadable", "in_environment"]

_MAX_SIGNED = 1024 * 1024
"""A larger file is told by its stamp: reading it again for a digest is what a cache is to save."""

_DIGEST = 64
"""Characters of a digest, which the other signatures have not."""

_SIGNATURES = 50_000
_FOLDERS = 1_000
"""Folders whose names are remembered, those asked for last."""

_INDEXED = 50_000
"""Files that a table finds. In a tree of more they are looked for in the list, which takes twenty
times as long and not a fifth of the memory.
"""

_OFTEN = 2_000
"""From so many questions on, the table is worth the entries that are made for it."""


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
        self._names: dict[str, str] = {}
        self._listed: dict[str, tuple[str, ...]] = {}
        self._scratch = Scratch()
        self._asked = 0

    def __reduce__(
        self,
    ) -> tuple[Callable[..., Tree], tuple[Path, tuple[str, ...], str, Path | None]]:
        return (Tree, (self.root, self.exclude, self.label, self.skip))

    @cached_property
    def listing(self) -> tuple[Sequence[Entry], tuple[Gap, ...]]:
        """Every file in path order, and what could not be listed. A `.git` folder is one entry,
        never walked.
        """
        return walk.listing(self)

    @cached_property
    def _index(self) -> dict[str, Entry]:
        return {entry.path: entry for entry in self.listing[0]}

    def paths(self) -> Iterator[str]:
        """The paths of all files in order, for which no entry is made."""
        return map(self._path_at, range(len(self.listing[0])))

    def _find(self, path: str) -> Entry | None:
        entries = self.listing[0]
        self._asked += 1
        if isinstance(entries, tuple) or (self._asked > _OFTEN and len(entries) <= _INDEXED):
            return self._index.get(path)
        at = bisect_right(range(len(entries)), path, key=self._path_at) - 1
        return entries[at] if at >= 0 and self._path_at(at) == path else None

    @cached_property
    def _path_at(self) -> Callable[[int], str]:
        """The path of the entry of a number."""
        entries = self.listing[0]
        packed: Callable[[int], str] | None = getattr(entries, "path_at", None)
        return packed or (lambda at: entries[at].path)

    @cached_property
    def top(self) -> str:
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
        entry = self._find(path)
        return File(self, entry, keep) if entry else None

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the files in this folder, sorted."""
        found = self._listed.get(folder)
        if found is None:
            if len(self._listed) >= _FOLDERS:
                self._listed.clear()
            self._listed[folder] = found = tuple(self._list_names(folder))
        return found

    def _list_names(self, folder: str) -> Iterable[str]:
        """From the list of files, where what lies in a folder stands together."""
        every = range(len(self.listing[0]))
        path_at = self._path_at
        before = f"{folder}/" if folder else ""
        first = bisect_left(every, before, key=path_at)
        last = bisect_left(every, f"{folder}0", first, key=path_at) if folder else len(every)
        inner = len(before)
        found = map(path_at, range(first, last))
        return dict.fromkeys(path[inner:] for path in found if path.find("/", inner) < 0)

    def fingerprint_look(self, look: Look) -> str:
        """What changes when a look would show something else: the same in another checkout."""
        if look.what == "is":
            return "yes" if self._find(look.path) else ""
        if look.what == "names":
            return self._fingerprint_names(look.path)
        return self.signature(look.path)

    def _fingerprint_names(self, folder: str) -> str:
        found = self._names.get(folder)
        if found is None:
            if len(self._names) >= _FOLDERS:
                self._names.clear()
            names = "\n".join(self.names(folder)).encode()
            self._names[folder] = found = hashlib.sha256(names).hexdigest()
        return found

    def signature(self, path: str) -> str:
        """What changes when the bytes of the file at `path` do: the same in another checkout.

        A file that is large or lies in an archive is told by its size and stamp instead, as is one
        that is not any more what was listed.
        """
        entry = self._find(path)
        if entry is None:
            return ""
        stamped = self.stamp(entry)
        if not self._is_signed(entry):
            return stamped
        if path not in self._signatures:
            if len(self._signatures) >= _SIGNATURES:
                self._signatures.clear()
            self._signatures[path] = self._digest(entry) or f"{stamped}:changed"
        return self._signatures[path]

    def stamp(self, entry: Entry) -> str:
        """What is the same, on this disk, as long as the bytes of an entry are."""
        return f"{entry.size}:{entry.stamp}"

    def trust(self, path: str, stamp: str, signature: str) -> None:
        """Take the digest `signature` for that of the file at `path` if it has this stamp: the file
        need not be read for it.
        """
        entry = self._find(path)
        if (
            entry is not None
            and self._is_signed(entry)
            and self.stamp(entry) == stamp
            and len(signature) == _DIGEST
        ):
            self._signatures[path] = signature

    def _is_signed(self, entry: Entry) -> bool:
        signed = not self.packed and not entry.outer and entry.size <= _MAX_SIGNED
        return signed and bool(entry.stamp)

    def is_unchanged(self, path: str) -> bool:
        """Whether the file at `path`, or the archive that holds it, bears the stamp that was
        listed.
        """
        entry = self._find(path)
        if entry is None:
            return False
        place = path if not self.packed else ""
        if entry.outer and not self.packed:
            place = entry.outer.partition("!/")[0]
        try:
            return stamp_of(os.stat(self._on_disk(place))) == entry.stamp  # noqa: PTH116
        except OSError:
            return False

    def _digest(self, entry: Entry) -> str:
        """A digest of the bytes of a file on disk, `""` where they are not those that were
        listed.
        """
        try:
            with open_regular(self._on_disk(entry.path), entry.stamp) as stream:
                data = stream.read(entry.size + 1)
                unchanged = stamp_of(os.fstat(stream.fileno())) == entry.stamp
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
                # A folder may be called `a.zip!`: what lies there is no member of an archive.
                on_disk = not self.packed and (not holder or os.path.lexists(self._on_disk(outer)))
                if outer and not on_disk:
                    name = inner if holder else self.top + outer
                    self._archives[outer] = archive.open_nested(
                        self.archive(holder), name, MAX_READ * 8, self._scratch
                    )
                else:
                    path = self.on_disk(outer) if outer else self.root
                    # A link among the files is never opened as an archive; the root may be one.
                    stream = open_regular(str(path), "", follow=not outer)
                    self._archives[outer] = archive.open_archive(stream, path.name, self._scratch)
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
            return open_regular(self._on_disk(entry.path), entry.stamp)
        name = entry.path[len(entry.outer) + 2 :] if entry.outer else self.top + entry.path
        try:
            return self.archive(entry.outer).open(name)
        except archive.BadArchive as error:
            raise Unreadable(str(error)) from error

    @cached_property
    def real_roots(self) -> tuple[Path, ...]:
        """Where links may lead: into the tree, and from a snapshot of a hub's cache into the files
        of its repository, which lie beside it.
        """
        blobs = [self.hub_folder.blobs] if self.hub_folder else []
        return tuple(folder.resolve() for folder in (self.root, *blobs))

    @cached_property
    def hub_folder(self) -> hub_cache.HubFolder | None:
        """The folder of a hub's cache that the root is or lies in, if it does."""
        return None if self.packed else hub_cache.enclosing(self.root)
