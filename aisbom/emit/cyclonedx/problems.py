"""How problems of a document are worded: one line, `<JSON pointer>: <message>[; <fix>]`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

_LONGEST = 240  # characters of a message: the schema library quotes whole objects


BOTTOMLESS = ": nested too deeply to be read by anyone; flatten it"


def pointer(place: Iterable[str | int]) -> str:
    """RFC 6901 JSON pointer of keys and indexes; "" is the whole document."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in place)


def near(word: Any, known: Iterable[str]) -> str:
    """ " (did you mean ...?)", where one of the known words is close and looking for it is
    cheap.
    """
    known = list(known)
    if not isinstance(word, str) or len(word) > 1_000 or len(known) > 1_000:
        return ""
    close = get_close_matches(word, known, 1, 0.75)
    return f" (did you mean {quote(close[0])}?)" if close else ""


def quote(value: Any) -> str:
    """A value as JSON, cut to a line."""
    return short(json.dumps(value, ensure_ascii=False))


def short(text: str) -> str:
    """A text on one line, cut where it is long."""
    text = " ".join(
        text.encode(errors="replace").decode().split()
    )  # a lone surrogate could not be printed
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
