"""The summary of a bill for a terminal, in the words of a language. It fits a screen of 80 columns
and 24 lines: the findings, the core, how much of it is the submitter's, what could not be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from aisbom.bom import Bom, Part
from aisbom.bom.findings import CLASSES, Finding, by_kind, findings
from aisbom.emit.html.view import (
    core_parts,
    country_of,
    describe,
    finding_row,
    is_aside,
    maker_of,
    short_version,
)
from aisbom.emit.html.words import Words
from aisbom.emit.lines import columns, cut, cut_front, shorten_paths, wrap
from aisbom.model.plain import plain

_WIDTH = 80
_HEIGHT = 22
"""What is left of a screen of 24 lines for the summary: one says which file was written, one is the
next prompt.
"""

_EMPTY = 3
"""Lines of the screen that only set its parts apart."""

_FINDINGS = (3, 5)
"""How many findings stand on the screen, as there is room."""


def sentence(one: Finding, text: Words) -> str:
    """What was found, where, and how sure it is, as one line."""
    row = finding_row(one, text)
    at = f"{row['at']}, " if row["at"] else ""
    return f"{row['title']}: {describe(row)} ({at}{row['sure']})"


def screen(bom: Bom, text: Words) -> str:
    """The first screen."""
    return "\n".join(cut(line, _WIDTH) for line in _screen(bom, text))


def _screen(bom: Bom, text: Words) -> list[str]:
    """The lines; without the empty ones where there are too many."""
    rest = ["", *_core(bom, text), "", *standing(bom, text)]
    head = [*headline(bom, text), ""]
    lines = [*head, *_first(bom, text, _HEIGHT - len(head) - len(rest)), *rest]
    return lines if len(lines) <= _HEIGHT else [line for line in lines if line]


def headline(bom: Bom, text: Words) -> Iterator[str]:
    """What was scanned, how much of it was read, its licence and its maker."""
    root = bom.part(bom.root)
    name = cut(plain(f"{root.name} {short_version(root)}".strip()), 50)
    said = {"name": name, "parts": len(bom.parts) - 1, "files": int(bom.files)}
    aside = sum(map(is_aside, bom.parts))
    head = text("terminal.head-aside", aside=aside, **said) if aside else ""
    yield head if head and columns(head) <= _WIDTH else text("terminal.head", **said)
    said_of = [one for one in root.licences if one.acknowledgement]
    licences = dict.fromkeys(plain(one.value) for one in said_of)
    contested = _name_contested(bom, text)
    if any(one.acknowledgement == "concluded" for one in said_of) or not contested:
        licence = ", ".join(licences) or text("unknown")
    else:
        licence = contested
    stage, countries = country_of(root)
    maker = plain(root.value(f"origin.{stage}.organisation")) if stage else ""
    yield cut(
        text(
            "terminal.root",
            licence=licence,
            maker=maker_of(maker, countries, text) or text("unknown"),
        ),
        _WIDTH,
    )


def _name_contested(bom: Bom, text: Words) -> str:
    """The licences of the whole that its own files state side by side; `""` where they are one."""
    stated = {
        plain(claim.value)
        for claim in bom.claims
        if claim.subject == bom.root
        and claim.attribute in ("licence.declared", "licence.observed")
        and claim.status != "withdrawn"
        and claim.value != "unknown"
        and any(e.confidence != "low" for e in claim.evidence)
    }
    if len(stated) < 2:
        return ""
    return f"{text('country.contested')} ({' / '.join(sorted(stated))})"


def _first(bom: Bom, text: Words, room: int) -> Iterator[str]:
    """The gravest finding of each kind, and how many more there are of it: at least three, and as
    many as there is room for.
    """
    found = findings(bom)
    if not found:
        yield from wrap(text("nothing-found"), _WIDTH)
        return
    yield f"{text('first', count=len(found))}:"
    fewest, most = _FINDINGS
    chosen = by_kind(found, fewest)
    sizes = [(count, each) for count in range(most, fewest - 1, -1) for each in (4, 3)]
    # Sentences that are cut help nobody: the empty lines of the screen go first.
    for count, each, more in [*((*one, 0) for one in sizes), (fewest, 3, _EMPTY), (fewest, 2, 0)]:
        lines = [
            line
            for number, rows in enumerate(chosen[:count], 1)
            for line in _finding(number, rows, text, each)
        ]
        if len(lines) + 2 <= room + more:
            break
    yield from lines
    shown = sum(map(len, chosen[:count]))
    if len(found) > shown:
        yield f"     {text('terminal.more', count=len(found) - shown)}"


def _finding(number: int, rows: Sequence[Finding], text: Words, most: int) -> list[str]:
    """A finding in at most that many lines, the last of which is its place."""
    row = finding_row(rows[0], text)
    more = f" {text('terminal.like-it', count=len(rows) - 1)}" if len(rows) > 1 else ""
    said = shorten_paths(f"{row['title']}: {describe(row)}{more}")
    lines = wrap(f"  {number}. {said}", _WIDTH, "     ")
    if len(lines) >= most:
        lines = [*lines[: most - 2], cut(f"{lines[most - 2]} …", _WIDTH)]
    sure = f" ({row['sure']})"
    return [*lines, f"     {cut_front(row['at'], _WIDTH - 5 - columns(sure)) or '-'}{sure}"]


def _core(bom: Bom, text: Words) -> Iterator[str]:
    """The core, a line a class: how many parts, and from where; what is not there."""
    parts = core_parts(bom)
    if not parts:
        yield from wrap(text("no-core"), _WIDTH)
        return
    groups: dict[str, list[Part]] = {}
    for part in parts:
        groups.setdefault(part.value("component.class"), []).append(part)
    yield f"{text('core')}:"
    kinds = [kind for kind in CLASSES if kind in groups]
    kinds += sorted(groups.keys() - kinds)
    names = [text.get(f"class.{kind}", kind) for kind in kinds]
    width = max(map(columns, names))
    for kind, name in zip(kinds, names, strict=True):
        yield f"  {name}{' ' * (width - columns(name))}  {_origins(groups[kind], text)}"
    if bom.sovereignty.missing:
        absent = (text.get(f"class.{one}", one) for one in bom.sovereignty.missing)
        yield from wrap(f"  {text('missing', what=', '.join(absent))}", _WIDTH, "    ")


def _origins(parts: Sequence[Part], text: Words) -> str:
    """`6: US 1, unknown 5; architecture CN 4`."""
    counts: Counter[str] = Counter()
    designers: Counter[str] = Counter()
    for part in parts:
        counts[", ".join(country_of(part)[1]) or "unknown"] += 1
        for code in part.values("origin.architecture.country"):
            designers[code] += code != "ZZ"
    said = f"{len(parts)}: {_counts(counts, text)}"
    if +designers:
        said += f"; {text('lineage.architecture-from')} {_counts(+designers, text)}"
    return said


def _counts(counts: Counter[str], text: Words) -> str:
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return ", ".join(f"{text.country(word)} {count}" for word, count in rows[:6])


def standing(bom: Bom, text: Words) -> Iterator[str]:
    """What it comes to under the profile: intervals, verdict, gaps."""
    sovereignty = bom.sovereignty
    home = ",".join(map(plain, sovereignty.home))
    shares = (
        f"{text.get(f'role.{role}', role)} {low:.2f}-{high:.2f}"
        for role, low, high in sovereignty.totals
        if role != "overall"
    )
    yield text(
        "terminal.standing",
        shares=", ".join(shares),
        profile=plain(f"{sovereignty.profile}@{sovereignty.version}"),
        home=text("terminal.home-is", home=home) if home else text("terminal.no-home-given"),
        share=f"{sovereignty.coverage:.0%}",
    )
    yield text.get(f"verdict.{sovereignty.verdict}", sovereignty.verdict)
    yield text("terminal.gaps" if bom.gap_count else "terminal.no-gaps", count=bom.gap_count)
