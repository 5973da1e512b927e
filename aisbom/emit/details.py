"""What stands behind the first screen, for who asks for it: every finding with what would settle
it, counts, the core part by part, the requirements of the profile, and the open questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from aisbom.bom import Bom, Part
from aisbom.bom.findings import findings
from aisbom.emit.first_screen import sentence
from aisbom.emit.html.view import core_rows, country_of, is_aside
from aisbom.emit.html.words import Words
from aisbom.emit.terminal import interval_text, shorten
from aisbom.judge import Judgement
from aisbom.model.plain import plain

_KINDS = (
    *("weights", "package", "project", "code", "tokenizer", "file", "data", "service"),
    *("container", "other"),
)
_MOST = 100
_MOVES = 5
_COUNTRIES = 8


def details(bom: Bom, judgement: Judgement, text: Words) -> str:
    """The lines of it, each list cut after the hundredth row, which is said."""
    return "\n".join(_lines(bom, judgement, text))


def _lines(bom: Bom, judgement: Judgement, text: Words) -> Iterator[str]:
    found = findings(bom)
    yield f"{text('findings', count=len(found))}:"
    for number, one in enumerate(found[:_MOST], 1):
        yield f"  {number}. {sentence(one, text)}"
        yield f"     {text('settled-by')} {text(f'finding.{one.kind}.settle')}"
    yield from _rest(len(found), text)
    yield ""
    yield from _numbers(bom, text)
    rows = core_rows(bom, text)
    yield ""
    yield f"{text('core')}:" if rows else text("no-core")
    for row in rows[:_MOST]:
        said = [row["origin"] or text("unknown"), row["licence"], row["here"]]
        for key, word in (("sources", "made-from"), ("designs", "lineage.architecture-from")):
            if row[key]:
                said.append(f"{text(word)}: {', '.join(row[key])}")
        yield f"  - {row['name']} ({row['kind']}): {', '.join(filter(None, said))} ({row['place']})"
    yield from _rest(len(rows), text)
    if bom.sovereignty.requirements:
        yield ""
        yield text("terminal.requirements")
    for need in bom.sovereignty.requirements:
        yield f"  - {text(f'requirement.{need.verdict}')}: {plain(text.rule(need.title))}"
    yield from _moves(judgement, text)


def _rest(count: int, text: Words) -> Iterator[str]:
    if count > _MOST:
        yield f"  {text('more-edges', count=count - _MOST)}"


def _numbers(bom: Bom, text: Words) -> Iterator[str]:
    """Kinds, licences and origins of the parts of the product, and the kinds of all others."""
    parts = [part for part in bom.parts if part.ref != bom.root]
    aside = [part for part in parts if is_aside(part)]
    # Of a tree of nothing but documents and tests, there is nothing else to tell.
    own = [part for part in parts if not is_aside(part)] or parts
    yield text("terminal.kinds", what=_kinds(own, text))
    if aside:
        yield text("terminal.aside", what=_kinds(aside, text))
    states = Counter(_licence(part) for part in own)
    yield text(
        "terminal.licences",
        stated=states["stated"],
        contested=states["contested"],
        unknown=states["unknown"],
    )
    counts = Counter(", ".join(country_of(part)[1]) or "ZZ" for part in own)
    unknown = counts.pop("ZZ", 0)
    ranked = sorted(counts.items(), key=lambda row: (-row[1], row[0]))[:_COUNTRIES]
    said = [f"{text.country(word)} {count}" for word, count in ranked]
    yield text("terminal.origins", what=", ".join([*said, f"{text('unknown')} {unknown}"]))


def _licence(part: Part) -> str:
    values = {one.value for one in part.licences if one.acknowledgement}
    if len(values) > 1:
        return "contested"
    return "stated" if values or part.observed else "unknown"


def _kinds(parts: Iterable[Part], text: Words) -> str:
    counts = Counter(map(_kind, parts))
    said = (text(f"part-kind.{kind}", count=counts[kind]) for kind in _KINDS if counts[kind])
    return ", ".join(said) or text("unknown")


def _kind(part: Part) -> str:
    if part.kind in ("data", "service", "container"):
        return part.kind
    if part.kind == "machine-learning-model":
        return "weights"
    named = part.value("component.class")
    if named.endswith("-code") or part.ref.startswith("code:"):
        return "code"
    if part.kind == "file":
        return "tokenizer" if named == "tokenizer" else "file"
    if part.kind == "application":
        return "project"
    return "package" if part.purl else "other"


def _moves(judgement: Judgement, text: Words) -> Iterator[str]:
    """What answering each open question would do to the score of its role."""
    if judgement.moves:
        yield ""
        yield text("terminal.moves")
    for number, move in enumerate(judgement.moves[:_MOVES], 1):
        name = shorten(move.name) if move.ref else text.get(f"class.{move.name}", move.name)
        said = text(
            "terminal.move",
            name=plain(name),
            role=text.get(f"role.{move.role}", move.role),
            question=text(f"question.{move.leg}"),
            worst=interval_text(move.worst),
            best=interval_text(move.best),
        )
        yield f"  {number}. {said}"
