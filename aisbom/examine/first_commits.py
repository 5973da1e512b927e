"""When the files that agree with known code came into the scanned history, so that it can be asked
which of two was there first.

Only the repository at the top of the tree is asked. Without one nothing is known, and where there
is one that cannot be read to its beginning, that is a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from aisbom.model import Gap, Location, Observation, Row
from aisbom.model.facts import CAME, NEAR, CameOn
from aisbom.source import git_history
from aisbom.source.git_history import Came
from aisbom.source.tree import Unreadable

NAME = "history"
_NEVER = Came("", "")


def add_dates(top: Path, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows; sightings of contents of which the index has something to say carry their days."""
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
        found = git_history.history(top, wanted)
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


def _matters(row: Observation) -> bool:
    return bool(row.fact("known") or row.fact("lineage") in ("derived", "family") or row.get(NEAR))
