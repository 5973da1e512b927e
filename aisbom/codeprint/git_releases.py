"""The releases of a git clone, bare or not, read with git's plumbing: nothing is checked out, no
setting or hook of the clone has a part.

`git_store` points git at a configuration of our own whose only link to the clone is the path of its
objects.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from packaging.version import InvalidVersion, Version

from aisbom.codeprint.plan import MAX_CONTENT
from aisbom.codeprint.project import Release
from aisbom.source import git_store
from aisbom.source.tree import Unreadable

MAX_TREE = 256 * 1024 * 1024
_BATCH = 32 * 1024 * 1024
_TAG = re.compile(r"\D*?(\d+(?:\.\d+)*+(?:[._\-]?[a-z]++(?:\.?\d++)?+)*+)", re.IGNORECASE)
_FILE_VERSION = re.compile(rb"""^(?:__version__|version)\s*=\s*["']([^"'\s]{1,40})["']""", re.M)


def is_clone(path: Path) -> bool:
    """Whether a folder is a git clone, bare or with a work tree."""
    try:
        bare = (path / "HEAD").is_file() and (path / "objects").is_dir()
        return bare or (path / ".git").is_dir()
    except OSError:
        return False


def version(tag: str) -> str:
    """The version that a tag names, as PEP 440 writes it; `""` for a tag that names none.

    >>> version("core_v0.12.0rc1"), version("before-moe")
    ('0.12.0rc1', '')
    """
    match = _TAG.fullmatch(tag.rpartition("/")[2])
    try:
        return str(Version(match[1])) if match else ""
    except InvalidVersion:
        return ""


class Change(NamedTuple):
    """The main line gave a content to a path on a day; `old` is the path that it had before, `""`
    where it was not moved. All digits of `digest` are 0 where the path was taken away.
    """

    day: str
    path: str
    old: str
    digest: bytes


class Clone:
    """A clone to read; use it as a context. Raises ValueError with one line for whatever git cannot
    read.
    """

    def __init__(self, path: Path) -> None:
        folder = (
            path if (path / "HEAD").is_file() and not (path / ".git").is_dir() else path / ".git"
        )
        self._store = git_store.Store(folder, folder, path)
        self._stack = ExitStack()

    def __enter__(self) -> Clone:
        try:
            self._objects = self._stack.enter_context(git_store.objects(self._store))
        except Unreadable as error:
            raise ValueError(str(error)) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _run(self, *arguments: str, given: bytes = b"", limit: int = MAX_TREE) -> bytes:
        try:
            return self._objects.run(*arguments, given=given, limit=limit)
        except Unreadable as error:
            raise ValueError(str(error)) from error

    def list_tagged(self, pattern: str, since: str, until: str) -> list[Release]:
        """The releases whose tags fit the pattern (`*`: all) and name a version, of the days
        `since` to `until`, by version.
        """
        try:
            references = git_store.references(self._store, "tags")
        except Unreadable as error:
            raise ValueError(str(error)) from error
        named = {name.removeprefix("refs/tags/"): pair for name, pair in references.items()}
        chosen = {
            tag: peeled or sha
            for tag, (sha, peeled) in sorted(named.items())
            if fnmatch.fnmatchcase(tag, pattern) and version(tag)
        }
        dates = self._commits(chosen)
        found: dict[str, Release] = {}
        for tag in chosen:
            commit, date = dates.get(tag, ("", ""))
            if commit and since <= date <= until:
                found.setdefault(version(tag), Release(version(tag), tag, commit, date))
        return sorted(found.values(), key=lambda release: (Version(release.version), release.date))

    def _commits(self, chosen: dict[str, str]) -> dict[str, tuple[str, str]]:
        """Tag to (commit, day of the commit), for those that lead to a commit."""
        if not chosen:
            return {}
        given = "".join(f"{sha}^{{commit}}\n" for sha in chosen.values()).encode()
        answers = (
            self._run("cat-file", "--batch-check=%(objectname) %(objecttype)", given=given)
            .decode("ascii", "replace")
            .splitlines()
        )
        commits = {
            tag: line.split(" ")[0]
            for tag, line in zip(chosen, answers, strict=True)
            if line.endswith(" commit")
        }
        days = dict(self._days(sorted(set(commits.values()))))
        return {tag: (commit, days.get(commit, "")) for tag, commit in commits.items()}

    def _days(self, commits: list[str]) -> Iterator[tuple[str, str]]:
        if commits:
            given = "".join(f"{commit}\n" for commit in commits).encode()
            yield from _days(
                self._run("log", "--no-walk=unsorted", "--stdin", "--format=%H %ct", given=given)
            )

    def list_dated(self, every: str, since: str, until: str, stated: str = "") -> list[Release]:
        """The last commit of the main line in each `quarter`, `month`, or `change` of the version
        that the file `stated` states.

        Their version is the day and the commit (`2024.6.30+g0123456789ab`), or what the file states
        and the commit.
        """
        try:
            head, _ = git_store.head(self._store)
        except Unreadable as error:
            raise ValueError(str(error)) from error
        if not head:
            raise ValueError("the repository has no commit yet")
        walk = ["log", "--first-parent", "--format=%H %ct"]
        line = [row for row in _days(self._run(*walk, head, "--")) if since <= row[1] <= until]
        kept: dict[str, tuple[str, str]] = {}
        for commit, day in line:
            year, month = day[:4], int(day[5:7])
            kept.setdefault(
                f"{year}-{month:02}" if every == "month" else f"{year}-{(month - 1) // 3}",
                (commit, day),
            )
        if every == "change" and stated and line:
            changes = {
                commit
                for commit, _ in _days(
                    self._run(*walk, "-G", "^(__version__|version) *=", head, "--", stated)
                )
            }
            # What stands just before a change, and what is newest.
            ends = [
                line[0],
                *(before for (commit, _), before in pairwise(line) if commit in changes),
            ]
            kept = {commit: (commit, day) for commit, day in ends}
        return [
            Release(self._version_of(commit, day, stated), "", commit, day)
            for commit, day in sorted(kept.values(), key=lambda pair: pair[::-1])
        ]

    def _version_of(self, commit: str, day: str, stated: str) -> str:
        if stated:
            match = _FILE_VERSION.search(
                self._run("cat-file", "blob", f"{commit}:{stated}", limit=4 * 1024 * 1024)
            )
            try:
                return (
                    f"{Version(match[1].decode('ascii', 'replace'))}+g{commit[:12]}"
                    if match
                    else f"{_day(day)}+g{commit[:12]}"
                )
            except InvalidVersion:
                pass
        return f"{_day(day)}+g{commit[:12]}"

    def files(self, commit: str) -> Iterator[tuple[str, bytes]]:
        """(path, 20-byte blob SHA-1) of the regular files of a commit; names that are no plain text
        are left out.
        """
        for row in self._run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
            about, _, name = row.partition(b"\t")
            fields = about.split(b" ")
            if len(fields) == 3 and fields[0] in (b"100644", b"100755") and len(fields[2]) == 40:
                try:
                    path = name.decode("utf-8")
                except UnicodeDecodeError:
                    continue
                if not any(ord(character) < 32 for character in path):
                    yield path, bytes.fromhex(fields[2].decode("ascii"))

    def sizes(self, digests: Collection[bytes]) -> dict[bytes, int]:
        """The size of each of these contents. Raises ValueError for one that a partial
        clone lacks.
        """
        wanted = sorted(digests)
        given = "".join(f"{digest.hex()}\n" for digest in wanted).encode()
        told = (
            self._run("cat-file", "--batch-check=%(objecttype) %(objectsize)", given=given)
            .decode("ascii", "replace")
            .splitlines()
        )
        found = {}
        for digest, line in zip(wanted, told, strict=True):
            kind, _, size = line.partition(" ")
            if kind != "blob":
                raise ValueError(
                    f"the clone lacks the content {digest.hex()}: a partial or broken clone cannot"
                    " be read"
                )
            found[digest] = int(size)
        return found

    def contents(self, sizes: dict[bytes, int]) -> Iterator[tuple[bytes, bytes]]:
        """(digest, content) of each of these, in order of their digests."""
        batch: list[bytes] = []
        total = 0
        for digest in sorted(sizes):
            if batch and total + sizes[digest] > _BATCH:
                yield from self._batch(batch)
                batch, total = [], 0
            batch.append(digest)
            total += sizes[digest]
        if batch:
            yield from self._batch(batch)

    def find_contents(self, starts: Collection[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """(start, content) of those contents whose digests begin so and that are here, of up to
        MAX_CONTENT bytes. A start of 8 bytes is that of one content alone.
        """
        wanted = sorted(starts)
        given = "".join(f"{start.hex()}\n" for start in wanted).encode()
        told = self._run("cat-file", "--batch-check", given=given).decode("ascii", "replace")
        sizes: dict[bytes, int] = {}
        found: dict[bytes, bytes] = {}
        for start, line in zip(wanted, told.splitlines(), strict=True):
            name, _, rest = line.partition(" ")
            kind, _, size = rest.partition(" ")
            if kind == "blob" and len(name) == 40 and int(size) <= MAX_CONTENT:
                found[digest := bytes.fromhex(name)] = start
                sizes[digest] = int(size)
        for digest, content in self.contents(sizes):
            yield found[digest], content

    def list_changes(self) -> list[Change]:
        """Every content that the main line gave to a path, oldest first, renames followed: with
        changes where all contents are here that git compares, else without.
        """
        try:
            head, _ = git_store.head(self._store)
        except Unreadable as error:
            raise ValueError(str(error)) from error
        walk = ("log", "--first-parent", "-m", "--raw", "-z", "--no-abbrev", "--reverse")
        try:
            told = self._run(*walk, "-M", "--format=%x01%ct", head, "--")
        except ValueError:
            told = self._run(*walk, "-M100%", "--format=%x01%ct", head, "--")
        found: list[Change] = []
        day = ""
        fields = iter(told.decode("utf-8", "surrogateescape").split("\0"))
        for field in fields:
            text = field.lstrip("\n")
            if text.startswith("\x01"):
                day = f"{datetime.fromtimestamp(int(text[1:]), UTC):%Y-%m-%d}"
            elif text.startswith(":"):
                *_, digest, status = text.split(" ")
                old = next(fields) if status[0] in "RC" else ""
                found.append(Change(day, next(fields), old, bytes.fromhex(digest)))
        return found

    def _batch(self, digests: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
        given = "".join(f"{digest.hex()}\n" for digest in digests).encode()
        data = self._run("cat-file", "--batch", given=given)
        at = 0
        for digest in digests:
            end = data.find(b"\n", at)
            fields = data[at:end].split(b" ")
            if end < 0 or len(fields) != 3 or fields[1] != b"blob":
                raise ValueError(
                    f"the clone lacks the content {digest.hex()}: a partial or broken clone cannot"
                    " be read"
                )
            size = int(fields[2])
            yield digest, data[end + 1 : end + 1 + size]
            at = end + size + 2


def _days(told: bytes) -> Iterator[tuple[str, str]]:
    """(commit, day in UTC) from lines of a commit and its seconds."""
    for line in told.decode("ascii", "replace").splitlines():
        commit, _, seconds = line.partition(" ")
        try:
            yield commit, f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%d}"
        except (ValueError, OverflowError, OSError):
            yield commit, ""


def _day(day: str) -> str:
    return str(Version(day.replace("-", ".")))
