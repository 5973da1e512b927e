"""Which elements a document has, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from aisbom.bom.elements import Answer, ElementSet
from aisbom.bom.stated import StatedBom
from aisbom.emit.html.words import Words
from aisbom.emit.lines import columns, wrap

_MOST_ERRORS = 50
_WIDTH = 100
_STATUS = 9
"""Columns of the longest status in any language."""


def text(bom: StatedBom, chosen: ElementSet | None, answers: Sequence[Answer], say: Words) -> str:
    """The answers for a terminal, in the words of a language. Without a set, what the schema of the
    format found; what only its validator says stays as it words it.
    """
    lines = [say("validate.head", form=bom.format, count=len(bom.parts))]
    # Of SPDX 2 the fields that every document must have are looked at, not the whole schema.
    by = "fields-" if bom.format.startswith("SPDX") else ""
    if not bom.schema:
        lines.append(say("validate.unchecked"))
    elif bom.errors:
        lines.append(say(f"validate.{by}invalid", form=bom.format, count=len(bom.errors)))
        lines += _first(bom.errors, say)
    else:
        lines.append(say(f"validate.{by}valid", form=bom.format))
    if bom.broken:
        lines += wrap(say("validate.broken", count=len(bom.broken)), _WIDTH, "  ")
        lines += _first(bom.broken, say)
    if bom.loose:
        lines += wrap(say("validate.loose", count=len(bom.loose)), _WIDTH, "  ")
    if chosen is None:
        return "\n".join(lines)
    counts = Counter(answer.status for answer in answers)
    met, missing, aside = (counts[status] for status in ("met", "missing", "not-applicable"))
    lines += [
        say.rule(chosen.title),
        f"  {say('validate.counts', met=met, missing=missing, aside=aside)}",
        f"  {chosen.source}",
        "",
    ]
    for answer in answers:
        lines += _lines(answer, say)
    return "\n".join(lines)


def _first(problems: Sequence[str], say: Words) -> Iterator[str]:
    yield from (f"  {say.message(line)}" for line in problems[:_MOST_ERRORS])
    if len(problems) > _MOST_ERRORS:
        yield f"  {say('validate.more', count=len(problems) - _MOST_ERRORS)}"


def _lines(answer: Answer, say: Words) -> list[str]:
    title = say.rule(answer.title)
    if answer.asked > 1:
        title = say("validate.have", title=title, have=answer.have, asked=answer.asked)
        if answer.unknown:
            title += f", {say('validate.unknown', unknown=answer.unknown)}"
    status = say(f"validate.status.{answer.status}")
    lines = [f"  {status}{' ' * (_STATUS - columns(status))} {title}"]
    if answer.lacking:
        more = answer.asked - answer.have - len(answer.lacking)
        names = ", ".join(answer.lacking)
        names = say("validate.names-more", names=names, count=more) if more > 0 else names
        lines.append(f"           {say('validate.without', names=names)}")
    if answer.fill:
        lines.append(f"           {say('validate.fill', fill=say.rule(answer.fill))}")
    return lines


def data(bom: StatedBom, chosen: ElementSet | None, answers: Sequence[Answer]) -> dict[str, Any]:
    """The answers as one JSON object."""
    return {
        "format": bom.format,
        "parts": len(bom.parts),
        "schema": {"name": bom.schema, "valid": not bom.errors if bom.schema else None,
                   "errors": list(bom.errors), "broken_references": list(bom.broken),
                   "outside_the_graph": list(bom.loose)},
        "profile": chosen.name if chosen else "schema",
        "source": chosen.source if chosen else "",
        "elements": [
            {
                "id": answer.key,
                "title": answer.title,
                "status": answer.status,
                "have": answer.have,
                "asked": answer.asked,
                "unknown": answer.unknown,
                "lacking": list(answer.lacking),
                "fill": answer.fill,
            }
            for answer in answers
        ],
    }  # fmt: skip
