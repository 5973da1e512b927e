"""Sentences of the program by their forms: words of its own with slots between them, `{0}` or
`{name}`. What stands in the slots is found without a search back, in time linear in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_SLOT = re.compile(r"\{(\w+)\}")
LEAST = 12
"""Letters of its own words by which a form is known in a sentence that was cut."""

LEFT_OUT = "…"


class Form(NamedTuple):
    """The own words of a sentence, the slots between them, and the sentence of another language."""

    pieces: tuple[str, ...]
    slots: tuple[str, ...]
    said: str

    @property
    def words(self) -> str:
        """The longest of its own words."""
        return max(self.pieces, key=len)

    @property
    def own(self) -> int:
        """Letters that are its own: of two forms that fit, the one with more says more."""
        return sum(map(len, self.pieces))


def parse_form(text: str, said: str) -> Form:
    """A form as a catalogue writes it. ValueError where no words stand between two slots: what is
    whose could not be told.
    """
    pieces = _SLOT.split(text)
    if not all(pieces[2:-1:2]):
        raise ValueError(f"no words between two slots: {text}")
    return Form(tuple(pieces[::2]), tuple(pieces[1::2]), said)


def match_form(form: Form, sentence: str) -> dict[str, str] | None:
    """What stands in each slot, one character at the least, and the same where a slot stands twice;
    None where the form does not fit. A slot ends where the words behind it first stand.
    """
    if not form.slots:
        return {} if sentence == form.pieces[0] else None
    first, *others = form.pieces
    if not sentence.startswith(first) or not sentence.endswith(others[-1]):
        return None
    values: dict[str, str] = {}
    start, end = len(first), len(sentence) - len(others[-1])
    for left, slot, words in zip(range(len(others) - 1, -1, -1), form.slots, others, strict=True):
        at = sentence.find(words, start + 1, end) if left else end
        if at <= start or values.setdefault(slot, sentence[start:at]) != sentence[start:at]:
            return None
        start = at + len(words)
    return values


def match_cut_form(form: Form, sentence: str, least: int = LEAST) -> dict[str, str] | None:
    """The same of a sentence whose end was cut off, as far as it goes. None where fewer than so
    many letters of the form are left: it could be any.
    """
    first, *others = form.pieces
    if not form.slots or not sentence.startswith(first):
        known = first.startswith(sentence) and len(sentence) >= least
        return {} if known else None
    values, start, own = {}, len(first), len(first)
    for number, (slot, words) in enumerate(zip(form.slots, others, strict=True)):
        is_last = number == len(others) - 1
        at = sentence.find(words, start + 1) if words and not is_last else -1
        if at < 0:
            begun = _begun(sentence[start:], words)
            own += begun
            if left := sentence[start : len(sentence) - begun]:
                values[slot] = left
            break
        values[slot], start, own = sentence[start:at], at + len(words), own + len(words)
    return values if own >= least else None


def _begun(sentence: str, words: str) -> int:
    """How many letters of these words stand at the end of a sentence."""
    return next((n for n in range(len(words), 0, -1) if sentence.endswith(words[:n])), 0)


def fill_form(form: Form, values: Mapping[str, str]) -> str:
    """The sentence of the other language, `…` in the slots that were cut off."""
    return _SLOT.sub(lambda slot: values.get(slot[1], LEFT_OUT), form.said)
