"""Where the entries of a parsed TOML or JSON document stand: the line of every key of a table and
every element of an array.

The parsers of the standard library tell no lines. Here the text, known to be valid, is walked a
second time beside the parsed value.
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from aisbom.lazy_module import compile_later

Lines = dict[tuple[int, str | int], int]
"""(`id` of a table or array, key or index) -> line from 1. Holds as long as the parsed value lives.
"""

_BASIC = r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'
_LITERAL = r"'[^'\n]*+'"
_PART = rf"(?:[A-Za-z0-9_-]+|{_BASIC}|{_LITERAL})"
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_BLANK = compile_later(r"(?:[ \t\n]+|#[^\n]*)*+")
_HEADER = compile_later(rf"\[(\[?)[ \t]*({_DOTTED})[ \t]*\]+")
_KEY = compile_later(rf"({_DOTTED})[ \t]*=[ \t]*")
_PARTS = compile_later(_PART)
_LONG = r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}|' + r"'''(?:[^']|'(?!''))*+'{3,5}"
_TOKEN = compile_later(
    rf"(?s:{_LONG})|{_BASIC}|{_LITERAL}|#[^\n]*|[\[\]{{}},\n]|[^\[\]{{}},\n\"'#]+"
)
_REST = compile_later(rf"(?s:{_LONG})|{_BASIC}|{_LITERAL}|[^\n#]*")


def of_toml(text: str, data: dict[str, Any]) -> Lines:
    """Lines of `data`, which `tomllib` read from `text`. What stands inside an inline table has the
    line of that table.
    """
    lines: Lines = {}
    table: Any = data
    at, line, end = 0, 1, len(text)
    while True:
        start = at
        at = _end(_BLANK, text, at)
        line += text.count("\n", start, at)
        if at >= end:
            return lines
        if header := _HEADER.match(text, at):
            table = _enter(data, _keys(header[2]), bool(header[1]), line, lines)
            at = header.end()
            continue
        found = _KEY.match(text, at)
        if not found:
            at = text.find("\n", at)  # cannot happen in valid TOML; never loop
            if at < 0:
                return lines
            continue
        keys = _keys(found[1])
        holder = table
        for key in keys[:-1]:
            _set(lines, holder, key, line)
            holder = _child(holder, key)
        _set(lines, holder, keys[-1], line, overwrite=True)
        at = found.end()
        start = at
        at = _value(text, at, line, _child(holder, keys[-1]), lines)
        line += text.count("\n", start, at)


def _value(text: str, at: int, line: int, value: Any, lines: Lines) -> int:
    """Pass over one value; note the lines of the elements of arrays. Returns the offset
    behind it.
    """
    if not text.startswith(("[", "{"), at):
        return _end(_REST, text, at)
    stack: list[tuple[str, Any]] = []
    counts: list[int] = []
    fresh = False  # the next value is a new element of the innermost array
    for token in _TOKEN.finditer(text, at):
        words = token[0]
        first = words[0]
        if first == "\n":
            line += 1
        elif first == "#" or words.isspace():
            continue
        elif first == ",":
            fresh = bool(stack) and stack[-1][0] == "["
        elif first in "]}":
            stack.pop()
            counts.pop()
            fresh = False
            if not stack:
                return token.end()
        else:
            here: Any = value if not stack else None
            if fresh:
                holder = stack[-1][1]
                if isinstance(holder, list) and counts[-1] < len(holder):
                    here = holder[counts[-1]]
                    lines[id(holder), counts[-1]] = line
                counts[-1] += 1
                fresh = False
            if first in "[{":
                stack.append((first, here))
                counts.append(0)
                fresh = first == "["
            else:
                line += words.count("\n")
    return len(text)


def _enter(data: Any, keys: list[str], repeated: bool, line: int, lines: Lines) -> Any:
    """The table that a header opens, its line noted under its parent."""
    holder = data
    for key in keys[:-1]:
        _set(lines, holder, key, line)
        holder = _child(holder, key)
        if isinstance(holder, list):
            # A header below an array of tables speaks of the last one opened, which is the last
            # with a line.
            holder = holder[max(0, _get_opening_line(lines, holder) - 1)] if holder else None
    key = keys[-1]
    _set(lines, holder, key, line)
    inner = _child(holder, key)
    if not repeated or not isinstance(inner, list):
        if not isinstance(inner, list):
            _set(lines, holder, key, line, overwrite=True)
        return inner
    number = _get_opening_line(lines, inner)
    lines[id(inner), number] = line
    lines[id(inner), -1] = number + 1
    return inner[number] if number < len(inner) else None


def _get_opening_line(lines: Lines, array: list[Any]) -> int:
    return lines.get((id(array), -1), 0)


def _set(lines: Lines, holder: Any, key: str, line: int, overwrite: bool = False) -> None:
    if isinstance(holder, dict) and (overwrite or (id(holder), key) not in lines):
        lines[id(holder), key] = line


def _child(holder: Any, key: str) -> Any:
    return holder.get(key) if isinstance(holder, dict) else None


def _keys(dotted: str) -> list[str]:
    return [_unquote(part) for part in _PARTS.findall(dotted)]


def _unquote(part: str) -> str:
    if part[0] == '"' and "\\" in part:
        return str(tomllib.loads(f"k = {part}")["k"])
    return part[1:-1] if part[0] in "\"'" else part


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


_JSON = compile_later(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}:,\n]|[^\[\]{}:,\n"\s]+')


def of_json(text: str, data: Any) -> Lines:
    """Lines of `data`, which `json` read from `text`."""
    lines: Lines = {}
    line = 1
    stack: list[Any] = []
    keys: list[str | int] = []
    key_next = False
    for token in _JSON.finditer(text):
        words = token[0]
        first = words[0]
        if first == "\n":
            line += 1
        elif first in "]}":
            if stack:
                stack.pop()
                keys.pop()
            key_next = False
        elif first == ",":
            key_next = bool(stack) and not isinstance(keys[-1], int)
        elif first == ":":
            key_next = False
        elif key_next and first == '"':
            keys[-1] = words[1:-1] if "\\" not in words else _json_text(words)
            if stack and isinstance(stack[-1], dict):
                lines[id(stack[-1]), keys[-1]] = line
        else:
            value: Any = data if not stack else None
            if stack:
                value = _json_child(stack[-1], keys[-1])
                if isinstance(keys[-1], int):
                    lines[id(stack[-1]), keys[-1]] = line
                    keys[-1] += 1
            if first in "[{":
                stack.append(value)
                keys.append(0 if first == "[" else "")
                key_next = first == "{"
    return lines


def _json_child(holder: Any, key: str | int) -> Any:
    if isinstance(holder, dict):
        return holder.get(key)
    if isinstance(holder, list) and isinstance(key, int) and key < len(holder):
        return holder[key]
    return None


def _json_text(words: str) -> str:
    return str(json.loads(words, strict=False))
