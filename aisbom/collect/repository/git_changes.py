"""Whether a checkout differs from its commit, found without running a filter: what git itself would
run is not ours to run.

Tracked files only: the index against the tree of HEAD, then the files against the index (size and
time first, content after that).
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from aisbom.source import git_store
from aisbom.source.tree import Unreadable

if TYPE_CHECKING:
    from git.index.typ import IndexEntry

MAX_FILES = 50_000
MAX_HASHED = 256 * 1024 * 1024
"""Bytes of tracked files that are read to compare them; with more to read, the answer is `unknown`.
"""

_LINK = 0o120000
_SUBMODULE = 0o160000
_SKIPPED = 0x4000
_POINTER = b"version https://git-lfs.github.com/spec/"
# What a file looks like on disk is then another program's work, or depends on settings that are not
# read here.
_TRANSFORMED = ("filter", "ident", "working-tree-encoding")


class Undecided(Exception):
    """Whether the checkout was changed cannot be told, and the message says why."""


def entries(store: git_store.Store) -> list[IndexEntry]:
    """The index, in its order. Raises Undecided for what is too large, absent or of another
    kind.
    """
    try:
        data = git_store.contents(store.folder / "index", 32 * 1024 * 1024)
    except Unreadable as error:
        raise Undecided(str(error)) from error
    count = int.from_bytes(data[8:12], "big")
    if count > MAX_FILES:
        raise Undecided(f"more than {MAX_FILES:,} tracked files")
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    from git.index.fun import read_cache

    try:
        return list(read_cache(BytesIO(data))[1].values())
    except (
        ValueError,
        AssertionError,
        LookupError,
        OSError,
        ArithmeticError,
        MemoryError,
        struct.error,
    ) as error:
        raise Undecided(
            f"the index is of a kind that is not read here ({' '.join(str(error).split())[:100]})"
        ) from error


def changed(store: git_store.Store, objects: git_store.Objects, commit: str) -> bool:
    """Whether any tracked file differs from `commit`. Raises Undecided, or Unreadable where git
    fails.
    """
    index = entries(store)
    if any(entry.stage for entry in index):
        return True
    ours = {os.fsencode(str(entry.path)): (entry.mode, entry.hexsha) for entry in index}
    if ours != dict(_tree(objects, commit)):
        return True
    work = _Work(store, _file_modes(store))
    doubtful = [
        entry for entry in index if not entry.extended_flags & _SKIPPED and work.differs(entry)
    ]
    if not doubtful:
        return False
    transformed = _transformed(objects, doubtful) | _pointers(objects, doubtful)
    if any(str(entry.path) not in transformed for entry in doubtful):
        return True
    raise Undecided(
        f"{len(doubtful)} tracked files pass through a filter (git LFS or another) that is not run"
    )


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
    written: int = 0
    folders: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.written = (self.store.folder / "index").stat().st_mtime_ns

    def differs(self, entry: IndexEntry) -> bool:  # noqa: PLR0911
        path = str(entry.path)
        if not self._reachable(path.rpartition("/")[0]):
            return True
        target = self.store.work / path
        if entry.mode == _SUBMODULE:
            return self._moved(target, entry.hexsha)
        try:
            status = target.lstat()
        except OSError:
            return True
        if entry.mode == _LINK:
            if not stat.S_ISLNK(status.st_mode):
                return True
            # A Path would tidy the text up.
            return _blob(os.fsencode(os.readlink(target))) != entry.hexsha  # noqa: PTH115
        if not stat.S_ISREG(status.st_mode):
            return True
        if self.modes and bool(status.st_mode & stat.S_IXUSR) != bool(entry.mode & 0o100):
            return True
        seconds, nanoseconds = entry.mtime
        same_time = status.st_mtime_ns // 10**9 == seconds and nanoseconds in (
            0,
            status.st_mtime_ns % 10**9,
        )
        # A file written in the moment when the index was may have changed after it without a new
        # time.
        if (
            same_time
            and status.st_size & 0xFFFFFFFF == entry.size
            and status.st_mtime_ns < self.written
        ):
            return False
        return self._other_content(target, status.st_size, entry.hexsha)

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

    def _other_content(self, target: Path, size: int, sha: str) -> bool:
        self.hashed += size
        if self.hashed > MAX_HASHED:
            raise Undecided(
                f"more than {MAX_HASHED:,} bytes of tracked files have another time than the index"
                " says"
            )
        try:
            data = git_store.contents(target, size)
        except Unreadable:
            return True
        # Line ends may have been converted on checkout, which is no change.
        return _blob(data) != sha and (
            b"\r\n" not in data or _blob(data.replace(b"\r\n", b"\n")) != sha
        )

    def _moved(self, target: Path, sha: str) -> bool:
        """Whether a submodule stands at another commit; one that is not checked out does not."""
        if target.is_symlink() or not (target / ".git").exists():
            return False
        try:
            return git_store.head(git_store.located(target / ".git", self.store.work))[0] != sha
        except Unreadable as error:
            raise Undecided(f"submodule {target.name}: {error}") from error


def _blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _transformed(objects: git_store.Objects, doubtful: list[IndexEntry]) -> set[str]:
    """Paths whose attributes name a filter. Attributes are only read here: under our configuration
    no filter has a program.
    """
    given = b"".join(os.fsencode(str(entry.path)) + b"\0" for entry in doubtful)
    fields = objects.run(
        "check-attr", "-z", "--stdin", *_TRANSFORMED, given=given, in_work_tree=True
    ).split(b"\0")
    states = zip(fields[0::3], fields[2::3], strict=False)
    return {os.fsdecode(path) for path, value in states if value not in (b"unspecified", b"unset")}


def _pointers(objects: git_store.Objects, doubtful: list[IndexEntry]) -> set[str]:
    """Paths whose tracked content is a git LFS pointer."""
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
    found = set()
    output = BytesIO(
        objects.run(
            "cat-file", "--batch", given="".join(f"{entry.hexsha}\n" for entry in small).encode()
        )
    )
    for entry in small:
        size = int(output.readline().split(b" ")[2])
        if output.read(size + 1).startswith(_POINTER):
            found.add(str(entry.path))
    return found
