"""Whether a checkout differs from its commit, found without running a filter: what git itself would
run is not ours to run.

Tracked files only: the index against the tree of HEAD, then the files against the index. By
content: sizes, times and flags of an index are the word of whoever handed the tree over.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from pathlib import Path

from aisbom.source import git_index, git_store
from aisbom.source.git_index import TrackedFile
from aisbom.source.tree import Unreadable

MAX_FILES = 50_000
MAX_HASHED = 1024**3
"""Bytes of tracked files that are read to compare them; what lies beyond is `unknown`, unless
another file differs.
"""

_LINK = 0o120000
_SUBMODULE = 0o160000
_SKIPPED = 0x4000
_POINTER = b"version https://git-lfs.github.com/spec/"
_OBJECT = re.compile(rb"^oid sha256:([0-9a-f]{64})\nsize ([0-9]{1,18})$", re.MULTILINE)
_MAX_TEXT = 32 * 1024 * 1024
_CHUNK = 1024 * 1024
_EVIDENT = 8
# What a file looks like on disk is then another program's work, or depends on settings that are not
# read here.
_TRANSFORMED = ("filter", "ident", "working-tree-encoding")


class UndecidedError(Exception):
    """Whether the checkout was changed cannot be told, and the message says why."""


def entries(store: git_store.Store) -> list[TrackedFile]:
    """The index, in its order. Raises Undecided for what is too large, absent or of another
    kind.
    """
    try:
        data = git_store.contents(store.folder / "index", 32 * 1024 * 1024)
    except Unreadable as error:
        raise UndecidedError(str(error)) from error
    if git_index.count(data) > MAX_FILES:
        raise UndecidedError(f"more than {MAX_FILES:,} tracked files")
    try:
        return git_index.entries(data)
    except (
        ValueError,
        AssertionError,
        LookupError,
        OSError,
        ArithmeticError,
        MemoryError,
        struct.error,
    ) as error:
        raise UndecidedError(
            f"the index is of a kind that is not read here ({' '.join(str(error).split())[:100]})"
        ) from error


def has_changes(store: git_store.Store, objects: git_store.Objects, commit: str) -> bool:
    """Whether any tracked file differs from `commit`. Raises Undecided, or Unreadable where git
    fails.
    """
    index = entries(store)
    if any(entry.stage for entry in index):
        return True
    ours = {os.fsencode(entry.path): (entry.mode, entry.hexsha) for entry in index}
    if ours != dict(_tree(objects, commit)):
        return True
    modes = _file_modes(store)
    if _evident(store, objects, index, modes):
        return True
    work = _Work(store, modes)
    doubtful = [entry for entry in index if work.differs(entry)]
    pointers = _pointers(objects, doubtful) if doubtful else {}
    plain = [entry for entry in doubtful if entry.path not in pointers]
    transformed = _list_filtered_paths(objects, plain) if plain else set()
    if any(entry.path not in transformed for entry in plain):
        return True
    downloads = {work.holds(path, pointer) for path, pointer in pointers.items()}
    if False in downloads:
        return True
    if transformed or None in downloads:
        count = len(transformed) + len(pointers)
        raise UndecidedError(f"{count} tracked files pass through a filter that is not run")
    if work.unread:
        raise UndecidedError(
            f"more than {MAX_HASHED:,} bytes of tracked files: {work.unread} were not compared"
        )
    return False


def _evident(
    store: git_store.Store, objects: git_store.Objects, index: list[TrackedFile], modes: bool
) -> bool:
    """Whether one of the first files whose size is another than the index states was changed: one
    is enough, and the other files need not be read then.
    """
    work = _Work(store, modes)
    resized = islice((entry for entry in index if work.is_resized(entry)), _EVIDENT)
    found = [entry for entry in resized if work.differs(entry)]
    if not found:
        return False
    beside = _pointers(objects, found).keys() | _list_filtered_paths(objects, found)
    return any(entry.path not in beside for entry in found)


def _file_modes(store: git_store.Store) -> bool:
    try:
        return git_store.configuration(store).get("core", {}).get(
            "filemode", "true"
        ).lower() not in ("false", "no", "off", "0")
    except Unreadable:
        return True


def _tree(objects: git_store.Objects, commit: str) -> Iterator[tuple[bytes, tuple[int, str]]]:
    for line in objects.run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
        meta, _, path = line.partition(b"\t")
        if path:
            mode, _, sha = meta.split(b" ")
            yield path, (int(mode, 8), sha.decode("ascii"))


@dataclass(slots=True)
class _Work:
    """The files of a checkout, against the index."""

    store: git_store.Store
    modes: bool
    hashed: int = 0
    unread: int = 0
    folders: dict[str, bool] = field(default_factory=dict)

    def differs(self, entry: TrackedFile) -> bool:
        path = entry.path
        if not self._reachable(path.rpartition("/")[0]):
            return True
        target = self.store.work / path
        if entry.mode == _SUBMODULE:
            return self._is_moved(target, entry.hexsha)
        try:
            status = target.lstat()
        except OSError:
            # A sparse checkout leaves files out; one that is there counts.
            return not entry.extended_flags & _SKIPPED
        if entry.mode == _LINK:
            # A Path would tidy the text up.
            return not stat.S_ISLNK(status.st_mode) or (
                _blob(os.fsencode(os.readlink(target))) != entry.hexsha  # noqa: PTH115
            )
        return (
            not stat.S_ISREG(status.st_mode)
            or (self.modes and bool(status.st_mode & stat.S_IXUSR) != bool(entry.mode & 0o100))
            or self._other_content(target, entry.hexsha)
        )

    def is_resized(self, entry: TrackedFile) -> bool:
        """Whether a file has not the size that the index states, which may be wrong."""
        try:
            size = (self.store.work / entry.path).lstat().st_size
        except OSError:
            return True
        return size != entry.size and size <= _MAX_TEXT and entry.mode != _SUBMODULE

    def holds(self, path: str, pointer: bytes) -> bool | None:
        """Whether a file is what a pointer of git LFS names; None where that cannot be told."""
        found = _OBJECT.search(pointer)
        if not found:
            return None
        digest, size = hashlib.sha256(), 0
        try:
            for chunk in self._chunks(self.store.work / path):
                digest.update(chunk)
                size += len(chunk)
        except _TooMuch:
            return None
        except Unreadable:
            return False
        return size == int(found[2]) and digest.hexdigest() == found[1].decode("ascii")

    def _reachable(self, folder: str) -> bool:
        """Whether no folder on the way is a link: git never follows one, and neither do we."""
        if not folder:
            return True
        if folder not in self.folders:
            self.folders[folder] = (
                self._reachable(folder.rpartition("/")[0])
                and not (self.store.work / folder).is_symlink()
            )
        return self.folders[folder]

    def _other_content(self, target: Path, sha: str) -> bool:
        try:
            digest = _blob_digest(target.lstat().st_size)
            for chunk in self._chunks(target):
                digest.update(chunk)
            if digest.hexdigest() == sha:
                return False
            # Line ends may have been converted on checkout, which is no change.
            text = git_store.contents(target, _MAX_TEXT)
        except _TooMuch:
            self.unread += 1
            return False
        except (Unreadable, OSError):
            return True
        return b"\r\n" not in text or _blob(text.replace(b"\r\n", b"\n")) != sha

    def _chunks(self, target: Path) -> Iterator[bytes]:
        """The bytes of a file. Raises Unreadable, and _TooMuch where the files before it have
        taken what may be read.
        """
        with git_store.regular(target) as stream:
            size = os.fstat(stream.fileno()).st_size
            if self.hashed + size > MAX_HASHED:
                raise _TooMuch
            self.hashed += size
            for _ in range(-(-size // _CHUNK)):
                yield stream.read(_CHUNK)

    def _is_moved(self, target: Path, sha: str) -> bool:
        """Whether a submodule stands at another commit; one that is not checked out does not."""
        if target.is_symlink() or not (target / ".git").exists():
            return False
        try:
            return (
                git_store.head(git_store.locate_store(target / ".git", self.store.work))[0] != sha
            )
        except Unreadable as error:
            raise UndecidedError(f"submodule {target.name}: {error}") from error


class _TooMuch(Exception):
    """More bytes than are read to compare files."""


def _blob_digest(size: int) -> hashlib._Hash:
    return hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)


def _blob(data: bytes) -> str:
    digest = _blob_digest(len(data))
    digest.update(data)
    return digest.hexdigest()


def _list_filtered_paths(objects: git_store.Objects, doubtful: list[TrackedFile]) -> set[str]:
    """Paths whose attributes name a filter. Attributes are only read here: under our configuration
    no filter has a program.
    """
    given = b"".join(os.fsencode(entry.path) + b"\0" for entry in doubtful)
    fields = objects.run(
        "check-attr", "-z", "--stdin", *_TRANSFORMED, given=given, in_work_tree=True
    ).split(b"\0")
    states = zip(fields[0::3], fields[2::3], strict=False)
    return {os.fsdecode(path) for path, value in states if value not in (b"unspecified", b"unset")}


def _pointers(objects: git_store.Objects, doubtful: list[TrackedFile]) -> dict[str, bytes]:
    """Paths whose tracked content is a git LFS pointer, with the pointer."""
    plain = [entry for entry in doubtful if entry.mode not in (_LINK, _SUBMODULE)][:2000]
    given = "".join(f"{entry.hexsha}\n" for entry in plain).encode()
    small = []
    for entry, line in zip(
        plain,
        objects.run("cat-file", "--batch-check", given=given).decode().splitlines(),
        strict=False,
    ):
        parts = line.split(" ")
        if len(parts) == 3 and parts[1] == "blob" and int(parts[2]) <= 1024:
            small.append(entry)
    found = {}
    output = BytesIO(
        objects.run(
            "cat-file", "--batch", given="".join(f"{entry.hexsha}\n" for entry in small).encode()
        )
    )
    for entry in small:
        size = int(output.readline().split(b" ")[2])
        data = output.read(size + 1)
        if data.startswith(_POINTER):
            found[entry.path] = data
    return found
