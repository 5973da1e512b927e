"""What calls of the standard library put together from their arguments (paths, joined and formatted
texts), and which argument of a call is the default of an option.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from aisbom.collect.references import python_texts as texts
from aisbom.collect.references.python_names import Scope
from aisbom.collect.references.python_tables import Resolve, ScopedNode, Value
from aisbom.collect.references.python_values import Text

_FOLDER = re.compile(
    r"(?:.*_)?(?:cache|dir|directory|folder|root|home|outdir|workdir|savedir)(?:_path)?|save_path"
    r"|(?:.*_)?(?:out|output|save|saved|merged)_(?:path|model_path|file)",
    re.IGNORECASE,
)
_ENVIRONMENT = frozenset(
    {
        "os.environ.get",
        "os.getenv",
        "environ.get",
        "getenv",
        "os.environ.setdefault",
        "env.get",
    }
)
_SETTINGS = ("config", "cfg", "conf", "settings", "options", "opts", "args", "kwargs", "params")
_DEFAULTED = (
    "field",
    "Field",
    "Option",
    "Argument",
    "Param",
    "Parameter",
    "option",
    "mapped_column",
)
"""What the name of a call ends with that declares a field or an option."""


def mark_folders(name: str, values: Iterable[Value]) -> Iterator[Value]:
    """The values of a name; those of a name that is called a folder are folders, unless it may be
    something else as well (`repo_or_dir`).
    """
    if not _FOLDER.fullmatch(name) or "_or_" in name:
        yield from values
        return
    for value in values:
        yield replace(value, folder=True) if isinstance(value, Text) else value


def join_path(node: ast.Call, scope: Scope, values: Resolve) -> Iterator[Value]:
    """`os.path.join(a, b)`: a path, whatever its parts are called."""
    parts: list[list[Value]] = []
    for part in node.args[:16]:
        slash: Value = Text("/", node.lineno, folder=True)
        parts += [[slash]] * bool(parts) + [values(part, scope)]
    yield from texts.join_texts(parts, node.lineno)


def join_items(
    node: ast.Call, separators: list[Value], scope: Scope, values: Resolve
) -> Iterator[Value]:
    """`"/".join([owner, name])`."""
    items = values(node.args[0], scope) if len(node.args) == 1 else []
    lists = [
        (item.node.elts, item.scope)
        for item in items
        if isinstance(item, ScopedNode)
        and isinstance(item.node, ast.List | ast.Tuple)
        and 0 < len(item.node.elts) <= 32
    ]
    for separator in separators:
        if isinstance(separator, Text):
            for elements, inner in lists:
                pieces = ["", *[separator.value] * (len(elements) - 1), ""]
                given = [values(part, inner) for part in elements]
                yield from texts.fill_pattern(separator, pieces, given)


def fill_format(pattern: Text, node: ast.Call, scope: Scope, values: Resolve) -> Iterator[Value]:
    """`"{}/{name}".format(owner, name=...)`."""
    found = texts.places(pattern)
    if found is None:
        return
    pieces, keys = found
    given: list[list[Value]] = []
    named = {k.arg: k.value for k in node.keywords}
    for number, key in enumerate(keys):
        place = int(key) if key.isascii() and key.isdigit() and len(key) < 3 else number
        value = (
            named.get(key)
            if key and not key.isdigit()
            else node.args[place]
            if place < len(node.args)
            else None
        )
        given.append(values(value, scope) if value is not None else [])
    yield from texts.fill_pattern(pattern, pieces, given)


def find_default(node: ast.Call, name: str) -> ast.expr | None:
    """What `os.environ.get(..., default)`, `self.config.get(..., default)` and fields
    (`Field(default=...)`) stand for.
    """
    last = name.rpartition(".")[2]
    keywords = {k.arg: k.value for k in node.keywords}
    holder = name.removesuffix(".get") if name.endswith(".get") else ""
    if name in _ENVIRONMENT or holder.endswith((".environ", *_SETTINGS)):
        return node.args[1] if len(node.args) > 1 else keywords.get("default")
    if not last.endswith(_DEFAULTED):
        return None
    given = keywords.get("default")
    if given is None and node.args and last != "field":
        given = node.args[0]
    factory = keywords.get("default_factory")
    return factory.body if given is None and isinstance(factory, ast.Lambda) else given
