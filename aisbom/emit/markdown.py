"""The verdict of a policy as Markdown, for a job summary."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.bom import Bom
from aisbom.bom.findings import by_kind, findings
from aisbom.emit.findings import asides, counts, list_telling, order
from aisbom.emit.first_screen import sentence
from aisbom.emit.html.view import core_rows
from aisbom.emit.html.words import Words
from aisbom.judge.policy import Result
from aisbom.judge.rule import Verdict
from aisbom.judge.score import Score
from aisbom.model.plain import plain

MAX_MARKDOWN = 1024 * 1024 - 4096
"""A job summary may have 1 MiB a step; the rest is for what the workflow adds."""

_SHOWN = 20
_CORE = 40
_FEWEST = 3
"""Findings that stand alone where there are fewer kinds of them."""

_MARKS = re.compile(r"([\\`*_{}\[\]()#+!|~@:-])")


def markdown(result: Result, score: Score, strict: bool, bom: Bom, text: Words) -> str:
    """A job summary, below 1 MiB: the verdict, the findings of the bill and its core in the words
    of a language, then the requirements. What does not fit is counted.
    """
    low, high = score.totals["overall"]
    columns = ("check.verdict", "check.requirement", "check.leg", "check.severity", "check.what")
    head = [
        f"## {text('job.title', title=escape(text.rule(result.policy.title)))}",
        "",
        text(
            "job.verdict",
            word=text(f"check.word.{result.verdict}"),
            gate=text("job.holds" if result.holds(strict) else "job.fails"),
            counts=counts(result, text),
        ),
        "",
        text(
            "job.under",
            policy=escape(result.policy.name),
            version=escape(result.policy.version),
            profile=escape(result.profile),
            home=escape(",".join(result.home)) or text("terminal.no-home"),
            low=f"{low:.2f}",
            high=f"{high:.2f}",
        ),
        "",
        *_findings(bom, text),
        *_core(bom, text),
        f"| {' | '.join(text(one) for one in columns)} |",
        "|---" * len(columns) + "|",
    ]
    rows = [
        f"| {text(f'check.word.{v.verdict}')} | {escape(text.rule(v.title))} (`{v.id}`) |"
        f" {escape(text.get(f'leg.{v.leg}', v.leg))} |"
        f" {text.get(f'severity.{v.severity}', v.severity)} | {escape(text.phrase(v.said), 400)} |"
        for v in order(result)
    ]
    details = [line for v in order(result) for line in _details(v, text)]
    notes = [f"- {escape(note, 600)}" for note in asides(result, text)]
    made = [*head, *rows, "", *details, *([""] if notes else []), *notes]
    kept, size = [], 0
    for number, line in enumerate(made):
        size += len(line.encode()) + 1
        if size > MAX_MARKDOWN:
            kept += ["", text("job.cut", count=len(made) - number)]
            break
        kept.append(line)
    return "\n".join(kept)


def _findings(bom: Bom, text: Words) -> Iterator[str]:
    found = findings(bom)
    yield f"### {text('first', count=len(found))}"
    yield ""
    groups = by_kind(found, _FEWEST)[:_SHOWN]
    for number, rows in enumerate(groups, 1):
        more = f" {text('terminal.like-it', count=len(rows) - 1)}" if len(rows) > 1 else ""
        settle = escape(text(f"finding.{rows[0].kind}.settle"))
        yield f"{number}. {escape(sentence(rows[0], text), 600)}{more}  "
        yield f"   {text('settled-by')} {settle}"
    if not found:
        yield text("nothing-found")
    elif len(found) > len(groups):
        yield ""
        yield text("job.all")
    yield ""


def _core(bom: Bom, text: Words) -> Iterator[str]:
    """The stack as a table, a row a part of the core."""
    rows = core_rows(bom, text)
    if not rows:
        return
    yield f"### {text('core')}"
    yield ""
    titles = ("part", "kind", "origin", "licence", "here", "made-from")
    yield f"| {' | '.join(text(one) for one in titles)} |"
    yield "|---" * len(titles) + "|"
    for row in rows[:_CORE]:
        whose = row["origin"] or text("unknown")
        cells = [row["name"], row["kind"], whose, row["licence"], row["here"]]
        cells.append(", ".join(row["sources"]))
        yield f"| {' | '.join(escape(cell) for cell in cells)} |"
    if len(rows) > _CORE:
        yield ""
        yield text("more-edges", count=len(rows) - _CORE)
    yield ""


def _details(v: Verdict, text: Words) -> Iterator[str]:
    rows = list_telling(v)
    if v.verdict == "pass":
        return
    yield f"### {text(f'check.word.{v.verdict}')}: {escape(text.rule(v.title))}"
    yield ""
    for f in rows[:_SHOWN]:
        claims = f" ({', '.join(f.claims[:3])})" if f.claims else ""
        name = escape(text.part(f.name))
        if f.places:
            name = text("check.at", part=name, place=escape(str(f.places[0])))
        word = text(f"check.word.{f.verdict}")
        found = escape(text.phrase(f.said), 600)
        yield f"- {word}: {name}: {found}{claims}" if f.name else f"- {word}: {found}"
    if not rows:
        yield f"- {escape(text.phrase(v.said), 600)}"
    if len(rows) > _SHOWN:
        yield f"- {text('job.more', count=len(rows) - _SHOWN)}"
    yield ""
    yield text("job.why", why=escape(text.rule(v.why)))
    yield ""
    yield text("job.settle", settle=escape(text.rule(v.settle)))
    yield ""


def escape(text: str, limit: int = 300) -> str:
    """Text of strangers that stays text: no markup, no link, no image, no mention."""
    line = plain(text)
    line = line if len(line) <= limit else f"{line[: limit - 1]}…"
    return _MARKS.sub(r"\\\1", line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
