"""What a Python file declares of its ancestors: classes that inherit from classes it imports, and
the banner of a generated file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from aisbom.codeprint.tokens import prepare_text
from aisbom.source import python_text

MAX_STATEMENTS = 2_000

_IMPORT = re.compile(
    rb"\n[ \t]*(from[ \t]+[.\w]+[ \t]+import[ \t]*(?:\([^()]*+\)|(?:[^\n\\#;(]|\\\n)*+))"
)
_STAR = re.compile(rb"\nfrom[ \t]+([.\w]+)[ \t]+import[ \t]*\*")
_CLASS = re.compile(rb"\n(class[ \t]+\w+[ \t]*\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)[ \t]*:)")
_GENERATED = re.compile(
    rb"(?:automatically )?generated from"
    rb"[ \t]+((?:[\w.\-]+/)*[\w.\-]+\.(?:py|cu|cuh|cpp|h|proto|pyx))",
    re.IGNORECASE,
)


class Ancestor(NamedTuple):
    """A statement about an ancestor: `module` is dotted as written (leading dots too) or a path;
    `what` says it in words.
    """

    line: int
    module: str
    name: str
    what: str


def find_ancestors(data: bytes) -> tuple[Ancestor, ...]:
    """Classes whose bases the file imports from elsewhere, in order. Statements are parsed one by
    one: a broken file is read too.
    """
    text = prepare_text(data)
    if text is None:
        return ()
    source: dict[str, tuple[str, str]] = {}
    for found in list(_IMPORT.finditer(text))[:MAX_STATEMENTS]:
        node = _parse(found[1])
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            source.update(
                {alias.asname or alias.name: (module, alias.name) for alias in node.names}
            )
    rows = [*_all_of(text)] if _CLASS.search(text) else []
    for found in list(_CLASS.finditer(text))[:MAX_STATEMENTS] if source else ():
        node = _parse(found[1] + b" pass")
        for base in node.bases if isinstance(node, ast.ClassDef) else ():
            if isinstance(node, ast.ClassDef) and isinstance(base, ast.Name) and base.id in source:
                module, name = source[base.id]
                # The text begins with a line break of its own, so the break before a statement
                # counts its line.
                line = text.count(b"\n", 0, found.start() + 1)
                rows.append(
                    Ancestor(
                        line,
                        module,
                        name,
                        f"class {node.name} inherits {name}, imported from {module}",
                    )
                )
    return tuple(rows)


def _all_of(text: bytes) -> Iterator[Ancestor]:
    """Modules of which the file takes over everything, to define some of it anew."""
    for found in list(_STAR.finditer(text))[:MAX_STATEMENTS]:
        module = found[1].decode("ascii", "replace")
        line = text.count(b"\n", 0, found.start() + 1)
        yield Ancestor(line, module, "*", f"takes over everything of {module}")


def generated_from(data: bytes) -> tuple[Ancestor, ...]:
    """The banner of a generated file that names its source, in the first lines."""
    found = _GENERATED.search(data[:4096])
    if not found:
        return ()
    path = found[1].decode("ascii", "replace")
    return (Ancestor(data.count(b"\n", 0, found.start()) + 1, path, "", f"generated from {path}"),)


def _parse(statement: bytes) -> ast.stmt | None:
    try:
        body = python_text.parse(statement.decode("utf-8", "replace")).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return body[0] if body else None
