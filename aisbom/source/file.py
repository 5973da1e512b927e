"""What a collector sees of a tree: one file, and a look at what lies beside it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, Protocol, TypeVar

from aisbom.model import Location
from aisbom.source.entry import Entry, Unreadable
from aisbom.source.hub_cache import HubFolder
from aisbom.source.text import decode

T = TypeVar("T")

MAX_READ = 32 * 1024 * 1024
"""No single file is read whole above this; a collector that can do with less asks for a head."""

_FIRST = 64 * 1024
"""Bytes of a file that are read at once where what is read is kept."""


class Look(NamedTuple):
    """What was looked at beside a file: whether there is one at `path`, its bytes, or the names of
    the files in a folder.
    """

    path: str
    what: Literal["is", "bytes", "names"]


@dataclass(slots=True)
class Looks:
    """What was looked at beside one file, by it and by its siblings: `shared` is what `File.once`
    rests on, `untold` says that more was looked at than can be told unchanged.
    """

    seen: set[Look] = field(default_factory=set)
    shared: set[Look] = field(default_factory=set)
    untold: bool = False

    def take(self) -> frozenset[Look]:
        """What was seen since the last time, by one of the collectors of the file."""
        seen, self.seen = frozenset(self.seen), set()
        return seen


class Holder(Protocol):
    """What a file asks of the tree that holds it."""

    packed: bool

    @property
    def hub_folder(self) -> HubFolder | None:
        """The folder of a hub's cache that it lies in, if it does."""

    def get(self, path: str, keep: bool = False) -> File | None:
        """Another of its files."""

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the files in a folder, sorted."""

    def open(self, entry: Entry) -> BinaryIO:
        """A stream over one entry. Raises Unreadable."""

    def on_disk(self, path: str) -> Path:
        """Where the file shown at `path` lies."""


class File:
    """What a collector sees: one file, its bytes (bounded), and a look at its siblings inside the
    same tree.

    With `keep`, what was read of it and of its siblings is kept for as long as the object lives:
    the collectors of one file share it, and the file is read once.
    """

    def __init__(self, tree: Holder, entry: Entry, keep: bool = False) -> None:
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
            own, self.looks.seen = self.looks.seen, self.looks.shared
            try:
                self._made[make] = make(self)
            except Unreadable as error:
                self._made[make] = error
            finally:
                self.looks.seen = own
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
