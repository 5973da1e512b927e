"""Whom the head of a file names that earlier contents of it did not name: who copied one of those
lost nobody's line.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from aisbom.codeprint import credit
from aisbom.codeprint.project import ALWAYS

if TYPE_CHECKING:
    from aisbom.codeprint.project import Project


def later_holders(
    project: Project, path: str, functions: Mapping[int, Collection[int]]
) -> tuple[str, ...]:
    """The holders in the notice of a path whom the content that a copy was made from may not have
    named.

    `functions` tells, of each content of the path that has fingerprints (the number of its first
    release), which functions of the copy it has. A copy with a function that came in after a holder
    was named is of a content that named the holder. Where the index does not say since when
    holders are named, it is those that the project names itself by, which are put on all its files
    some day, unless the file never changed.
    """
    number = project.number.get(path, -1)
    notice = project.notice(number)
    if notice is None:
        return ()
    if notice.since:
        return tuple(
            holder
            for holder, since in zip(notice.holders, notice.since, strict=True)
            if since != ALWAYS and not _came_later(project, number, since, functions)
        )
    if project.unchanged_since(number):
        return ()
    own = {credit.key(name) for name in project.holders}
    return tuple(holder for holder in notice.holders if credit.key(holder) in own)


def _came_later(
    project: Project, number: int, since: int, functions: Mapping[int, Collection[int]]
) -> bool:
    """Whether the copy has a function that came into the path after the release of this number.

    What came with that release may have come before the head did: many commits lie between two
    releases. Few contents of a path have fingerprints, so what the one of that release had is known
    only where it is one of them.
    """
    there = max((first for first in project.contents(number) if first <= since), default=ALWAYS)
    if there not in functions:
        return False
    old = {one for release, held in functions.items() if release <= since for one in held}
    new = {one for release, held in functions.items() if release > since for one in held}
    return not new <= old
