"""The fingerprints of an index made again, where its exact contents stay as they are: what changed
is what is printed, or how.

A project whose every release cannot be had any more keeps what is known of them. Contents are found
in the sources by their git identities; where one is not there, an earlier one of its path stands
for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aisbom.codeprint import container, fingerprint_table, printed
from aisbom.codeprint.build import BuildResult
from aisbom.codeprint.container import Container
from aisbom.codeprint.known import key_of
from aisbom.codeprint.plan import Place, Plan
from aisbom.codeprint.project import Project
from aisbom.codeprint.release_sources import Source, open_sources

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Run:
    """The releases `first` to `last` in which a path has the content of one key."""

    first: int
    last: int
    key: int


def reprint(data: bytes, places: Sequence[Place], plan: Plan) -> tuple[BuildResult, int]:
    """The index of `data` with fingerprints of what `plan` prints, and for how many contents an
    earlier one of the path, or none, had to stand. Raises ValueError with one line.
    """
    packed = Container(data)
    project = Project(packed)
    with ExitStack() as stack:
        sources = open_sources(places, plan, stack)
        held = _locate(sources, plan)
        history, lacking = _history(project, plan, {key_of(digest): digest for digest in held})
        wanted = {version.digest for versions in history.values() for version in versions}
        table = fingerprint_table.pack_arrays(
            printed.fingerprint_paths(
                ((project.number[path], path, rows) for path, rows in sorted(history.items())),
                _contents({digest: held[digest] for digest in wanted}),
                plan.contents,
            )
        )
    about = {**project.about, "counts": {**project.counts, "printed": len(history)}}
    members = {
        name: packed.read(name) for name in ("paths.txt", "notices.json") if name in packed
    } | {"about.json": container.as_json(about)}
    exact = packed.arrays("blob")
    built = BuildResult(
        container.write(members, {**exact, **table}),
        project.released,
        len(project.paths),
        len(exact["blob"]),
        len(history),
    )
    return built, lacking


def _locate(sources: Sequence[Source], plan: Plan) -> dict[bytes, Source]:
    """The contents that the sources have of product code, and where each is."""
    return {
        digest: source
        for source in sources
        for release in source.releases
        for path, digest in source.files(release).items()
        if plan.prints(path)
    }


def _history(
    project: Project, plan: Plan, held: Mapping[int, bytes]
) -> tuple[dict[str, Sequence[printed.Version]], int]:
    """The contents to be read, by path, and of how many paths the last one is not there."""
    found: dict[str, Sequence[printed.Version]] = {}
    lacking = 0
    for path, runs in _runs(project):
        if not plan.prints(path):
            continue
        lacking += runs[-1].key not in held
        versions: dict[bytes, int] = {}
        for run in runs:
            if run.key in held:
                digest = held[run.key]
                versions[digest] = versions.pop(digest, run.first)
        if versions:
            rows = [printed.Version(since, digest) for digest, since in versions.items()]
            found[path] = printed.select_versions(rows, plan.contents)
    return found, lacking


def _runs(project: Project) -> Iterator[tuple[str, list[Run]]]:
    """Each path with its contents, in order of releases."""
    rows = project.arrays("blob")
    columns: list[np.ndarray] = [
        rows[name] for name in ("blob_path", "blob_first", "blob_last", "blob")
    ]
    of: dict[int, list[Run]] = {}
    for path, first, last, key in zip(*(column.tolist() for column in columns), strict=True):
        of.setdefault(path, []).append(Run(first, last, key))
    for path, runs in of.items():
        yield project.paths[path], sorted(runs, key=lambda run: (run.last, run.first))


def _contents(wanted: Mapping[bytes, Source]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for source in dict.fromkeys(wanted.values()):
        here = [digest for digest, where in wanted.items() if where is source]
        found.update(source.contents(source.sizes(here)))
    return found
