"""What a terminal shows: a summary read in ten seconds, a score with every contribution, all that
is known of one component.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from aisbom.emit.explain import stands_on, why
from aisbom.judge import Judgement
from aisbom.judge.interval import Interval
from aisbom.judge.requirements import count_binding
from aisbom.judge.score import Score, weighted_share
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Scan
from aisbom.model.ledger import Answer, Ledger, resolve
from aisbom.model.vocabulary import FINDINGS, GRADED, REPEATABLE

_KINDS = (
    ("weights", "model"),
    ("package", "package"),
    ("project", "project"),
    ("code", "code tree"),
    ("tokenizer", "tokenizer"),
    ("file", "weight file"),
    ("data", "data set"),
    ("service", "hosted service"),
    ("other", "other part"),
)


def summary(scan: Scan, judgement: Judgement) -> str:
    """The summary of a scan."""
    root = scan.component(scan.root)
    parts = [c for c in scan.components if c.ref != scan.root]
    counts = Counter(map(_kind, parts))
    kinds = [_plural(counts[kind], word) for kind, word in _KINDS if counts[kind]]
    files = int(dict(scan.facts).get("files", "0"))
    lines = [
        f"{root.name} {root.version}".rstrip()
        + f": {_plural(len(parts), 'component')} in {_plural(files, 'file')}",
        f"  kinds       {', '.join(kinds) or 'none'}",
        (
            f"  the root    licence {Ledger(scan.claims).licence(root.ref).value}, developed in"
            f" {_answered(scan, root, 'origin.developed')}"
        ),
        f"  licences    {_known(scan, parts)}",
        f"  origins     {_origins(scan, parts)}",
        *_copied(scan),
        "",
        *_intervals(judgement),
    ]
    if judgement.moves:
        lines += ["", "What would settle it, most telling first:"]
        for number, move in enumerate(judgement.moves[:5], 1):
            worst, best = _interval(move.worst), _interval(move.best)
            where = move.role if move.leg == "all" else f"{move.role}, {move.leg}"
            name = _short(move.name) if move.ref else move.name
            lines.append(
                f"  {number}. {name} ({where}): {move.question}? {move.role} -> {worst} or {best}"
            )
    lines += ["", *_gaps(scan)]
    return "\n".join(lines)


def score_text(judgement: Judgement) -> str:
    """The score, floors first, with every contribution, worst known first inside a role."""
    score = judgement.score
    lines = [*_intervals(judgement), ""]
    if judgement.requirements:
        lines.append("floors (an aim decides nothing):")
        for v in judgement.requirements:
            aim = "" if v.severity == "error" else " (aim)"
            lines.append(f"  {v.verdict.upper():<8} {v.id:<24} {v.title}{aim}")
            if v.verdict != "pass":
                lines.append(f"           {v.found}")
        lines.append("")
    if score.objectives:
        lines.append(
            f"objectives: together {_interval(weighted_share(score.objectives))}, by their weights"
        )
        for o in score.objectives:
            level = f"declared level {o.level}" if o.level is not None else "no level declared"
            lines.append(
                f"  {o.id:<6} {o.weight:>3g}  {_interval(o.share)} {_bar(o.share, 10)} "
                f" {o.answered_by or 'not answered'}; {level}"
            )
            lines.append(f"         {o.title}")
        lines.append("")
    width = max((len(_short(c.name)) for c in score.contributions), default=4)
    for role in ("core", "peripheral"):
        rows = [c for c in score.contributions if c.role == role]
        if rows:
            lines.append(f"{role}:")
        for c in rows:
            claims = f"  [{', '.join(c.claims)}]" if c.claims else ""
            name = f"{_short(c.name):<{width}}"
            lines.append(
                f"  {name}  {c.kind:<17} {c.leg:<11} {_interval((c.low, c.high))}  {c.why}{claims}"
            )
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
            f" {_interval(core)} {_bar(core, 10)}  {_interval(peripheral)} "
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


def explain(scan: Scan, found: Sequence[Component], knowledge: Knowledge) -> str:
    """Everything known about these components: sightings, claims with their places, what is
    against, edges, gaps.
    """
    return "\n\n".join(_explained(scan, component, knowledge) for component in found)


def _explained(scan: Scan, subject: Component, knowledge: Knowledge) -> str:
    lines = [
        subject.purl or subject.ref,
        f"  {subject.kind}, name {subject.name}, version {subject.version or 'unknown'}",
    ]
    seen = sorted(
        {(str(o.evidence.at), o.evidence.by, o.evidence.excerpt) for o in subject.observations}
    )
    lines.append(f"  seen in {_plural(len(seen), 'place')}:")
    lines += [f"    {at}  [{by}] {excerpt}".rstrip() for at, by, excerpt in seen[:25]]
    if len(seen) > 25:
        lines.append(f"    ... and {len(seen) - 25} more")
    claims: dict[str, list[Claim]] = {}
    for claim in scan.claims:
        if claim.subject == subject.ref:
            claims.setdefault(claim.attribute, []).append(claim)
    for attribute in sorted(claims):
        lines += _answer(attribute, resolve(claims[attribute]), claims[attribute], knowledge)
    for stage in ("origin", "licence"):
        if not any(attribute.startswith(stage) for attribute in claims):
            lines.append(f"  {stage}: not examined (nothing that was read says anything about it)")
    needs = sorted(
        {r.target for r in scan.relations if r.source == subject.ref and r.kind == "depends-on"}
    )
    needed = sorted({r.source for r in scan.relations if r.target == subject.ref})
    lines.append(f"  needs: {_listed(needs)}")
    lines.append(f"  needed or held by: {_listed(needed)}")
    paths = {o.evidence.at.path for o in subject.observations}
    lines += [
        f"  gap: {gap.at}: {gap.reason} [{gap.by}]" for gap in scan.gaps if gap.at.path in paths
    ]
    return "\n".join(lines)


def _answer(
    attribute: str, answer: Answer, claims: Sequence[Claim], knowledge: Knowledge
) -> list[str]:
    shown = (
        answer.value if answer.state != "contested" else f"contested ({' / '.join(answer.values)})"
    )
    if (
        attribute in REPEATABLE and len(answer.values) > 1
    ):  # they do not contest each other: each holds
        shown = (
            f"{len(answer.values)}"
            f" {'findings' if attribute in FINDINGS else 'values that stand side by side'}"
        )
    lines = [
        f"  {attribute}: {shown}"
        + (f", confidence {answer.confidence}" if answer.state == "agreed" else "")
    ]
    asked = attribute.partition(".")[0] in ("origin", "control", "licence")
    if asked and (answer.carried or answer.against):
        lines.append(f"    why: {why(answer)}")
    lines += _because("because", answer.carried)
    beside = "beside it" if attribute in GRADED else "against"
    lines += _because(
        beside if answer.state == "agreed" else "hint only, too weak to answer", answer.against
    )
    lines += _because("withdrawn", answer.withdrawn)
    lines += _because("looked at, says nothing", [c for c in claims if c.value == "unknown"])
    if asked:
        lines += [
            f"    knowledge: {row}"
            for row in stands_on((*answer.carried, *answer.against), knowledge)
        ]
    return lines


def _because(word: str, claims: Sequence[Claim]) -> list[str]:
    return [
        f"    {word}{', declared' if c.status == 'declared' else ''}: {c.value} ({c.ref}) {e.by} at"
        f" {e.at}: {e.excerpt}"
        for c in claims
        for e in c.evidence
    ]


def _listed(refs: Sequence[str]) -> str:
    shown = ", ".join(refs[:12])
    return (
        shown + (f" and {len(refs) - 12} more" if len(refs) > 12 else "")
    ) or "nothing that is known"


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def _kind(component: Component) -> str:
    kinds = component.kinds
    if "source" in kinds:
        return "code"
    if component.kind in ("data", "service"):
        return component.kind
    if component.kind == "machine-learning-model":
        return "weights"
    if component.kind == "file":
        return "tokenizer" if kinds & {"tokenizer", "reference"} else "file"
    if kinds & {"requirement", "locked", "distribution", "bom-component"}:
        return "package"
    return "project" if kinds & {"project", "repository"} else "other"


_BASES = (
    ("identical", "release", "inside"),
    ("derived", "part", "made from known files"),
    ("family", "part", "of a known family (no donor is named)"),
    ("declared", "code tree", "whose comments name a source"),
)


def _copied(scan: Scan) -> list[str]:
    """What the comparison of code found, and whose notices did not survive it; no line where no
    code was compared.
    """
    answers: dict[str, list[Claim]] = {}
    for claim in scan.claims:
        answers.setdefault(claim.attribute, []).append(claim)
    if "code-from" not in answers and "code-from.basis" not in answers:
        return []
    bases = answers.get("code-from.basis", ())
    by = Counter(value for value, _ in {(c.value, c.subject) for c in bases})
    found = [f"{_plural(by[basis], word)} {words}" for basis, word, words in _BASES if by[basis]]
    nothing = "nothing agrees with the reference index, which is no proof of originality"
    return [f"  code        {', '.join(found) or nothing}", *_lost(scan, answers)]


def _lost(scan: Scan, answers: Mapping[str, Sequence[Claim]]) -> list[str]:
    """A line for each file whose original names a holder who is gone: which file, made from what,
    whose line, what stands there.
    """
    names = {c.ref: c.name for c in scan.components}
    made = {c.subject: c.value for c in answers.get("code-from", ())}
    lost = [
        c
        for c in answers.get("attribution", ())
        if c.value in ("missing", "replaced") and c.status != "withdrawn"
    ]
    rows = []
    for claim in sorted(lost, key=lambda c: (c.subject, c.value, c.evidence)):
        e = claim.evidence[0]
        source = made.get(claim.subject, "").rpartition("/")[2] or "its source"
        rows.append(
            f"  notice      {claim.value}: {names[claim.subject]}, made from {source}:"
            f" {e.excerpt} ({e.at})"
        )
    more = [f"              ... and {len(rows) - 5} more: aisbom explain"] if len(rows) > 5 else []
    return [*rows[:5], *more]


def _answered(scan: Scan, subject: Component, attribute: str) -> str:
    return resolve(
        c for c in scan.claims if c.subject == subject.ref and c.attribute == attribute
    ).value


def _known(scan: Scan, parts: Sequence[Component]) -> str:
    """How many parts state a licence, in their own metadata or in their files."""
    rows: dict[tuple[str, str], list[Claim]] = {}
    for claim in scan.claims:
        if claim.attribute.startswith("licence."):
            rows.setdefault((claim.subject, claim.attribute), []).append(claim)
    states: Counter[str] = Counter()
    for part in parts:
        found = {
            resolve(rows.get((part.ref, f"licence.{kind}"), ())).state
            for kind in ("concluded", "declared", "observed")
        } - {"unknown"}
        states["contested" if "contested" in found else "agreed" if found else "unknown"] += 1
    return (
        f"{states['agreed']} stated, {states['contested']} contested, {states['unknown']} unknown"
    )


def _origins(scan: Scan, parts: Sequence[Component]) -> str:
    rows: dict[str, list[Claim]] = {}
    for claim in scan.claims:
        if claim.attribute in ("origin.developed", "origin.trained"):
            rows.setdefault(claim.subject, []).append(claim)
    values = Counter(resolve(rows.get(c.ref, ())).value for c in parts)
    unknown = values.pop("unknown", 0)
    known = [
        f"{value} {count}"
        for value, count in sorted(values.items(), key=lambda item: (-item[1], item[0]))
    ]
    return ", ".join([*known[:8], f"unknown {unknown}"])


def _intervals(judgement: Judgement) -> list[str]:
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
        lines += [f"              failed: {v.title}: {v.found}" for v in failed[:3]]
    lines += [f"  override    {text}" for text in score.overrides]
    for role in ("core", "peripheral"):
        legs = ", ".join(
            f"{leg} {_interval(interval)}" for leg, interval in score.legs[role].items()
        )
        lines.append(
            f"  {role:<11} {_interval(score.totals[role])} {_bar(score.totals[role])}  {legs}"
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


def _interval(interval: Interval) -> str:
    return f"[{interval[0]:.2f}, {interval[1]:.2f}]"


def _bar(interval: Interval, width: int = 20) -> str:
    """Full up to the sure part, shaded over the doubt."""
    low, high = round(interval[0] * width), round(interval[1] * width)
    return "█" * low + "▒" * (high - low) + "·" * (width - high)


def _short(name: str, width: int = 40) -> str:
    return name if len(name) <= width else f"…{name[-width + 1 :]}"


def _gaps(scan: Scan) -> list[str]:
    if not scan.gaps:
        return ["no gaps: every file that a collector wanted could be read"]
    by_reason = Counter((gap.by, gap.reason) for gap in scan.gaps)
    lines = [f"{_plural(len(scan.gaps), 'gap')}: could not be looked at, counted as unknown"]
    shown = 0
    for (by, reason), count in sorted(by_reason.items(), key=lambda item: (item[1], item[0]))[:6]:
        first = next(gap for gap in scan.gaps if (gap.by, gap.reason) == (by, reason))
        lines.append(
            f"  {first.at}: {reason}" + (f" (and {count - 1} like it)" if count > 1 else "")
        )
        shown += count
    if shown < len(scan.gaps):
        lines.append(
            f"  and {len(scan.gaps) - shown} more: all of them stand in the document as aisbom:gap"
        )
    return lines
