"""What the names of one Python module are bound to: assignments, parameters and their defaults,
fields of classes, options of command lines, imports. One pass without recursion; nothing is run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aisbom.collect.references.python_trees import FIELDS_WITH_NODES

MAX_TARGETS = 64


@dataclass(slots=True, eq=False)
class Scope:
    """A module, class or function: what its names are bound to, and the class that a method belongs
    to. `name` is that of the class or function, empty for the module.
    """

    parent: Scope | None
    names: dict[str, list[Binding]] = field(default_factory=dict)
    owner: Scope | None = None
    bases: tuple[str, ...] = ()
    is_class: bool = False
    name: str = ""

    def add(self, name: str, binding: Binding) -> None:
        """Bind a name to one thing more."""
        self.names.setdefault(name, []).append(binding)


@dataclass(slots=True, eq=False)
class Binding:
    """One thing that a name is bound to. `path` leads into it: `*` is each element, a number one of
    them. `sure` outside of branches.
    """

    line: int
    sure: bool
    node: ast.AST | None
    scope: Scope
    path: tuple[int | str, ...] = ()
    parameter: tuple[str, int, str] | None = None
    """Function, position (without self) and name, for a parameter."""


def reaching(bindings: list[Binding], line: int) -> list[Binding]:
    """The bindings of a name in the scope of its use that may hold on this line."""
    before = [b for b in bindings if b.line < line or b.parameter or (b.path and b.line == line)]
    last = max((n for n, b in enumerate(before) if b.sure), default=0)
    return before[last:] or bindings


class Call(NamedTuple):
    """A call, where it stands, and what is called (`transformers.AutoModel.from_pretrained`),
    import aliases resolved.
    """

    node: ast.Call
    scope: Scope
    name: str


_ADDRESSES = frozenset({"path", "hf_path", "dataset_path", "data_path", "repo_id", "hub_id"})


def _is_address(keyword: ast.keyword) -> bool:
    """Whether an argument says where something lies, itself or through what it is made from."""
    named = keyword.arg or ""
    if named in _ADDRESSES or named.endswith(("_repo_id", "_hub_id", "_model_id")):
        return True
    made = keyword.value.keywords if isinstance(keyword.value, ast.Call) else []
    return any((inner.arg or "").endswith("repo_id") for inner in made)


class Entry(NamedTuple):
    """An expression that stands under a name: a variable, parameter, field, option, keyword of a
    call or key of a table. `holder` is the class, function or call that it belongs to, if any.
    """

    name: str
    node: ast.expr
    scope: Scope
    holder: str


_NO_EXPRESSIONS = frozenset({"annotation", "returns", "type_params", "targets"})
_STATEMENTS = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})


class _FieldsWithExpressions(dict[type, tuple[str, ...]]):
    """By the class of a node: its fields that hold expressions; no statements, no annotations."""

    def __missing__(self, kind: type) -> tuple[str, ...]:
        inline = issubclass(kind, ast.IfExp | ast.Lambda | ast.Expression)
        others = _NO_EXPRESSIONS if inline else _NO_EXPRESSIONS | _STATEMENTS
        self[kind] = found = tuple(n for n in FIELDS_WITH_NODES[kind] if n not in others)
        return found


_FIELDS_WITH_EXPRESSIONS = _FieldsWithExpressions()
_BINDS = frozenset({ast.Dict, ast.comprehension, ast.NamedExpr, ast.Compare})
"""Expressions that bind or name something themselves."""


def _parts(node: ast.AST) -> list[Any]:
    """The expressions right below a node: no statements, no annotations, no targets of
    assignments.
    """
    found: list[Any] = []
    for name in _FIELDS_WITH_EXPRESSIONS[node.__class__]:
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif value is not None and isinstance(value, ast.AST):
            found.append(value)
    return found


def _fields(node: ast.ClassDef) -> Iterator[tuple[int, str]]:
    for part in node.body:
        for target in (
            [part.target]
            if isinstance(part, ast.AnnAssign)
            else part.targets
            if isinstance(part, ast.Assign)
            else []
        ):
            if isinstance(target, ast.Name):
                yield part.lineno, target.id


class Names:
    """The bindings of one parsed module, and what stands in it in the order of the file: `calls`,
    `strings` (texts that are no docstrings) and `entries`.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.imports: dict[str, str] = {}
        self._roots: frozenset[str] | None = None
        self.top = Scope(None)
        self._scopes = [self.top]
        self.calls: list[Call] = []
        self.strings: list[ast.Constant] = []
        self.entries: list[Entry] = []
        self.classes: dict[str, Scope] = {}
        self.inherited: list[tuple[int, str]] = []
        """The line of a class, and the dotted name of what it inherits from."""
        self.settings: list[list[tuple[int, str]]] = []
        """The fields of each class that reads its own from the environment, with their lines."""
        self.returns: dict[str, list[Scope]] = {}
        """The functions of a name, by the scopes that hold their `return`."""
        self.options: dict[str, list[Binding]] = {}
        self.compared: list[Entry] = []
        """Texts that a variable or an attribute is compared with."""
        self.choices: list[Entry] = []
        """What the options of command lines may be given."""
        self.fields: dict[str, list[Binding]] = {}
        self.sites: dict[str, list[tuple[ast.Call, Scope]]] = {}
        self._found: list[tuple[ast.Call, Scope]] = []
        self._read(tree)
        for node, scope in self._found:
            name = self.resolve_name(node.func)
            self.calls.append(Call(node, scope, name))
            self.sites.setdefault(name.removeprefix("self.").removeprefix("cls."), []).append(
                (node, scope)
            )
            holder = name.rpartition(".")[2]
            titled = any(map(_is_address, node.keywords))
            for keyword in node.keywords:
                # Beside a path, a name is a title or that of a part: `name="ko", path="owner/set"`.
                if keyword.arg is not None and not (titled and keyword.arg == "name"):
                    self.entries.append(Entry(keyword.arg, keyword.value, scope, holder))
            if name.endswith(("add_argument", "add_option")):
                self._option(node, scope)
        self.calls.sort(key=lambda call: (call.node.lineno, call.node.col_offset))
        self.entries.sort(key=lambda entry: (entry.node.lineno, entry.node.col_offset))

    def __del__(self) -> None:
        """Part scopes from their bindings, which hold them in turn: else the syntax trees of some
        thousand files wait for a garbage collector that seldom looks at what is old.
        """
        for scope in self._scopes:
            scope.names.clear()

    def resolve_name(self, node: ast.AST) -> str:
        """The dotted name of what is called or inherited, with import aliases resolved; `().x` for
        a method of a result.
        """
        parts: list[str] = []
        while isinstance(node, ast.Attribute) and len(parts) < 32:
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            parts.append(self.imports.get(node.id, node.id))
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            parts.append(self.imports.get(node.value.id, node.value.id))
        else:
            parts.append("()")
        return ".".join(reversed(parts))

    def imports_root(self, dotted: str) -> bool:
        """Whether a dotted name begins with a module or package that is imported here: one that
        begins with a variable leads into no module.
        """
        if self._roots is None:
            self._roots = frozenset(name.partition(".")[0] for name in self.imports.values())
        root, dot, _ = dotted.partition(".")
        return bool(dot) and "()" not in dotted and root in self._roots

    def _read(self, tree: ast.Module) -> None:
        stack: list[tuple[ast.stmt, Scope, bool]] = [
            (s, self.top, True) for s in reversed(tree.body)
        ]
        while stack:
            node, scope, sure = stack.pop()
            if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                self._expressions(node, scope)
            for body, below, certain in reversed(list(self._bodies(node, scope, sure))):
                stack.extend((s, below, certain) for s in reversed(body))

    def _bodies(
        self, node: ast.stmt, scope: Scope, sure: bool
    ) -> Iterator[tuple[list[ast.stmt], Scope, bool]]:
        """Bind what a statement binds; the statements inside it, each list with its scope."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.body, self._function(node, scope), True
            return
        if isinstance(node, ast.ClassDef):
            bases = tuple(self.resolve_name(base) for base in node.bases)
            own = Scope(scope, bases=bases, is_class=True, name=node.name)
            self._scopes.append(own)
            self.classes.setdefault(node.name, own)
            self.inherited += [(node.lineno, base) for base in bases]
            if any(base.rpartition(".")[2] == "BaseSettings" for base in bases):
                self.settings.append(list(_fields(node)))
            yield node.body, own, True
            return
        self._bind(node, scope, sure)
        branches = isinstance(
            node, ast.If | ast.For | ast.AsyncFor | ast.While | ast.Try | ast.Match
        )
        for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            yield part.body, scope, False
        for key in ("body", "orelse", "finalbody"):
            body = getattr(node, key, None)
            if isinstance(body, list):
                yield body, scope, sure and not branches

    def _expressions(self, node: ast.stmt, scope: Scope) -> None:
        """The calls, texts and inner bindings of one statement, without the statements
        inside it.
        """
        todo = _parts(node)
        while todo:
            part = todo.pop()
            kind = part.__class__  # millions of them: one look at each tells the most frequent
            if kind is ast.Name:
                continue
            if kind is ast.Constant:
                if isinstance(part.value, str):
                    self.strings.append(part)
            elif kind is ast.Attribute:
                todo.append(part.value)
            elif kind is ast.Call:
                self._found.append((part, scope))
                todo.append(part.func)
                todo += part.args
                todo += [keyword.value for keyword in part.keywords]
            else:
                if kind in _BINDS:
                    self._inner(part, scope)
                todo += _parts(part)

    def _inner(self, part: ast.AST, scope: Scope) -> None:
        """What an expression itself binds or names."""
        if isinstance(part, ast.Dict):
            for key, value in zip(part.keys, part.values, strict=True):
                # `_name_or_path` is where somebody once loaded what a table describes.
                if (
                    isinstance(key, ast.Constant)
                    and isinstance(key.value, str)
                    and key.value != "_name_or_path"
                ):
                    self.entries.append(Entry(key.value, value, scope, ""))
        elif isinstance(part, ast.Compare):
            self._compared(part, scope)
        elif isinstance(part, ast.comprehension):
            self._target(part.target, Binding(part.iter.lineno, False, part.iter, scope, ("*",)))
        elif isinstance(part, ast.NamedExpr):
            self._target(part.target, Binding(part.lineno, False, part.value, scope))

    def _compared(self, part: ast.Compare, scope: Scope) -> None:
        """`name == "owner/norae"`, `"owner/norae" in name`: what the code knows of."""
        sides = [part.left, *part.comparators]
        texts = [s for s in sides if isinstance(s, ast.Constant) and isinstance(s.value, str)]
        others = [s for s in sides if isinstance(s, ast.Name | ast.Attribute)]
        if len(sides) == 2 and texts and others:
            held = others[0]
            name = held.attr if isinstance(held, ast.Attribute) else held.id
            self.compared.append(Entry(name, texts[0], scope, ""))

    def _bind(self, node: ast.stmt, scope: Scope, sure: bool) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._target(target, Binding(node.lineno, sure, node.value, scope))
                self._entry(target, node.value, scope)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._target(node.target, Binding(node.lineno, sure, node.value, scope))
            self._entry(node.target, node.value, scope)
        elif isinstance(node, ast.For | ast.AsyncFor):
            self._target(node.target, Binding(node.lineno, False, node.iter, scope, ("*",)))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                self.imports[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                # `from . import x` is `.x`.
                held = f"{node.module}." if node.module else ""
                self.imports[alias.asname or alias.name] = f"{'.' * node.level}{held}{alias.name}"
        elif isinstance(node, ast.Return) and node.value is not None:
            scope.add("return", Binding(node.lineno, False, node.value, scope))

    def _entry(self, target: ast.expr, node: ast.expr, scope: Scope) -> None:
        name = ""
        if isinstance(target, ast.Name):
            name = target.id
        elif isinstance(target, ast.Attribute):
            name = target.attr
        elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            name = target.slice.value if isinstance(target.slice.value, str) else ""
        if name:
            self.entries.append(Entry(name, node, scope, scope.name if scope.is_class else ""))

    def _target(self, target: ast.expr, binding: Binding) -> None:
        scope = binding.scope
        if isinstance(target, ast.Name):
            scope.add(target.id, binding)
            if scope.is_class:
                self.fields.setdefault(target.id, []).append(binding)
        elif isinstance(target, ast.Tuple | ast.List):
            for number, part in enumerate(target.elts[:MAX_TARGETS]):
                path = (*binding.path, number)
                self._target(part, Binding(binding.line, binding.sure, binding.node, scope, path))
        elif (
            isinstance(target, ast.Attribute)
            and isinstance(target.value, ast.Name)
            and scope.owner
            and target.value.id in ("self", "cls")
        ):
            kept = Binding(binding.line, False, binding.node, scope, binding.path)
            scope.owner.add(target.attr, kept)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Scope:
        owner = scope if scope.is_class else scope.owner
        # The body of a method does not see the names of its class.
        own = Scope(scope.parent if scope.is_class else scope, owner=owner, name=node.name)
        self._scopes.append(own)
        spec = node.args
        positional = [*spec.posonlyargs, *spec.args]
        method = scope.is_class and bool(positional) and positional[0].arg in ("self", "cls")
        name = scope.name if scope.is_class and node.name == "__init__" else node.name
        defaults = _defaults(spec)
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and self.resolve_name(decorator.func).endswith(
                ("option", "argument")
            ):
                for option, default in _click(decorator):
                    defaults.setdefault(option, default)
        for number, argument in enumerate([*positional, *spec.kwonlyargs]):
            place = number - method if number < len(positional) else -1
            given = defaults.get(argument.arg)
            parameter = (name, place, argument.arg)
            own.add(argument.arg, Binding(node.lineno, True, given, scope, (), parameter))
            if given is not None:
                self.entries.append(Entry(argument.arg, given, scope, name))
        self.returns.setdefault(node.name, []).append(own)
        return own

    def _option(self, node: ast.Call, scope: Scope) -> None:
        """`parser.add_argument("--model-name", default=...)`."""
        given = {k.arg: k.value for k in node.keywords}
        flags = [
            a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        long = next((flag for flag in flags if flag.startswith("--")), flags[0] if flags else "")
        dest = given.get("dest")
        name = (
            str(dest.value)
            if isinstance(dest, ast.Constant)
            else long.lstrip("-").replace("-", "_")
        )
        if name and "default" in given:
            default = given["default"]
            self.options.setdefault(name, []).append(Binding(node.lineno, False, default, scope))
            self.entries.append(Entry(name, default, scope, ""))
        if name and "choices" in given:
            self.choices.append(Entry(name, given["choices"], scope, ""))


def _defaults(spec: ast.arguments) -> dict[str, ast.expr]:
    """The default of each parameter that has one."""
    found: dict[str, ast.expr] = {}
    positional = [*spec.posonlyargs, *spec.args]
    for argument, value in zip(reversed(positional), reversed(spec.defaults), strict=False):
        found[argument.arg] = value
    for argument, given in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        if given is not None:
            found[argument.arg] = given
    return found


def _click(decorator: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """`@click.option("--model-name", default=...)`: the parameter's names and its default."""
    default = next((k.value for k in decorator.keywords if k.arg == "default"), None)
    for argument in decorator.args if default is not None else ():
        if (
            isinstance(argument, ast.Constant)
            and isinstance(argument.value, str)
            and default is not None
        ):
            yield argument.value.lstrip("-").replace("-", "_"), default
