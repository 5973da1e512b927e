"""Values of Python source that stand there in words: what they are, and what the usual operations
make of them.

Nothing is executed: an operation that is not known here gives `UNKNOWN`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

MAX_ITEMS = 20_000
MAX_TEXT = 200_000


class _Unknown:
    """A value that only running the file would tell."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()


@dataclass(frozen=True, slots=True)
class Text:
    """A string and the line that it stands on; `spread` where its own lines are lines of
    the file, `folder` where it begins with what a name calls a folder (`CACHE_DIR`).
    """

    value: str
    line: int
    certain: bool = True
    spread: bool = False
    folder: bool = False

    def part(self, value: str, offset: int = 0) -> Text:
        """A piece of the string that begins `offset` lines below its start."""
        return Text(value, self.line + (offset if self.spread else 0), self.certain)


Value = Any
"""Text, list of values, dict of str to values, int, bool, None, or UNKNOWN; a dict with the key
`""` has keys nobody knows.
"""


def constant(node: ast.Constant) -> Value:
    """What a constant stands for."""
    value = node.value
    if isinstance(value, str):
        spread = (node.end_lineno or node.lineno) - node.lineno == value.count("\n")
        return Text(value, node.lineno, spread=spread) if len(value) <= MAX_TEXT else UNKNOWN
    return value if value is None or isinstance(value, bool | int) else UNKNOWN


def string(value: str, line: int) -> Value:
    """A string made by an operation; too long a one is not kept."""
    return Text(value, line) if len(value) <= MAX_TEXT else UNKNOWN


def add_values(left: Value, right: Value) -> Value:
    """`left + right`, also for tables; a list keeps what is known of it."""
    if isinstance(left, Text) and isinstance(right, Text):
        return string(left.value + right.value, left.line)
    if isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    if isinstance(left, list) or isinstance(right, list):
        items = [
            *(left if isinstance(left, list) else [UNKNOWN]),
            *(right if isinstance(right, list) else [UNKNOWN]),
        ]
        return items if len(items) <= MAX_ITEMS else UNKNOWN
    return UNKNOWN


def merge_values(left: Value, right: Value) -> Value:
    """What stands for one or the other: lists together, the rest only if equal."""
    if isinstance(left, list) and isinstance(right, list):
        both = [item for item in left if item in right]
        alone = [item for item in left if item not in both] + [
            item for item in right if item not in both
        ]
        return [*both, *(uncertain(item) for item in alone)]
    if isinstance(left, dict) and isinstance(right, dict):
        return {
            key: (
                merge_values(left[key], right[key])
                if key in left and key in right
                else left.get(key, right.get(key))
            )
            for key in {**left, **right}
        }
    if isinstance(left, Text) and isinstance(right, Text) and left.value == right.value:
        return left
    if isinstance(left, list) or isinstance(right, list):
        return [*(uncertain(item) for item in (left if isinstance(left, list) else right)), UNKNOWN]
    return left if left is right else UNKNOWN


def uncertain(value: Value) -> Value:
    """The same, not certain."""
    return replace(value, certain=False) if isinstance(value, Text) else value


def format_text(left: Value, right: Value) -> Value:
    """`"torch>=%s" % version`."""
    parts = right if isinstance(right, list) else [right]
    if (
        isinstance(left, Text)
        and all(isinstance(p, Text) for p in parts)
        and left.value.count("%") == left.value.count("%s") == len(parts)
    ):
        filled = left.value
        for part in parts:
            filled = filled.replace("%s", part.value, 1)
        return string(filled, left.line)
    return UNKNOWN


def _flat(values: Iterable[Value]) -> Value:
    items: list[Value] = []
    for value in values:
        items += value if isinstance(value, list) else [UNKNOWN]
        if len(items) > MAX_ITEMS:
            return UNKNOWN
    return items


def built_in(name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """What a built-in function makes of values."""
    first = arguments[0] if arguments else None
    if name in ("list", "tuple", "sorted", "set", "frozenset", "reversed"):
        if not arguments:
            return []
        return (
            first
            if isinstance(first, list)
            else [Text(k, 0) for k in first]
            if isinstance(first, dict)
            else UNKNOWN
        )
    if name == "dict":
        base = first if isinstance(first, dict) else {} if not arguments else {"": UNKNOWN}
        return {**base, **keywords}
    if name == "str":
        return first if isinstance(first, Text) else UNKNOWN
    if name == "sum" and isinstance(first, list):
        return _flat(first)
    return _flat(arguments) if name == "chain" else UNKNOWN


def method(held: Value, name: str, arguments: list[Value]) -> Value:  # noqa: C901, PLR0911
    """What a method of a value makes of its arguments."""
    if isinstance(held, Text):
        return _text_method(held, name, arguments)
    if isinstance(held, dict):
        if name == "values":
            return list(held.values())
        if name == "keys":
            return [Text(key, 0) for key in held]
        if name == "items":
            return [[Text(key, 0) if key else UNKNOWN, value] for key, value in held.items()]
        if name == "copy":
            return held
        if name == "get" and arguments and isinstance(arguments[0], Text):
            return held.get(arguments[0].value, arguments[1] if len(arguments) > 1 else None)
    if isinstance(held, list):
        if name == "copy":
            return held
        if name == "union":
            return _flat([held, *arguments])
    if name == "chain":
        return _flat(arguments)
    if name == "from_iterable" and arguments and isinstance(arguments[0], list):
        return _flat(arguments[0])
    return UNKNOWN


def _text_method(held: Text, name: str, arguments: list[Value]) -> Value:  # noqa: PLR0911
    if not all(isinstance(argument, Text) for argument in arguments):
        if (
            name == "join"
            and len(arguments) == 1
            and isinstance(arguments[0], list)
            and all(isinstance(t, Text) for t in arguments[0])
        ):
            return string(held.value.join(t.value for t in arguments[0]), held.line)
        return UNKNOWN
    given = [argument.value for argument in arguments]
    if name in ("strip", "lstrip", "rstrip", "lower") and not given:
        cut = (
            held.value[: len(held.value) - len(held.value.lstrip())]
            if name in ("strip", "lstrip")
            else ""
        )
        stripped = held.part(getattr(held.value, name)(), cut.count("\n"))
        return replace(stripped, spread=held.spread)
    if name == "splitlines" and not given:
        return [held.part(part, number) for number, part in enumerate(held.value.split("\n"))]
    if name == "split" and len(given) <= 1:
        if not given:
            return [held.part(word) for word in held.value.split()]
        if given[0]:
            return [
                held.part(part, number if given[0] == "\n" else 0)
                for number, part in enumerate(held.value.split(given[0]))
            ]
    if name == "format" and held.value.count("{") == held.value.count("{}") == len(given):
        filled = held.value
        for value in given:
            filled = filled.replace("{}", value, 1)
        return string(filled, held.line)
    return UNKNOWN
