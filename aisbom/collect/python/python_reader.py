"""What the names of a Python file stand for, as far as that can be seen without running it.

A small reader of the syntax tree: constants, names, concatenation, comprehensions, functions that
only combine such values. Both branches of a condition are taken, and what only one of them says is
marked as not certain. Everything else is `UNKNOWN`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from aisbom.collect.references.python_values import (
    MAX_ITEMS,
    UNKNOWN,
    Text,
    Value,
    add_values,
    built_in,
    constant,
    format_text,
    merge_values,
    method,
    string,
    uncertain,
)

MAX_STEPS = 300_000
MAX_CALLS = 12


@dataclass(slots=True)
class Reader:
    """Runs over a module's statements and keeps what its names stand for; `calls` are the calls of
    the functions in `wanted`.
    """

    wanted: frozenset[str]
    names: dict[str, Value] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    calls: list[tuple[ast.Call, dict[str, tuple[int, Value]]]] = field(default_factory=list)
    steps: int = 0
    depth: int = 0
    returned: list[Value] = field(default_factory=list)

    def run(self, body: Iterable[ast.stmt]) -> None:
        """Take the statements in order."""
        for statement in body:
            if not self._charge(1):
                return
            self._statement(statement)

    def _charge(self, cost: int) -> bool:
        self.steps += cost
        return self.steps < MAX_STEPS

    def _statement(self, node: ast.stmt) -> None:  # noqa: C901
        if isinstance(node, ast.FunctionDef):
            self.functions[node.name] = node
        elif isinstance(node, ast.Assign):
            value = self.value(node.value)
            for target in node.targets:
                self._assign(target, value)
        elif isinstance(node, ast.AnnAssign) and node.value:
            self._assign(node.target, self.value(node.value))
        elif isinstance(node, ast.AugAssign):
            old = (
                self.value(node.target)
                if isinstance(node.target, ast.Name | ast.Subscript)
                else UNKNOWN
            )
            more = self.value(node.value)
            self._assign(
                node.target,
                add_values(old, more) if isinstance(node.op, ast.Add | ast.BitOr) else UNKNOWN,
            )
        elif isinstance(node, ast.Expr):
            if not (isinstance(node.value, ast.Call) and self._apply_change(node.value)):
                self.value(node.value)
        elif isinstance(node, ast.If):
            self._branches([node.body, node.orelse])
        elif isinstance(node, ast.Try):
            self.run(node.body)
            self._branches([[], *(handler.body for handler in node.handlers)])
            self.run([*node.orelse, *node.finalbody])
        elif isinstance(node, ast.With):
            self.run(node.body)
        elif isinstance(node, ast.For):
            self._loop(node)
        elif isinstance(node, ast.Return):
            self.returned.append(self.value(node.value) if node.value else None)

    def _branches(self, bodies: list[list[ast.stmt]]) -> None:
        """Take each body from the same start, and keep what all say as certain."""
        if not self._charge(len(self.names) * len(bodies)):
            return
        start = self.names
        ends: list[dict[str, Value]] = []
        for body in bodies:
            self.names = dict(start)
            self.run(body)
            ends.append(self.names)
        self.names = ends[0]
        for end in ends[1:]:
            for name, value in end.items():
                if name not in self.names:
                    self.names[name] = value
                elif self.names[name] is not value:
                    self.names[name] = merge_values(self.names[name], value)

    def _loop(self, node: ast.For) -> None:
        over = self.value(node.iter)
        items = (
            over
            if isinstance(over, list)
            else [Text(key, node.lineno) for key in over]
            if isinstance(over, dict)
            else [UNKNOWN]
        )
        for item in items:
            if not self._charge(1):
                return
            self._assign(node.target, item)
            self.run(node.body)

    def _assign(self, target: ast.expr, value: Value) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            parts = (
                value
                if isinstance(value, list) and len(value) == len(target.elts)
                else [UNKNOWN] * len(target.elts)
            )
            for inner, part in zip(target.elts, parts, strict=True):
                self._assign(inner, part)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            held, key = self.names.get(target.value.id), self.value(target.slice)
            if isinstance(held, dict) and self._charge(len(held)):
                self.names[target.value.id] = {
                    **held,
                    key.value if isinstance(key, Text) else "": value,
                }

    def _apply_change(self, call: ast.Call) -> bool:
        """A statement such as `names.append(x)`; whether it was one."""
        if not (
            isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id in self.names
        ):
            return False
        name, verb = call.func.value.id, call.func.attr
        held = self.names[name]
        if not self._charge(len(held) if isinstance(held, list | dict) else 1):
            return True
        given = self.value(call.args[0]) if len(call.args) == 1 else UNKNOWN
        if isinstance(held, list) and verb in ("append", "add"):
            self.names[name] = add_values(held, [given])
        elif isinstance(held, list) and verb in ("extend", "update"):
            self.names[name] = add_values(held, given)
        elif isinstance(held, dict) and verb == "update":
            keywords = {k.arg or "": self.value(k.value) for k in call.keywords}
            extra = given if isinstance(given, dict) else {} if not call.args else {"": UNKNOWN}
            self.names[name] = {**held, **extra, **keywords}
        else:
            return False
        return True

    def value(self, node: ast.expr | None) -> Value:  # noqa: C901, PLR0911, PLR0912
        """What an expression stands for."""
        if node is None or not self._charge(1):
            return UNKNOWN
        if isinstance(node, ast.Constant):
            return constant(node)
        if isinstance(node, ast.Name):
            return self.names.get(node.id, UNKNOWN)
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return self._items(node.elts)
        if isinstance(node, ast.Dict):
            return self._table(node)
        if isinstance(node, ast.BinOp):
            return self._combine(node)
        if isinstance(node, ast.JoinedStr):
            parts = [
                self.value(p.value if isinstance(p, ast.FormattedValue) else p) for p in node.values
            ]
            return (
                string("".join(p.value for p in parts), node.lineno)
                if all(isinstance(p, Text) for p in parts)
                else UNKNOWN
            )
        if isinstance(node, ast.Subscript):
            return self._element(self.value(node.value), self.value(node.slice))
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            return self._evaluate_comprehension(node.generators, lambda: self.value(node.elt))
        if isinstance(node, ast.DictComp):
            return self._evaluate_dict_comprehension(node)
        if isinstance(node, ast.IfExp):
            return merge_values(self.value(node.body), self.value(node.orelse))
        if isinstance(node, ast.Starred):
            return self.value(node.value)
        if isinstance(node, ast.Call):
            return self._call(node)
        return UNKNOWN

    def _items(self, elements: list[ast.expr]) -> Value:
        items: list[Value] = []
        for element in elements:
            value = self.value(element)
            if isinstance(element, ast.Starred):
                items += value if isinstance(value, list) else [UNKNOWN]
            else:
                items.append(value)
            if len(items) > MAX_ITEMS:
                return UNKNOWN
        return items

    def _table(self, node: ast.Dict) -> Value:
        table: dict[str, Value] = {}
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            value = self.value(value_node)
            if key_node is None:
                table.update(value if isinstance(value, dict) else {"": UNKNOWN})
            else:
                key = self.value(key_node)
                table[key.value if isinstance(key, Text) else ""] = value
        return table

    def _combine(self, node: ast.BinOp) -> Value:
        # A long sum leans to the left: take it apart without recursion.
        if not isinstance(node.op, ast.Add | ast.BitOr):
            return (
                format_text(self.value(node.left), self.value(node.right))
                if isinstance(node.op, ast.Mod)
                else UNKNOWN
            )
        terms: list[ast.expr] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add | ast.BitOr):
            terms.append(left.right)
            left = left.left
        total = self.value(left)
        for term in reversed(terms):
            if not self._charge(len(total) if isinstance(total, list) else 1):
                return UNKNOWN
            total = add_values(total, self.value(term))
        return total

    @staticmethod
    def _element(held: Value, key: Value) -> Value:
        if isinstance(held, dict) and isinstance(key, Text):
            return held.get(key.value, UNKNOWN)
        if isinstance(held, list) and isinstance(key, int) and -len(held) <= key < len(held):
            return held[key]
        return UNKNOWN

    def _evaluate_comprehension(
        self, generators: list[ast.comprehension], element: Callable[[], Value]
    ) -> Value:
        if not generators:
            return [element()]
        first, rest = generators[0], generators[1:]
        over = self.value(first.iter)
        if isinstance(over, dict):
            over = [Text(key, first.iter.lineno) for key in over]
        if not isinstance(over, list):
            return UNKNOWN
        before = dict(self.names)
        items: list[Value] = []
        for item in over:
            if item is UNKNOWN or not self._charge(1):
                items.append(UNKNOWN)
                continue
            self._assign(first.target, item)
            inner = self._evaluate_comprehension(rest, element)
            items += inner if isinstance(inner, list) else [UNKNOWN]
        self.names = before
        if len(items) > MAX_ITEMS:
            return UNKNOWN
        return [uncertain(item) for item in items] if first.ifs else items

    def _evaluate_dict_comprehension(self, node: ast.DictComp) -> Value:
        """A table made by a comprehension; one that takes requirement strings apart by a pattern
        maps their names to them.
        """
        if any(
            isinstance(part, ast.Attribute)
            and part.attr in ("findall", "match", "fullmatch", "split", "search")
            for part in ast.walk(node)
        ):
            for part in ast.walk(node):
                texts = self.value(part.iter) if isinstance(part, ast.comprehension) else None
                found = [t for t in texts if isinstance(t, Text)] if isinstance(texts, list) else []
                if found:
                    return {
                        name[0]: t
                        for t in found
                        if (name := re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", t.value))
                    }
            return UNKNOWN
        pairs = self._evaluate_comprehension(
            node.generators, lambda: [self.value(node.key), self.value(node.value)]
        )
        if not isinstance(pairs, list):
            return UNKNOWN
        return {
            (pair[0].value if isinstance(pair, list) and isinstance(pair[0], Text) else ""): pair[1]
            if isinstance(pair, list)
            else UNKNOWN
            for pair in pairs
        }

    def _call(self, node: ast.Call) -> Value:
        name = (
            node.func.id
            if isinstance(node.func, ast.Name)
            else node.func.attr
            if isinstance(node.func, ast.Attribute)
            else ""
        )
        if name in self.wanted:
            given: dict[str, tuple[int, Value]] = {}
            for keyword in node.keywords:
                value = self.value(keyword.value)
                if keyword.arg:
                    given[keyword.arg] = (keyword.value.lineno, value)
                elif isinstance(value, dict):
                    given.update(
                        {key: (keyword.value.lineno, inner) for key, inner in value.items()}
                    )
                else:
                    given[""] = (keyword.value.lineno, UNKNOWN)
            self.calls.append((node, given))
            return UNKNOWN
        arguments = self._items(node.args)
        if arguments is UNKNOWN:
            return UNKNOWN
        if isinstance(node.func, ast.Name):
            if node.func.id in self.functions:
                return self._function(
                    self.functions[node.func.id],
                    arguments,
                    {k.arg or "": self.value(k.value) for k in node.keywords},
                )
            return built_in(
                name, arguments, {k.arg or "": self.value(k.value) for k in node.keywords}
            )
        if isinstance(node.func, ast.Attribute):
            return method(self.value(node.func.value), name, arguments)
        return UNKNOWN

    def _function(
        self, function: ast.FunctionDef, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """What a function of the file returns for these arguments."""
        if self.depth >= MAX_CALLS or not self._charge(len(self.names)):
            return UNKNOWN
        names, returned = self.names, self.returned
        self.names, self.returned, self.depth = dict(names), [], self.depth + 1
        spec = function.args
        positional = [*spec.posonlyargs, *spec.args]
        for argument, default in zip(reversed(positional), reversed(spec.defaults), strict=False):
            self.names[argument.arg] = self.value(default)
        for number, argument in enumerate(positional):
            if number < len(arguments):
                self.names[argument.arg] = arguments[number]
            elif number < len(positional) - len(spec.defaults):
                self.names[argument.arg] = UNKNOWN
        if spec.vararg:
            self.names[spec.vararg.arg] = arguments[len(positional) :]
        self.names.update({name: value for name, value in keywords.items() if name})
        self.run(function.body)
        results = self.returned
        self.names, self.returned, self.depth = names, returned, self.depth - 1
        total: Value = results[0] if results else None
        for result in results[1:]:
            total = merge_values(total, result)
        return total
