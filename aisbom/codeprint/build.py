"""From folders, archives and git clones of one project to its index: hashes, counts and notices,
none of the code.
"""

from __future__ import annotations

import fnmatch
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from packaging.version import InvalidVersion, Version

from aisbom.codeprint import (
    container,
    distribution_info,
    file_header,
    fingerprint_table,
    git_releases,
    identity,
)
from aisbom.codeprint.contents import size_class
from aisbom.codeprint.project import LAYOUT, Notice, Release
from aisbom.codeprint.scanned import MADE_BY_BUILDS, kind
from aisbom.source import archive
from aisbom.source.tree import Tree, Unreadable

if TYPE_CHECKING:
    import numpy as np

_CODE = (
    "c cc cl cpp cu cuh cxx go h hh hpp java js jsx m metal mjs mm perl pl pm py pyx rs svelte ts"
    " tsx vue"
)
_KEPT_WITH_IT = "bash cfg cmake ini j2 jinja jinja2 kt proto pxd pyi sh toml yaml yml"
_ASIDE = (
    "test tests testing doc docs example examples benchmark benchmarks tutorials ci .ci .github"
    " .buildkite"
)
_NOT_THEIRS = "third_party 3rdparty _vendor vendor node_modules"

PRINTED = frozenset(_CODE.split())
KINDS = PRINTED | frozenset(_KEPT_WITH_IT.split())
"""Kinds of files whose content is kept, by the end of their names: source text and the
configuration that is kept with it.
"""

_NOT_PRODUCT = frozenset(f"{_ASIDE} {_NOT_THEIRS}".split())
MAX_CONTENT = 1024 * 1024
_MADE_SETTINGS = b"[egg_info]\ntag_build = \ntag_date = 0\n\n"
"""The setup.cfg that setuptools writes into a source distribution."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where releases are: a git clone, or a folder or archive that is one release: `version`, or
    what a wheel or sdist states.

    Of a clone, those whose tags fit `tags`, of the days `since` to `until`; `keep` is `all` or
    `minor` (the last of each minor line). `every` (`month`, `quarter`, `change`) takes commits of
    the main line instead, and `stated` is the file that states the version at one. `under` is the
    upstream folder of what a wheel holds. `whole` says that a source distribution leaves nothing of
    the repository out.
    """

    path: Path
    tags: str = "*"
    since: str = ""
    until: str = "9999"
    keep: str = "all"
    every: str = ""
    stated: str = ""
    version: str = ""
    under: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What an index is to say and to cover. `paths` are beginnings of upstream paths, `printed`
    patterns (`*` for any text).

    Fingerprints are of the last content of each path, and of the ends of the last `years` years:
    copies are of what was current then.
    """

    project: str
    purl: str
    repository: str = ""
    licence: str = ""
    holders: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()
    years: int = 1
    made: str = ""

    def covers(self, path: str) -> bool:
        """Whether a path is to be in the index."""
        return kind(path) in KINDS and (not self.paths or path.startswith(self.paths))

    def prints(self, path: str) -> bool:
        """Whether a path is code of the product, whose fingerprints are kept."""
        parts = path.split("/")
        if kind(path) not in PRINTED or (
            self.printed and not any(fnmatch.fnmatchcase(path, glob) for glob in self.printed)
        ):
            return False
        return (
            not _NOT_PRODUCT & set(parts[:-1])
            and not parts[-1].startswith(("test_", "conftest"))
            and not parts[-1].endswith("_test.py")
        )


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


@dataclass(slots=True)
class Built:
    """The bytes of an index, and what is worth telling about it. `holders` are counts of files by
    holder, most files first.
    """

    data: bytes
    releases: int
    paths: int
    contents: int
    prints: int
    holders: list[tuple[str, int]] = field(default_factory=list)


def build(places: Sequence[Place], plan: Plan) -> Built:
    """An index of these sources. Raises ValueError with one line."""
    with ExitStack() as stack:
        return _built(opened(places, plan, stack), plan)


def opened(places: Sequence[Place], plan: Plan, stack: ExitStack) -> list[Source]:
    """The sources of these places, clones open as long as `stack`. Raises ValueError with one
    line.
    """
    sources: list[Source] = []
    for place in places:
        try:
            if git_releases.is_clone(place.path):
                clone = stack.enter_context(git_releases.Clone(place.path))
                sources.append(_Cloned(clone, place, plan))
            else:
                sources.append(_Copied(place, plan))
        except ValueError as error:
            raise ValueError(f"{place.path}: {error}") from error
    return sources


class _Cloned:
    def __init__(self, clone: git_releases.Clone, place: Place, plan: Plan) -> None:
        self._clone, self._plan = clone, plan
        if place.every:
            found = clone.dated(place.every, place.since, place.until, place.stated)
        else:
            found = _kept(clone.tagged(place.tags, place.since, place.until), place.keep)
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


class _Copied:
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
        says = distribution_info.told(place.path, tree, place.version)
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


def _kept(releases: list[Release], keep: str) -> list[Release]:
    """All of them, or the last final release of each minor line."""
    if keep != "minor":
        return releases
    last = {
        Version(release.version).release[:2]: release
        for release in releases
        if not Version(release.version).is_prerelease
    }
    return list(last.values()) or releases[-1:]


def _order(release: Release) -> tuple[str, Version, str]:
    try:
        return "", Version(release.version), release.date
    except InvalidVersion:
        return release.version, Version("0"), release.date


def _built(sources: Sequence[Source], plan: Plan) -> Built:
    first: dict[str, tuple[Release, Source]] = {}
    for source in sources:
        for release in source.releases:
            first.setdefault(release.version, (release, source))
    chosen = sorted(first.values(), key=lambda pair: _order(pair[0]))
    states = [(release, source.files(release), source) for release, source in chosen]
    origin: dict[bytes, Source] = {}
    for _, files, source in states:
        for digest in files.values():
            origin.setdefault(digest, source)
    sizes: dict[bytes, int] = {}
    for source in sources:
        sizes |= source.sizes([digest for digest, owner in origin.items() if owner is source])
    # A file that is no source text, or a generated one: too large to have been written.
    states = [
        (
            release,
            {path: digest for path, digest in files.items() if sizes[digest] <= MAX_CONTENT},
            source,
        )
        for release, files, source in states
    ]
    paths = sorted({path for _, files, _ in states for path in files})
    if not paths:
        raise ValueError("none of the files there is of a kind that an index covers")
    number = {path: at for at, path in enumerate(paths)}
    arrays = _exact(states, number, sizes)
    latest = {path: digest for _, files, _ in states for path, digest in files.items()}
    wanted = _printed(states, plan)
    by_digest = _contents(
        sources, origin, sizes, {digest for _, digest in wanted} | set(latest.values())
    )
    known = frozenset(plan.holders)
    notices: dict[bytes, Notice | None] = {}
    kept: dict[bytes, bytes] = {}
    heads, printing = set(latest.values()), {digest for _, digest in wanted}
    for digest, data in by_digest:
        if digest in heads:
            notices[digest] = file_header.notice(data, known)
        if digest in printing:
            kept[digest] = data
    table = fingerprint_table.table((number[path], path, kept[digest]) for path, digest in wanted)
    rows: dict[Notice, int] = {}
    of = []
    counts: Counter[str] = Counter()
    for path in paths:
        told = notices.get(latest[path])
        of.append(rows.setdefault(told, len(rows)) if told else -1)
        counts.update(told.holders if told else ())
    about = {
        "layout": LAYOUT,
        "project": plan.project,
        "purl": plan.purl,
        "repository": plan.repository,
        "licence": plan.licence,
        "holders": list(plan.holders),
        "kinds": sorted({kind(path) for path in paths}),
        "releases": [
            {"version": r.version, "tag": r.tag, "commit": r.commit, "date": r.date}
            | ({"within": list(r.within)} if r.within else {})
            for r, _, _ in states
        ],
        "covers": _covers([release for release, _, _ in states], plan, len(paths)),
        "made": plan.made,
        "counts": {
            "paths": len(paths),
            "contents": len(arrays["blob"]),
            "printed": len({path for path, _ in wanted}),
        },
    }
    members = {
        "about.json": as_json(about),
        "paths.txt": "\n".join(paths).encode(),
        "notices.json": as_json(
            {
                "notices": [
                    {"holders": list(n.holders), "spdx": n.spdx, "hidden": list(n.hidden)}
                    for n in rows
                ],
                "of": of,
            },
        ),
    }
    data = container.write(members, {**arrays, **table})
    return Built(
        data,
        len(states),
        len(paths),
        len(arrays["blob"]),
        len({path for path, _ in wanted}),
        counts.most_common(8),
    )


def _contents(
    sources: Sequence[Source],
    origin: dict[bytes, Source],
    sizes: dict[bytes, int],
    wanted: Collection[bytes],
) -> Iterator[tuple[bytes, bytes]]:
    for source in sources:
        yield from source.contents(
            {digest: sizes[digest] for digest in wanted if origin[digest] is source}
        )


def _exact(
    states: Sequence[tuple[Release, dict[str, bytes], Source]],
    number: dict[str, int],
    sizes: dict[bytes, int],
) -> dict[str, np.ndarray]:
    """One row for each run of releases in which a path has one content."""
    import numpy as np

    rows: list[tuple[int, int, int, bytes]] = []
    running: dict[str, tuple[bytes, int]] = {}
    for release, (state, files, _) in enumerate(states):
        for path, (digest, since) in list(running.items()):
            if files.get(path) != digest and state.knows(path):
                rows.append((number[path], since, release - 1, digest))
                del running[path]
        for path, digest in files.items():
            running.setdefault(path, (digest, release))
    rows += [
        (number[path], since, len(states) - 1, digest) for path, (digest, since) in running.items()
    ]
    rows.sort()
    return {
        "blob": np.array([int.from_bytes(digest[:8], "big") for *_, digest in rows], np.uint64),
        "blob_path": np.array([row[0] for row in rows], np.uint32),
        "blob_first": np.array([row[1] for row in rows], np.uint16),
        "blob_last": np.array([row[2] for row in rows], np.uint16),
        "blob_size": np.array([size_class(sizes[digest]) for *_, digest in rows], np.uint8),
    }


def _printed(
    states: Sequence[tuple[Release, dict[str, bytes], Source]], plan: Plan
) -> list[tuple[str, bytes]]:
    """Product code: the last content of each path, and the one at the end of each of its last
    `years` years.
    """
    years = {release.date[:4]: at for at, (release, _, _) in enumerate(states)}
    ends = {years[year] for year in sorted(years)[-plan.years :]}
    wanted: dict[tuple[str, bytes], None] = {}
    last: dict[str, bytes] = {}
    for at, (_, files, _) in enumerate(states):
        for path, digest in files.items():
            if plan.prints(path):
                last[path] = digest
                if at in ends:
                    wanted[(path, digest)] = None
    wanted |= dict.fromkeys(last.items())
    return sorted(wanted)


def _covers(releases: Sequence[Release], plan: Plan, paths: int) -> str:
    dates = sorted(release.date for release in releases if release.date)
    span = f" dated {dates[0]} to {dates[-1]}" if dates else ""
    tagged = sum(bool(release.tag) for release in releases)
    commits = sum(bool(release.commit and not release.tag) for release in releases)
    kinds = [f"{tagged} tags" * bool(tagged), f"{commits} commits of the main line" * bool(commits)]
    parts = sum(bool(release.within) for release in releases)
    kinds.append(
        f"{parts} published package{'s' * (parts > 1)} (without what those leave out)" * bool(parts)
    )
    other = len(releases) - tagged - commits - parts
    kinds.append(f"{other} source tree{'s' * (other > 1)}" * bool(other))
    where = f" below {', '.join(plan.paths)}" if plan.paths else ""
    return (
        f"{' and '.join(filter(None, kinds))}{span} ({releases[0].version} to"
        f" {releases[-1].version}): {paths:,} source and configuration files of up to 1 MiB{where};"
        " fingerprints of product code without tests, documentation and examples."
    )


def as_json(value: object) -> bytes:
    """A member of an index as the bytes of JSON, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def top_holders(rows: Iterable[tuple[str, int]]) -> str:
    """Counts of holders as words."""
    return ", ".join(f"{name} ({count:,})" for name, count in rows) or "none"
