"""A score for a terminal, with every contribution, and how a terminal shows numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from aisbom.emit.html.words import Words
from aisbom.emit.lines import pad
from aisbom.judge import Judgement
from aisbom.judge.interval import Interval
from aisbom.judge.rule import Verdict
from aisbom.judge.score import Score, weighted_share

_COUNTED = ("fail", "unknown", "pass")


def score_text(judgement: Judgement, say: Words) -> str:
    """The score, floors first, with every contribution, worst known first inside a role."""
    score = judgement.score
    lines = [*standing(judgement, say), ""]
    if judgement.requirements:
        lines.append(say("scoring.floors-title"))
        for v in judgement.requirements:
            aim = "" if v.severity == "error" else say("scoring.aim")
            word = pad(say(f"scoring.word.{v.verdict}"), 8)
            lines.append(f"  {word} {v.id:<24} {say.rule(v.title)}{aim}")
            if v.verdict != "pass":
                lines.append(f"           {say.phrase(v.said)}")
        lines.append("")
    lines += _objectives(score, say)
    width = max((len(shorten(c.name)) for c in score.contributions), default=4)
    for role in ("core", "peripheral"):
        rows = [c for c in score.contributions if c.role == role]
        if rows:
            lines.append(f"{say(f'role.{role}')}:")
        for c in rows:
            claims = f"  [{', '.join(c.claims)}]" if c.claims else ""
            name = f"{shorten(c.name):<{width}}"
            kind, leg = pad(say.id("class", c.kind), 17), pad(say.id("leg", c.leg), 11)
            degree = interval_text((c.low, c.high))
            lines.append(f"  {name}  {kind} {leg} {degree}  {say.message(c.why)}{claims}")
    if score.missing:
        what = ", ".join(say.id("class", one) for one in score.missing)
        lines.append(say("scoring.missing", what=what))
    return "\n".join(lines)


def _objectives(score: Score, say: Words) -> Iterator[str]:
    if not score.objectives:
        return
    yield say("scoring.objectives", share=interval_text(weighted_share(score.objectives)))
    for o in score.objectives:
        level = (
            say("scoring.level", level=o.level) if o.level is not None else say("scoring.no-level")
        )
        by = say(f"scoring.answered.{o.answered_by or 'nothing'}")
        share = f"{interval_text(o.share)} {_bar(o.share, 10)}"
        yield f"  {o.id:<6} {o.weight:>3g}  {share}  {by}; {level}"
        yield f"         {say.rule(o.title)}"
    yield ""


def score_table(rows: Sequence[Judgement], say: Words) -> str:
    """The same facts under every definition: one table, floors first, then what failed and what the
    files cannot tell.
    """
    width = max(len(row.score.profile) for row in rows)
    lines = [say("scoring.table"), ""]
    heads = [(say(f"scoring.column.{key}"), size) for key, size in _COLUMNS.items()]
    titles = "  ".join(pad(head, size) for head, size in heads)
    lines.append(f"{pad(say('scoring.column.definition'), width)}  {titles}".rstrip())
    for row in rows:
        words = [v.verdict for v in row.requirements if v.severity == "error"]
        counts = "/".join(str(words.count(word)) for word in ("pass", "fail", "unknown"))
        core, peripheral = row.score.totals["core"], row.score.totals["peripheral"]
        cells = {
            "home": _home(row.score),
            "verdict": say.id("scoring.word", row.verdict),
            "floors": counts if words else say("scoring.no-floors"),
            "core": f"{interval_text(core)} {_bar(core, 10)}",
            "peripheral": interval_text(peripheral),
            "coverage": f"{row.score.coverage:.2f}",
        }
        told = "  ".join(pad(cells[key], size) for key, size in _COLUMNS.items())
        lines.append(f"{row.score.profile:<{width}}  {told}".rstrip())
    for word in ("fail", "unknown"):
        lines += _of_the_table(rows, word, say, width)
    overrides = sorted({text for row in rows for text in row.score.overrides})
    if overrides:
        lines += ["", say("scoring.overrides"), *(f"  {text}" for text in overrides)]
    return "\n".join(lines)


_COLUMNS = {"home": 4, "verdict": 12, "floors": 9, "core": 23, "peripheral": 12, "coverage": 8}


def _of_the_table(rows: Sequence[Judgement], word: str, say: Words, width: int) -> Iterator[str]:
    """The floors of each definition with this verdict, under their title; nothing where there are
    none.
    """
    titled = False
    for row in rows:
        found = [v for v in row.requirements if v.verdict == word and v.severity == "error"]
        if not found:
            continue
        if not titled:
            yield from ("", say(f"scoring.{word}-title"))
            titled = True
        told = (
            [f"{v.id}: {say.rule(v.title)}" for v in found]
            if len(found) < 4
            else [", ".join(v.id for v in found)]
        )
        for n, text in enumerate(told):
            yield f"  {row.score.profile if n == 0 else '':<{width}}  {text}"


def _home(score: Score) -> str:
    """A group stays a group where the profile names it: `EU`, not 27 codes."""
    if score.home_from == "profile":
        return ",".join(score.definition.home)
    return ",".join(score.home) if len(score.home) < 4 else f"{len(score.home)}"


def standing(judgement: Judgement, say: Words) -> list[str]:
    """Lines of what the judgement comes to: verdict, intervals by role, coverage."""
    score = judgement.score
    home = say("scoring.no-home")
    if score.home:
        home = say(
            "scoring.home", home=_home(score), by=say.get(f"scoring.by.{score.home_from}", "")
        )
    lines = [say("scoring.head", profile=score.profile, home=home)]
    floors = (say(f"scoring.line.{key}") for key in ("floors", "override", "coverage"))
    floor, override, coverage = (pad(one, 11) for one in floors)
    if judgement.requirements:
        verdict = say(f"scoring.word.{judgement.verdict}")
        lines.append(f"  {floor} {verdict}: {_count_binding(judgement.requirements, say)}")
        failed = [
            v for v in judgement.requirements if v.verdict == "fail" and v.severity == "error"
        ]
        for v in failed[:3]:
            found = say("scoring.failed", title=say.rule(v.title), found=say.phrase(v.said))
            lines.append(f"              {found}")
    lines += [f"  {override} {text}" for text in score.overrides]
    for role in ("core", "peripheral"):
        legs = ", ".join(
            f"{say.id('leg', leg)} {interval_text(interval)}"
            for leg, interval in score.legs[role].items()
        )
        total = score.totals[role]
        lines.append(
            f"  {pad(say(f'role.{role}'), 11)} {interval_text(total)} {_bar(total)}  {legs}"
        )
        shares = [
            f"{say.id('country', country)} {share:.0%}"
            for country, share in list(score.countries[role].items())[:6]
        ]
        what = ", ".join(shares) or say("scoring.nothing")
        lines.append(f"              {say('scoring.origins', what=what)}")
    lines.append(f"  {coverage} {say('scoring.coverage', share=f'{score.coverage:.2f}')}")
    return lines


def _count_binding(rows: Sequence[Verdict], say: Words) -> str:
    """How the binding requirements came out, in words."""
    counts = Counter[str](row.verdict for row in rows if row.severity == "error")
    if not counts:
        return say("scoring.no-binding")
    found = ", ".join(
        say(f"scoring.count.{word}", n=counts[word]) for word in _COUNTED if counts[word]
    )
    return say("scoring.binding", all=counts.total(), found=found)


def interval_text(interval: Interval) -> str:
    """`[0.25, 1.00]`."""
    return f"[{interval[0]:.2f}, {interval[1]:.2f}]"


def _bar(interval: Interval, width: int = 20) -> str:
    """Full up to the sure part, shaded over the doubt."""
    low, high = round(interval[0] * width), round(interval[1] * width)
    return "█" * low + "▒" * (high - low) + "·" * (width - high)


def shorten(name: str, width: int = 40) -> str:
    """The end of a long name, which tells it from others."""
    return name if len(name) <= width else f"…{name[-width + 1 :]}"
