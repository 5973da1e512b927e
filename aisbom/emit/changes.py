"""Differences between two bills as text, JSON and Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from aisbom.bom.diff import TOPICS, Change
from aisbom.emit.markdown import escape
from aisbom.model.plain import plain

MARK = "<!-- aisbom diff -->"
"""In the comment, so that a workflow finds the one that it wrote before and updates it."""

_SHOWN = 40
_WIDTH = 160


def text(changes: Sequence[Change]) -> str:
    """For a terminal, by topic; what does not fit is counted."""
    if not changes:
        return "no difference in parts, licences, origins, lineage, roles, score or verdicts"
    lines = [counts(changes)]
    for topic in TOPICS:
        rows = [one for one in changes if one.topic == topic]
        if rows:
            lines += ["", f"  {topic} ({len(rows)})"]
            lines += [f"    {plain(describe(one))[:_WIDTH]}" for one in rows[:_SHOWN]]
        if len(rows) > _SHOWN:
            lines.append(f"    and {len(rows) - _SHOWN} more (--format json lists all)")
    return "\n".join(lines)


def counts(changes: Sequence[Change]) -> str:
    """`12 differences: 3 added, 1 removed, 8 licence`."""
    found = Counter(one.topic for one in changes)
    said = ", ".join(f"{found[topic]} {topic}" for topic in TOPICS if found[topic])
    return f"{len(changes)} difference{'' if len(changes) == 1 else 's'}: {said or 'none'}"


def data(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Every difference as an object."""
    return [
        {
            "topic": one.topic,
            "part": one.part,
            "ref": one.ref,
            "before": list(one.before),
            "after": list(one.after),
        }
        for one in changes
    ]


def markdown(changes: Sequence[Change]) -> str:
    """A comment on a pull request, the judgement first."""
    lines = [MARK, "### aisbom: what this change does to the bill of materials", ""]
    if not changes:
        return "\n".join(
            [*lines, "No difference in parts, licences, origins, lineage or verdicts."]
        )
    lines += [escape(counts(changes)), "", "| what | part | before | after |", "|---|---|---|---|"]
    for one in changes[: 5 * _SHOWN]:
        cells = (one.topic, one.part, _values(one.before), _values(one.after))
        lines.append("| " + " | ".join(escape(cell[:300]) for cell in cells) + " |")
    if len(changes) > 5 * _SHOWN:
        lines.append(f"\nand {len(changes) - 5 * _SHOWN} more")
    return "\n".join(lines)


def describe(one: Change) -> str:
    """A difference in a line."""
    if one.topic in ("added", "removed"):
        return f"{one.part} {_values(one.before or one.after)}".strip()
    name = f"{one.part}: " if one.part else ""
    return f"{name}{_values(one.before) or 'nothing'} -> {_values(one.after) or 'nothing'}"


def _values(values: Sequence[str]) -> str:
    return ", ".join(value for value in values if value)
