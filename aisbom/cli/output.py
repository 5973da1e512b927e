"""Text, JSON and bytes to standard output, whatever it is: a terminal, a pipe that somebody closed,
a full disk, or a console that cannot show every character.
"""

from __future__ import annotations

import codecs
import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from aisbom.errors import UsageError

if TYPE_CHECKING:
    from rich.text import Text

_PLAIN = {"█": "#", "▒": "+", "·": ".", "…": "~", "→": ">"}
"""What the program itself draws, for consoles that do not know the characters."""

_NARROWEST = 24
_STYLES = (
    (r"\b(?:PASS|pass|holds)\b", "green"),
    (r"\b(?:FAIL|fail|violated|does not hold)\b", "red"),
    (r"\b(?:UNKNOWN|UNDETERMINED|unknown|undecided)\b", "yellow"),
)


def prepare() -> None:
    """Let standard output and error replace what their encoding cannot show, instead of failing."""
    codecs.register_error("aisbom", _replace)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="aisbom")


def write(text: str) -> None:
    """Text for a reader and a line feed: wrapped and coloured on a terminal, as it is elsewhere."""
    text = _harmless(text)
    if sys.stdout is not None and sys.stdout.isatty():
        _on_terminal(text)
    else:
        _guard(f"{text}\n")


def write_json(value: object) -> None:
    """A value as indented JSON in UTF-8, whatever the encoding of standard output."""
    import json

    from aisbom.model.plain import escape_json

    write_utf8(escape_json(json.dumps(value, indent=2, ensure_ascii=False)))


def write_utf8(text: str) -> None:
    """Text for a program and a line feed, in UTF-8 whatever the encoding of standard output."""
    write_bytes(f"{text}\n".encode("utf-8", "replace"))


def write_bytes(data: bytes) -> None:
    """Bytes as they are."""
    _guard(data)


def write_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table: drawn on a terminal, columns of spaces elsewhere."""
    if sys.stdout is not None and sys.stdout.isatty():
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table

        table = Table(*columns, box=SIMPLE_HEAD)
        for row in rows:
            table.add_row(*map(_style, row))
        Console(highlight=False).print(table)
        return
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    for row in (columns, *rows):
        cells = zip(row, widths, strict=True)
        write("  ".join(f"{cell:<{width}}" for cell, width in cells).rstrip())


def note(text: str) -> None:
    """One line on standard error, whatever is in the text."""
    from aisbom.model.plain import plain

    if sys.stderr is not None:
        try:
            print(plain(text), file=sys.stderr)
        except OSError:
            _abandon(sys.stderr)


def note_lines(text: str) -> None:
    """The lines of a text of our own on standard error."""
    for line in text.split("\n"):
        note(line)


def abandon() -> None:
    """Give up what standard output still holds back."""
    if sys.stdout is not None:
        _abandon(sys.stdout)


def finish() -> None:
    """Write out what is still held back. Raises UsageError where there is no room for it."""
    _guard("")


def _harmless(text: str) -> str:
    """The lines of a text, none of which steers a terminal or a workflow runner. Their indents
    stay.
    """
    from aisbom.model.plain import plain

    lines = text.split("\n")
    return "\n".join(
        line
        if line.isprintable() and "::" not in line and "##[" not in line
        else line[: len(line) - len(line.lstrip(" "))] + plain(line)
        for line in lines
    )


def _guard(data: str | bytes) -> None:
    """Write to standard output, and go on where nobody reads it any more: the exit code still
    counts.
    """
    stream = sys.stdout
    if stream is None:
        if data:
            raise UsageError("standard output is closed; give it a file or a pipe")
        return
    try:
        if isinstance(data, str):
            stream.write(data)
        elif hasattr(stream, "buffer"):
            stream.flush()
            stream.buffer.write(data)
        else:
            stream.write(data.decode())
        stream.flush()
    except BrokenPipeError:
        _abandon(stream)
    except OSError as error:
        _abandon(stream)
        raise UsageError(f"standard output cannot be written: {error.strerror}") from error


def _abandon(stream: TextIO) -> None:
    """Send the rest of a stream nowhere, so that Python does not complain once more at its end."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _on_terminal(text: str) -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    width = max(shutil.get_terminal_size().columns, _NARROWEST)
    try:
        for line in text.split("\n"):
            for part in _wrap(line, width):
                console.print(_style(part))
    except BrokenPipeError:
        _abandon(sys.stdout)


def _wrap(line: str, width: int) -> list[str]:
    """A line that fits, its continuation indented below its own beginning."""
    if len(line) <= width:
        return [line]
    import textwrap

    indent = " " * min(len(line) - len(line.lstrip()) + 2, width // 2)
    return textwrap.wrap(
        line,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    ) or [line]


def _style(text: str) -> Text:
    from rich.text import Text

    styled = Text(text)
    for expression, style in _STYLES:
        styled.highlight_regex(expression, style)
    return styled


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    shown = "".join(_PLAIN.get(c, "?") for c in error.object[error.start : error.end])
    return shown, error.end
