"""When the files that agree with known code came into the scanned history, so that it can be asked
which of two was there first.

Only the repository at the top of the tree is asked. Without one nothing is known, and where there
is one that cannot be read to its beginning, that is a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from aisbom.lazy_module import Function
from aisbom.model import Gap, Location, Observation, Row
from aisbom.model.facts import CAME, NEAR, CameOn
from aisbom.source import git_history
from aisbom.source.git_history import Came, History
from aisbom.source.tree import Unreadable

NAME = "history"
_NEVER = Came("", "")

_load_days = Function("aisbom.cache.histories", "load_days")
_store_days = Function("aisbom.cache.histories", "store_days")


def add_dates(top: Path, rows: Iterable[Row], cached: bool = False) -> Iterator[Row]:
    """The rows; sightings of contents of which the index has something to say carry their days.
    `cached`: what an earlier run was told of the same history may be used.
    """
    every = list(rows)
    wanted = {
        row.evidence.at.path: row.fact("blob")
        for row in every
        if isinstance(row, Observation) and row.kind == "content" and _matters(row)
    }
    if not wanted or not (top / ".git").exists():
        yield from every
        return
    try:
        found = _recall(top, wanted) if cached else git_history.history(top, wanted)
    except (Unreadable, OSError) as error:
        reason = f"when files came into the history is unknown: {error}"
        yield Gap(NAME, Location(".git"), reason)
        yield from every
        return
    if found.cut:
        most = f"{git_history.MAX_COMMITS:,}"
        reason = f"more than {most} commits: when files came that are older is unknown"
        yield Gap(NAME, Location(".git"), reason)
    for row in every:
        path = row.evidence.at.path if isinstance(row, Observation) else ""
        if isinstance(row, Observation) and row.kind == "content" and path in wanted:
            came = found.paths.get(path, _NEVER)
            content = found.contents.get(wanted[path], _NEVER)
            days = CAME(CameOn(came.least, came.most, content.most))
            yield replace(row, facts=tuple(sorted((*row.facts, days))))
        else:
            yield row


def _recall(top: Path, wanted: Mapping[str, str]) -> History:
    """The history of the paths and contents that are wanted, walked only if it was not before. A
    content that is not among the objects of the repository, such as that of a file which was
    changed since, is in no commit. Raises Unreadable or OSError.
    """
    state = git_history.describe_state(top)
    kept = _load_days(state)
    paths, contents = kept or ({}, {})
    asked = {content: None for content in wanted.values() if content not in contents}
    if kept and paths.keys() >= wanted.keys() and git_history.are_absent(top, asked):
        return History(_days(paths, wanted), _days(contents, wanted.values()))
    found = git_history.history(top, wanted)
    if found.followed and not found.cut and state == git_history.describe_state(top):
        _store_days(
            state,
            {**paths, **_texts(found.paths, wanted)},
            {**contents, **_texts(found.contents, wanted.values())},
        )
    return found


def _texts(found: Mapping[str, Came], asked: Iterable[str]) -> dict[str, tuple[str, str] | None]:
    came = {one: found.get(one) for one in asked}
    return {one: (days.least, days.most) if days else None for one, days in came.items()}


def _days(kept: Mapping[str, Sequence[str] | None], asked: Iterable[str]) -> dict[str, Came]:
    return {one: Came(*days) for one in asked if (days := kept.get(one))}


def _matters(row: Observation) -> bool:
    return bool(row.fact("known") or row.fact("lineage") in ("derived", "family") or row.get(NEAR))
