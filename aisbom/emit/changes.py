"""Differences between two bills as text, JSON and Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from aisbom.bom.diff import TOPICS, Change
from aisbom.emit.html.words import Words
from aisbom.emit.markdown import escape
from aisbom.model.plain import plain

MARK = "<!-- aisbom diff -->"
"""In the comment, so that a workflow finds the one that it wrote before and updates it."""

_SHOWN = 40
_WIDTH = 160


def text(changes: Sequence[Change], say: Words) -> str:
    """For a terminal, by topic, in the words of a language; what does not fit is counted."""
    if not changes:
        return say("diff.same")
    lines = [counts(changes, say)]
    for topic in TOPICS:
        rows = [one for one in changes if one.topic == topic]
        if rows:
            named = say(f"diff.topic.{topic}")
            lines += ["", f"  {say('diff.heading', topic=named, count=len(rows))}"]
            lines += [f"    {plain(describe(one, say))[:_WIDTH]}" for one in rows[:_SHOWN]]
        if len(rows) > _SHOWN:
            lines.append(f"    {say('diff.more', count=len(rows) - _SHOWN)}")
    return "\n".join(lines)


def counts(changes: Sequence[Change], say: Words) -> str:
    """`12 differences: 3 added, 1 removed, 8 licence`."""
    found = Counter(one.topic for one in changes)
    rows = (say(f"diff.count.{topic}", count=found[topic]) for topic in TOPICS if found[topic])
    return say("diff.counts", count=len(changes), said=", ".join(rows))


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


def markdown(changes: Sequence[Change], say: Words) -> str:
    """A comment on a pull request, the judgement first."""
    lines = [MARK, f"### {say('diff.title')}", ""]
    if not changes:
        return "\n".join([*lines, say("diff.same")])
    head = (say(f"diff.{column}") for column in ("what", "part", "before", "after"))
    lines += [escape(counts(changes, say)), "", f"| {' | '.join(head)} |", "|---|---|---|---|"]
    for one in changes[: 5 * _SHOWN]:
        topic = say(f"diff.topic.{one.topic}")
        cells = (topic, one.part, _values(one.before), _values(one.after))
        lines.append("| " + " | ".join(escape(cell[:300]) for cell in cells) + " |")
    if len(changes) > 5 * _SHOWN:
        lines.append(f"\n{say('diff.rest', count=len(changes) - 5 * _SHOWN)}")
    return "\n".join(lines)


def describe(one: Change, say: Words) -> str:
    """A difference in a line."""
    if one.topic in ("added", "removed"):
        return f"{one.part} {_values(one.before or one.after)}".strip()
    name = f"{one.part}: " if one.part else ""
    nothing = say("diff.nothing")
    return f"{name}{_values(one.before) or nothing} -> {_values(one.after) or nothing}"


def _values(values: Sequence[str]) -> str:
    return ", ".join(value for value in values if value)
