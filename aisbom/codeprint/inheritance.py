"""What a Python file declares of its ancestors: classes that inherit from classes it imports, and
the banner of a generated file; and the paths of the index that these are.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from aisbom.codeprint import compiled
from aisbom.codeprint.candidates import place_of
from aisbom.codeprint.derivation import Order
from aisbom.codeprint.tokens import prepare_text
from aisbom.source import python_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.codeprint.candidates import Place
    from aisbom.codeprint.corpus import Corpus
    from aisbom.codeprint.fingerprints import Prints
    from aisbom.codeprint.index import Index

MAX_STATEMENTS = 2_000

_MODEL = re.compile(r"(?:\bmodels\.|modeling_|modular_)(?!utils|outputs|interfaces)\w")
_TAILS: dict[str, Mapping[str, memoryview]] = {}

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


def find_declared_sources(prints: Prints, index: Index, known: Corpus) -> dict[int, Order]:
    """Paths that are the module of a class from which the file inherits, and the words for it.

    An absolute module has to be the end of the path, as a whole. A relative one speaks for itself
    only where its name repeats its folder's (`..olmo.modeling_olmo`): `.models.base` may be
    anybody's. A module that several paths could be is none.
    """
    if prints.family != "python":
        return {}
    found: dict[int, Order] = {}
    for one in find_ancestors(prints.data):
        parts = one.module.lstrip(".").split(".")
        if len(parts) < 2 or (
            one.module.startswith(".") and (len(parts[-2]) < 3 or parts[-2] not in parts[-1])
        ):
            continue
        whole = "/".join(parts) + ".py"
        paths = [
            path
            for path in _ending(index, known, "/".join(parts[-2:]) + ".py")
            if _ends(index, known, path, whole)
        ]
        if len(paths) == 1:
            found.setdefault(
                paths[0],
                Order(one.line, "inherits", f"line {one.line}: {one.what}", one.module),
            )
    return found


def _ends(index: Index, known: Corpus, path: int, end: str) -> bool:
    return f"/{place_of(index, known, path)[1]}".endswith(f"/{end}")


def _ending(index: Index, known: Corpus, tail: str) -> list[int]:
    """The paths of the index that may end in these two parts: those of the same checksum."""
    if index.digest not in _TAILS:
        _TAILS.clear()
        _TAILS[index.digest] = compiled.views(index, "tails", lambda one: _number(one, known))
    sums, paths = _TAILS[index.digest]["sum"], _TAILS[index.digest]["path"]
    wanted = _checksum(tail)
    first = bisect_left(sums, wanted)
    return paths[first : bisect_right(sums, wanted, first)].tolist()


def _number(index: Index, known: Corpus) -> Mapping[str, NDArray[Any]]:
    """The paths of the index by the checksum of their last two parts, in its order."""
    import numpy as np

    ends: list[tuple[int, int]] = []
    last = None
    for path, project, number in known.places():
        if (project, number) != last:
            whole = index.projects[project].paths[number]
            ends.append((_checksum("/".join(whole.split("/")[-2:])), path))
        last = project, number
    table = np.array(sorted(ends), dtype=np.uint32).reshape(-1, 2)
    return {name: np.ascontiguousarray(table[:, at]) for at, name in enumerate(("sum", "path"))}


def _checksum(tail: str) -> int:
    return crc32(tail.encode("utf-8", "surrogateescape"))


def names_model(module: str) -> bool:
    """Whether a module is that of a model: a class of any other is used, and not taken over."""
    return _MODEL.search(module) is not None


def find_generated_sources(prints: Prints, place: Place) -> Iterator[Order]:
    """The banners that name this path as what the file was generated from."""
    for one in generated_from(prints.data):
        source = one.module.rpartition("/")[2]
        if place[1].rpartition("/")[2] in (source, source.replace("modular_", "modeling_", 1)):
            yield Order(one.line, "generated", f"line {one.line}: {one.what}")
