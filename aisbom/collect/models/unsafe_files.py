"""Model files that can run code when they are loaded: what they would call, by name.

Nothing is unpickled or run. A file that could not be followed to its end says so: it is never
called safe.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.models import hub
from aisbom.collect.models.weights import source_of
from aisbom.model import Evidence, Gap, Observation, Row, facts
from aisbom.model.facts import HAZARD, Hazard
from aisbom.source.tree import File, Unreadable
from aisbom.weights import unsafe
from aisbom.weights.unsafe.files import is_pickled

NAME = "unsafe-files"
MAX_NAMED = 5
"""Ways to run code that the gap of a file names; its finding has them all."""


def collect(file: File) -> Iterator[Row]:
    """What loading the file would run or open."""
    low = file.name.lower()
    if hub.pointer(file):
        if is_pickled(low):
            yield _hazard(file, [Hazard("unread", "only a pointer is here", 0, False)])
        return
    try:
        source = source_of(file)
    except (ValueError, Unreadable) as error:
        if is_pickled(low):
            yield _hazard(file, [Hazard("unread", str(error)[:200], 0, False)])
            yield Gap(NAME, file.at(), f"may run code when it is loaded: {error}")
        return
    try:
        found = unsafe.examine(source, file.name)
    finally:
        source.close()
    hazards = [Hazard(h.kind, h.what, h.line, True) for h in found.hazards]
    unread = [Hazard("unread", why, 0, False) for why in found.unread]
    if not hazards and not unread:
        return
    yield _hazard(file, [*hazards, *unread])
    for rows, says in ((hazards, "can"), (unread, "may")):
        if rows:
            more = f" and {len(rows) - MAX_NAMED} more" if len(rows) > MAX_NAMED else ""
            words = "; ".join(row.what for row in rows[:MAX_NAMED])
            yield Gap(NAME, file.at(), f"{says} run code when it is loaded: {words}{more}")


def _hazard(file: File, found: list[Hazard]) -> Observation:
    words = "; ".join(hazard.what for hazard in found[:3])
    evidence = Evidence(NAME, "binary-analysis", "high", file.at(), words[:200])
    rows = facts(
        ("model-id", hub.snapshot(file.hub_path)[0]), *(HAZARD(hazard) for hazard in found)
    )
    return Observation("hazard", file.name, "", "", evidence, rows)


COLLECTOR = get_collector(NAME)
