"""What the expressions of one Python module may stand for: every alternative that the text settles,
and nothing is run.

Several assignments, both arms of a condition and all call sites in the file are alternatives. What
only running the file would tell has none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import Any, NamedTuple

from aisbom.collect.references import python_calls
from aisbom.collect.references import python_tables as tables
from aisbom.collect.references import python_texts as texts
from aisbom.collect.references.python_names import Binding, Call, Entry, Names, Scope, reaching
from aisbom.collect.references.python_tables import NONE, ScopedNode, Value
from aisbom.collect.references.python_values import Text
from aisbom.lazy_module import Function

MAX_STEPS = 50_000
"""Of 4,000 files of 15 repositories, two that lead round in circles need more than 12,000."""
MAX_STEPS_ASKED = 4_000
"""Of one question: one that leads round in circles leaves the others what they need."""
MAX_DEPTH = 48
MAX_ALTERNATIVES = 400
MAX_PRODUCT = 64
MAX_TEXT = 4096
_BEHIND_ALL = 10**9
"""A line behind every other."""

_OPTIONS = re.compile(
    r"(?:args|opts?|options|flags|cfg|conf|config|arguments|settings|hparams|params|\w+_(?:args|config|cfg))",
    re.IGNORECASE,
)
_METHODS = frozenset({"get", "format", "join", "strip", "lower", "copy", "pop"})


class CallArguments(NamedTuple):
    """The texts that a call passes by position and by keyword."""

    positional: list[list[Text]]
    keywords: dict[str, list[Text]]

    def texts(self) -> Iterator[Text]:
        """All of them."""
        for passed in (*self.positional, *self.keywords.values()):
            yield from passed


_find_shared = Function("aisbom.collect.references.shared_sources", "find_shared")
Site = tuple[ast.Call, Scope]
"""A call, and where it stands."""
Evaluate = Callable[[Any, Scope, int], Iterator[Value]]


class Module:
    """The names of one parsed module, asked for what its expressions may stand for."""

    def __init__(
        self,
        names: Names,
        elsewhere: Callable[[str, int], list[Text]] | None = None,
        given: Mapping[str, CallArguments] | None = None,
    ) -> None:
        """`elsewhere` gives the texts of an imported name (dotted as the imports write it) that a
        line uses, `given` what another module passes to a function or class of this one.
        """
        self._elsewhere = elsewhere
        self._given = given or {}
        self.names = names
        self.spent = False
        self._steps = 0
        self._left = MAX_STEPS_ASKED
        self._active: set[int] = set()
        self._known: dict[int, list[Value]] = {}
        self._at: dict[str | ast.AST, Site | Value | None] = {}

    @property
    def calls(self) -> list[Call]:
        """All calls in the order of the file."""
        return self.names.calls

    @property
    def strings(self) -> list[ast.Constant]:
        """All texts that are no docstrings."""
        return self.names.strings

    @property
    def entries(self) -> list[Entry]:
        """All expressions that stand under a name."""
        return self.names.entries

    @property
    def trains(self) -> bool:
        """Whether the file makes a trainer (`Trainer`, `SFTTrainer`, ...): what it loads to read,
        it trains on.
        """
        return any(call.name.endswith("Trainer") for call in self.calls)

    def texts(self, node: ast.expr | None, scope: Scope) -> list[Text]:
        """The texts that an expression may stand for, each once; empty where that is not
        settled.
        """
        found = {(v.value, v.line): v for v in self.values(node, scope) if isinstance(v, Text)}
        return list(found.values())

    def constants(self, path: list[str]) -> list[Text]:
        """What a name at the top of the module, or a field of a class there, may stand for to
        those that import it: each text once.
        """
        scope = self.names.top
        if len(path) > 1:
            owner = self.names.classes.get(path[0])
            found = list(self._member(owner, path[1], 0)) if owner is not None else []
        else:
            found = list(self._values_of_name(path[0], _BEHIND_ALL, scope, 0))
        return list({v.value: v for v in found if isinstance(v, Text)}.values())

    def values(self, node: ast.AST | None, scope: Scope, depth: int = 0) -> list[Value]:
        """All alternatives that are settled, without order of preference."""
        if depth == 0:
            self._left = MAX_STEPS_ASKED
        self._steps += 1
        self._left -= 1
        if self._steps > MAX_STEPS or self._left < 0:
            self.spent = True
            # What stands there as it is, is settled all the same.
            return list(self._values(node, scope, 0)) if isinstance(node, ast.Constant) else []
        if node is None or depth > MAX_DEPTH:
            return []
        found = list(self._values(node, scope, depth + 1))
        return found[:MAX_ALTERNATIVES]

    def argument(self, call: Call, position: int, keywords: Iterable[str]) -> ast.expr | None:
        """The expression given for a parameter, by keyword or position."""
        for keyword in call.node.keywords:
            if keyword.arg is not None and keyword.arg in keywords:
                return keyword.value
        if 0 <= position < len(call.node.args) and not any(
            isinstance(a, ast.Starred) for a in call.node.args[: position + 1]
        ):
            return call.node.args[position]
        return None

    def bound(self, node: ast.Name, scope: Scope) -> list[ast.AST]:
        """The expressions that a name of this module may be bound to where it stands, those that
        calls in this file pass for a parameter among them.
        """
        here: Scope | None = scope
        while here is not None and node.id not in here.names:
            here = here.parent
        found: list[ast.AST] = []
        for binding in here.names[node.id][:MAX_PRODUCT] if here is not None else ():
            if binding.node is not None and not binding.path:
                found.append(binding.node)
            if binding.parameter:
                found += [given for given, _ in self._sites(*binding.parameter)]
        return found

    def _resolve(self, depth: int) -> tables.Resolve:
        return lambda node, scope: self.values(node, scope, depth)

    def _values(self, node: ast.AST, scope: Scope, depth: int) -> Iterator[Value]:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and len(node.value) <= MAX_TEXT:
                yield Text(node.value, node.lineno)
            elif node.value is None:
                yield NONE
        elif isinstance(node, ast.Name):
            yield from python_calls.mark_folders(
                node.id, self._values_of_name(node.id, node.lineno, scope, depth)
            )
        elif isinstance(node, ast.Attribute):
            yield from python_calls.mark_folders(node.attr, self._attribute(node, scope, depth))
        elif isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.Set):
            yield ScopedNode(node, scope)
        elif isinstance(node, ast.Subscript):
            yield from self._subscript(node, scope, depth)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join"):
                yield from self._one_by_one(self._values_of_call, node, scope, depth)
            else:
                yield from self._values_of_call(node, scope, depth)
        elif isinstance(node, ast.JoinedStr | ast.BinOp):
            yield from self._one_by_one(self._compose, node, scope, depth)
        else:
            yield from self._compose(node, scope, depth)

    def _one_by_one(
        self, evaluate: Evaluate, node: Any, scope: Scope, depth: int
    ) -> Iterator[Value]:
        """What a text may be whose parts get their values together: for one call or turn of a loop
        after the other.
        """
        found: list[Value] = []
        known = self._known
        for _ in self._situations(node, scope, depth):
            self._known = {} if self._at else known
            found += evaluate(node, scope, depth)
        self._known = known
        yield from found

    def _situations(self, node: ast.AST, scope: Scope, depth: int) -> Iterator[None]:
        """Goes through the calls or turns that give an expression its values, and in a call through
        the turns that give it its arguments; once where nothing is shared. The last one of a
        function is that of its defaults and of what other modules pass.
        """
        source: str | ast.AST | None = _find_shared(node, scope)
        if source is None or source in self._at:
            yield
            return
        if isinstance(source, str):
            sites = self.names.sites.get(source, ())[:MAX_PRODUCT]
            choices: list[Site | Value | None] = [*sites, None] if len(sites) > 1 else []
        else:
            held = [v for v in self.values(source, scope, depth) if isinstance(v, ScopedNode)]
            turns = (tables.step(one, "*", self._resolve(depth)) for one in held)
            choices = list(islice(chain.from_iterable(turns), MAX_PRODUCT))
        if not choices:
            yield
        for choice in choices:
            self._at[source] = choice
            if isinstance(choice, tuple):
                yield from self._situations(*choice, depth)
            else:
                yield
            del self._at[source]

    def _compose(self, node: ast.AST, scope: Scope, depth: int) -> Iterator[Value]:
        """Conditions, f-strings and operations: what their parts may stand for, together."""
        if isinstance(node, ast.IfExp):
            yield from self.values(node.body, scope, depth)
            yield from self.values(node.orelse, scope, depth)
        elif isinstance(node, ast.BoolOp):
            for value in node.values[:32]:
                yield from self.values(value, scope, depth)
        elif isinstance(node, ast.NamedExpr | ast.Await | ast.Starred | ast.FormattedValue):
            yield from self.values(node.value, scope, depth)
        elif isinstance(node, ast.JoinedStr):
            parts = [self.values(part, scope, depth) for part in node.values]
            yield from texts.join_texts(parts, node.lineno)
        elif isinstance(node, ast.BinOp):
            yield from self._operation(node, scope, depth)

    def _values_of_name(self, name: str, line: int, scope: Scope, depth: int) -> Iterator[Value]:
        here: Scope | None = scope
        while here is not None:
            bindings = here.names.get(name)
            if bindings:
                if here is scope:
                    bindings = reaching(bindings, line)
                turning = [b for b in bindings if b.path and b.node in self._at]
                for binding in (turning or bindings)[:MAX_PRODUCT]:
                    yield from self._evaluate(binding, depth)
                return
            here = here.parent
        if self._elsewhere is not None and name in self.names.imports:
            yield from self._elsewhere(self.names.imports[name], line)

    def _evaluate(self, binding: Binding, depth: int) -> list[Value]:
        key = id(binding)
        if key in self._known:
            return self._known[key]
        if key in self._active:
            return []
        self._active.add(key)
        try:
            path, turn = binding.path, self._at.get(binding.node) if binding.node else None
            if path and turn is not None and not isinstance(turn, tuple):
                path, found = path[1:], [turn]
            else:
                found = self.values(binding.node, binding.scope, depth)
            for place in path:
                found = [
                    v
                    for held in found
                    if isinstance(held, ScopedNode)
                    for v in tables.step(held, place, self._resolve(depth))
                ][:MAX_ALTERNATIVES]
            if binding.parameter:
                given = list(self._values_of_argument(*binding.parameter, depth=depth))
                passed = self._is_passed(*binding.parameter)
                found = (given if passed else [*found, *given])[:MAX_ALTERNATIVES]
        finally:
            self._active.discard(key)
        if depth < MAX_DEPTH // 2 and not self._active and self._left >= 0:
            self._known[key] = found
        return found

    def _values_of_argument(
        self, function: str, place: int, name: str, *, depth: int
    ) -> Iterator[Value]:
        """What callers give for a parameter."""
        for given, scope in self._sites(function, place, name):
            yield from self.values(given, scope, depth)
        if self._at.get(function) is None and (passed := self._given.get(function)):
            yield from passed.keywords.get(name, ())
            if 0 <= place < len(passed.positional):
                yield from passed.positional[place]

    def _is_passed(self, function: str, place: int, name: str) -> bool:
        """Whether the one call that is looked at passes a parameter, so that its default does not
        hold.
        """
        site = self._at.get(function)
        return isinstance(site, tuple) and _find_passed(site[0], place, name) is not None

    def _sites(self, function: str, place: int, name: str) -> Iterator[tuple[ast.expr, Scope]]:
        """The expressions that calls in this file pass for a parameter."""
        sites: Iterable[Site | Value | None] = self.names.sites.get(function, ())[:MAX_PRODUCT]
        for site in (self._at[function],) if function in self._at else sites:
            if (
                isinstance(site, tuple)
                and (given := _find_passed(site[0], place, name)) is not None
            ):
                yield given, site[1]

    def _subscript(self, node: ast.Subscript, scope: Scope, depth: int) -> Iterator[Value]:
        keys = [v.value for v in self.values(node.slice, scope, depth) if isinstance(v, Text)]
        number = (
            node.slice.value
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int)
            else None
        )
        held = [v for v in self.values(node.value, scope, depth) if isinstance(v, ScopedNode)]
        for table in held:
            yield from tables.element(table, keys, number, self._resolve(depth))
        if not held:
            yield from self._values_of_field(node.value, keys, scope, depth)

    def _values_of_field(
        self, node: ast.expr, keys: list[str], scope: Scope, depth: int
    ) -> Iterator[Value]:
        """`values["model_name"]` in a validator of a class: what its field of that name
        stands for.
        """
        if (
            scope.owner is not None
            and isinstance(node, ast.Name)
            and node.id in ("values", "data", "kwargs", "params")
        ):
            for key in keys[:4]:
                yield from self._member(scope.owner, key, depth)

    def _operation(self, node: ast.BinOp, scope: Scope, depth: int) -> Iterator[Value]:
        left, right = self.values(node.left, scope, depth), self.values(node.right, scope, depth)
        if isinstance(node.op, ast.Add):
            yield from texts.join_texts([left, right], node.lineno)
        elif isinstance(node.op, ast.Div):
            # A path: `folder / "name"`.
            slash: list[Value] = [Text("/", node.lineno, folder=True)]
            yield from texts.join_texts([left, slash, right], node.lineno)
        if isinstance(node.op, ast.Add | ast.BitOr):
            yield from (v for v in (*left, *right) if isinstance(v, ScopedNode))
        elif isinstance(node.op, ast.Mod):
            given: list[list[Value]] = [right]
            if isinstance(node.right, ast.Tuple):
                given = [self.values(part, scope, depth) for part in node.right.elts[:8]]
            for pattern in left:
                if isinstance(pattern, Text):
                    yield from texts.percent(pattern, given)

    def _attribute(self, node: ast.Attribute, scope: Scope, depth: int) -> Iterator[Value]:
        inner = node.value
        if node.attr == "value" and isinstance(inner, ast.Attribute):
            yield from self._attribute(inner, scope, depth)
            return
        if not isinstance(inner, ast.Name):
            if isinstance(inner, ast.Attribute) and _OPTIONS.fullmatch(inner.attr):
                yield from self._optional(node.attr, depth)
            return
        if inner.id in ("self", "cls") and scope.owner is not None:
            yield from self._member(scope.owner, node.attr, depth)
        elif inner.id in self.names.classes:
            yield from self._member(self.names.classes[inner.id], node.attr, depth)
        elif inner.id in self.names.imports:
            # `consts.MODEL_ID`: a constant of another module of the tree.
            if self._elsewhere is not None:
                dotted = f"{self.names.imports[inner.id]}.{node.attr}"
                yield from self._elsewhere(dotted, node.lineno)
        elif _OPTIONS.fullmatch(inner.id):
            yield from self._optional(node.attr, depth)

    def _optional(self, name: str, depth: int) -> Iterator[Value]:
        """A field of options: a flag of a command line, or a field of a class of this file."""
        found = [*self.names.options.get(name, ()), *self.names.fields.get(name, ())]
        for binding in found[:MAX_PRODUCT]:
            yield from self._evaluate(binding, depth)

    def _member(self, owner: Scope, name: str, depth: int) -> Iterator[Value]:
        seen: list[Scope] = []
        classes = self.names.classes
        # What a class does with a field, it does with that of a class made from it.
        todo = [owner, *(made for made in classes.values() if owner.name in made.bases)]
        while todo and len(seen) < 16:
            scope = todo.pop(0)
            if any(scope is other for other in seen):
                continue
            seen.append(scope)
            if name in scope.names:
                for binding in scope.names[name][:MAX_PRODUCT]:
                    yield from self._evaluate(binding, depth)
                return
            todo += [classes[base] for base in scope.bases if base in classes]

    def _values_of_call(self, node: ast.Call, scope: Scope, depth: int) -> Iterator[Value]:
        name = self.names.resolve_name(node.func)
        last = name.rpartition(".")[2]
        given = python_calls.find_default(node, name)
        if given is not None:
            yield from self.values(given, scope, depth)
        elif name in ("str", "Path", "pathlib.Path", "list", "tuple", "sorted", "set"):
            if len(node.args) == 1:
                yield from self.values(node.args[0], scope, depth)
        elif name in ("os.path.join", "osp.join", "path.join") and node.args:
            yield from python_calls.join_path(node, scope, self._resolve(depth))
        elif last in ("items", "values", "keys") or name == "dict":
            yield ScopedNode(node, scope)
        elif isinstance(node.func, ast.Attribute) and last in _METHODS:
            yield from self._method(node, node.func, scope, depth)
        elif (
            isinstance(node.func, ast.Name | ast.Attribute)
            and name.removeprefix("self.").removeprefix("cls.") in self.names.returns
        ):
            for own in self.names.returns[last][:8]:
                for binding in own.names.get("return", ())[:MAX_PRODUCT]:
                    yield from self._evaluate(binding, depth)

    def _method(
        self, node: ast.Call, function: ast.Attribute, scope: Scope, depth: int
    ) -> Iterator[Value]:
        held = self.values(function.value, scope, depth)
        if function.attr in ("get", "pop"):
            yield from self._look_up(node, function, held, scope, depth)
        elif function.attr == "format":
            for pattern in held:
                if isinstance(pattern, Text):
                    yield from python_calls.fill_format(pattern, node, scope, self._resolve(depth))
        elif function.attr == "join":
            yield from python_calls.join_items(node, held, scope, self._resolve(depth))
        elif function.attr == "copy":
            yield from held
        elif not node.args:
            yield from (
                replace(v, value=getattr(v.value, function.attr)())
                for v in held
                if isinstance(v, Text)
            )

    def _look_up(
        self, node: ast.Call, function: ast.Attribute, held: list[Value], scope: Scope, depth: int
    ) -> Iterator[Value]:
        """`table.get(key, default)`."""
        keys = [
            v.value
            for a in node.args[:1]
            for v in self.values(a, scope, depth)
            if isinstance(v, Text)
        ]
        found = [table for table in held if isinstance(table, ScopedNode)]
        for table in found:
            yield from tables.element(table, keys, None, self._resolve(depth))
        if not found:
            yield from self._values_of_field(function.value, keys, scope, depth)
        if len(node.args) > 1:
            yield from self.values(node.args[1], scope, depth)


def _find_passed(call: ast.Call, place: int, name: str) -> ast.expr | None:
    """The expression that a call passes for a parameter, by keyword or position."""
    given = next((k.value for k in call.keywords if k.arg == name), None)
    if given is None and 0 <= place < len(call.args):
        given = call.args[place]
    return None if isinstance(given, ast.Starred) else given
