"""From the releases of one project to its index: hashes, counts and notices, none of the code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from aisbom.codeprint import container, file_header, fingerprint_table, first_named, printed
from aisbom.codeprint.contents import size_class
from aisbom.codeprint.known import key_of
from aisbom.codeprint.plan import MAX_CONTENT, Place, Plan
from aisbom.codeprint.project import LAYOUT, Notice, Release
from aisbom.codeprint.release_sources import Source, open_sources
from aisbom.codeprint.scanned import kind

if TYPE_CHECKING:
    import numpy as np


@dataclass(slots=True)
class BuildResult:
    """The bytes of an index, and what is worth telling about it. `holders` are counts of files by
    holder, most files first.
    """

    data: bytes
    releases: int
    paths: int
    contents: int
    prints: int
    holders: list[tuple[str, int]] = field(default_factory=list)


def build(places: Sequence[Place], plan: Plan) -> BuildResult:
    """An index of these sources. Raises ValueError with one line."""
    with ExitStack() as stack:
        return _build_from(open_sources(places, plan, stack), plan)


def _order(release: Release) -> tuple[str, Version, str]:
    try:
        return "", Version(release.version), release.date
    except InvalidVersion:
        return release.version, Version("0"), release.date


def _build_from(sources: Sequence[Source], plan: Plan) -> BuildResult:
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
    history = _history([(release, files) for release, files, _ in states], plan)
    printing = {version.digest for versions in history.values() for version in versions}
    exact = {digest for _, files, _ in states for digest in files.values()}
    by_digest = _contents(sources, origin, sizes, exact)
    known = frozenset(plan.holders)
    notices: dict[bytes, Notice | None] = {}
    kept: dict[bytes, bytes] = {}
    heads: dict[int, first_named.Head] = {}
    newest = set(latest.values())
    for digest, data in by_digest:
        heads[key_of(digest)] = first_named.head(data)
        if digest in newest:
            notices[digest] = file_header.notice(data, known)
        if digest in printing:
            kept[digest] = data
    table = fingerprint_table.pack_arrays(
        printed.fingerprint_paths(
            ((number[path], path, versions) for path, versions in history.items()),
            kept,
            plan.contents,
        )
    )
    rows: dict[Notice, int] = {}
    of = []
    counts: Counter[str] = Counter()
    for path in paths:
        told = notices.get(latest[path])
        of.append(rows.setdefault(told, len(rows)) if told else -1)
        counts.update(told.holders if told else ())
    named = {
        place: told.holders
        for path, place in number.items()
        if (told := notices.get(latest[path])) and told.holders
    }
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
            "printed": len(history),
        },
    }
    members = {
        "about.json": container.as_json(about),
        "paths.txt": "\n".join(paths).encode(),
        "notices.json": container.as_json(
            {
                "notices": [
                    {"holders": list(n.holders), "spdx": n.spdx, "hidden": list(n.hidden)}
                    for n in rows
                ],
                "of": of,
            }
            | first_named.find_since(named, first_named.list_runs(arrays), heads).as_members()
        ),
    }
    data = container.write(members, {**arrays, **table})
    return BuildResult(
        data,
        len(states),
        len(paths),
        len(arrays["blob"]),
        len(history),
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


def _history(
    states: Sequence[tuple[Release, dict[str, bytes]]], plan: Plan
) -> dict[str, Sequence[printed.Version]]:
    """Product code by path: the contents that have to be read for its fingerprints."""
    found: dict[str, dict[bytes, int]] = {}
    for at, (_, files) in enumerate(states):
        for path, digest in files.items():
            if plan.prints(path):
                since = found.setdefault(path, {}).pop(digest, at)
                found[path][digest] = since
    return {
        path: printed.select_versions(
            [printed.Version(since, digest) for digest, since in versions.items()], plan.contents
        )
        for path, versions in sorted(found.items())
    }


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


def top_holders(rows: Iterable[tuple[str, int]]) -> str:
    """Counts of holders as words."""
    return ", ".join(f"{name} ({count:,})" for name, count in rows) or "none"
