"""What was found of a requirement: a form, and in its places texts or phrases again.

In English a phrase is spelled by its form; `emit/html/rules.ko.toml` has the forms of another
language. A document carries both the English sentence and the phrase, as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

FORMS = {
    "nothing": "Nothing in scope was found: {0}.",
    "nothing-seen": "Nothing in scope was found: {0} ({1} places could not be looked at).",
    "nothing-seen-but": "Nothing in scope was found: {0} (1 place could not be looked at).",
    "holds-empty": "{0} It holds, with nothing to hold for.",
    "full-stop": "{0}.",
    "count": "{0} of {1}: {2}.",
    "count-more": "{0} of {1}: {2}; and {3} more.",
    "part": "{0}: {1}",
    "part-at": "{0} at {1}: {2}",
    "with": "{0} with {1}",
    "not-ours": "{0} that is not ours",
    "any-part": "any part",
    "doubted": "{0}; and {1}",
    "doubt-contested": "its {0} is contested: {1}",
    "doubt-named": "only its name is here: what the product uses it for is open",
    "doubt-ours": "whether it is ours is open: {0}",
    "doubt-family": "which file of its family came first is open",
    "doubt-hint": "there is only a hint of {0}",
    "of-class": "found, of class {0}",
    "not-examined": "{0} was not examined",
    "unknown": "{0} is unknown",
    "unknown-hint": "{0} is unknown (only a hint: {1})",
    "contested": "{0} is contested: {1}",
    "is": "{0} is {1}",
    "restricts": "{0}, which restricts: {1}",
    "not-in-table": "{0}, and what it allows is not in the table of licences",
    "grants": "{0}, which grants {1} of the freedoms (asked: {2})",
    "in-part": "{0}: in part only, and how much was not stated",
    "no-home": "{0}, and no home jurisdiction was given (--home)",
    "undecided": "{0}, which does not decide it",
    "is-declared": "{0} is declared",
    "declared-by": "declared by {0}",
    "own-files": "its own files state {0}: {1}",
    "code-of-nobody": "no header, licence or project says whose code it is",
    "vocabulary-of-nobody": "nothing says whose vocabulary it is",
    "called-after-project": "they bear the name of the project, and nothing says whose they are",
    "only-configuration": "only its configuration is here, and nothing says whose it is",
    "undeclared": "of class {0}, and no manifest, model card, licence or declaration mentions it",
    "not-computed": "the score of {0} was not computed",
    "score": "the score of {0} under {1} is [{2}, {3}], asked is {4}",
    "level-unset": "the framework leaves the minimum level to whoever asks, and this profile sets"
    " none",
    "level-undeclared": "no level is declared with evidence, asked is {0}",
    "level": "the declared level is {0}, asked is {1}",
    "waived": "waived until {0} by {1} ({2}): {3}",
}
JOINS = {"or": " or ", "versus": " / ", "slash": "/", "words": " ", "list": ", ", "rows": "; "}
"""Keys of phrases that say one value after another, and what stands between them."""

WORDS = ("attribute", "class", "country", "path-role", "role", "type", "word")
"""Keys of phrases that are one word of a table."""

_DEPTH = 12


class Phrase(NamedTuple):
    """A form by its key, and its values."""

    key: str
    values: tuple[Any, ...] = ()
    """Texts and phrases."""


def phrase(key: str, *values: object) -> Phrase:
    """A phrase; what is neither a text nor a phrase is spelled."""
    return Phrase(key, tuple(one if isinstance(one, Phrase) else str(one) for one in values))


def join(key: str, values: Iterable[Phrase | str]) -> Phrase | str:
    """Values one after another; a single one is itself."""
    rows = tuple(values)
    return rows[0] if len(rows) == 1 else Phrase(key, rows)


def spell(said: Phrase | str, form: Callable[[Phrase, list[str]], str] | None = None) -> str:
    """The sentence in English, or as `form` spells a phrase whose values are spelled."""
    if not isinstance(said, Phrase):
        return said
    values = [spell(one, form) for one in said.values]
    return form(said, values) if form else english(said, values)


def english(said: Phrase, values: list[str]) -> str:
    """One phrase, its values being spelled."""
    if said.key in JOINS:
        return JOINS[said.key].join(values)
    return values[0] if said.key in WORDS else FORMS[said.key].format(*values)


def to_json(said: Phrase | str) -> str:
    """For a document: a phrase is an array that begins with its key."""
    return json.dumps(_plain(said), ensure_ascii=False, separators=(",", ":"))


def _plain(said: Phrase | str) -> Any:
    if isinstance(said, Phrase):
        return [said.key, *(_plain(one) for one in said.values)]
    return said


def from_json(text: str, sentence: str) -> Phrase | str:
    """The phrase of a document, where it spells that sentence: a document may come from anybody,
    and the sentence is what counts.
    """
    try:
        found = _read(json.loads(text), _DEPTH)
        return found if spell(found) == sentence else sentence
    except (ValueError, IndexError, KeyError, TypeError, RecursionError):
        return sentence


def _read(row: Any, depth: int) -> Phrase | str:
    if isinstance(row, str):
        return row
    if not depth or not isinstance(row, list) or not row or not isinstance(row[0], str):
        raise ValueError(row)
    return Phrase(row[0], tuple(_read(one, depth - 1) for one in row[1:]))
