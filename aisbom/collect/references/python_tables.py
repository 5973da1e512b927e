"""Elements of lists and tables that stand in Python source: by index, by key, all of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aisbom.collect.models.hub_names import hub_id, weight_file
from aisbom.collect.references.python_names import Scope
from aisbom.collect.references.python_values import Text

MAX_ELEMENTS = 400
MAX_NESTED = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class ScopedNode:
    """A table, list or call that stands there as it is."""

    node: ast.expr
    scope: Scope


class Nothing:
    """The value None."""


NONE = Nothing()
Value = Text | ScopedNode | Nothing
Resolve = Callable[[ast.AST | None, Scope], list[Value]]
"""What an expression may stand for."""


def step(held: ScopedNode, place: int | str, resolve: Resolve) -> Iterator[Value]:
    """The element that a binding leads to: `*` is each of them."""
    node = held.node
    if place == "*":
        yield from each(held, resolve)
    elif (
        isinstance(node, ast.Tuple | ast.List) and isinstance(place, int) and place < len(node.elts)
    ):
        yield from resolve(node.elts[place], held.scope)


def each(held: ScopedNode, resolve: Resolve) -> Iterator[Value]:
    """The elements of a list, the keys of a table, and what its `items()` and `values()` give."""
    node = held.node
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        for element in node.elts[:MAX_ELEMENTS]:
            yield from resolve(element, held.scope)
    elif isinstance(node, ast.Dict):
        for key in node.keys[:MAX_ELEMENTS]:
            yield from resolve(key, held.scope)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        for table in resolve(node.func.value, held.scope):
            if isinstance(table, ScopedNode) and isinstance(table.node, ast.Dict):
                yield from _view(table.node, node.func.attr, table.scope, resolve)


def _view(table: ast.Dict, view: str, scope: Scope, resolve: Resolve) -> Iterator[Value]:
    for key, value in list(zip(table.keys, table.values, strict=True))[:MAX_ELEMENTS]:
        if view == "items" and key is not None:
            yield ScopedNode(ast.Tuple([key, value], ast.Load()), scope)
        elif view in ("values", "keys"):
            yield from resolve(value if view == "values" else key, scope)


def element(
    held: ScopedNode, keys: list[str], number: int | None, resolve: Resolve
) -> Iterator[Value]:
    """One element, or every one where the key is not settled: some of them is meant."""
    node = held.node
    if isinstance(node, ast.Dict):
        yield from _of_table(node, held.scope, keys, resolve)
    elif isinstance(node, ast.List | ast.Tuple):
        if number is None:
            for one in node.elts[:MAX_ELEMENTS]:
                yield from resolve(one, held.scope)
        elif -len(node.elts) <= number < len(node.elts):
            yield from resolve(node.elts[number], held.scope)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        for keyword in node.keywords:
            if not keys or keyword.arg in keys:
                yield from resolve(keyword.value, held.scope)


def _of_table(node: ast.Dict, scope: Scope, keys: list[str], resolve: Resolve) -> Iterator[Value]:
    pairs = list(zip(node.keys, node.values, strict=True))
    chosen = [(k, v) for k, v in pairs if isinstance(k, ast.Constant) and k.value in keys]
    for key, value in chosen if keys else pairs[:MAX_ELEMENTS]:
        if key is not None:
            yield from resolve(value, scope)
            continue
        for more in resolve(value, scope):
            if isinstance(more, ScopedNode):
                yield from element(more, keys, None, resolve)


def walk_values(node: ast.expr) -> Iterator[ast.expr]:
    """Every value in lists and tables inside each other, at most MAX_NESTED; the node itself where
    it is neither. `_name_or_path`, which `transformers` writes into the configuration of a model,
    says where somebody once loaded it: nothing loads what stands there.
    """
    todo, count = [node], 0
    while todo and count < MAX_NESTED:
        part = todo.pop()
        count += 1
        if isinstance(part, ast.List | ast.Tuple | ast.Set):
            todo += reversed(part.elts)
        elif isinstance(part, ast.Dict):
            named = any(hub_id(_read_string(value)) for value in part.values)
            todo += [
                value
                for key, value in zip(reversed(part.keys), reversed(part.values), strict=True)
                if _read_string(key) != "_name_or_path"
                # Beside an id it is a file of that repository.
                and not (named and weight_file(_read_string(value)))
            ]
        else:
            yield part


def _read_string(node: ast.expr | None) -> str:
    value = node.value if isinstance(node, ast.Constant) else ""
    return value if isinstance(value, str) else ""
