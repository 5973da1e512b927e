"""The syntax tree of a Python file, parsed once for all collectors that read it."""

from __future__ import annotations

import ast

from aisbom.source import python_text
from aisbom.source.faults import fault
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable


def tree(file: File) -> ast.Module:
    """The syntax tree. Raises Unreadable for what is no Python 3."""
    return file.once(_tree)


def nodes(file: File) -> list[ast.AST]:
    """Every node that may hold others, and no operator, in the order of `ast.walk`. Raises
    Unreadable like `tree`.
    """
    return file.once(_nodes)


_NO_NODES = frozenset(
    {"id", "attr", "arg", "level", "module", "asname", "kind", "type_comment", "conversion"}
)
_OPERATORS = frozenset({"ctx", "op", "ops"})


class FieldsWithNodes(dict[type, tuple[str, ...]]):
    """By the class of a node: its fields in which nodes may lie that are no operators. None for
    what is no node. Each class is looked at once: there are some hundred, and millions of nodes.
    """

    def __missing__(self, kind: type) -> tuple[str, ...]:
        """Look at a class for the first time."""
        names = kind._fields if issubclass(kind, ast.AST) and kind is not ast.Constant else ()
        self[kind] = found = tuple(name for name in names if name not in _NO_NODES | _OPERATORS)
        return found


FIELDS_WITH_NODES = FieldsWithNodes()


def parse_python(text: str) -> ast.Module:
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
    return parse_python(decode(file.read()))


def _nodes(file: File) -> list[ast.AST]:
    found: list[ast.AST] = [tree(file)]
    for node in found:  # it grows: a file has thousands of nodes, so none is handed on by a call
        for name in FIELDS_WITH_NODES[node.__class__]:
            value = getattr(node, name, None)
            if value.__class__ is list:
                found += [item for item in value if FIELDS_WITH_NODES[item.__class__]]
            elif value is not None and FIELDS_WITH_NODES[value.__class__]:
                found.append(value)
    return found
