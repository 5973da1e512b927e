"""Releases of one project, out of git clones, folders, wheels and archives: their files by content,
and the contents.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from typing import Protocol

from packaging.version import Version

from aisbom.codeprint import distribution_info, git_releases, identity
from aisbom.codeprint.plan import MAX_CONTENT, Place, Plan
from aisbom.codeprint.project import Release
from aisbom.codeprint.scanned import MADE_BY_BUILDS
from aisbom.source import archive
from aisbom.source.tree import Tree, Unreadable

_MADE_SETTINGS = b"[egg_info]\ntag_build = \ntag_date = 0\n\n"
"""The setup.cfg that setuptools writes into a source distribution."""


class Source(Protocol):
    """Releases with their files, and the contents behind them."""

    @property
    def releases(self) -> Sequence[Release]:
        """In order."""
        ...

    def files(self, release: Release) -> dict[str, bytes]:
        """Path to blob SHA-1 of what the plan covers."""
        ...

    def sizes(self, digests: Collection[bytes]) -> dict[bytes, int]:
        """Sizes of those contents that this source has."""
        ...

    def contents(self, sizes: dict[bytes, int]) -> Iterator[tuple[bytes, bytes]]:
        """(digest, content) of each."""
        ...


def open_sources(places: Sequence[Place], plan: Plan, stack: ExitStack) -> list[Source]:
    """The sources of these places, clones open as long as `stack`. Raises ValueError with one
    line.
    """
    sources: list[Source] = []
    for place in places:
        try:
            if git_releases.is_clone(place.path):
                clone = stack.enter_context(git_releases.Clone(place.path))
                sources.append(_GitSource(clone, place, plan))
            else:
                sources.append(_FileSource(place, plan))
        except ValueError as error:
            raise ValueError(f"{place.path}: {error}") from error
    return sources


class _GitSource:
    def __init__(self, clone: git_releases.Clone, place: Place, plan: Plan) -> None:
        self._clone, self._plan = clone, plan
        if place.every:
            found = clone.list_dated(place.every, place.since, place.until, place.stated)
        else:
            found = _select(clone.list_tagged(place.tags, place.since, place.until), place.keep)
        if not found:
            raise ValueError(
                "no tag fits that names a version; --every quarter takes commits of the main line"
            )
        self.releases = found

    def files(self, release: Release) -> dict[str, bytes]:
        return {
            path: digest
            for path, digest in self._clone.files(release.commit)
            if self._plan.covers(path)
        }

    def sizes(self, digests: Collection[bytes]) -> dict[bytes, int]:
        return self._clone.sizes(digests)

    def contents(self, sizes: dict[bytes, int]) -> Iterator[tuple[bytes, bytes]]:
        return self._clone.contents(sizes)


class _FileSource:
    """A folder, a wheel or an archive: one release. Of a wheel and of an sdist what is known is
    what lies in their top folders.
    """

    def __init__(self, place: Place, plan: Plan) -> None:
        if not place.path.is_dir() and not archive.is_archive(place.path.name):
            raise ValueError("neither a folder, an archive nor a git clone")
        self._place = place
        self._files: dict[str, bytes] = {}
        self._sizes: dict[bytes, int] = {}
        self._paths: dict[bytes, str] = {}
        tree = Tree(place.path)
        entries, gaps = tree.listing
        if not entries and gaps:
            raise ValueError(gaps[0].reason)
        says = distribution_info.read_distribution_info(place.path, tree, place.version)
        if not says.version:
            raise ValueError("a folder or an archive is one release: name it with --version")
        above = f"{place.under.strip('/')}/" if place.under.strip("/") and says.wheel else ""
        tops = set()
        for entry in sorted(entries, key=lambda entry: _as_packed(entry.path)):
            path, top = above + entry.path, entry.path.partition("/")[0]
            if entry.outer or (
                (says.wheel or says.sdist)
                and (MADE_BY_BUILDS.search(path) or top.endswith(".data"))
            ):
                continue
            tops.add(above + top)
            if not plan.covers(path) or entry.size > MAX_CONTENT:
                continue
            try:
                with tree.open(entry) as stream:
                    data = stream.read(MAX_CONTENT + 1)
            except Unreadable:
                continue
            if len(data) <= MAX_CONTENT and not (
                says.sdist and path == "setup.cfg" and data == _MADE_SETTINGS
            ):
                digest = identity.blob(data)
                self._files[path], self._sizes[digest], self._paths[digest] = (
                    digest,
                    len(data),
                    entry.path,
                )
        part = says.wheel or (says.sdist and not place.whole)
        self.releases = (
            Release(says.version, "", "", says.day, tuple(sorted(tops)) if part else ()),
        )

    def files(self, _release: Release) -> dict[str, bytes]:
        return dict(self._files)

    def sizes(self, digests: Collection[bytes]) -> dict[bytes, int]:
        return {digest: self._sizes[digest] for digest in digests}

    def contents(self, sizes: dict[bytes, int]) -> Iterator[tuple[bytes, bytes]]:
        # Opened again: hundreds of archives are not kept open, nor what was read of them.
        tree = Tree(self._place.path)
        for digest in sorted(sizes, key=lambda digest: _as_packed(self._paths[digest])):
            file = tree.get(self._paths[digest])
            if file is not None:
                yield digest, file.read(MAX_CONTENT)


def _as_packed(path: str) -> list[str]:
    """The order in which folders are packed: a compressed tar can only be read forwards."""
    return path.split("/")


def _select(releases: list[Release], keep: str) -> list[Release]:
    """All of them, or the last final release of each minor line."""
    if keep != "minor":
        return releases
    last = {
        Version(release.version).release[:2]: release
        for release in releases
        if not Version(release.version).is_prerelease
    }
    return list(last.values()) or releases[-1:]
