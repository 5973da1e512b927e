"""The verdict of a policy on one screen: every requirement in a line, then what was found part by
part, the product first, and counts for the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from aisbom.emit.findings import asides, list_telling, order
from aisbom.emit.html.words import Words
from aisbom.emit.html.words import words as catalogue
from aisbom.emit.lines import columns, cut
from aisbom.judge.policy import Result
from aisbom.judge.rule import Finding, Verdict, Word
from aisbom.model.plain import plain

_LINES = 36
"""Lines for parts: with the requirements of a policy they fit a screen of 60."""

_WIDTH = 200
_VERDICT = 10
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
    title, profile = plain(say.rule(result.policy.title)), plain(result.profile)
    lines = [
        say("check.policy", name=name, said=_describe_result(result, strict, say)),
        f"  {say('check.under', title=title, profile=profile, home=home)}",
        "",
    ]
    for v in order(result):
        lines += _requirement(v, say)
    notes = list(asides(result, say))
    return "\n".join(
        [*lines, *_parts(result, say), *([""] if notes else []), *(f"  {note}" for note in notes)]
    )


def _describe_result(result: Result, strict: bool, say: Words) -> str:
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
    aim = "" if v.severity == "error" else f", {say.get(f'severity.{v.severity}', v.severity)}"
    parts = _counts(Counter(f.verdict for f in v.findings), say)
    found = ""
    if parts and len(v.findings) > 1:
        found = f": {say('check.of', counts=parts, all=len(v.findings))}"
    title = plain(say.rule(v.title))
    leg = plain(say.get(f"leg.{v.leg}", v.leg))
    yield _cut(f"  {_word(v.verdict, say)}{v.id}  [{leg}{aim}]  {title}{found}")
    if v.verdict == "pass":
        return
    if not any(f.ref for f in list_telling(v)):
        yield _cut(f"          {say('check.found', found=plain(say.phrase(v.said)))}")
    yield _cut(f"          {say('check.settle', settle=plain(say.rule(v.settle)))}")


def _parts(result: Result, say: Words) -> Iterator[str]:
    """The parts that speak against a requirement, each with a line a finding, as many as fit."""
    groups: dict[str, list[_Row]] = {}
    for v in order(result):
        for f in list_telling(v):
            if f.ref:
                groups.setdefault(f.ref, []).append((v, f))
    ranked = sorted(groups.values(), key=_rank)
    shown, used = 0, 0
    for rows in ranked:
        used += 1 + len(_lines(rows, say))
        if used > _LINES:
            break
        shown += 1
    if not ranked:
        return
    yield ""
    yield f"  {say('check.by-part', shown=shown, all=len(ranked))}"
    for rows in ranked[:shown]:
        yield from _part(rows, say)
    if shown < len(ranked):
        yield _cut(f"  {_rest(ranked[shown:], say)}")


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


def _lines(rows: Sequence[_Row], say: Words) -> list[tuple[Word, str, list[str]]]:
    """(verdict, what was found, the requirements that say so): the same words once."""
    said: dict[tuple[Word, str], list[str]] = {}
    for v, f in rows:
        said.setdefault((f.verdict, say.phrase(f.said)), []).append(v.id)
    lines = [(verdict, found, ids) for (verdict, found), ids in said.items()]
    return sorted(lines, key=lambda row: row[0] != "fail")


def _part(rows: Sequence[_Row], say: Words) -> Iterator[str]:
    first = rows[0][1]
    place = next((plain(str(f.places[0])) for _, f in rows if f.places), "")
    standing = [say.get(f"role.{first.role}", first.role)] if first.role else []
    if first.path_role not in ("", "product"):
        standing.append(say.get(f"path-role.{first.path_role}", first.path_role))
    name = say.name(first.name or first.ref)
    words = f"{name} ({', '.join(standing)})" if standing else name
    yield _cut(f"  - {say('check.at', part=words, place=place) if place else words}")
    for verdict, found, ids in _lines(rows, say):
        yield _cut(f"    {_word(verdict, say)}{', '.join(ids)}: {plain(found)}")


def _word(verdict: Word, say: Words) -> str:
    """A verdict, as wide as all of them in a list."""
    word = say(f"check.word.{verdict}")
    return word + " " * (_VERDICT - columns(word))


def _rest(groups: Sequence[Sequence[_Row]], say: Words) -> str:
    """`and 300 more parts: part-is-declared 12 fail, 288 unknown`."""
    counts: dict[str, Counter[Word]] = {}
    for rows in groups:
        for v, f in rows:
            counts.setdefault(v.id, Counter())[f.verdict] += 1
    said = [f"{name} {_counts(found, say)}" for name, found in counts.items()]
    return say("check.rest", count=len(groups), what="; ".join(said))


def _counts(found: Counter[Word], say: Words) -> str:
    words: tuple[Word, ...] = ("fail", "unknown")
    return ", ".join(say(f"check.count.{word}", count=found[word]) for word in words if found[word])


def _cut(line: str) -> str:
    return cut(line, _WIDTH)
