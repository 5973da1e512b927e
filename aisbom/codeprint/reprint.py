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

from aisbom.codeprint import container, fingerprint_table
from aisbom.codeprint.build import Built, Place, Plan, Source, as_json, opened
from aisbom.codeprint.container import Container
from aisbom.codeprint.known import key_of
from aisbom.codeprint.project import Project

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Run:
    """The releases `first` to `last` in which a path has the content of one key."""

    first: int
    last: int
    key: int


def reprint(data: bytes, places: Sequence[Place], plan: Plan) -> tuple[Built, int]:
    """The index of `data` with fingerprints of what `plan` prints, and for how many contents an
    earlier one of the path, or none, had to stand. Raises ValueError with one line.
    """
    packed = Container(data)
    project = Project(packed)
    with ExitStack() as stack:
        sources = opened(places, plan, stack)
        held = _held(sources, plan)
        wanted, lacking = _wanted(project, plan, {key_of(digest): digest for digest in held})
        contents = _contents({digest: held[digest] for _, digest in wanted})
        table = fingerprint_table.table(
            (project.number[path], path, contents[digest]) for path, digest in sorted(wanted)
        )
    printed = len({path for path, _ in wanted})
    about = {**project.about, "counts": {**project.counts, "printed": printed}}
    members = {
        name: packed.read(name) for name in ("paths.txt", "notices.json") if name in packed
    } | {"about.json": as_json(about)}
    exact = {name: packed.array(name) for name in packed.arrays() if not name.startswith("print_")}
    built = Built(
        container.write(members, {**exact, **table}),
        project.released,
        len(project.paths),
        len(exact["blob"]),
        printed,
    )
    return built, lacking


def _held(sources: Sequence[Source], plan: Plan) -> dict[bytes, Source]:
    """The contents that the sources have of product code, and where each is."""
    return {
        digest: source
        for source in sources
        for release in source.releases
        for path, digest in source.files(release).items()
        if plan.prints(path)
    }


def _wanted(
    project: Project, plan: Plan, held: Mapping[int, bytes]
) -> tuple[set[tuple[str, bytes]], int]:
    """(path, content) of what is to be printed, and how many contents are not there."""
    years = {release.date[:4]: at for at, release in enumerate(project.releases)}
    ends = [years[year] for year in sorted(years)[-plan.years :]]
    wanted: set[tuple[str, bytes]] = set()
    lacking = 0
    for path, runs in _runs(project):
        if not plan.prints(path):
            continue
        asked = {runs[-1]} | {run for run in runs for end in ends if run.first <= end <= run.last}
        for run in asked:
            lacking += run.key not in held
            there = [one for one in runs if one.last <= run.last and one.key in held]
            if there:
                wanted.add((path, held[there[-1].key]))
    return wanted, lacking


def _runs(project: Project) -> Iterator[tuple[str, list[Run]]]:
    """Each path with its contents, in order of releases."""
    columns: list[np.ndarray] = [
        project.array(name) for name in ("blob_path", "blob_first", "blob_last", "blob")
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
