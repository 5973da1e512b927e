"""YAML as plain values or as values with lines: bounded in depth and size, and nothing is ever
constructed from a tag.

Built on the parser's events with a stack of its own: the loaders of PyYAML recurse, and the one in
C takes the process down. Merge keys (`<<`) are kept as ordinary keys.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from aisbom.collect.parsed.lines import Lines
from aisbom.collect.parsed.nodes import Document
from aisbom.lazy_module import Module
from aisbom.source.tree import File, Unreadable

if TYPE_CHECKING:
    import yaml
else:
    yaml = Module("yaml")

MAX_DEPTH = 64
MAX_NODES = 2_000_000
"""Nodes with every alias counted as large as what it stands for, so that a reader may walk the
result.
"""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,40}|[0-9]{1,40}(?:\.[0-9]{0,40})?)(?:[eE][-+]?[0-9]{1,3})?")


def load(text: str) -> Any:
    """The first document as dict, list, str, int, float, bool or None, by YAML 1.2's core schema:
    `no` and dates stay strings.

    Keys are strings. Raises yaml.YAMLError for bad syntax, Unreadable for what is too deep, too
    large or refers to itself.
    """
    return _build(text, plain=True).value


def load_with_lines(file: File, by: str) -> Document:
    """The first document with lines. Every scalar stays the string it was written as (`1.10` is a
    version), only null is None.

    Raises like `load`. A second document is a gap.
    """
    text = file.text()
    built = _build(text, plain=False)
    document = Document(by, file, text, built.value, built.lines)
    if built.more:
        document.gap(built.more, "a second YAML document: not read")
    return document


def load_values_with_lines(file: File, by: str) -> Document:
    """The first document as plain values, as `load` gives them, with lines. Raises like `load`."""
    text = file.text()
    built = _build(text, plain=True)
    return Document(by, file, text, built.value, built.lines)


@dataclass(slots=True)
class _ParsedValue:
    value: Any = None
    lines: Lines = field(default_factory=dict)
    more: int = 0


@dataclass(slots=True)
class _Open:
    """A container being read: its anchor, the key that waits for a value, and how large and high it
    is so far.
    """

    value: Any
    anchor: str | None
    line: int
    key: str | None = None
    size: int = 1
    height: int = 1


def _build(text: str, plain: bool) -> _ParsedValue:
    builder = _Builder(plain)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.DocumentStartEvent):
            builder.documents += 1
            if builder.documents > 1:
                builder.built.more = line
                break
        builder.take(event, line)
    return builder.built


class _Done(NamedTuple):
    """A finished value, the line it starts at, how many nodes it has and how many levels."""

    value: Any
    line: int
    size: int = 1
    height: int = 1


class _Builder:
    """Puts the events of one document together, without recursion and within bounds."""

    def __init__(self, plain: bool) -> None:
        self.built = _ParsedValue()
        self.documents = 0
        self._plain = plain
        self._stack: list[_Open] = []
        # anchor -> (value, size, height); size 0 while it is being read
        self._anchors: dict[str, tuple[Any, int, int]] = {}

    def take(self, event: Any, line: int) -> None:
        """Take the next event. Raises Unreadable where the document is beyond the bounds."""
        if isinstance(event, yaml.ScalarEvent):
            top = self._stack[-1] if self._stack else None
            key = top is not None and top.key is None and isinstance(top.value, dict)
            value = event.value if key else _scalar(event, self._plain)
            if event.anchor:
                self._anchors[event.anchor] = (value, 1, 1)
            self._place(_Done(value, line))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self._stack.pop()
            if done.anchor and self._anchors[done.anchor][0] is done.value:
                self._anchors[done.anchor] = (done.value, done.size, done.height)
            self._place(_Done(done.value, done.line, done.size, done.height))
        elif isinstance(event, yaml.AliasEvent):
            value, size, height = self._anchors.get(event.anchor or "", (None, 0, 0))
            if not size:
                raise Unreadable(
                    f"line {line}: an alias of nothing, or of what it stands in: not read"
                )
            self._place(_Done(value, line, size, height))

    def _open(self, event: Any, line: int) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise Unreadable(f"line {line}: nested more than {MAX_DEPTH} levels deep: not read")
        container: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        if event.anchor:
            self._anchors[event.anchor] = (container, 0, 0)
        self._stack.append(_Open(container, event.anchor, line))

    def _place(self, done: _Done) -> None:
        """Put a finished value where it belongs."""
        if not self._stack:
            self.built.value = done.value
            return
        top, lines = self._stack[-1], self.built.lines
        top.size += done.size
        top.height = max(top.height, done.height + 1)
        if top.size > MAX_NODES or len(self._stack) + done.height > MAX_DEPTH + 1:
            raise Unreadable(
                f"line {done.line}: too large or too deep once its aliases are followed: not read"
            )
        if isinstance(top.value, list):
            lines[id(top.value), len(top.value)] = done.line
            top.value.append(done.value)
        elif top.key is None:
            named = isinstance(done.value, str)
            top.key = done.value if named else f"<key of line {done.line}>"
            lines[id(top.value), top.key] = done.line
        else:
            top.value[top.key] = done.value
            top.key = None


def _scalar(event: Any, plain: bool) -> Any:  # noqa: PLR0911
    text: str = event.value
    if not event.implicit[0]:  # quoted, or tagged
        return text
    if text in _NULL:
        return None
    if not plain:
        return text
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
