"""Settings that are written as Python: the tables that a module assigns, as values with lines.

Nothing is run. Read are literals, `dict(type='Swin', depth=2)`, detectron2's `L(ViT)(depth=12)` and
`_C.MODEL.NAME = ...`; a name stands for itself. Whatever else stands there is None.
Sources: MMEngine's documentation, "Config"; detectron2's, "Lazy Configs" and "Yacs Configs".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from aisbom.collect.parsed.lines import Lines
from aisbom.collect.parsed.nodes import Document
from aisbom.source import python_text
from aisbom.source.tree import File

MAX_READ = 512 * 1024
MAX_VALUES = 20_000
_MAX_DEPTH = 20
_TARGET = "_target_"
_LAZY = frozenset({"L", "LazyCall"})


def settings(file: File, by: str) -> Document:
    """The document of a module: a table of what it assigns at its top. Raises SyntaxError,
    ValueError, RecursionError or MemoryError for what is no Python, and Unreadable for a file that
    is too large.
    """
    text = file.text(MAX_READ)
    built = _ValueBuilder()
    root: dict[str, Any] = {}
    for statement in python_text.parse(text).body:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            path = list(_path(statement.targets[0]))
            if path:
                built.put(root, path, statement.value)
    return Document(by, file, text, root, built.lines)


def _path(target: ast.expr) -> Iterator[str]:
    """`_C.MODEL.NAME` without its first word, a plain name as it is; nothing for other targets."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Attribute):
        if isinstance(target.value, ast.Attribute):
            yield from _path(target.value)
        elif not isinstance(target.value, ast.Name):
            return
        yield target.attr


class _ValueBuilder:
    """Values of syntax trees, and the lines of their keys."""

    def __init__(self) -> None:
        self.lines: Lines = {}
        self._left = MAX_VALUES

    def put(self, root: dict[str, Any], path: list[str], value: ast.expr) -> None:
        """Set what stands at a path of keys; a table that is there already stays."""
        table = root
        for key in path[:-1]:
            below = table.get(key)
            if not isinstance(below, dict):
                below = table[key] = {}
                self.lines[id(table), key] = value.lineno
            table = below
        found = self.value(value, 0)
        if found is not None and not isinstance(table.get(path[-1]), dict):
            table[path[-1]] = found
            self.lines[id(table), path[-1]] = value.lineno

    def value(self, node: ast.expr, depth: int) -> Any:
        """The value of an expression, None for one that is not read."""
        self._left -= 1
        if self._left < 0 or depth > _MAX_DEPTH:
            return None
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str | int | float | bool) else None
        if isinstance(node, ast.Name | ast.Attribute):
            return _get_dotted_name(node)
        if isinstance(node, ast.List | ast.Tuple):
            return self._list(node.elts, depth)
        if isinstance(node, ast.Dict):
            keys = [k.value if isinstance(k, ast.Constant) else None for k in node.keys]
            return self._table(zip(keys, node.values, strict=True), {}, depth)
        return self._call(node, depth) if isinstance(node, ast.Call) else None

    def _list(self, nodes: list[ast.expr], depth: int) -> list[Any]:
        found: list[Any] = []
        for node in nodes[:2000]:
            self.lines[id(found), len(found)] = node.lineno
            found.append(self.value(node, depth + 1))
        return found

    def _call(self, node: ast.Call, depth: int) -> Any:
        pairs = [(word.arg, word.value) for word in node.keywords]
        if isinstance(node.func, ast.Name) and node.func.id in ("dict", "CN", "CfgNode"):
            return self._table(iter(pairs), {}, depth)
        made = node.func
        if isinstance(made, ast.Call) and _get_dotted_name(made.func) in _LAZY and made.args:
            name = _get_dotted_name(made.args[0])
            table = self._table(iter(pairs), {_TARGET: name} if name else {}, depth)
            self.lines[id(table), _TARGET] = node.lineno
            return table
        return None

    def _table(
        self, pairs: Iterator[tuple[Any, ast.expr]], table: dict[str, Any], depth: int
    ) -> dict[str, Any]:
        for key, value in pairs:
            if isinstance(key, str):
                table[key] = self.value(value, depth + 1)
                self.lines[id(table), key] = value.lineno
        return table


def _get_dotted_name(node: ast.expr) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None
