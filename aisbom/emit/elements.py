"""Which elements a document has, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aisbom.bom.elements import Answer, ElementSet
from aisbom.bom.stated import StatedBom

_MARKS = {"met": "met", "missing": "MISSING", "not-applicable": "n/a"}
_MOST_ERRORS = 50


def text(bom: StatedBom, chosen: ElementSet | None, answers: Sequence[Answer]) -> str:
    """The answers for a terminal. Without a set, what the schema of the format found."""
    lines = [f"{bom.format}: {len(bom.parts)} parts"]
    if not bom.schema:
        lines.append("schema: not checked, none is shipped for this version")
    elif bom.errors:
        lines.append(f"schema: INVALID by the {bom.schema}, {len(bom.errors)} errors")
        lines += [f"  {line}" for line in bom.errors[:_MOST_ERRORS]]
        if len(bom.errors) > _MOST_ERRORS:
            lines.append(f"  and {len(bom.errors) - _MOST_ERRORS} more")
    else:
        lines.append(f"schema: valid by the {bom.schema}")
    if chosen is None:
        return "\n".join(lines)
    counts = {
        status: sum(answer.status == status for answer in answers)
        for status in ("met", "missing", "not-applicable")
    }
    lines += [
        f"{chosen.title}",
        (
            f"  {counts['met']} met, {counts['missing']} missing,"
            f" {counts['not-applicable']} not applicable"
        ),
        f"  {chosen.source}",
        "",
    ]
    for answer in answers:
        lines += _lines(answer)
    return "\n".join(lines)


def _lines(answer: Answer) -> list[str]:
    head = f"  {_MARKS[answer.status]:<8} {answer.title}"
    if answer.asked > 1:
        head += f": {answer.have} of {answer.asked}"
        if answer.unknown:
            head += f", {answer.unknown} said to be unknown"
    lines = [head]
    if answer.lacking:
        more = answer.asked - answer.have - len(answer.lacking)
        names = ", ".join(answer.lacking) + (f" and {more} more" if more > 0 else "")
        lines.append(f"           without: {names}")
    if answer.fill:
        lines.append(f"           supplied by: {answer.fill}")
    return lines


def data(bom: StatedBom, chosen: ElementSet | None, answers: Sequence[Answer]) -> dict[str, Any]:
    """The answers as one JSON object."""
    return {
        "format": bom.format,
        "parts": len(bom.parts),
        "schema": {"name": bom.schema, "valid": not bom.errors if bom.schema else None,
                   "errors": list(bom.errors)},
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
