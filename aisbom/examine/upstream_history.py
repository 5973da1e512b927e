"""Whether the history of a repository holds branches of the project that its README says it is
built on, so that it can be told from a project that only uses the other.

Asked only where the other's name is a part of this repository's own. A history without such
branches, or none at all, shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from aisbom.codeprint.project import slug
from aisbom.model import Observation, Row
from aisbom.source import git_history
from aisbom.source.tree import Unreadable


def note_upstream(top: Path, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows; a README's credit of a project whose branches were merged here says so."""
    every = list(rows)
    remotes = [
        url
        for row in every
        if isinstance(row, Observation) and row.kind == "repository" and not row.evidence.at.folder
        for url in (*row.all("vcs-url"), *row.all("remote"))
    ]
    asked = {row: owner for row in every if (owner := _upstream(row, remotes))}
    found: Mapping[str, git_history.Merges] = {}
    if asked:
        with suppress(Unreadable, OSError):
            found = git_history.list_merges(top, set(asked.values()))
    if not found:
        yield from every
        return
    for row in every:
        merges = found.get(asked.get(row, ""))
        if merges is None or not isinstance(row, Observation):
            yield row
            continue
        said = f"{merges.count} merges of its branches, the last: {merges.last}"
        yield replace(row, facts=tuple(sorted((*row.facts, ("merged-branches", said)))))


def _upstream(row: Row, remotes: Sequence[str]) -> str:
    """The account of the project that a README at the top names as built on, where this repository
    bears its name and lies in another account; else `""`.
    """
    if (
        not isinstance(row, Observation)
        or row.kind != "credit"
        or row.fact("credit") != "built-on"
        or row.evidence.at.folder
    ):
        return ""
    owner, _, name = slug(row.name).partition("/")
    for url in remotes:
        mine, _, own = slug(url).partition("/")
        if mine and owner and mine != owner and _bears(own, name):
            return owner
    return ""


def _bears(own: str, name: str) -> bool:
    """Whether a repository's name is the other's, alone or with words before or behind it."""
    whole = rf"(?:.*[-_.])?{re.escape(name)}(?:[-_.].*)?"
    return bool(name) and re.fullmatch(whole, own, re.IGNORECASE) is not None
