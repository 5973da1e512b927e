"""Texts that Python source puts together from pieces, each of which has several alternatives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aisbom.collect.references.python_tables import Value
from aisbom.collect.references.python_values import Text

MAX_PRODUCT = 64
MAX_TEXT = 4096


def join_texts(parts: Sequence[Sequence[Value]], line: int) -> Iterator[Text]:
    """Every combination of texts, up to MAX_PRODUCT of them; nothing where a part is not settled.
    What begins with a folder is a path.
    """
    made = [Text("", line)]
    for part in parts:
        texts = list({v.value: v for v in part if isinstance(v, Text)}.values())
        if not texts or len(made) * len(texts) > MAX_PRODUCT:
            return
        made = [
            Text(left.value + right.value, line, folder=left.folder or right.folder)
            for left in made
            for right in texts
            if len(left.value) + len(right.value) <= MAX_TEXT
        ]
    yield from made


def fill_pattern(
    pattern: Text, pieces: Sequence[str], given: Sequence[Sequence[Value]]
) -> Iterator[Text]:
    """The pieces of a pattern with values between them."""
    parts: list[Sequence[Value]] = [[Text(pieces[0], pattern.line)]]
    for piece, value in zip(pieces[1:], given, strict=True):
        parts += [value, [Text(piece, pattern.line)]]
    yield from join_texts(parts, pattern.line)


def percent(pattern: Text, given: Sequence[Sequence[Value]]) -> Iterator[Text]:
    """`"%s/name" % owner`."""
    if pattern.value.count("%s") == len(given) == pattern.value.count("%"):
        yield from fill_pattern(pattern, pattern.value.split("%s"), given)


def places(pattern: Text) -> tuple[list[str], list[str]] | None:
    """(pieces, what stands in the braces between them) of `"{}/{name}"`; None where it has more
    than that.
    """
    pieces = re.split(r"\{(\w*)\}", pattern.value)
    if len(pieces) > 17 or "{" in "".join(pieces[::2]):
        return None
    return pieces[::2], pieces[1::2]
