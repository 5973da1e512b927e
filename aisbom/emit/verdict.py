"""The verdict of a policy on one screen: every requirement in a line, then what was found part by
part, the product first, and counts for the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from aisbom.emit.findings import asides, ordered, telling
from aisbom.emit.html.words import Words
from aisbom.emit.html.words import words as catalogue
from aisbom.judge.policy import Result
from aisbom.judge.rule import Finding, Verdict, Word
from aisbom.model.plain import plain

_LINES = 36
"""Lines for parts: with the requirements of a policy they fit a screen of 60."""

_WIDTH = 200
_PATH_ROLES = ("product", "vendored", "", "example", "benchmark", "docs", "test")
_ROLES = ("core", "undetermined", "peripheral", "", "tooling")

_Row = tuple[Verdict, Finding]


def text(result: Result, strict: bool = False, words: Words | None = None) -> str:
    """For a terminal, in the words of a language (English where none is given); `--format json` has
    every finding.
    """
    say = words or catalogue("en")
    home = ",".join(result.home) or say("terminal.no-home")
    name = f"{plain(result.policy.name)}@{plain(result.policy.version)}"
    title, profile = plain(result.policy.title), plain(result.profile)
    lines = [
        say("check.policy", name=name, said=_said(result, strict, say)),
        f"  {say('check.under', title=title, profile=profile, home=home)}",
        "",
    ]
    for v in ordered(result):
        lines += _requirement(v, say)
    notes = list(asides(result))
    return "\n".join(
        [*lines, *_parts(result, say), *([""] if notes else []), *(f"  {note}" for note in notes)]
    )


def _said(result: Result, strict: bool, say: Words) -> str:
    """What it comes to, and what a gate does with that."""
    count = Counter(v.verdict for v in result.requirements)
    kind = {"fail": "violated", "pass": "holds"}.get(result.verdict, "undecided")
    if kind == "undecided":
        kind += "-passes" if result.holds(strict) else "-fails"
    return say(
        f"check.{kind}",
        all=len(result.requirements),
        fail=count["fail"],
        unknown=count["unknown"],
        passed=count["pass"],
    )


def _requirement(v: Verdict, say: Words) -> Iterator[str]:
    aim = "" if v.severity == "error" else f", {v.severity}"
    count = Counter(f.verdict for f in v.findings)
    parts = _counts(count)
    found = f": {parts} of {len(v.findings)}" if parts and len(v.findings) > 1 else ""
    word = say(f"check.word.{v.verdict}")
    yield _cut(f"  {word:<8}{v.id}  [{plain(v.leg)}{aim}]  {plain(v.title)}{found}")
    if v.verdict == "pass":
        return
    if not any(f.ref for f in telling(v)):
        yield _cut(f"          {say('check.found', found=plain(v.found))}")
    yield _cut(f"          {say('check.settle', settle=plain(v.settle))}")


def _parts(result: Result, say: Words) -> Iterator[str]:
    """The parts that speak against a requirement, each with a line a finding, as many as fit."""
    groups: dict[str, list[_Row]] = {}
    for v in ordered(result):
        for f in telling(v):
            if f.ref:
                groups.setdefault(f.ref, []).append((v, f))
    ranked = sorted(groups.values(), key=_rank)
    shown, used = 0, 0
    for rows in ranked:
        used += 1 + len(_lines(rows))
        if used > _LINES:
            break
        shown += 1
    if not ranked:
        return
    yield ""
    yield f"  {say('check.by-part', shown=shown, all=len(ranked))}"
    for rows in ranked[:shown]:
        yield from _part(rows)
    if shown < len(ranked):
        yield _cut(f"  and {_rest(ranked[shown:])} (--format json lists all)")


def _rank(rows: Sequence[_Row]) -> tuple[int, int, int, str, str]:
    first = rows[0][1]
    return (
        _index(_PATH_ROLES, first.path_role),
        min(("fail", "unknown").index(f.verdict) for _, f in rows),
        _index(_ROLES, first.role),
        first.name,
        first.ref,
    )


def _index(order: Sequence[str], word: str) -> int:
    """A contested word has several; the first of them in the order counts."""
    return min(
        (order.index(one) for one in word.split("/") if one in order), default=len(order) - 1
    )


def _lines(rows: Sequence[_Row]) -> list[tuple[Word, str, list[str]]]:
    """(verdict, what was found, the requirements that say so): the same words once."""
    said: dict[tuple[Word, str], list[str]] = {}
    for v, f in rows:
        said.setdefault((f.verdict, f.found), []).append(v.id)
    lines = [(verdict, found, ids) for (verdict, found), ids in said.items()]
    return sorted(lines, key=lambda row: row[0] != "fail")


def _part(rows: Sequence[_Row]) -> Iterator[str]:
    first = rows[0][1]
    at = next((f" at {plain(str(f.places[0]))}" for _, f in rows if f.places), "")
    standing = ", ".join(
        word for word in (first.role, first.path_role) if word not in ("", "product")
    )
    yield _cut(f"  - {plain(first.name or first.ref)}{f' ({standing})' if standing else ''}{at}")
    for verdict, found, ids in _lines(rows):
        yield _cut(f"    {verdict:<8}{', '.join(ids)}: {plain(found)}")


def _rest(groups: Sequence[Sequence[_Row]]) -> str:
    """`300 more parts: part-is-declared 12 fail, 288 unknown`."""
    counts: dict[str, Counter[Word]] = {}
    for rows in groups:
        for v, f in rows:
            counts.setdefault(v.id, Counter())[f.verdict] += 1
    said = [f"{name} {_counts(found)}" for name, found in counts.items()]
    return f"{len(groups)} more part{'' if len(groups) == 1 else 's'}: {'; '.join(said)}"


def _counts(found: Counter[Word]) -> str:
    words: tuple[Word, ...] = ("fail", "unknown")
    return ", ".join(f"{found[word]} {word}" for word in words if found[word])


def _cut(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
