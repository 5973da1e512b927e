"""TOML that a user wrote: every key is asked for by name, and what is wrong is said with its line.

`tomllib` gives values without places. The text it has accepted is read once more here, for the line
of each key and table.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aisbom.config.toml_bounds import MAX_PARTS, long_key
from aisbom.errors import UsageError
from aisbom.model.vocabulary import nearest

Keys = tuple[str | int, ...]
"""The way to a value: keys, and numbers of tables in an array of tables."""

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # strings of several lines
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'  # strings of one line
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\n\[\]{}=.,]"
    r"|[^\s\[\]{}=.,#\"']+",
    re.DOTALL,
)


class ConfigError(UsageError):
    """Names the file, the line, the key, and the nearest known one where a word is unknown."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a TOML file, `keys` away from its root; `lines` are those of the whole file."""

    file: str
    data: Mapping[str, Any]
    lines: Mapping[Keys, int]
    keys: Keys = ()

    def __contains__(self, key: str) -> bool:
        """Whether the table says anything under this key."""
        return key in self.data

    def line(self, *more: str | int) -> int:
        """The line of a key of this table, or of the nearest table around it that has one."""
        keys = (*self.keys, *more)
        around = (keys[:n] for n in range(len(keys), 0, -1))
        return next((self.lines[found] for found in around if found in self.lines), 1)

    def fail(self, key: str, what: str) -> ConfigError:
        """The error about a key of this table."""
        return ConfigError(f"{self.file}:{self.line(key)}: {what}")

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Raise ConfigError for a key that is none of these, with the nearest of them."""
        for key in self.data:
            if key not in known:
                raise self.fail(key, f"unknown key {key!r}{nearest(key, known)}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty, on one line. Raises ConfigError; also where the key is missing
        and there is no `default`.
        """
        if key not in self.data and default is not None:
            return default
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            missing = f"{key!r} is missing; it must be a text"
            wrong = f"{key!r} must be a text that is not empty"
            raise self.fail(key, wrong if key in self.data else missing)
        return " ".join(value.split())

    def texts(self, key: str, what: str = "a text or a list of texts") -> tuple[str, ...]:
        """A list of texts, or one text as a list of one; empty where the key is missing. `what`
        says what it must be.
        """
        value = self.data.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(key, f"{key!r} must be {what}")
        return tuple(value)

    def table(self, key: str) -> Table:
        """The table under this key, empty where it is missing."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.fail(key, f"{key!r} must be a table")
        return Table(self.file, value, self.lines, (*self.keys, key))

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of an array of tables, none where the key is missing."""
        rows = self.data.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self.fail(key, f"{key!r} must be tables: [[{key}]]")
        for number, row in enumerate(rows):
            yield Table(self.file, row, self.lines, (*self.keys, key, number))


def parse(text: str, file: str) -> Table:
    """The root table of a TOML text; `file` names it in errors. Raises ConfigError."""
    if number := long_key(text):
        raise ConfigError(f"{file}:{number}: a key of more than {MAX_PARTS} parts")
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{file}: not valid TOML: {' '.join(str(error).split())}") from error
    return Table(file, data, find_lines(text))


def find_lines(text: str) -> dict[Keys, int]:
    """The line of every key and table of a valid TOML text; inside inline tables and arrays nothing
    is looked for.
    """
    lines: dict[Keys, int] = {}
    arrays: dict[Keys, int] = {}
    table: Keys = ()
    for line, statement in _statements(text):
        if statement[0] != "[":
            keys = _keys(statement[: statement.index("=")])
            for n in range(1, len(keys) + 1):
                lines.setdefault((*table, *keys[:n]), line)
            continue
        is_array = statement[1] == "["
        keys = _keys(word for word in statement if word not in "[]")
        table = _resolve_header(keys[:-1], arrays) + keys[-1:]
        if is_array:
            lines.setdefault(table, line)
            arrays[table] = arrays.get(table, -1) + 1
        table = _resolve_header(keys, arrays)
        for n in range(1, len(table) + 1):
            lines.setdefault(table[:n], line)
    return lines


def _statements(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line it begins on, words) of each header and each `key = value`."""
    statement: list[str] = []
    line = begun = 1
    depth = 0
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word == "\n" and depth == 0 and statement:
            yield begun, statement
            statement = []
        elif word != "\n" and not word.startswith("#"):
            begun = begun if statement else line
            statement.append(word)
            depth += (word in "[{") - (word in "]}")
        line += word.count("\n")
    if statement:
        yield begun, statement


def _keys(words: Iterator[str] | Sequence[str]) -> Keys:
    """A dotted key without its dots and quotes."""
    return tuple(
        next(iter(tomllib.loads(f"{word} = 0"))) if word[0] in "\"'" else word
        for word in words
        if word != "."
    )


def _resolve_header(keys: Keys, arrays: Mapping[Keys, int]) -> Keys:
    """The keys of a header with the numbers of the tables that they lead into."""
    found: Keys = ()
    for key in keys:
        found = (*found, key)
        if found in arrays:
            found = (*found, arrays[found])
    return found
