"""The syntax tree of a Python file, parsed once for all collectors that read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from aisbom.source import python_text
from aisbom.source.faults import fault
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable


def tree(file: File) -> ast.Module:
    """The syntax tree. Raises Unreadable for what is no Python 3."""
    return file.once(_tree)


def nodes(file: File) -> list[ast.AST]:
    """Every node, in the order of `ast.walk`. Raises Unreadable like `tree`."""
    return file.once(_nodes)


def parsed(text: str) -> ast.Module:
    """The syntax tree of a text. Raises Unreadable for what is no Python 3."""
    try:
        return python_text.parse(text)
    except SyntaxError as error:
        where = f"line {error.lineno or 0}: not Python 3 ({fault(error.msg)})"
        raise Unreadable(f"{where}: references not looked for") from error
    except ValueError as error:
        raise Unreadable(f"not Python: {fault(error)}: references not looked for") from error
    except (RecursionError, MemoryError) as error:
        raise Unreadable("nested too deeply: references not looked for") from error


def _tree(file: File) -> ast.Module:
    return parsed(decode(file.read()))


def _nodes(file: File) -> list[ast.AST]:
    found: list[ast.AST] = [tree(file)]
    for node in found:
        found.extend(_below(node))
    return found


def _below(node: ast.AST) -> Iterator[ast.AST]:
    for name in node._fields:
        value = getattr(node, name, None)
        if value.__class__ is list:
            for item in value:
                if isinstance(item, ast.AST):
                    yield item
        elif isinstance(value, ast.AST):
            yield value
