"""A parsed document with typed access: every value knows its key and line, and what has the wrong
type becomes a gap.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aisbom.collect.parsed import lines
from aisbom.config.toml_bounds import MAX_PARTS, long_key
from aisbom.model import Gap, Location
from aisbom.source.faults import shown_key
from aisbom.source.tree import File, Unreadable

_MOST_GAPS = 100

# One file of a package in a lock, on a line of its own, as the lock tools write it: most of a lock
# is made of these.
_FILE_LINE = re.compile(
    r"""^([ \t]+)\{ ?(?:(?:url|file|name) = "[^"\\\n]*", )+"""
    r"""(?:upload-time = (?P<moment>[0-9TZ:.+-]+), )?(?:size = \d+, )?"""
    r"""(?:hash = "sha256:(?P<one>[0-9a-f]{64})"|"""
    r"""hashes = \{ ?sha256 = "(?P<other>[0-9a-f]{64})" ?\})(?:, size = \d+)?"""
    r"""(?:, upload-time = "(?P<time>[^"\\\n]*)")? ?\}(?=,?$)""",
    re.MULTILINE,
)
_LIFTED = "\ue000"


@dataclass(slots=True)
class Document:
    """One file's parsed value with its lines, and the gaps found while reading it (`drain` gives
    and forgets them).
    """

    by: str
    file: File
    text: str
    value: Any
    where: lines.Lines
    lifted: list[tuple[str, str]] = field(default_factory=list)
    gaps: dict[Gap, None] = field(default_factory=dict)
    withheld: int = 0
    _rows: list[str] = field(default_factory=list)

    @property
    def root(self) -> Node:
        """The top of the document."""
        return Node(self, self.value, 0, ())

    def at(self, line: int) -> Location:
        """A place in the file."""
        return self.file.at(line)

    def words(self, line: int, count: int = 1) -> str:
        """What the file says on a line (and the next ones), without indentation."""
        if not self._rows:
            self._rows = self.text.split("\n")
        return (
            " ".join(row.strip()[:400] for row in self._rows[line - 1 : line - 1 + count])
            if line
            else ""
        )

    def aside(self, value: str) -> tuple[str, str]:
        """The digest and the time of upload behind a value that stands for a line set aside, or
        `("", "")`.
        """
        number = value[1:]
        if (
            value[:1] == _LIFTED
            and number.isascii()
            and number.isdigit()
            and len(number) < 9
            and int(number) < len(self.lifted)
        ):
            return self.lifted[int(number)]
        return "", ""

    def gap(self, line: int, reason: str) -> None:
        """Note what cannot be read; after a hundred of them only their number."""
        found = Gap(self.by, self.at(line), reason)
        if len(self.gaps) < _MOST_GAPS:
            self.gaps[found] = None
        elif found not in self.gaps:
            self.withheld += 1

    def drain(self) -> Iterator[Gap]:
        """The gaps so far."""
        gaps, self.gaps = self.gaps, {}
        yield from gaps
        if self.withheld:
            yield Gap(self.by, self.file.at(), f"{self.withheld:,} more entries of the wrong type")
            self.withheld = 0


@dataclass(slots=True, eq=False)
class Node:
    """One value of a document. `line` is that of its key or, where none is known, of what holds it.
    A missing value is None.
    """

    document: Document
    value: Any
    line: int
    path: tuple[str | int, ...]

    @property
    def key(self) -> str:
        """The last part of the path."""
        return str(self.path[-1]) if self.path else ""

    @property
    def at(self) -> Location:
        """Where it stands."""
        return self.document.at(self.line)

    @property
    def excerpt(self) -> str:
        """The words of its line."""
        return self.document.words(self.line)

    def __bool__(self) -> bool:
        return self.value is not None

    def get(self, *keys: str) -> Node:
        """The value below, missing where any step is; a step through something that is no table is
        a gap.
        """
        node = self
        for key in keys:
            value = node.value.get(key) if isinstance(node.value, dict) else node.table().get(key)
            node = node.below(key, value)
        return node

    def below(self, key: str | int, value: Any) -> Node:
        """The node of a value that this one holds under `key`."""
        line = self.document.where.get((id(self.value), key), self.line)
        return Node(self.document, value, line, (*self.path, key))

    def table(self) -> dict[str, Any]:
        """The table, or an empty one: with a gap if it is something else."""
        if isinstance(self.value, dict):
            return self.value
        if self.value is not None:
            self.wrong("a table")
        return {}

    def items(self) -> Iterator[tuple[str, Node]]:
        """Key and value of a table."""
        for key, value in self.table().items():
            yield key, self.below(key, value)

    def values(self) -> Iterator[Node]:
        """The values of a table."""
        for key, value in self.table().items():
            yield self.below(key, value)

    def array(self) -> Iterator[Node]:
        """The elements of an array."""
        if isinstance(self.value, list):
            for number, value in enumerate(self.value):
                yield self.below(number, value)
        elif self.value is not None:
            self.wrong("an array")

    def string(self) -> str:
        """The string, or `""`: with a gap if it is something else."""
        if isinstance(self.value, str):
            return self.value
        if self.value is not None:
            self.wrong("a string")
        return ""

    def strings(self) -> Iterator[Node]:
        """The elements of an array that are strings; a gap for each of the others."""
        for node in self.array():
            if isinstance(node.value, str):
                yield node
            else:
                node.wrong("a string")

    def true(self) -> bool:
        """Whether it is `true` (also the word, as YAML scalars are kept)."""
        return self.value is True or self.value == "true"

    def wrong(self, wanted: str) -> None:
        """Note that the value has the wrong type."""
        self.document.gap(
            self.line, f"{self.name()}: {wanted} is expected, not {_name_type(self.value)}"
        )

    def name(self) -> str:
        """The path as text, e.g. `project.dependencies[3]`; keys that are no names stay unsaid."""
        text = ""
        for part in self.path:
            shown = f"[{part}]" if isinstance(part, int) else shown_key(part)
            text += f".{shown}" if text and isinstance(part, str) else shown
        return (text or "the document")[:200]

    def get_digest_and_time(self) -> tuple[str, str]:
        """The digest and the time of upload of a package file whose line `toml` set aside, or `("",
        "")`.
        """
        return self.document.aside(self.value) if isinstance(self.value, str) else ("", "")


def toml(file: File, by: str) -> Document:
    """Parse a TOML file. Raises what `tomllib` raises, with line and column.

    Lines that hold nothing but one package file with its SHA-256 are set aside before parsing: they
    are nine tenths of a lock, and `tomllib` is slow. `Node.get_digest_and_time` gives their digest
    and time.
    """
    text = file.text()
    if number := long_key(text):
        raise Unreadable(f"line {number}: a key of more than {MAX_PARTS} parts: not read")
    lifted: list[tuple[str, str]] = []

    def lift(found: re.Match[str]) -> str:
        lifted.append(
            (f"sha256:{found['one'] or found['other']}", found["moment"] or found["time"] or "")
        )
        return f'{found[1]}"{_LIFTED}{len(lifted) - 1}"'

    short = _FILE_LINE.sub(lift, text)
    data = tomllib.loads(short)
    return Document(by, file, text, data, lines.of_toml(short, data), lifted)


def json_document(file: File, by: str) -> Document:
    """Parse a JSON file. Raises what `json` raises, with line and column."""
    text = file.text()
    data = json.loads(text)
    return Document(by, file, text, data, lines.of_json(text, data))


def _name_type(value: Any) -> str:
    for kind, name in (
        (bool, "a boolean"),
        (dict, "a table"),
        (list, "an array"),
        (str, "a string"),
        ((int, float), "a number"),
    ):
        if isinstance(value, kind):
            return name
    return type(value).__name__
