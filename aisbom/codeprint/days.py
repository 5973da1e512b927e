"""When a project had what the index knows of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aisbom.codeprint.project import Project


class Since(NamedTuple):
    """When a project had something first (ISO 8601, `""`: not known): not before `least`, and by
    `most`.
    """

    least: str
    most: str


UNKNOWN = Since("", "")


def of_path(project: Project, path: str) -> Since:
    """Since when a project has a file of this path as its fingerprints show it: not before its
    first release with the path, and by the first with the last content.
    """
    return _of_paths(project).get(project.number.get(path, -1), UNKNOWN)


def of_release(project: Project, number: int) -> Since:
    """Since when a project has what its release of this number has first: it was written after the
    release before, and what the first one in the index has may be as old as the project.
    """
    before = project.releases[number - 1].date if number else project.born
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
