"""What became of the holders of B in A, holder by holder, for `aisbom code compare`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from aisbom.codeprint import credit
from aisbom.identify import holders as parties
from aisbom.identify.holders import Holder

if TYPE_CHECKING:
    from aisbom.codeprint.fingerprints import Prints
    from aisbom.knowledge import Knowledge

WORDS: tuple[credit.Attribution, ...] = ("kept", "repository-level", "missing", "replaced")
"""From the best to the gravest."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Line(NamedTuple):
    """A holder and where the copyright line stands that names it (lines from 1)."""

    holder: Holder
    path: str
    line: int


class Fate(NamedTuple):
    """What became of a holder of one file of B in one file of A. `ours` is A's line for it, or the
    line of somebody else that stands there instead.
    """

    path: str
    theirs: Line
    verdict: credit.Attribution
    ours: Line | None


def fates(
    pairs: Iterable[tuple[Prints, Prints]], said: str, knowledge: Knowledge
) -> tuple[Fate, ...]:
    """A fate for each holder of each file of B; `said` is the text of A's LICENSE and NOTICE
    files.
    """
    found = []
    for ours, theirs in pairs:
        mine, wanted = _lines(ours, knowledge), _lines(theirs, knowledge)
        names = [line.holder for line in wanted]
        strangers = [m for m in mine if parties.among(m.holder, names, knowledge) is None]
        for line in wanted:
            kept = next((m for m in mine if parties.same(m.holder, line.holder, knowledge)), None)
            if kept is not None:
                found.append(Fate(ours.path, line, "kept", kept))
            elif any(credit.names(said, one) for one in (line.holder.written, line.holder.name)):
                found.append(Fate(ours.path, line, "repository-level", None))
            elif strangers:
                found.append(Fate(ours.path, line, "replaced", strangers[0]))
            else:
                found.append(Fate(ours.path, line, "missing", None))
    return tuple(found)


def _lines(prints: Prints, knowledge: Knowledge) -> list[Line]:
    found: dict[str, Line] = {}
    for row in credit.holders(prints.data):
        for one in parties.holders(row.name, knowledge):
            found.setdefault(one.key, Line(one, prints.path, row.line))
    return list(found.values())


def answer(found: Sequence[Fate]) -> credit.Attribution:
    """One word: the gravest that holds for at least half of the files; `unknown` where B names
    nobody.
    """
    worst: dict[str, credit.Attribution] = {}
    for fate in found:
        worst[fate.path] = max(worst.get(fate.path, "kept"), fate.verdict, key=WORDS.index)
    counts = Counter(worst.values())
    for word in reversed(WORDS):
        if 2 * sum(counts[one] for one in WORDS[WORDS.index(word) :]) >= len(worst) > 0:
            return word
    return "unknown"


def rows(found: Sequence[Fate]) -> list[dict[str, Any]]:
    """The fates for a reader of JSON."""
    return [
        {
            "holder": fate.theirs.holder.written,
            "organisation": fate.theirs.holder.name if fate.theirs.holder.row else "",
            "country": fate.theirs.holder.country,
            "verdict": fate.verdict,
            "a": _place(fate.ours),
            "b": _place(fate.theirs),
        }
        for fate in found
    ]


def _place(line: Line | None) -> Mapping[str, Any] | None:
    return {"path": line.path, "line": line.line, "holder": line.holder.written} if line else None


def sentence(found: Sequence[Fate]) -> str:
    """`Of the four holders of B, A keeps three; the line of X (Y, CN) is gone; ...`, or what else
    there is to say; `""` where B names nobody.
    """
    by: dict[str, list[Fate]] = {}
    for fate in found:
        by.setdefault(fate.theirs.holder.key, []).append(fate)
    if not by:
        return ""
    worst = {key: max(fates, key=lambda f: WORDS.index(f.verdict)) for key, fates in by.items()}
    kept = sum(fate.verdict == "kept" for fate in worst.values())
    held = "it" if len(worst) == 1 else "all of them" if kept == len(worst) else _number(kept)
    plural = "s" * (len(worst) != 1)
    parts = [
        f"Of the {_number(len(worst))} holder{plural} of B, A keeps {held if kept else 'none'}"
    ]
    for word, says in (
        ("repository-level", "{} not in the file, but in a licence or notice file of A"),
        ("missing", "the line of {} is gone"),
        ("replaced", "the line of {} is gone"),
    ):
        lost = [fate for fate in worst.values() if fate.verdict == word]
        parts += [says.format(_describe(fate.theirs)) for fate in lost[:6]]
        if len(lost) > 6:
            parts.append(f"and {len(lost) - 6} more {word}")
    strangers = {
        f.ours.holder.key: f.ours for f in worst.values() if f.verdict == "replaced" and f.ours
    }
    if strangers:
        named = ", ".join(_describe(line) for line in list(strangers.values())[:3])
        parts.append(
            f"A's header names {named} in {'its' if len(strangers) == 1 else 'their'} place"
        )
    return "; ".join(parts) + "."


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _describe(line: Line) -> str:
    """`The ZhipuAI Team (Zhipu AI, CN)`: as it is written, and what is known of it."""
    known = line.holder.description if line.holder.row else ""
    return (
        f"{line.holder.written} ({known})"
        if known and known != line.holder.written
        else line.holder.written
    )
