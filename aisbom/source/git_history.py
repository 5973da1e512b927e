"""When the files of a checkout came into its history: one walk over the commits, with git's
plumbing and none of the repository's settings.

A history that was cut off says nothing: what its first commit holds may be older.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from aisbom.source import git_store
from aisbom.source.tree import Unreadable

MAX_COMMITS = 100_000
"""So many commits are walked, from the newest; what came before them has no day."""

MAX_OUTPUT = 256 * 1024 * 1024
_LIMIT = "-l200"
"""Of a commit with more new files than this, only those that moved unchanged are followed."""

_STATED = range(631_152_000, 4_102_444_800)
"""Times (seconds) between the years 1990 and 2100; any other was never the time."""

_COMMIT = re.compile(rb"\x01(\d+) (\d+)")
_MERGE = re.compile(
    r"Merge (?:pull request #\d+ from (?P<branch>[\w.\-]+)/"
    r"|(?:remote-tracking )?branch .{0,200} of \S{0,40}github\.com[/:](?P<address>[\w.\-]+)/)"
)
"""What a code host, and git itself, write above a merge."""


@dataclass(frozen=True, slots=True)
class Came:
    """The days (ISO 8601) between which something came: not before `least`, and by `most`. A commit
    states when it was written and when it was applied.
    """

    least: str
    most: str


@dataclass(frozen=True, slots=True)
class History:
    """When each path first came, renamed or not, and when each content (git blob SHA-1,
    hexadecimal) came under any name. `cut`: the walk ended before the first commit, and what it did
    not reach may be older: then no day is the least. `followed`: contents were compared to find
    what moved and changed at once.
    """

    paths: Mapping[str, Came] = field(default_factory=dict)
    contents: Mapping[str, Came] = field(default_factory=dict)
    cut: bool = False
    followed: bool = True


def history(top: Path, blobs: Mapping[str, str], most: int = MAX_COMMITS) -> History:
    """The history of the paths of `blobs` (path to content) in the checkout at `top`. Raises
    Unreadable where there is none that can be read, or one that was cut off.
    """
    store = git_store.locate_store(top / ".git", top)
    shallow = store.common / "shallow"
    if shallow.exists() and git_store.contents(shallow, 1024 * 1024).strip():
        raise Unreadable("the history is shallow: it was cut off when it was cloned")
    commit, _ = git_store.head(store)
    if not commit:
        raise Unreadable("the repository has no commit yet")
    with git_store.objects(store) as objects:
        try:
            return _read(_log(objects, commit, most, "--find-renames"), blobs, most)
        except Unreadable:
            # Of a partial clone contents are not there: then what moved unchanged is followed.
            output = _log(objects, commit, most, "--find-renames=100%")
    return replace(_read(output, blobs, most), followed=False)


def describe_state(top: Path) -> list[str]:
    """What changes when `history` could say something else of the checkout at `top`: its commit,
    its objects, the program that reads them. Raises Unreadable or OSError.
    """
    store = git_store.locate_store(top / ".git", top)
    commit, _ = git_store.head(store)
    told = [str(store.common.resolve()), commit, str(MAX_COMMITS), _LIMIT, _stamp_git()]
    for folder in (store.common / "objects", store.common / "objects" / "pack"):
        with os.scandir(folder) as found:
            for item in sorted(found, key=lambda item: item.name):
                status = item.stat(follow_symlinks=False)
                told.append(f"{item.name} {status.st_mtime_ns}:{status.st_ctime_ns}")
    return told


def _stamp_git() -> str:
    """The program that is asked: another version may tell what was moved in another way."""
    program = shutil.which("git") or ""
    status = Path(program).stat()
    return f"{program} {status.st_mtime_ns}:{status.st_size}"


def are_absent(top: Path, contents: Collection[str]) -> bool:
    """Whether none of these contents is in any commit of the checkout at `top`: none is among its
    objects, which are all of them unless it is a partial clone. Raises Unreadable.
    """
    if not contents:
        return True
    store = git_store.locate_store(top / ".git", top)
    if any((store.common / "objects" / "pack").glob("*.promisor")):
        return False
    with git_store.objects(store) as objects:
        given = "".join(f"{content}\n" for content in sorted(contents)).encode()
        lines = objects.run("cat-file", "--batch-check", given=given).splitlines()
    return len(lines) == len(contents) and all(line.endswith(b" missing") for line in lines)


def _log(objects: git_store.Objects, commit: str, most: int, renames: str) -> bytes:
    return objects.run(
        "log",
        f"--max-count={most + 1}",
        "--format=%x01%at %ct",
        "--raw",
        "-z",
        "--no-abbrev",
        "--no-show-signature",
        renames,
        _LIMIT,
        "--diff-filter=AMR",
        commit,
        "--",
        limit=MAX_OUTPUT,
    )


@dataclass(frozen=True, slots=True)
class Merges:
    """How many merges of an account's branches a history holds, and what the last one says."""

    count: int
    last: str


def list_merges(
    top: Path, accounts: Collection[str], most: int = MAX_COMMITS
) -> Mapping[str, Merges]:
    """By account of a code host, in lower case: the merges of its branches among the newest `most`
    commits of the checkout at `top`. Raises Unreadable where there is no history.
    """
    store = git_store.locate_store(top / ".git", top)
    commit, _ = git_store.head(store)
    if not commit:
        raise Unreadable("the repository has no commit yet")
    with git_store.objects(store) as objects:
        output = objects.run(
            "log",
            f"--max-count={most}",
            "--merges",
            "--format=%s",
            "--no-show-signature",
            commit,
            "--",
            limit=MAX_OUTPUT,
        )
    wanted = {account.casefold() for account in accounts}
    found: dict[str, Merges] = {}
    for line in output.decode("utf-8", "replace").split("\n"):
        said = _MERGE.match(line)
        account = (said["branch"] or said["address"]).casefold() if said else ""
        if account in wanted:
            known = found.get(account)
            found[account] = Merges(known.count + 1, known.last) if known else Merges(1, line[:200])
    return found


class _Change(NamedTuple):
    """What a commit says of one file, as git writes it; `stated`: when the commit was written and
    applied, in seconds.
    """

    stated: tuple[int, int]
    content: bytes
    status: bytes
    path: bytes
    was: bytes


def _read(output: bytes, blobs: Mapping[str, str], most: int) -> History:
    """The days, from what git says of each commit, newest first."""
    names: dict[bytes, set[str]] = {_as_bytes(path): {path} for path in blobs}
    wanted = {content.encode("ascii", "replace") for content in blobs.values()}
    paths: dict[str, Came] = {}
    contents: dict[str, Came] = {}
    for change in _changes(output, most):
        # Most of a history is about other files.
        known = names.get(change.path, ())
        if not known and change.content not in wanted:
            continue
        came = _came(*change.stated)
        if came is None:
            continue
        if change.content in wanted:
            _earlier(contents, change.content.decode("ascii"), came)
        for path in known:
            if not change.status.startswith(b"M"):
                _earlier(paths, path, came)
        if change.was and known:
            names.setdefault(change.was, set()).update(names.pop(change.path))
    if output.count(b"\x01") <= most:
        return History(paths, contents)
    late = [
        {key: Came("", came.most) for key, came in found.items()} for found in (paths, contents)
    ]
    return History(late[0], late[1], cut=True)


def _changes(output: bytes, most: int) -> Iterator[_Change]:
    """What each of the newest `most` commits added, changed or renamed."""
    stated = (-1, -1)
    commits = 0
    fields = iter(output.split(b"\0"))
    for one in fields:
        text = one.lstrip(b"\n")
        if text.startswith(b"\x01") and (begun := _COMMIT.match(text)):
            commits += 1
            if commits > most:
                return
            stated = int(begun[1]), int(begun[2])
            text = text[begun.end() :].lstrip(b"\n")
        if text.startswith(b":"):
            _, _, _, content, status = text.split(b" ")[:5]
            was = next(fields, b"") if status.startswith(b"R") else b""
            yield _Change(stated, content, status, next(fields, b""), was)


@lru_cache(maxsize=256)  # a commit has many files
def _came(written: int, applied: int) -> Came | None:
    if written not in _STATED or applied not in _STATED:
        return None
    days = sorted(
        datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d") for seconds in (written, applied)
    )
    return Came(days[0], days[1])


def _earlier(found: dict[str, Came], key: str, came: Came) -> None:
    known = found.get(key)
    if known is not None:
        came = Came(min(known.least, came.least), min(known.most, came.most))
    found[key] = came


def _as_bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
