"""Which release a copy can be, by the day it came here: none that is younger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aisbom.codeprint import days
from aisbom.codeprint.copies import Vendored
from aisbom.codeprint.project import Project


def not_younger(found: Vendored, project: Project, came: Mapping[str, str] | None) -> Vendored:
    """The copy, of a release that was prepared when the last of its files came here: of those that
    agree equally well the last one, or none that is known. `came` gives the day (ISO 8601) by which
    each content was here; in a fork that keeps the history it is that of the commit before the
    release.
    """
    arrived = [came.get(path, "") for path in found.identical] if came else []
    here = max(arrived, default="")
    if not here or not all(arrived) or not days.prepared(found.date) > here:
        return found
    also = [
        release
        for release in project.releases
        if release.version in found.also and release.date and days.prepared(release.date) <= here
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
