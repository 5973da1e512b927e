"""Whom the copyright lines of a text name, each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aisbom.licences import copyright_lines
from aisbom.licences.comments import marks

MAX_HOLDERS = 100


def holders(wanted: Iterable[tuple[int, str]], lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(line, holder) for each of these (line, text) that states one; a name may go on in the lines
    that follow.
    """
    seen: set[str] = set()
    for number, line in wanted:
        text = line[marks(line) :].rstrip(" \t*/")
        if (
            "opyright" not in text
            and "OPYRIGHT" not in text
            and "(c)" not in text.lower()
            and "©" not in text
        ):
            continue
        name = copyright_lines.holder(text)
        if name is None:
            continue
        if not name or copyright_lines.goes_on(text):
            follows = next(iter(lines[number : number + 1]), "")
            follows = follows[marks(follows) :].rstrip(" \t*/")
            if follows and copyright_lines.holder(follows) is None:
                name = copyright_lines.holder(f"{text} {follows}") or name
        if name and name not in seen:
            seen.add(name)
            yield number, name
        if len(seen) >= MAX_HOLDERS:
            return
