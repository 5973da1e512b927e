"""What the expressions of one Python module may stand for: every alternative that the text settles,
and nothing is run.

Bindings of names, defaults of parameters, fields of classes, options of command lines and tables
are gathered in one pass without recursion; expressions are then resolved when asked. Several
assignments, both arms of a condition and all call sites in the file are alternatives. What only
running the file would tell has none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from aisbom.collect.references.python_values import Text

MAX_STEPS = 200_000
MAX_DEPTH = 48
MAX_ALTERNATIVES = 400
MAX_PRODUCT = 64
MAX_TEXT = 4096

_OPTIONS = re.compile(
    r"(?:args|opts?|options|flags|cfg|conf|config|arguments|settings|hparams|params|\w+_(?:args|config|cfg))",
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
        "config.get",
    }
)
_DEFAULTED = frozenset(
    {"field", "Field", "Option", "Argument", "Parameter", "option", "mapped_column"}
)


@dataclass(slots=True, eq=False)
class Scope:
    """A module, class or function: what its names are bound to, and the class that a method belongs
    to.
    """

    parent: Scope | None
    names: dict[str, list[Binding]] = field(default_factory=dict)
    owner: Scope | None = None
    bases: tuple[str, ...] = ()
    is_class: bool = False


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


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A table, list or call that stands there as it is."""

    node: ast.expr
    scope: Scope


class _Nothing:
    """The value None."""


NONE = _Nothing()
Value = Text | Held | _Nothing


class Call(NamedTuple):
    """A call, where it stands, and what is called (`transformers.AutoModel.from_pretrained`),
    import aliases resolved.
    """

    node: ast.Call
    scope: Scope
    name: str


_SKIPPED = frozenset(
    {
        "ctx",
        "annotation",
        "returns",
        "type_params",
        "op",
        "ops",
        "targets",
        "body",
        "orelse",
        "finalbody",
        "handlers",
        "cases",
    }
)


def _parts(node: ast.AST) -> list[ast.AST]:
    """The expressions right below a node: no statements, no annotations, no targets of
    assignments.
    """
    found: list[ast.AST] = []
    for name in node._fields:
        if name in _SKIPPED and not (
            name in ("body", "orelse") and isinstance(node, ast.IfExp | ast.Lambda | ast.Expression)
        ):
            continue
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


class Module:
    """One parsed module. `calls` are all its calls in the order of the file, `strings` its texts
    that are no docstrings, `tables` its dictionaries.
    """

    def __init__(
        self, tree: ast.Module, elsewhere: Callable[[str, int], list[Text]] | None = None
    ) -> None:
        """`elsewhere` gives the texts of an imported name (dotted as the imports write it) that a
        line uses.
        """
        self._elsewhere = elsewhere
        self.imports: dict[str, str] = {}
        self.top = Scope(None)
        self.calls: list[Call] = []
        self.strings: list[ast.Constant] = []
        self.tables: list[ast.Dict] = []
        self.spent = False
        self._found: list[tuple[ast.Call, Scope]] = []
        self._classes: dict[str, Scope] = {}
        self._functions: dict[str, list[tuple[ast.FunctionDef | ast.AsyncFunctionDef, Scope]]] = {}
        self._options: dict[str, list[Binding]] = {}
        self._fields: dict[str, list[Binding]] = {}
        self._parameters: dict[str, list[Binding]] = {}
        self._steps = 0
        self._active: set[int] = set()
        self._known: dict[int, list[Value]] = {}
        self._read(tree)
        self._sites: dict[str, list[tuple[ast.Call, Scope]]] = {}
        for node, scope in self._found:
            name = self.dotted(node.func)
            self.calls.append(Call(node, scope, name))
            self._sites.setdefault(name.removeprefix("self.").removeprefix("cls."), []).append(
                (node, scope)
            )
            if name.endswith(("add_argument", "add_option")):
                self._option(node, scope)
        self.calls.sort(key=lambda call: (call.node.lineno, call.node.col_offset))

    @property
    def trains(self) -> bool:
        """Whether the file makes a trainer (`Trainer`, `SFTTrainer`, ...): what it loads to read,
        it trains on.
        """
        return any(call.name.endswith("Trainer") for call in self.calls)

    # Reading

    def _read(self, tree: ast.Module) -> None:
        stack: list[tuple[ast.stmt, Scope, bool]] = [
            (s, self.top, True) for s in reversed(tree.body)
        ]
        while stack:
            node, scope, sure = stack.pop()
            inner: list[tuple[list[ast.stmt], Scope, bool]] = []
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inner.append((node.body, self._function(node, scope), True))
            elif isinstance(node, ast.ClassDef):
                own = Scope(
                    scope, bases=tuple(self.dotted(base) for base in node.bases), is_class=True
                )
                self._classes.setdefault(node.name, own)
                inner.append((node.body, own, True))
            else:
                self._bind_statement(node, scope, sure)
                loops = isinstance(
                    node, ast.If | ast.For | ast.AsyncFor | ast.While | ast.Try | ast.Match
                )
                for part in ast.iter_child_nodes(node):
                    if isinstance(part, ast.ExceptHandler | ast.match_case):
                        inner.append((part.body, scope, False))
                bodies = [getattr(node, key, None) for key in ("body", "orelse", "finalbody")]
                inner += [
                    (body, scope, sure and not loops) for body in bodies if isinstance(body, list)
                ]
            if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                self._expressions(node, scope)
            for body, below, certain in reversed(inner):
                stack.extend((s, below, certain) for s in reversed(body))

    def _expressions(self, node: ast.stmt, scope: Scope) -> None:
        """The calls, texts and inner bindings of one statement, without the statements
        inside it.
        """
        todo = _parts(node)
        while todo:
            part = todo.pop()
            kind = part.__class__
            if kind is ast.Name:
                continue
            if kind is ast.Constant:
                if part.value.__class__ is str:  # type: ignore[attr-defined]
                    self.strings.append(part)  # type: ignore[arg-type]
                continue
            if kind is ast.Attribute:
                todo.append(part.value)  # type: ignore[attr-defined]
                continue
            if isinstance(part, ast.Call):
                self._found.append((part, scope))
                todo.append(part.func)
                todo += part.args
                todo += [keyword.value for keyword in part.keywords]
                continue
            if isinstance(part, ast.Dict):
                self.tables.append(part)
            elif isinstance(part, ast.comprehension):
                self._target(part.target, part.iter, scope, part.iter.lineno, path=("*",))
            elif isinstance(part, ast.NamedExpr):
                self._target(part.target, part.value, scope, part.lineno)
            todo += _parts(part)

    def _bind_statement(self, node: ast.stmt, scope: Scope, sure: bool) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._target(target, node.value, scope, node.lineno, sure=sure)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._target(node.target, node.value, scope, node.lineno, sure=sure)
        elif isinstance(node, ast.For | ast.AsyncFor):
            self._target(node.target, node.iter, scope, node.lineno, path=("*",))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                self.imports[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                self.imports[alias.asname or alias.name] = (
                    f"{'.' * node.level}{node.module or ''}.{alias.name}"
                )
        elif isinstance(node, ast.Return) and node.value is not None:
            self._add(scope, "return", Binding(node.lineno, False, node.value, scope))

    def _target(  # noqa: PLR0913
        self,
        target: ast.expr,
        node: ast.expr,
        scope: Scope,
        line: int,
        *,
        sure: bool = False,
        path: tuple[int | str, ...] = (),
    ) -> None:
        if isinstance(target, ast.Name):
            self._add(scope, target.id, Binding(line, sure, node, scope, path))
            if scope.is_class:
                self._fields.setdefault(target.id, []).append(scope.names[target.id][-1])
        elif isinstance(target, ast.Tuple | ast.List):
            for number, part in enumerate(target.elts[:64]):
                self._target(part, node, scope, line, sure=sure, path=(*path, number))
        elif (
            isinstance(target, ast.Attribute)
            and isinstance(target.value, ast.Name)
            and scope.owner
            and target.value.id in ("self", "cls")
        ):
            self._add(scope.owner, target.attr, Binding(line, False, node, scope, path))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Scope:
        owner = scope if scope.is_class else scope.owner
        # The body of a method does not see the names of its class.
        own = Scope(scope.parent if scope.is_class else scope, owner=owner)
        spec = node.args
        positional = [*spec.posonlyargs, *spec.args]
        method = scope.is_class and bool(positional) and positional[0].arg in ("self", "cls")
        name = node.name
        if scope.is_class and name == "__init__":
            name = next((key for key, value in self._classes.items() if value is scope), name)
        defaults: dict[str, ast.expr] = {}
        for argument, value in zip(reversed(positional), reversed(spec.defaults), strict=False):
            defaults[argument.arg] = value
        for argument, given in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
            if given is not None:
                defaults[argument.arg] = given
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and self.dotted(decorator.func).endswith(
                ("option", "argument")
            ):
                default = next((k.value for k in decorator.keywords if k.arg == "default"), None)
                for argument_ in decorator.args if default is not None else ():
                    if (
                        isinstance(argument_, ast.Constant)
                        and isinstance(argument_.value, str)
                        and default is not None
                    ):
                        defaults.setdefault(argument_.value.lstrip("-").replace("-", "_"), default)
        for number, argument in enumerate([*positional, *spec.kwonlyargs]):
            place = number - method if number < len(positional) else -1
            made = Binding(
                node.lineno,
                True,
                defaults.get(argument.arg),
                scope,
                (),
                (name, place, argument.arg),
            )
            self._add(own, argument.arg, made)
            self._parameters.setdefault(argument.arg, []).append(made)
        self._functions.setdefault(node.name, []).append((node, own))
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
            self._options.setdefault(name, []).append(
                Binding(node.lineno, False, given["default"], scope)
            )

    @staticmethod
    def _add(scope: Scope, name: str, binding: Binding) -> None:
        scope.names.setdefault(name, []).append(binding)

    # Asking

    def dotted(self, node: ast.AST) -> str:
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

    def texts(self, node: ast.expr | None, scope: Scope) -> list[Text]:
        """The texts that an expression may stand for, each once; empty where that is not
        settled.
        """
        found = {(v.value, v.line): v for v in self.values(node, scope) if isinstance(v, Text)}
        return list(found.values())

    def values(self, node: ast.AST | None, scope: Scope, depth: int = 0) -> list[Value]:
        """All alternatives that are settled, without order of preference."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            self.spent = True
            return []
        if node is None or depth > MAX_DEPTH:
            return []
        found = list(self._values(node, scope, depth + 1))
        return found[:MAX_ALTERNATIVES]

    def defaults(self, name: str) -> list[Text]:
        """What parameters, options and fields of this name stand for where nothing else is
        given.
        """
        found: dict[tuple[str, int], Text] = {}
        for binding in [
            *self._options.get(name, ()),
            *self._fields.get(name, ()),
            *self._parameters.get(name, ()),
        ]:
            for text in (
                self.texts(binding.node, binding.scope)
                if isinstance(binding.node, ast.expr)
                else ()
            ):
                found[text.value, text.line] = text
        return list(found.values())

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

    def _values(self, node: ast.AST, scope: Scope, depth: int) -> Iterator[Value]:  # noqa: C901, PLR0912
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and len(node.value) <= MAX_TEXT:
                yield Text(node.value, node.lineno)
            elif node.value is None:
                yield NONE
        elif isinstance(node, ast.Name):
            yield from self._named(node.id, node.lineno, scope, depth)
        elif isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.Set):
            yield Held(node, scope)
        elif isinstance(node, ast.IfExp):
            yield from self.values(node.body, scope, depth)
            yield from self.values(node.orelse, scope, depth)
        elif isinstance(node, ast.BoolOp):
            for value in node.values[:32]:
                yield from self.values(value, scope, depth)
        elif isinstance(node, ast.NamedExpr | ast.Await | ast.Starred | ast.FormattedValue):
            yield from self.values(node.value, scope, depth)
        elif isinstance(node, ast.JoinedStr):
            yield from self._joined(
                [self.values(part, scope, depth) for part in node.values], node.lineno
            )
        elif isinstance(node, ast.BinOp):
            yield from self._operation(node, scope, depth)
        elif isinstance(node, ast.Attribute):
            yield from self._attribute(node, scope, depth)
        elif isinstance(node, ast.Subscript):
            keys = [v.value for v in self.values(node.slice, scope, depth) if isinstance(v, Text)]
            number = (
                node.slice.value
                if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int)
                else None
            )
            tables = [
                held for held in self.values(node.value, scope, depth) if isinstance(held, Held)
            ]
            for held in tables:
                yield from self._element(held, keys, number, depth)
            if not tables:
                yield from self._validated(node.value, keys, scope, depth)
        elif isinstance(node, ast.Call):
            yield from self._called(node, scope, depth)

    def _named(self, name: str, line: int, scope: Scope, depth: int) -> Iterator[Value]:
        here: Scope | None = scope
        local = True
        while here is not None:
            bindings = here.names.get(name)
            if bindings:
                if local:
                    before = [
                        b
                        for b in bindings
                        if b.line < line or b.parameter or (b.path and b.line == line)
                    ]
                    last = max((n for n, b in enumerate(before) if b.sure), default=0)
                    bindings = before[last:] or bindings
                for binding in bindings[:MAX_PRODUCT]:
                    yield from self._bound(binding, depth)
                return
            here = here.parent
            local = False
        if self._elsewhere is not None and name in self.imports:
            yield from self._elsewhere(self.imports[name], line)

    def _bound(self, binding: Binding, depth: int) -> list[Value]:
        key = id(binding)
        if key in self._known:
            return self._known[key]
        if key in self._active:
            return []
        self._active.add(key)
        try:
            found = self.values(binding.node, binding.scope, depth)
            for step in binding.path:
                found = [
                    v
                    for held in found
                    if isinstance(held, Held)
                    for v in self._step(held, step, depth)
                ][:MAX_ALTERNATIVES]
            if binding.parameter:
                found = [*found, *self._passed(*binding.parameter, depth=depth)][:MAX_ALTERNATIVES]
        finally:
            self._active.discard(key)
        if depth < MAX_DEPTH // 2 and not self._active:
            self._known[key] = found
        return found

    def _passed(self, function: str, place: int, name: str, *, depth: int) -> Iterator[Value]:
        """What the callers in this file give for a parameter."""
        for node, scope in self._sites.get(function, ())[:MAX_PRODUCT]:
            given = next((k.value for k in node.keywords if k.arg == name), None)
            if given is None and 0 <= place < len(node.args):
                given = node.args[place]
            if given is not None and not isinstance(given, ast.Starred):
                yield from self.values(given, scope, depth)

    def _step(self, held: Held, step: int | str, depth: int) -> Iterator[Value]:
        node = held.node
        if step == "*":
            yield from self._each(held, depth)
        elif (
            isinstance(node, ast.Tuple | ast.List)
            and isinstance(step, int)
            and step < len(node.elts)
        ):
            yield from self.values(node.elts[step], held.scope, depth)

    def _each(self, held: Held, depth: int) -> Iterator[Value]:
        """The elements of a list, the keys of a table, and what its `items()` and
        `values()` give.
        """
        node = held.node
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            for element in node.elts[:MAX_ALTERNATIVES]:
                yield from self.values(element, held.scope, depth)
        elif isinstance(node, ast.Dict):
            for key in node.keys[:MAX_ALTERNATIVES]:
                yield from self.values(key, held.scope, depth)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("items", "values", "keys")
        ):
            for table in self.values(node.func.value, held.scope, depth):
                if isinstance(table, Held) and isinstance(table.node, ast.Dict):
                    for key, value in list(zip(table.node.keys, table.node.values, strict=True))[
                        :MAX_ALTERNATIVES
                    ]:
                        if node.func.attr == "items" and key is not None:
                            yield Held(ast.Tuple([key, value], ast.Load()), table.scope)
                        else:
                            yield from self.values(
                                value if node.func.attr == "values" else key, table.scope, depth
                            )

    def _element(  # noqa: C901, PLR0912
        self, held: Held, keys: list[str], number: int | None, depth: int
    ) -> Iterator[Value]:
        """One element, or every one where the key is not settled: some of them is meant."""
        node = held.node
        if isinstance(node, ast.Dict):
            pairs = list(zip(node.keys, node.values, strict=True))
            chosen = (
                [(k, v) for k, v in pairs if isinstance(k, ast.Constant) and k.value in keys]
                if keys
                else []
            )
            for key, value in chosen or (pairs[:MAX_ALTERNATIVES] if not keys else []):
                if key is None:
                    for more in self.values(value, held.scope, depth):
                        if isinstance(more, Held):
                            yield from self._element(more, keys, number, depth)
                else:
                    yield from self.values(value, held.scope, depth)
        elif isinstance(node, ast.List | ast.Tuple):
            if number is not None:
                if -len(node.elts) <= number < len(node.elts):
                    yield from self.values(node.elts[number], held.scope, depth)
            else:
                for element in node.elts[:MAX_ALTERNATIVES]:
                    yield from self.values(element, held.scope, depth)
        elif isinstance(node, ast.Call) and self.dotted(node.func) == "dict":
            for keyword in node.keywords:
                if not keys or keyword.arg in keys:
                    yield from self.values(keyword.value, held.scope, depth)

    def _validated(
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

    def _joined(self, parts: list[list[Value]], line: int) -> Iterator[Value]:
        """Every combination of texts, up to MAX_PRODUCT of them; nothing where a part is not
        settled.
        """
        made = [""]
        for part in parts:
            texts = list(dict.fromkeys(v.value for v in part if isinstance(v, Text)))
            if not texts or len(made) * len(texts) > MAX_PRODUCT:
                return
            made = [
                left + right
                for left in made
                for right in texts
                if len(left) + len(right) <= MAX_TEXT
            ]
        yield from (Text(text, line) for text in made)

    def _operation(self, node: ast.BinOp, scope: Scope, depth: int) -> Iterator[Value]:
        left, right = self.values(node.left, scope, depth), self.values(node.right, scope, depth)
        if isinstance(node.op, ast.Add):
            yield from self._joined([left, right], node.lineno)
        if isinstance(node.op, ast.Add | ast.BitOr):
            yield from (v for v in (*left, *right) if isinstance(v, Held))
        elif isinstance(node.op, ast.Mod):
            given: list[list[Value]] = [right]
            if isinstance(node.right, ast.Tuple):
                given = [self.values(element, scope, depth) for element in node.right.elts[:8]]
            for pattern in left:
                if isinstance(pattern, Text) and pattern.value.count("%s") == len(
                    given
                ) == pattern.value.count("%"):
                    yield from self._filled(pattern, pattern.value.split("%s"), given)

    def _filled(
        self, pattern: Text, pieces: list[str], given: list[list[Value]]
    ) -> Iterator[Value]:
        parts: list[list[Value]] = [[Text(pieces[0], pattern.line)]]
        for piece, value in zip(pieces[1:], given, strict=True):
            parts += [value, [Text(piece, pattern.line)]]
        yield from self._joined(parts, pattern.line)

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
        elif inner.id in self._classes:
            yield from self._member(self._classes[inner.id], node.attr, depth)
        elif _OPTIONS.fullmatch(inner.id) and inner.id not in self.imports:
            yield from self._optional(node.attr, depth)

    def _optional(self, name: str, depth: int) -> Iterator[Value]:
        """A field of options: a flag of a command line, or a field of a class of this file."""
        for binding in [*self._options.get(name, ()), *self._fields.get(name, ())][:MAX_PRODUCT]:
            yield from self._bound(binding, depth)

    def _member(self, owner: Scope, name: str, depth: int) -> Iterator[Value]:
        seen: list[Scope] = []
        todo = [owner]
        while todo and len(seen) < 16:
            scope = todo.pop(0)
            if any(scope is other for other in seen):
                continue
            seen.append(scope)
            if name in scope.names:
                for binding in scope.names[name][:MAX_PRODUCT]:
                    yield from self._bound(binding, depth)
                return
            todo += [self._classes[base] for base in scope.bases if base in self._classes]

    def _called(self, node: ast.Call, scope: Scope, depth: int) -> Iterator[Value]:
        name = self.dotted(node.func)
        last = name.rpartition(".")[2]
        if name in _ENVIRONMENT or name.endswith(".environ.get"):
            if len(node.args) > 1:
                yield from self.values(node.args[1], scope, depth)
            else:
                yield from (
                    v
                    for k in node.keywords
                    if k.arg == "default"
                    for v in self.values(k.value, scope, depth)
                )
        elif last in _DEFAULTED:
            given = next((k.value for k in node.keywords if k.arg == "default"), None)
            given = node.args[0] if given is None and node.args and last != "field" else given
            factory = next((k.value for k in node.keywords if k.arg == "default_factory"), None)
            if given is None and isinstance(factory, ast.Lambda):
                given = factory.body
            yield from self.values(given, scope, depth)
        elif name in ("str", "Path", "pathlib.Path") and len(node.args) == 1:
            yield from self.values(node.args[0], scope, depth)
        elif last in ("items", "values", "keys") or name == "dict":
            yield Held(node, scope)
        elif isinstance(node.func, ast.Attribute) and last in (
            "get",
            "format",
            "join",
            "strip",
            "lower",
            "copy",
            "pop",
        ):
            yield from self._method(node, node.func, scope, depth)
        elif name in ("list", "tuple", "sorted", "set") and len(node.args) == 1:
            yield from self.values(node.args[0], scope, depth)
        elif (
            isinstance(node.func, ast.Name | ast.Attribute)
            and name.removeprefix("self.").removeprefix("cls.") in self._functions
        ):
            for _, own in self._functions[last][:8]:
                for binding in own.names.get("return", ())[:MAX_PRODUCT]:
                    yield from self._bound(binding, depth)

    def _method(  # noqa: C901, PLR0912
        self, node: ast.Call, function: ast.Attribute, scope: Scope, depth: int
    ) -> Iterator[Value]:
        held = self.values(function.value, scope, depth)
        if function.attr in ("get", "pop"):
            keys = [
                v.value
                for a in node.args[:1]
                for v in self.values(a, scope, depth)
                if isinstance(v, Text)
            ]
            for table in held:
                if isinstance(table, Held):
                    yield from self._element(table, keys, None, depth)
            tables = [table for table in held if isinstance(table, Held)]
            if not tables:
                yield from self._validated(function.value, keys, scope, depth)
            elif len(node.args) > 1:
                yield from self.values(node.args[1], scope, depth)
        elif function.attr == "format":
            for pattern in held:
                if isinstance(pattern, Text):
                    yield from self._formatted(pattern, node, scope, depth)
        elif function.attr == "join" and len(node.args) == 1:
            for separator in held:
                for items in self.values(node.args[0], scope, depth):
                    if (
                        isinstance(separator, Text)
                        and isinstance(items, Held)
                        and isinstance(items.node, ast.List | ast.Tuple)
                    ):
                        pieces = [separator.value] * max(0, len(items.node.elts) - 1)
                        given = [
                            self.values(element, items.scope, depth)
                            for element in items.node.elts[:32]
                        ]
                        if given and len(given) == len(items.node.elts):
                            yield from self._filled(separator, ["", *pieces, ""], given)
        elif function.attr == "copy":
            yield from held
        elif not node.args:
            yield from (
                Text(getattr(v.value, function.attr)(), v.line) for v in held if isinstance(v, Text)
            )

    def _formatted(
        self, pattern: Text, node: ast.Call, scope: Scope, depth: int
    ) -> Iterator[Value]:
        pieces = re.split(r"\{(\w*)\}", pattern.value)
        if len(pieces) > 17 or "{" in "".join(pieces[::2]):
            return
        given: list[list[Value]] = []
        named = {k.arg: k.value for k in node.keywords}
        for number, key in enumerate(pieces[1::2]):
            place = int(key) if key.isascii() and key.isdigit() and len(key) < 3 else number
            value = (
                named.get(key)
                if key and not key.isdigit()
                else node.args[place]
                if place < len(node.args)
                else None
            )
            given.append(self.values(value, scope, depth))
        yield from self._filled(pattern, pieces[::2], given)
