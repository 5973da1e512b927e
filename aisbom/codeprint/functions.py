"""Where the functions of a file begin and end, by tokens alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from aisbom.codeprint.tokens import BREAK, LEFT_OUT, MARK, NAME, TokenStream

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_FUNCTIONS = 20_000

_CONTROL = frozenset(
    {
        b"if",
        b"for",
        b"while",
        b"switch",
        b"catch",
        b"match",
        b"do",
        b"else",
        b"return",
        b"foreach",
        b"elif",
        b"loop",
    }
)
_NOT_NAMED = frozenset(
    {
        b"func",
        b"template",
        b"decltype",
        b"__attribute__",
        b"__launch_bounds__",
        b"alignas",
        b"sizeof",
        b"extern",
        b"where",
    }
)


class Span(NamedTuple):
    """One function: its name, first and last line, and the tokens from the name's successor up to
    `stop`.
    """

    name: str
    line: int
    end: int
    start: int
    stop: int


def spans(file: TokenStream) -> list[Span]:
    """The outermost functions and methods, in order. A function inside another is part of it."""
    found = _find_indented(file) if file.family == "python" else _find_braced(file)
    return [span for span, _ in zip(found, range(MAX_FUNCTIONS), strict=False)]


def classes(file: TokenStream) -> list[bytes]:
    """The names of the classes (structs, interfaces, traits) of the file, in order."""

    keyword = _places(
        file,
        (b"class",)
        if file.family == "python"
        else (b"class", b"struct", b"interface", b"trait", b"impl"),
    )
    keyword = keyword[keyword + 1 < len(file.codes)]
    named: NDArray[np.int64] = keyword[file.kinds[keyword + 1] == NAME] + 1
    return [file.words[code] for code in file.codes[named]]


def _places(file: TokenStream, words: tuple[bytes, ...]) -> NDArray[np.int64]:
    import numpy as np

    numbers = [file.number[word] for word in words if word in file.number]
    return (
        np.flatnonzero(np.isin(file.codes, numbers) & (file.kinds == NAME))
        if numbers
        else np.zeros(0, np.int64)
    )


def _find_indented(file: TokenStream) -> Iterator[Span]:
    """Python: a function goes on while lines are indented deeper than its `def`."""
    import numpy as np

    lines = np.flatnonzero(file.kinds == BREAK)
    starts = _places(file, (b"def",))
    if not len(starts):
        return
    indents = np.fromiter(
        [len(w.expandtabs(8)) if w[0] == 10 else 0 for w in file.words], np.int32, len(file.words)
    )[file.codes[lines]]
    rows = np.searchsorted(lines, starts, "right") - 1
    ends, depth = lines.tolist(), indents.tolist()
    until = -1
    for start, row in zip(starts.tolist(), rows.tolist(), strict=True):
        # A `def` inside the function before it, one that has no name, or one that does not open its
        # line.
        if (
            start < until
            or row < 0
            or start + 1 >= len(file.codes)
            or file.kinds[start + 1] != NAME
            or start - ends[row] > 2
        ):
            continue
        deeper = row + 1
        while deeper < len(depth) and depth[deeper] > depth[row]:
            deeper += 1
        until = ends[deeper] if deeper < len(ends) else len(file.codes)
        yield _span(file, file.words[file.codes[start + 1]], start, start + 2, until)


def _find_braced(file: TokenStream) -> Iterator[Span]:
    """The C family and shells: a block in braces after a signature, that is round brackets behind a
    name.
    """
    import numpy as np

    words, codes = file.words, file.codes
    marks = np.flatnonzero(file.kinds == MARK).tolist()
    depth, opened, since, start = 0, -1, 0, 0
    name = b""
    for place in marks:
        mark = words[codes[place]]
        if mark == b"{":
            depth += 1
            if opened < 0:
                name, start = _signature(file, since, place)
                opened = depth if name else -1
            since = place + 1
        elif mark == b"}":
            if opened == depth and opened > 0:
                yield _span(file, name, since if start < 0 else start, start, place)
                opened = -1
            depth = max(0, depth - 1)
            since = place + 1
        elif mark == b";" and opened < 0:
            since = place + 1


def _signature(file: TokenStream, since: int, place: int) -> tuple[bytes, int]:
    """The function's name before the brace at `place`, and where it stands; b"" if this opens no
    function.
    """
    named: tuple[bytes, int] = (b"", 0)
    before, where, templated = b"", since, False
    for at in range(max(since, place - 400), place):
        kind, word = file.kinds[at], file.words[file.codes[at]]
        if kind in (LEFT_OUT, BREAK):
            continue
        if kind == NAME and word in _CONTROL:
            return b"", 0
        templated = templated or word == b"template"
        if word == b"=" and not named[0] and not templated:
            return b"", 0
        if word == b"(" and before and not named[0] and before not in _NOT_NAMED:
            named = (before, where)
        before, where = (word, at) if kind == NAME else (b"", at)
    return named


def _span(file: TokenStream, name: bytes, first: int, start: int, stop: int) -> Span:
    last = stop - 1
    while last > start and file.kinds[last] in (LEFT_OUT, BREAK):
        last -= 1
    return Span(
        name.decode("utf-8", "replace"), int(file.lines[first]), int(file.lines[last]), start, stop
    )
