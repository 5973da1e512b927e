"""What a reader has to know first, for a terminal and for Markdown: the findings that every form of
the answer shares, and the whole first screen in the words of a language.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.bom import Bom
from aisbom.bom.findings import Finding, findings
from aisbom.emit.html.view import core_rows, finding_row
from aisbom.emit.html.words import Words
from aisbom.model.plain import plain

_FINDINGS = 5
_CORE = 20
_REQUIREMENTS = 8
_WIDTH = 180


def told(bom: Bom, text: Words, most: int = _FINDINGS) -> list[str]:
    """The gravest findings, a line each below a title; nothing where there are none."""
    found = findings(bom)
    if not found:
        return []
    lines = [f"{text('first', count=len(found))}:"]
    lines += [f"  {number}. {sentence(one, text)}" for number, one in enumerate(found[:most], 1)]
    return [_cut(line) for line in lines]


def sentence(one: Finding, text: Words) -> str:
    """What was found, where, and how sure it is."""
    row = finding_row(one, text)
    at = f" {row['at']}," if row["at"] else ""
    said = row["what"] if one.part in row["what"] else f"{row['part']}: {row['what']}"
    return f"{row['title']}: {said} ({at.strip()} {row['sure']})".replace("( ", "(")


def screen(bom: Bom, text: Words) -> str:
    """The first screen: findings, the core part by part, the score, the requirements, the gaps."""
    return "\n".join(_cut(line) for line in _lines(bom, text))


def _lines(bom: Bom, text: Words) -> Iterator[str]:
    name = plain(f"{bom.part(bom.root).name} {bom.part(bom.root).version}".strip())
    yield text("terminal.head", name=name, parts=len(bom.parts) - 1, files=bom.files)
    found = told(bom, text)
    yield ""
    yield from found or [text("nothing-found")]
    rows = core_rows(bom, text)
    yield ""
    yield text("core") if rows else text("no-core")
    for row in rows[:_CORE]:
        said = [row["country"] or text("unknown"), row["organisation"], row["licence"], row["here"]]
        sources = f"; {text('made-from')}: {', '.join(row['sources'])}" if row["sources"] else ""
        yield f"  - {row['name']} ({row['kind']}): {', '.join(filter(None, said))}{sources}"
    if len(rows) > _CORE:
        yield f"  {text('more-edges', count=len(rows) - _CORE)}"
    yield ""
    found_words = text.get(f"verdict.{bom.sovereignty.verdict}", bom.sovereignty.verdict)
    home = ",".join(bom.sovereignty.home) or text("terminal.no-home")
    profile = f"{bom.sovereignty.profile}@{bom.sovereignty.version}"
    yield f"{text('score')} ({text('profile')} {profile}, {text('home')} {home})"
    for role, low, high in bom.sovereignty.totals:
        yield f"  {text.get(f'role.{role}', role)}: {low:.2f} - {high:.2f}"
    yield text("terminal.coverage", share=f"{bom.sovereignty.coverage:.0%}")
    yield ""
    yield found_words
    for one in bom.sovereignty.requirements[:_REQUIREMENTS]:
        yield f"  - {text(f'requirement.{one.verdict}')}: {plain(one.title)}"
    yield ""
    yield text("gaps", count=bom.gap_count)


def _cut(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
