"""Whether a git folder still says what it said, without comparing the files of its checkout again.

What the collector of git folders tells rests on the folder's own files and on the tracked ones.
The first are small; of the second a stamp tells that they are as they were, since the words of one
run are only ever held against those of another run on the same disk.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from aisbom.cache.rows import dump_rows
from aisbom.cache.store import is_settled
from aisbom.collect.repository import git, git_changes
from aisbom.collect.run import rows_of
from aisbom.source import git_store
from aisbom.source.tree import Entry, File, Tree, Unreadable

_FILES = ("HEAD", "config", "config.worktree", "packed-refs", "shallow", "info/attributes")
_MAX_FILE = 64 * 1024 * 1024
_MAX_REFERENCES = 20_000
_SUBMODULE = 0o160000


def states(tree: Tree) -> Iterator[str]:
    """What the git folders of a tree say now, as texts that change when it does."""
    for entry in tree.listing[0]:
        if entry.path.rpartition("/")[2] == ".git":
            yield entry.path
            try:
                yield from list(_of_folder(tree, entry))
            except (Unreadable, OSError, git_changes.UndecidedError):
                yield dump_rows(rows_of(tree, entry, git.COLLECTOR))


def _of_folder(tree: Tree, entry: Entry) -> Iterator[str]:
    local = tree.on_disk(entry.path)
    store = git_store.locate_store(local, git.top(File(tree, entry), local))
    for folder in dict.fromkeys((store.folder, store.common)):
        for name in _FILES:
            yield f"{name} {_content(folder / name)}"
    yield from _references(store.common / "refs")
    # Objects are what their names say; one that was missing may have come.
    with os.scandir(store.common / "objects") as found:
        yield from sorted(f"{item.name} {_stamp(item.path)}" for item in found)
    work = str(store.work)
    for tracked in git_changes.entries(store):
        path = os.path.join(work, tracked.path)  # noqa: PTH118  of thousands of files
        yield f"{tracked.mode:o} {tracked.hexsha} {tracked.stage} {tracked.path} {_stamp(path)}"
        if tracked.mode == _SUBMODULE and (inside := Path(path, ".git")).exists():
            yield repr(git_store.head(git_store.locate_store(inside, store.work)))


def _content(path: Path) -> str:
    return git_store.contents(path, _MAX_FILE).hex() if path.is_file() else ""


def _references(folder: Path) -> Iterator[str]:
    names = sorted(str(Path(where) / name) for where, _, files in os.walk(folder) for name in files)
    if len(names) > _MAX_REFERENCES:
        raise Unreadable(f"more than {_MAX_REFERENCES:,} references")
    yield from (f"{name} {_content(Path(name))}" for name in names)


def _stamp(path: str) -> str:
    """The stamp of a file or folder, `""` where there is none. One that may change within a clock
    tick is equal to no other.
    """
    try:
        status = os.lstat(path)
    except OSError:
        return ""
    stamp = f"{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}:{status.st_size}"
    return stamp if is_settled(stamp) else f"{stamp} {time.time_ns()}"
