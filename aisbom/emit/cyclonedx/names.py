"""How facts of the bill are called as CycloneDX properties (schemas/properties.md), and how places
and gaps are put in words, both ways.

A place in words can be read back unless its path has the marks that the words use. Such a place
is written as a JSON array of its fields instead, so that nothing is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from aisbom.model import Confidence, Gap, Location

Json = dict[str, Any]
T = TypeVar("T")

CONFIDENCE: dict[Confidence, float] = {"low": 0.3, "medium": 0.6, "high": 0.9}
"""Never 1: only equal digests are certain, and those are written by the rule that compared them."""

TOOL = "aisbom-tool"
ASSESSOR = "aisbom-assessor"

_OWN = "aisbom:"
_HYPERPARAMETER = ("hyperparameter.", "cdx:ai-ml:model:hyperparameter:")
_REGISTERED = {
    "required-extra": "cdx:python:package:required-extra",
    "languages": "cdx:ai-ml:model:language",
    "parameter-count": "cdx:ai-ml:model:parameter:count",
    "tune-method": "cdx:ai-ml:model:parameter:tune_method",
    "is-tokenizer": "cdx:ai-ml:model:tokenizer",
}
_FACTS = {name: fact for fact, name in _REGISTERED.items()}


def property_name(fact: str) -> str:
    """The name of the property that says a fact: the registered one where there is one."""
    if fact in _REGISTERED:
        return _REGISTERED[fact]
    if fact.startswith(_HYPERPARAMETER[0]):
        return _HYPERPARAMETER[1] + fact.removeprefix(_HYPERPARAMETER[0])
    return fact if ":" in fact else _OWN + fact.replace(".", ":")


def fact_name(name: str) -> str:
    """The fact that a property says; the name itself where it is none of ours."""
    if name in _FACTS:
        return _FACTS[name]
    if name.startswith(_HYPERPARAMETER[1]):
        return _HYPERPARAMETER[0] + name.removeprefix(_HYPERPARAMETER[1])
    return name.removeprefix(_OWN).replace(":", ".") if name.startswith(_OWN) else name


def rows_of(facts: tuple[tuple[str, str], ...]) -> list[Json]:
    """Facts as properties, in their order."""
    return [{"name": property_name(name), "value": value} for name, value in facts]


def split_facts(
    facts: Iterable[tuple[str, str]], name: str
) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """(the facts of other names, the values of the facts of this name)."""
    rows = tuple(facts)
    others = tuple(row for row in rows if row[0] != name)
    return others, [value for key, value in rows if key == name]


def facts_of(row: Json) -> list[tuple[str, str]]:
    """The properties of an object as facts, in their order."""
    return [(fact_name(str(p["name"])), str(p.get("value", ""))) for p in row.get("properties", [])]


def place_text(at: Location) -> str:
    """`path:line#member`."""
    return _in_words(at, str(at), _place, [at.path, at.line, at.member])


def place_of(text: str) -> Location:
    """The place that `place_text` put in words."""
    return _read(text, _place, Location)


def gap_text(gap: Gap) -> str:
    """`place: reason [who]`, with the kind of gap behind who says it."""
    who = f"{gap.by}, {gap.kind}" if gap.kind else gap.by
    at = gap.at
    parts: list[str | int] = [at.path, at.line, at.member, gap.reason, gap.by, gap.kind]
    return _in_words(gap, f"{gap.at}: {gap.reason} [{who}]", _gap, parts)


def gap_of(text: str) -> Gap:
    """The gap that `gap_text` put in words."""
    return _read(
        text, _gap, lambda path, line, member, *rest: _make_gap(Location(path, line, member), *rest)
    )


def seen_text(at: Location, by: str, words: str) -> str:
    """`place [who] words`, the form of a service's places."""
    text = f"{at} [{by}] {words}".rstrip()
    return _in_words(
        (at, by, words), text, _read_sighting, [at.path, at.line, at.member, by, words]
    )


def seen_of(text: str) -> tuple[Location, str, str]:
    """The place, who saw it, and the words that `seen_text` put together."""
    return _read(
        text,
        _read_sighting,
        lambda path, line, member, by, words: (Location(path, line, member), by, words),
    )


def _in_words(value: T, text: str, parse: Callable[[str], T], parts: list[str | int]) -> str:
    """`text` where it says `value` and nothing else, else its parts."""
    if not text.startswith("[") and parse(text) == value:
        return text
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def _read(text: str, parse: Callable[[str], T], make: Callable[..., T]) -> T:
    return make(*json.loads(text)) if text.startswith("[") else parse(text)


def _place(text: str) -> Location:
    place, _, member = text.partition("#")
    path, _, line = place.rpartition(":")
    # Python refuses to read numbers of thousands of digits, which may stand in a name.
    if path and len(line) < 10 and line.isascii() and line.isdigit():
        return Location("" if path == "." else path, int(line), member)
    return Location("" if place == "." else place, 0, member)


def _gap(text: str) -> Gap:
    place, _, rest = text.partition(": ")
    reason, _, who = rest.rpartition(" [")
    by, _, kind = who.removesuffix("]").partition(", ")
    return _make_gap(_place(place), reason, by, kind)


def _make_gap(at: Location, reason: str, by: str, kind: str) -> Gap:
    return Gap(by, at, reason, cast(Any, kind))


_SEEN = re.compile(r"(?P<place>[^\[]*) \[(?P<by>[^\]]*)\](?: (?P<words>.*))?", re.DOTALL)


def _read_sighting(text: str) -> tuple[Location, str, str]:
    found = _SEEN.fullmatch(text)
    if found is None:
        return Location(text), "", ""
    return _place(found["place"]), found["by"], found["words"] or ""
