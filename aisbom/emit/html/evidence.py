"""What the evidence of a claim says, in another language than English.

A document carries it in English, as the rule wrote it: ` -> ` between what was seen and what
follows from it, `; ` between clauses. Each clause is found again by its form, for display alone;
nothing is decided by it, and what is quoted from a file stays as it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from aisbom.emit.html.forms import (
    LEAST,
    LEFT_OUT,
    Form,
    fill_form,
    match_cut_form,
    match_form,
    parse_form,
)
from aisbom.emit.html.messages import translate

CUTS = (200, 300, 400)
"""Characters at which rules cut what they say; what is longer was written by somebody else."""

_THEN, _AND = " -> ", "; "
_LEAST_BESIDE_WORD = 4
"""Letters of a form by which it is known where a word of a table stands in it."""

_DEPTH = 4
"""How often a clause may stand in another one."""

_BY_MESSAGES = ("unsafe", "value/contradiction", "value/licence.conflict", "value/runs-code")
"""Rules, collectors and values that say what a file does when it is loaded, or a finding."""

_OPEN = ("quote", "clause", "message")
"""Slots in which more than one clause may stand; in others stands one name or number."""

_WITHOUT = {"id": (" ",), "expression": (": ",)}
"""What does not stand in an identifier, and in an expression of licences."""

_AS_SEEN = {
    "class": ("lineage", "network-classes", "weights"),
    "contradiction": ("weights",),
}
"""Rules that show what a collector says of a sighting, and the tables of such collectors."""

_TABLES = ("word", "country", "class", "role", "path-role")
"""The tables of words that a rule may conclude."""

Forms = tuple[Form, ...]

LookUp = Callable[[str, str], str]
"""The text of a key of `ko.toml`, or what is given beside the key."""


@lru_cache(maxsize=8192)
def translate_evidence(by: str, text: str, language: str, look_up: LookUp) -> str:
    """The text of evidence in a language, as it is where no form of its rule or collector (`by`)
    fits.
    """
    if by.startswith(_BY_MESSAGES):
        return _translate_messages(text, language)
    forms, seen = _forms_of(by, language)
    if not forms or len(text) > CUTS[-1]:
        return text
    return _Reader(forms, seen, language, look_up).chain(text, len(text) in CUTS)


class _Reader:
    """The forms by which a text is read, and the words of the language."""

    def __init__(self, forms: Forms, seen: Forms, language: str, look_up: LookUp) -> None:
        self._forms, self._seen = forms, seen
        self._language, self._look_up = language, look_up

    def chain(self, text: str, cut: bool) -> str:
        """What was seen and what follows from it; the end of the last clause may be `cut`."""
        links = text.split(_THEN)
        said = []
        for number, link in enumerate(links):
            forms = (*self._seen, *self._forms) if number == 0 < len(links) - 1 else self._forms
            word = self._word(link) if len(links) > 1 else ""
            ends = (cut and number == len(links) - 1) or link.endswith(LEFT_OUT)
            said.append(word or self._clauses(link, forms, ends, _DEPTH))
        return _THEN.join(said)

    def _clauses(self, text: str, forms: Forms, cut: bool, depth: int) -> str:
        """Clauses in a row. One form may be of several, and a quotation may hold any."""
        said = []
        while text:
            if whole := self._clause(text, forms, cut, depth):
                said.append(whole)
                break
            one, _, text = text.partition(_AND)
            said.append((text and self._clause(one, forms, False, depth)) or one)
        return _AND.join(said)

    def _clause(self, text: str, forms: Forms, cut: bool, depth: int) -> str:
        """One clause by the first form that fits, `""` where none does."""
        for form in forms if depth else ():
            values = match_form(form, text)
            if found := self._fill(form, values, forms, text if cut else "", depth):
                return found
        written = text.removesuffix(LEFT_OUT)
        for form in forms if depth and cut else ():
            known = any(_kind(slot) == "word" for slot in form.slots)
            values = match_cut_form(form, written, _LEAST_BESIDE_WORD if known else LEAST)
            if found := self._fill(form, values, forms, written, depth):
                return found
        return ""

    def _fill(
        self, form: Form, values: dict[str, str] | None, forms: Forms, cut: str, depth: int
    ) -> str:
        """The form with these values, `""` where there are none or one cannot stand in its slot.
        `cut` is the text if it was cut.
        """
        if values is None or not all(map(self._fits, values, values.values())):
            return ""
        return fill_form(
            form,
            {
                slot: self._slot(slot, value, forms, bool(cut) and cut.endswith(value), depth)
                for slot, value in values.items()
            },
        )

    def _fits(self, slot: str, value: str) -> bool:
        """Whether a value can stand in a slot."""
        kind = _kind(slot)
        if kind == "word":
            return bool(self._word(value))
        if kind in _OPEN:
            return True
        return not any(one in value for one in (_AND, _THEN, *_WITHOUT.get(kind, ())))

    def _slot(self, slot: str, value: str, forms: Forms, cut: bool, depth: int) -> str:
        kind = _kind(slot)
        if kind == "clause":
            return self._clauses(value, forms, cut, depth - 1)
        if kind == "message":
            return _translate_messages(value, self._language)
        if kind == "attribute":
            return self._look_up(f"attribute.{value}", value)
        if kind in ("word", "value"):
            return self._word(value) or value
        if kind in ("words", "names"):
            say = self._translate_count if kind == "words" else self._country
            return ", ".join(map(say, value.split(", ")))
        return value

    def _translate_count(self, text: str) -> str:
        """A word, or a number of what it says."""
        count, _, word = text.rpartition(" ")
        said = self._word(word)
        return f"{said} {count}".rstrip() if said and (not count or count.isdigit()) else text

    def _country(self, text: str) -> str:
        return self._look_up(f"country.{text}", text)

    def _word(self, text: str) -> str:
        """A word, or several countries, in the language; `""` for anything else."""
        own = _catalogue(self._language).get("words", {})
        found = own.get(text) or next(
            (said for table in _TABLES if (said := self._look_up(f"{table}.{text}", ""))), ""
        )
        if not found and "," in text:
            several = [self._look_up(f"country.{one}", "") for one in text.split(",")]
            return ", ".join(several) if all(several) else ""
        return found


def _translate_messages(text: str, language: str) -> str:
    """What a collector said, one message or several."""
    whole = translate(text, language)
    if whole != text:
        return whole
    return _AND.join(translate(one, language) for one in text.split(_AND))


def _kind(slot: str) -> str:
    """`word` of `word2`."""
    return slot.rstrip("0123456789")


@cache
def _forms_of(by: str, language: str) -> tuple[Forms, Forms]:
    """The forms of a rule or of the stage that it belongs to, and those of what it saw. Who has
    none quotes what it saw.
    """
    tables = _catalogue(language)
    stage = by.partition("/")[0]
    own = next((name for name in (by, stage) if name in tables), "")
    forms = _parse(tables, own, *_AS_SEEN.get(stage, ()), "any")
    return forms, _parse(tables, "seen") if own else ()


def _parse(tables: Mapping[str, Mapping[str, str]], *names: str) -> Forms:
    """The forms of some tables, those with the most words of their own first."""
    rows = [row for name in names for row in tables.get(name, {}).items()]
    forms = (parse_form(text, said) for text, said in rows)
    return tuple(sorted(forms, key=lambda form: (-form.own, form.pieces)))


@cache
def _catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    file = files("aisbom.emit.html") / f"evidence.{language}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
