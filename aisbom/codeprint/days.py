"""When a project had what the index knows of it, and what it says itself that it was built on
(`projects.csv`, made by tools/code_projects.py).
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aisbom.codeprint.project import Project


_FILE = Path(__file__).parent / "projects.csv"


class Since(NamedTuple):
    """When a project had something first (ISO 8601, `""`: not known): not before `least`, and by
    `most`.
    """

    least: str
    most: str


UNKNOWN = Since("", "")


class _Told(NamedTuple):
    """The day of a project's first commit, and the repositories (`owner/name`, lower case) that its
    README says it is built on.
    """

    born: str = ""
    built_on: frozenset[str] = frozenset()


def built_on(project: Project) -> frozenset[str]:
    """The repositories (`owner/name`, lower case) that a project says it is built on."""
    return _told(project).built_on


def of_path(project: Project, path: str) -> Since:
    """Since when a project has a file of this path as its fingerprints show it: not before its
    first release with the path, and by the first with the last content.
    """
    return _of_paths(project).get(project.number.get(path, -1), UNKNOWN)


def of_release(project: Project, number: int) -> Since:
    """Since when a project has what its release of this number has first: it was written after the
    release before, and what the first one in the index has may be as old as the project.
    """
    before = project.releases[number - 1].date if number else _told(project).born
    return Since(before, project.releases[number].date)


@lru_cache(maxsize=32)
def _of_paths(project: Project) -> Mapping[int, Since]:
    try:
        paths, firsts = project.array("blob_path"), project.array("blob_first")
    except ValueError:
        return {}
    found: dict[int, Since] = {}
    for path, first in zip(paths.tolist(), firsts.tolist(), strict=False):
        since = of_release(project, first)
        known = found.get(path)
        found[path] = Since(known.least, since.most) if known else since
    return found


def _told(project: Project) -> _Told:
    """What is told of a project of the shipped index; an added one may be anything."""
    return _table().get(project.purl, _Told()) if project.shipped else _Told()


@lru_cache(maxsize=1)
def _table() -> Mapping[str, _Told]:
    with _FILE.open(encoding="utf-8", newline="") as stream:
        return {
            row["purl"]: _Told(row["born"], frozenset(filter(None, row["built_on"].split("; "))))
            for row in csv.DictReader(stream, strict=True)
        }
