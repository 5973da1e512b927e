"""What a Python file takes from other modules of the same tree: constants, and functions or classes
that pass an argument on to a loader (`load_tower("owner/name")`).

Modules are found by their path, read and never imported; how many and how deep is bounded.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from aisbom.collect.models.hub_names import hub_id
from aisbom.collect.references import model_zoos, python_trees
from aisbom.collect.references.expressions import CallArguments, Module
from aisbom.collect.references.loader_calls import LoaderCall, argument, loader_of
from aisbom.collect.references.loaders import DOWNLOADERS, WEIGHT_FILE
from aisbom.collect.references.python_names import Call, Names
from aisbom.collect.references.python_values import Text
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable

MAX_MODULE = 512 * 1024
MAX_REMEMBERED = 512 * 1024
"""Characters of source whose names are remembered: a hundred times as many bytes."""
MAX_LOOKUPS = 100
MAX_DEPTH = 4
"""Modules between a file and what it uses."""
MAX_CALLS = 200
"""Calls of a module that are asked whether they pass an argument on."""
MAX_PASSED = 400
"""Calls of functions in other modules that are followed for one file."""

_WANTED = re.compile(
    rb"import[ \t]++(?:\([^)]{0,2000}?|[\w ,\t]{0,300}?)"
    rb"\b(?:[A-Z0-9_]*(?:MODEL|REPO|CHECKPOINT|HUB|WEIGHTS|DATASET)[A-Z0-9_]*|[A-Z][A-Z0-9_]+_(?:NAME|ID))\b"
)
_LIKE_A_NAME = re.compile(r"[A-Za-z][\w.\-]*[\d\-][\w.\-]*")


def imports(data: bytes) -> bool:
    """Whether a file imports a constant that may be the name of a model or a data set."""
    return _WANTED.search(data) is not None


class ReachedLoader(NamedTuple):
    """A loader, or a download where it is None, that an argument reaches in another module, and
    what arrives there.
    """

    loader: LoaderCall | None
    texts: list[Text]


class _Other(NamedTuple):
    """Another module of the tree; `passes` are the texts that its calls pass by themselves, which
    do not depend on who calls it.
    """

    file: File
    names: Names
    beside: OtherModules
    lines: list[str]
    passes: dict[int, frozenset[str]]

    def before(self, plain: Module, call: Call) -> frozenset[str]:
        """What a call of this module passes without anything given to it."""
        known = self.passes.get(id(call.node))
        if known is None:
            given = _read_arguments(plain, call)
            known = frozenset(text.value for text in given.texts()) if given else frozenset()
            self.passes[id(call.node)] = known
        return known


class OtherModules:
    """The modules that one file imports from, asked by dotted name as the imports give it
    (`.consts.MODEL_ID`). Its texts have line numbers of their own, which `place` knows.
    """

    def __init__(
        self, file: File, first: int, depth: int = 0, left: list[int] | None = None
    ) -> None:
        """`first` is a line number that the file does not have, nor any behind it; `left` is how
        many calls may still be followed, one number for all modules that are asked for one file.
        """
        self._file = file
        self._first = first
        self._depth = depth
        self._left = [MAX_PASSED] if left is None else left
        self._found: list[tuple[int, str]] = []
        self._asked: dict[str, list[tuple[str, str]]] = {}
        self._modules: dict[str, _Other] = {}
        self._near: dict[str, bool] = {}

    def texts(self, dotted: str, line: int) -> list[Text]:
        """What a constant that line `line` uses may stand for; empty unless the module is in the
        tree and settles it.
        """
        if dotted not in self._asked and len(self._asked) < MAX_LOOKUPS:
            self._asked[dotted] = []  # a circle of imports ends here
            self._asked[dotted] = list(self._constant(dotted))
        found = []
        for value, words in self._asked.get(dotted, ()):
            self._found.append((line, words))
            found.append(Text(value, self._first + len(self._found) - 1))
        return found

    def place(self, number: int) -> tuple[int, str] | None:
        """(line that uses the constant, where it is stated in words) for a line number of
        `texts`.
        """
        index = number - self._first
        return self._found[index] if 0 <= index < len(self._found) else None

    def _constant(self, dotted: str) -> Iterator[tuple[str, str]]:
        """(text, where it is stated in words)."""
        for other, path in self._find_module(dotted):
            module = Module(other.names, other.beside.texts)
            for text in module.constants(path):
                stated = other.beside.place(text.line)
                if stated:
                    yield text.value, stated[1]
                elif 0 < text.line <= len(other.lines):
                    words = other.lines[text.line - 1].strip()[:200]
                    yield text.value, f"{other.file.at(text.line)}: {words}"
            return

    def find_loaders(self, module: Module, call: Call) -> Iterator[ReachedLoader]:
        """The loaders and downloads of other modules that get what this call passes."""
        near = module.names.imports_root(call.name) and self._lies_beside(call.name)
        given = _given_by(module, call) if near else None
        if given is None:
            return
        lines = {text.value: text.line for text in given.texts() if text.value}
        for loader, values in self._reach(call.name, given):
            texts = []
            for value in values:
                line = next((n for part, n in lines.items() if part in value), call.node.lineno)
                texts.append(Text(value, line))
            yield ReachedLoader(loader, texts)

    def _reach(
        self, dotted: str, given: CallArguments
    ) -> Iterator[tuple[LoaderCall | None, list[str]]]:
        self._left[0] -= 1
        if self._left[0] < 0:
            return
        for other, path in self._find_module(dotted):
            function = path[-1]
            if function not in other.names.returns and function not in other.names.classes:
                if function in other.names.imports and self._depth < MAX_DEPTH:
                    yield from other.beside._reach(other.names.imports[function], given)
                continue
            plain = Module(other.names, other.beside.texts)
            probe = Module(other.names, other.beside.texts, {function: given})
            for call in other.names.calls[:MAX_CALLS]:
                yield from _find_added_loads(plain, probe, call)
                if (
                    self._depth < MAX_DEPTH
                    and other.names.imports_root(call.name)
                    and loader_of(call) is None
                    and other.beside._lies_beside(call.name)
                    and (new := _given_by(probe, call)) is not None
                    and not _names_of(new) <= other.before(plain, call)
                ):
                    yield from other.beside._reach(call.name, new)
            return

    def _lies_beside(self, dotted: str) -> bool:
        """Whether a module of the tree lies where a dotted name leads: most names are those of
        libraries, and what is passed to them need not be settled.
        """
        module = dotted.rpartition(".")[0]
        if module not in self._near:
            self._near[module] = any(
                self._file.sibling(path) is not None for path, _ in self._places(dotted)
            )
        return self._near[module]

    def _find_module(self, dotted: str) -> Iterator[tuple[_Other, list[str]]]:
        """The module that a dotted name leads into, and the names inside it."""
        if self._depth >= MAX_DEPTH:
            return
        for place, names in self._places(dotted):
            other = self._module(place, names[0])
            if other is not None:
                yield other, names
                return

    def _places(self, dotted: str) -> Iterator[tuple[str, list[str]]]:
        """Where the module of a dotted name may lie, and the names inside it: one, or two for a
        member of a class.
        """
        level = len(dotted) - len(dotted.lstrip("."))
        parts = dotted[level:].split(".")
        if not all(re.fullmatch(r"\w{1,80}", part) for part in parts):
            return
        for inner in (1, 2):
            if inner > len(parts) or (inner == len(parts) and not level):
                return
            for place in self._paths(level, parts[:-inner]):
                yield place, parts[-inner:]

    def _module(self, path: str, name: str) -> _Other | None:
        """The module at a path, where it holds the name at all."""
        file = self._file.sibling(path)
        if file is None or file.path == self._file.path or file.size > MAX_MODULE:
            return None
        try:
            if name.encode() not in file.read(MAX_MODULE):
                return None
            if path not in self._modules:
                text = decode(file.read(MAX_MODULE))
                lines = text.split("\n")
                beside = OtherModules(file, len(lines) + 2, self._depth + 1, self._left)
                self._modules[path] = _Other(file, _names(text), beside, lines, {})
        except Unreadable:
            return None
        return self._modules[path]

    def _paths(self, level: int, parts: list[str]) -> list[str]:
        """Where a module may lie, relative to the folder of the file: beside it, in the package of
        this name that holds it, at the root of the tree or in its `src`.
        """
        if level:
            up = ["../" * (level - 1)]
        else:
            folders = self._file.folder.split("/") if self._file.folder else []
            above = [n for n, name in enumerate(folders) if name == parts[0]]
            up = ["../" * (len(folders) - above[-1])] if above else [""]
            root = "../" * len(folders)
            up += [one for one in (root, f"{root}src/") if one not in up]
        path = "/".join(parts)
        return [
            place
            for one in up
            for place in (
                [f"{one}{path}.py", f"{one}{path}/__init__.py"] if parts else [f"{one}__init__.py"]
            )
        ]


def _read_arguments(module: Module, call: Call) -> CallArguments | None:
    """The texts that a call passes; None where its arguments are not told apart."""
    if any(isinstance(node, ast.Starred) for node in call.node.args):
        return None
    positional = [module.texts(node, call.scope) for node in call.node.args[:16]]
    keywords = {k.arg: module.texts(k.value, call.scope) for k in call.node.keywords[:32] if k.arg}
    return CallArguments(positional, keywords)


def _given_by(module: Module, call: Call) -> CallArguments | None:
    """The texts that a call passes; None where none of them reads as the name of a model or the
    address of weights.
    """
    given = _read_arguments(module, call)
    return given if given and _names_of(given) else None


def _names_of(given: CallArguments) -> set[str]:
    """What of the texts reads as the name of a model or the address of weights."""
    return {text.value for text in given.texts() if _may_name(text.value)}


def _may_name(value: str) -> bool:
    return bool(
        hub_id(value)
        or _LIKE_A_NAME.fullmatch(value[:100])
        or model_zoos.address(value)
        or ("://" in value and WEIGHT_FILE.fullmatch(value))
    )


def _find_added_loads(
    plain: Module, probe: Module, call: Call
) -> Iterator[tuple[LoaderCall | None, list[str]]]:
    """What one call of a module loads with the given arguments that it does not load without."""
    loader = loader_of(call)
    last = call.name.rpartition(".")[2]
    if loader is not None:
        node = argument(probe, call, loader)
    elif last in DOWNLOADERS:
        node = probe.argument(call, 0, DOWNLOADERS[last])
    else:
        return
    if node is None:
        return
    old = {text.value for text in plain.texts(node, call.scope)}
    new = [t.value for t in probe.texts(node, call.scope) if t.value and t.value not in old]
    if loader is None:
        new = [value for value in new if WEIGHT_FILE.fullmatch(value)]
    if new:
        yield LoaderCall(probe, call, loader) if loader else None, new


def _names(text: str) -> Names:
    """What the names of a module are bound to; those that were asked for last are remembered, as
    many files ask for the same few. Raises Unreadable for what is no Python 3.
    """
    found = _READ.pop(text, None)
    if found is None:
        try:
            found = Names(python_trees.parse_python(text))
        except Unreadable as error:
            found = error
    _READ[text] = found
    while len(_READ) > 1 and sum(map(len, _READ)) > MAX_REMEMBERED:
        del _READ[next(iter(_READ))]
    if isinstance(found, Unreadable):
        raise found
    return found


_READ: dict[str, Names | Unreadable] = {}
