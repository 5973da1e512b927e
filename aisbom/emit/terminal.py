"""A score for a terminal, with every contribution, and how a terminal shows numbers."""

from __future__ import annotations

from collections.abc import Sequence

from aisbom.judge import Judgement
from aisbom.judge.interval import Interval
from aisbom.judge.requirements import count_binding
from aisbom.judge.score import Score, weighted_share


def score_text(judgement: Judgement) -> str:
    """The score, floors first, with every contribution, worst known first inside a role."""
    score = judgement.score
    lines = [*standing(judgement), ""]
    if judgement.requirements:
        lines.append("floors (an aim decides nothing):")
        for v in judgement.requirements:
            aim = "" if v.severity == "error" else " (aim)"
            lines.append(f"  {v.verdict.upper():<8} {v.id:<24} {v.title}{aim}")
            if v.verdict != "pass":
                lines.append(f"           {v.description}")
        lines.append("")
    if score.objectives:
        lines.append(
            f"objectives: together {interval_text(weighted_share(score.objectives))},"
            " by their weights"
        )
        for o in score.objectives:
            level = f"declared level {o.level}" if o.level is not None else "no level declared"
            lines.append(
                f"  {o.id:<6} {o.weight:>3g}  {interval_text(o.share)} {_bar(o.share, 10)} "
                f" {o.answered_by or 'not answered'}; {level}"
            )
            lines.append(f"         {o.title}")
        lines.append("")
    width = max((len(shorten(c.name)) for c in score.contributions), default=4)
    for role in ("core", "peripheral"):
        rows = [c for c in score.contributions if c.role == role]
        if rows:
            lines.append(f"{role}:")
        for c in rows:
            claims = f"  [{', '.join(c.claims)}]" if c.claims else ""
            name = f"{shorten(c.name):<{width}}"
            degree = interval_text((c.low, c.high))
            lines.append(f"  {name}  {c.kind:<17} {c.leg:<11} {degree}  {c.why}{claims}")
    if score.missing:
        lines.append(
            f"expected by the profile, none found (counted as unknown): {', '.join(score.missing)}"
        )
    return "\n".join(lines)


def score_table(rows: Sequence[Judgement]) -> str:
    """The same facts under every definition: one table, floors first, then what failed and what the
    files cannot tell.
    """
    width = max(len(row.score.profile) for row in rows)
    lines = [
        (
            "The same facts under every definition of core. Intervals: what is sure, and what is"
            " possible. Floors: pass / fail / unknown."
        ),
        "",
    ]
    lines.append(
        f"{'definition':<{width}}  home  verdict       floors     core                    "
        " peripheral    coverage"
    )
    for row in rows:
        words = [v.verdict for v in row.requirements if v.severity == "error"]
        floors = (
            "/".join(str(words.count(word)) for word in ("pass", "fail", "unknown"))
            if words
            else "none"
        )
        core, peripheral = row.score.totals["core"], row.score.totals["peripheral"]
        lines.append(
            f"{row.score.profile:<{width}}  {_home(row.score):<4}  {row.verdict:<12}  {floors:<9} "
            f" {interval_text(core)} {_bar(core, 10)}  {interval_text(peripheral)} "
            f" {row.score.coverage:.2f}"
        )
    for word, title in (("fail", "Failed:"), ("unknown", "The evidence does not decide:")):
        if any(
            v.verdict == word and v.severity == "error" for row in rows for v in row.requirements
        ):
            lines += ["", title]
        for row in rows:
            found = [v for v in row.requirements if v.verdict == word and v.severity == "error"]
            if found:
                told = (
                    [f"{v.id}: {v.title}" for v in found]
                    if len(found) < 4
                    else [", ".join(v.id for v in found)]
                )
                lines += [
                    f"  {row.score.profile if n == 0 else '':<{width}}  {text}"
                    for n, text in enumerate(told)
                ]
    overrides = sorted({text for row in rows for text in row.score.overrides})
    if overrides:
        lines += [
            "",
            "Set by the configuration, against the program's own judgement:",
            *(f"  {text}" for text in overrides),
        ]
    return "\n".join(lines)


def _home(score: Score) -> str:
    """A group stays a group where the profile names it: `EU`, not 27 codes."""
    if score.home_from == "profile":
        return ",".join(score.definition.home)
    return ",".join(score.home) if len(score.home) < 4 else f"{len(score.home)}"


def plural(count: int, word: str) -> str:
    """`1 file`, `2,000 files`."""
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def standing(judgement: Judgement) -> list[str]:
    """Lines of what the judgement comes to: verdict, intervals by role, coverage."""
    score = judgement.score
    home = (
        f"home {_home(score)} ({score.home_from})"
        if score.home
        else "no home given: origin is not scored; add --home CC"
    )
    lines = [f"sovereignty under {score.profile}, {home}"]
    if judgement.requirements:
        lines.append(
            f"  floors      {judgement.verdict.upper()}: {count_binding(judgement.requirements)}"
        )
        failed = [
            v for v in judgement.requirements if v.verdict == "fail" and v.severity == "error"
        ]
        lines += [f"              failed: {v.title}: {v.description}" for v in failed[:3]]
    lines += [f"  override    {text}" for text in score.overrides]
    for role in ("core", "peripheral"):
        legs = ", ".join(
            f"{leg} {interval_text(interval)}" for leg, interval in score.legs[role].items()
        )
        lines.append(
            f"  {role:<11} {interval_text(score.totals[role])} {_bar(score.totals[role])}  {legs}"
        )
        shares = [
            f"{country} {share:.0%}" for country, share in list(score.countries[role].items())[:6]
        ]
        lines.append(f"              by origin: {', '.join(shares) or 'nothing found'}")
    lines.append(
        f"  coverage    {score.coverage:.2f} of the weight has an answer; the rest counts as"
        " unknown, [0, 1]"
    )
    return lines


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
