"""When a project had what the index knows of it and under which licence, and what it says itself
that it was built on (`projects.csv`, made by tools/code_projects.py).
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from packaging.version import InvalidVersion, Version

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from aisbom.codeprint.copies import VendoredRelease
    from aisbom.codeprint.project import Project


PREPARED = 30
"""Days for which a release is prepared beside the main line, at the most."""

DIFFERENT = 4
"""Where one file differs of so many that are as a release has them, it may be another release."""

_FILE = Path(__file__).parent / "projects.csv"


class Since(NamedTuple):
    """When a project had something first (ISO 8601, `""`: not known): not before `least`, and by
    `most`.
    """

    least: str
    most: str


UNKNOWN = Since("", "")


class _Row(NamedTuple):
    """The day of a project's first commit, that since which it is under the licence that it has
    (`""`: always), and the repositories (`owner/name`, lower case) that its README says it is built
    on.
    """

    born: str = ""
    licensed: str = ""
    built_on: frozenset[str] = frozenset()


def built_on(project: Project) -> frozenset[str]:
    """The repositories (`owner/name`, lower case) that a project says it is built on."""
    return _row(project).built_on


def is_built_on(purl: str, repository: str) -> bool:
    """Whether a project of the shipped index says it is built on a repository (`owner/name`)."""
    return repository in _table().get(purl, _Row()).built_on


def licence_on(project: Project, day: str) -> str:
    """The licence of what a project had by a day (ISO 8601, `""`: not known); `""` where it may
    have been another one than now.
    """
    since = _row(project).licensed
    return project.licence if not since or day >= since else ""


def of_path(project: Project, path: str) -> Since:
    """Since when a project has a file of this path as its fingerprints show it: not before its
    first release with the path, and by the first with the last content.
    """
    number = project.number.get(path, -1)
    newest, called = _of_paths(project)
    if number not in newest:
        return UNKNOWN
    most = of_release(project, newest[number]).most
    return Since(called[path.rpartition("/")[2]], most)


def of_release(project: Project, number: int) -> Since:
    """Since when a project has what its release of this number has first.

    What is new in 2.4.1 was not there when 2.4.0 was cut from the main line, and what is new in
    2.4.0 not when 2.3.0 was: releases in between go on beside it. What the first line in the index
    has may be as old as the project.
    """
    day = project.releases[number].date
    return Since(min(_cuts(project)[number], day), day)


def of_content(project: Project, path: str, keys: Collection[int]) -> str:
    """The day of the first release in which a path has a content with one of these keys
    (`known.key_of`); `""` if none has it.
    """
    number = project.number.get(path, -1)
    try:
        rows = project.arrays("blob")
        of_path = rows["blob_path"] == number
        held = zip(rows["blob"][of_path], rows["blob_first"][of_path], strict=True)
        found = [int(first) for key, first in held if int(key) in keys]
    except (ValueError, KeyError):
        return ""
    return project.releases[min(found)].date if found else ""


@lru_cache(maxsize=32)
def _cuts(project: Project) -> list[str]:
    """For each release, a day on which the main line did not have yet what it has first."""
    born = _row(project).born
    days: list[str] = []
    lines: list[tuple[tuple[int, ...], str]] = []
    for number, release in enumerate(project.releases):
        try:
            line = Version(release.version).release[:2]
        except InvalidVersion:
            line = (-1, number)
        first = not lines or lines[-1][0] != line
        cut = lines[-1][1] if lines else ""
        if first:
            lines.append((line, subtract_preparation(release.date)))
        days.append(max(born, cut))
    return days


def subtract_preparation(day: str) -> str:
    """A day by which a branch was not cut yet that was released on this one; `""` for what is no
    day.
    """
    try:
        return (date.fromisoformat(day) - timedelta(days=PREPARED)).isoformat()
    except ValueError:
        return ""


def not_younger(
    found: VendoredRelease, project: Project, came: Mapping[str, str] | None
) -> VendoredRelease:
    """The copy, of a release that was prepared when the last of its files came here: of those that
    agree equally well the last one, or none that is known. `came` gives the day (ISO 8601) by which
    each content was here; in a fork that keeps the history it is that of the commit before the
    release.
    """
    arrived = [came.get(path, "") for path in found.identical] if came else []
    here = max(arrived, default="")
    if not here or not all(arrived) or not subtract_preparation(found.date) > here:
        return found
    also = [
        release
        for release in project.releases
        if release.version in found.also
        and release.date
        and subtract_preparation(release.date) <= here
    ]
    if not also:
        return replace(found, version="", tag="", commit="", date="", also=())
    last = max(also, key=lambda release: release.date)
    others = tuple(release.version for release in also if release is not last)
    return replace(
        found,
        version=last.version,
        tag=last.tag,
        commit=last.commit,
        date=last.date,
        also=others,
    )


def not_before_the_first(found: VendoredRelease, project: Project) -> VendoredRelease:
    """The copy, of no release that is known where the one it is most like is the index's first, the
    project had been there long before, and many files differ: it may be of an earlier one.
    """
    first = min((r.date for r in project.releases if r.date), default="")
    born = _row(project).born
    if (
        found.single
        or not first
        or found.date != first
        or not "" < born < subtract_preparation(first)
        or len(found.modified) * DIFFERENT < len(found.identical)
    ):
        return found
    return replace(found, version="", tag="", commit="", date="", also=())


@lru_cache(maxsize=32)
def _of_paths(project: Project) -> tuple[Mapping[int, int], Mapping[str, str]]:
    """The release that changed each path (a number) last, and the day before which no path of a
    name was there: a file that is called as one of an earlier release may be that one, moved.
    """
    try:
        rows = project.arrays("blob")
        paths, firsts = rows["blob_path"], rows["blob_first"]
    except (ValueError, KeyError):
        return {}, {}
    first: dict[int, int] = {}
    newest: dict[int, int] = {}
    for path, release in zip(paths.tolist(), firsts.tolist(), strict=False):
        if path not in first:
            first[path] = newest[path] = release
        elif release < first[path]:
            first[path] = release
        elif release > newest[path]:
            newest[path] = release
    least = [of_release(project, number).least for number in range(len(project.releases))]
    called: dict[str, str] = {}
    for path, release in first.items():
        name = project.paths[path].rpartition("/")[2]
        if name not in called or least[release] < called[name]:
            called[name] = least[release]
    return newest, called


def _row(project: Project) -> _Row:
    """What is told of a project of the shipped index; an added one may be anything."""
    return _table().get(project.purl, _Row()) if project.shipped else _Row()


@lru_cache(maxsize=1)
def _table() -> Mapping[str, _Row]:
    from aisbom.codeprint import other_names

    with _FILE.open(encoding="utf-8", newline="") as stream:
        return {
            row["purl"]: _Row(
                row["born"],
                row["licensed"],
                frozenset(map(other_names.of_index, filter(None, row["built_on"].split("; ")))),
            )
            for row in csv.DictReader(stream, strict=True)
        }
