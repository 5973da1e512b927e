"""What the program says of its input (why something could not be looked at, what a file does when
it is loaded, what is wrong with an argument), in another language than English.

A document carries such a sentence in English, as it was said. It is found here again by its form,
as in a catalogue of gettext, for display alone: nothing is decided by it, and what somebody else
says stays as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

_LONGEST = 400
"""Characters of a message; what is longer was written by somebody else."""

_LONGEST_ERROR = 2000
"""Characters of a mistake; some name every word that is known."""

_DEPTH = 4
"""How often a message may stand in the place of another one."""

_PLACE = re.compile(r"\{(\d)\}")
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
    for words, pattern, said, joined in forms:
        if words not in message or (several and not joined):
            continue
        if found := pattern.fullmatch(message):
            values = {
                place: _translate(value, language, errors, depth - 1)
                for place, value in found.groupdict().items()
            }
            return _fill(said, values)
    if several:
        parts = message.split(_AND)
        return _AND.join(_translate(one, language, errors, depth - 1) for one in parts)
    return message


def _fill(form: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values[f"p{place[1]}"], form)


Form = tuple[str, re.Pattern[str], str, bool]


@cache
def _catalogue(language: str, errors: bool) -> tuple[dict[str, str], tuple[Form, ...]]:
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
    exact = {key: said for key, said in rows.items() if not _PLACE.search(key)}
    forms = sorted(rows.keys() - exact.keys(), key=lambda key: (-len(_PLACE.sub("", key)), key))
    return exact, tuple((_words(key), _pattern(key), rows[key], _joins(key)) for key in forms)


def _words(form: str) -> str:
    return max(_PLACE.split(form)[::2], key=len)


def _pattern(form: str) -> re.Pattern[str]:
    pieces = _PLACE.split(form)
    pieces[::2] = map(re.escape, pieces[::2])
    places = pieces[1::2]
    for number, place in enumerate(places):
        again = place in places[:number]
        pieces[2 * number + 1] = f"(?P=p{place})" if again else f"(?P<p{place}>.+?)"
    return re.compile("".join(pieces), re.DOTALL)


def _joins(form: str) -> bool:
    """Whether a form has a list in it, or says what a list of messages is about."""
    return _AND in form or bool(re.search(r"loaded: \{\d\}$", form))
