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

_TABLES = {"role": ("role", "class", "path-role"), "attribution": ("word",), "lineage": ("word",)}
"""Tables of a catalogue that have the values of a topic."""

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
        cells = (
            topic,
            _part(one, say),
            _values(one, one.before, say),
            _values(one, one.after, say),
        )
        lines.append("| " + " | ".join(escape(cell[:300]) for cell in cells) + " |")
    if len(changes) > 5 * _SHOWN:
        lines.append(f"\n{say('diff.rest', count=len(changes) - 5 * _SHOWN)}")
    return "\n".join(lines)


def describe(one: Change, say: Words) -> str:
    """A difference in a line."""
    if one.topic in ("added", "removed"):
        return f"{_part(one, say)} {_values(one, one.before or one.after, say)}".strip()
    name = f"{_part(one, say)}: " if one.part else ""
    nothing = say("diff.nothing")
    before, after = (_values(one, values, say) for values in (one.before, one.after))
    return f"{name}{before or nothing} -> {after or nothing}"


def _part(one: Change, say: Words) -> str:
    return say.get(f"role.{one.part}", one.part) if one.topic == "score" else say.name(one.part)


def _values(one: Change, values: Sequence[str], say: Words) -> str:
    return ", ".join(_value(one, value, say) for value in values if value)


def _value(one: Change, value: str, say: Words) -> str:
    """A value in the words of a language; in English as the document has it."""
    if say.language == "en":
        return value
    if one.topic in ("finding", "profile"):
        return say.message(value)
    if one.topic == "origin":
        stage, _, country = value.partition(" ")
        return f"{say.get(f'attribute.origin.{stage}', stage)} {say.country(country)}"
    if one.topic in ("verdict", "requirement"):
        return say(f"requirement.{value if value in ('pass', 'fail') else 'unknown'}")
    said = (say.get(f"{table}.{value}", "") for table in _TABLES.get(one.topic, ()))
    return next(filter(None, said), value)
