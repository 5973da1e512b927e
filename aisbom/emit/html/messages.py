"""What the program says of its input (why something could not be looked at, what a file does when
it is loaded, what is wrong with an argument), in another language than English.

A document carries such a sentence in English, as it was said. It is found here again by its form,
as in a catalogue of gettext, for display alone: nothing is decided by it, and what somebody else
says stays as it is.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from aisbom.emit.html.forms import Form, fill_form, match_form, parse_form

_LONGEST = 400
"""Characters of a message; what is longer was written by somebody else."""

_LONGEST_ERROR = 2000
"""Characters of a mistake; some name every word that is known."""

_DEPTH = 4
"""How often a message may stand in the place of another one."""

_AND = "; "


@lru_cache(maxsize=4096)
def translate(message: str, language: str, depth: int = _DEPTH) -> str:
    """A message in a language; as it is where the catalogue has none of its forms. What stands in
    the places of a form is translated, too.
    """
    return message if len(message) > _LONGEST else _translate(message, language, False, depth)


@lru_cache(maxsize=64)
def translate_error(message: str, language: str) -> str:
    """A sentence about a mistake of the user's in a language, likewise."""
    return message if len(message) > _LONGEST_ERROR else _translate(message, language, True, _DEPTH)


def _translate(message: str, language: str, errors: bool, depth: int) -> str:
    exact, forms = _catalogue(language, errors)
    if message in exact:
        return exact[message]
    if not depth or not forms:
        return message
    # Where a message stands in another one there may be several in a row, as ways to run code.
    several = _AND in message and depth < _DEPTH
    for words, form, joined in forms:
        if words not in message or (several and not joined):
            continue
        if found := match_form(form, message):
            values = {
                slot: _translate(value, language, errors, depth - 1)
                for slot, value in found.items()
            }
            return fill_form(form, values)
    if several:
        parts = message.split(_AND)
        return _AND.join(_translate(one, language, errors, depth - 1) for one in parts)
    return message


_Row = tuple[str, Form, bool]


@cache
def _catalogue(language: str, errors: bool) -> tuple[dict[str, str], tuple[_Row, ...]]:
    """Messages without places, and forms, those with the most words of their own first. A form has
    the longest run of its words, and is marked where several messages in a row may be meant by it.
    """
    folder = files("aisbom.emit.html")
    rows: dict[str, str] = {}
    for name in ("messages", *(["errors"] if errors else [])):
        file = folder / f"{name}.{language}.toml"
        if not file.is_file():
            return {}, ()
        tables = tomllib.loads(file.read_text("utf-8")).values()
        rows |= {key: said for table in tables for key, said in table.items()}
    rows |= tomllib.loads((folder / f"rules.{language}.toml").read_text("utf-8"))["sentences"]
    exact, forms = {}, []
    for key, said in rows.items():
        form = parse_form(key, said)
        if form.slots:
            forms.append((form.words, form, _joins(key)))
        else:
            exact[key] = said
    return exact, tuple(sorted(forms, key=lambda row: (-row[1].own, row[1].pieces)))


def _joins(form: str) -> bool:
    """Whether a form has a list in it, or says what a list of messages is about."""
    return _AND in form or bool(re.search(r"loaded: \{\d\}$", form))
