"""Which regular expressions are worse than linear: each is driven, in the way it is used, with lines
made of what it looks for, over and over, and a mismatch at the end.

    python -m benchmarks.patterns [WORD ...]

`tests/test_patterns.py` holds what it finds against the few whose input is short, with the bound.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from re import _parser as sre  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import aisbom
from aisbom import lazy_module

Pattern = re.Pattern[Any]

ANCHORED = frozenset({"match", "fullmatch"})
ANYWHERE = frozenset({"search", "finditer", "findall", "sub", "subn", "split"})
LENGTHS = (16, 24, 240, 2_400, 9_600)
QUICK = 0.001
"""Seconds below which the longest is not tried: one that is linear takes a tenth of it."""

SLOW = 0.005
"""Seconds of the processor below which nothing is called slow."""
STEEP = 20.0
"""Eight times the length takes eight times the time, sixty-four where it is quadratic."""
SQUARE = 100.0
"""More than this is worse than quadratic, and not tried at a greater length."""
TRIES = 3
"""The quickest of so many counts: another process on the machine makes one slow, hardly all."""


@dataclass(slots=True)
class Used:
    """An expression, where it stands first, and the methods that the package calls on it."""

    pattern: Pattern
    name: str
    methods: set[str] = field(default_factory=set)


def used() -> list[Used]:
    """Every expression of the package: compiled in a module, or given to a function of `re`."""
    found: dict[Pattern, Used] = {}
    modules = [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(aisbom.__path__, "aisbom.")
        if not module.name.endswith("__main__")
    ]
    for module in modules:
        for name, value in vars(module).items():
            for number, pattern in enumerate(_inside(value)):
                found.setdefault(pattern, Used(pattern, f"{module.__name__}.{name}[{number}]"))
    for module in modules:
        _note_methods(module, found)
    return sorted((one for one in found.values() if one.pattern.pattern), key=lambda one: one.name)


def _inside(value: object, depth: int = 0) -> Iterator[Pattern]:
    if isinstance(value, lazy_module.Pattern):
        value = value.expression
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, (tuple, list, frozenset)):
        for item in value:
            yield from _inside(item, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        yield from _inside(list(value.values()), depth + 1)


def _note_methods(module: ModuleType, found: dict[Pattern, Used]) -> None:
    """Which methods the code of a module calls on which expressions. One that is handed on, or lies
    in a table, may be searched for.
    """
    tree = ast.parse(inspect.getsource(module))
    called: set[ast.AST] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner, method = node.func.value, node.func.attr
        if _value(owner, module) is re and node.args and method in ANCHORED | ANYWHERE:
            text = _value(node.args[0], module)
            flags = next((_value(k.value, module) for k in node.keywords if k.arg == "flags"), 0)
            if isinstance(text, str):
                pattern = re.compile(text, flags if isinstance(flags, int) else 0)
                place = f"{module.__name__}:{node.lineno}"
                found.setdefault(pattern, Used(pattern, place)).methods.add(method)
        elif method in ANCHORED | ANYWHERE:
            # `A.match(x)`, `(A if b else C).match(x)`, `TABLE[name].match(x)`
            for part in ast.walk(owner):
                for pattern in _inside(_value(part, module)):
                    found[pattern].methods.add(method)
                    called.add(part)
    # Of one that stands as `A.pattern` only the text is asked for.
    called |= {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "pattern"
    }
    for node in ast.walk(tree):
        loaded = isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load)
        if loaded and node not in called:
            for pattern in _inside(_value(node, module)):
                found[pattern].methods.add("search")


def _value(node: ast.AST, module: ModuleType) -> object:
    """What an expression of constants and names of the module stands for."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return vars(module).get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _value(node.value, module)
        return getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None
    if isinstance(node, ast.JoinedStr):
        parts = [
            _value(p.value if isinstance(p, ast.FormattedValue) else p, module) for p in node.values
        ]
        return "".join(map(str, parts)) if None not in parts else None
    return None


def attacks(one: Used) -> list[tuple[str, str]]:
    """(what stands first, what is repeated behind it): for every repetition in an expression the
    shortest text that leads there and one that it takes. Where it is looked for anywhere, also
    the words in it, one character of each class, and both with separators between them.
    """
    text = one.pattern.pattern
    text = text if isinstance(text, str) else text.decode("latin-1")
    tree = sre.parse(text, one.pattern.flags & ~re.UNICODE)
    found: dict[tuple[str, str], None] = {}
    _repeats(tree, "", found)
    if not one.methods or one.methods & ANYWHERE:
        words: dict[str, None] = {}
        _words(tree, words)
        parts = list(dict.fromkeys([*list(words)[:12], *'a0 .-/\n"(']))
        pumps = [*parts, *(f"{a}{b}" for a in parts[:7] for b in parts[:7] if a != b)]
        found |= {("", pump): None for pump in pumps if pump}
    return list(found)


def _repeats(tree: Any, before: str, found: dict[tuple[str, str], None]) -> str:
    """Note the repetitions without an end; returns the shortest text that the tree takes, behind
    `before`.
    """
    for kind, value in tree:
        name = str(kind)
        if name in _REPEATS:
            least, most, body = value
            once = _repeats(body, before, found)[len(before) :]
            if most > 50 and once:
                for more in ("", *_VARIED):
                    found[before, once + more] = None
                    found[before, more + once] = None
            before += once * min(least, 50)
        elif name == "LITERAL":
            before += chr(value)
        elif name == "NOT_LITERAL":
            before += "a" if value != ord("a") else "b"
        elif name == "ANY":
            before += "a"
        elif name == "IN":
            before += _member(value)
        elif name == "BRANCH":
            ends = [_repeats(branch, before, found) for branch in value[1]]
            before = min(ends, key=len)
        elif name == "SUBPATTERN":
            before = _repeats(value[-1], before, found)
        elif name == "ATOMIC_GROUP":
            before = _repeats(value, before, found)
    return before


_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_VARIED = (" ", "a", ".", "-", "/", "\n")


def _words(tree: Any, words: dict[str, None]) -> None:
    run = ""
    for kind, value in tree:
        name = str(kind)
        if name == "LITERAL":
            run += chr(value)
            continue
        if run:
            words[run] = None
            run = ""
        if name == "IN":
            words[_member(value)] = None
        elif name == "BRANCH":
            for branch in value[1]:
                _words(branch, words)
        elif name in _REPEATS:
            _words(value[2], words)
        elif name == "SUBPATTERN":
            _words(value[-1], words)
        elif name == "ATOMIC_GROUP":
            _words(value, words)
        elif name in ("ASSERT", "ASSERT_NOT"):
            _words(value[1], words)
    if run:
        words[run] = None


def _member(items: Iterable[Any]) -> str:
    items = list(items)
    for character in "aA0 _-.\t\n/x:@é'\"#<(":
        if re.fullmatch(_class(items), character):
            return character
    return next((chr(value) for kind, value in items if str(kind) == "LITERAL"), "a")


def _class(items: list[Any]) -> str:
    text = ""
    for kind, value in items:
        name = str(kind)
        if name == "NEGATE":
            text += "^"
        elif name == "LITERAL":
            text += re.escape(chr(value))
        elif name == "RANGE":
            text += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        elif name == "CATEGORY":
            short = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
            last = str(value).rpartition("_")[2]
            text += short[last].upper() if "_NOT_" in str(value) else short[last]
    return f"[{text}]"


def spent(one: Used, text: str) -> float:
    """Seconds of the processor that the dearest of its methods takes for a text."""
    data: Any = text if isinstance(one.pattern.pattern, str) else text.encode("utf-8")
    methods = one.methods & ANCHORED if not one.methods & ANYWHERE else set()
    begin = time.process_time()
    if methods:
        for method in methods:
            getattr(one.pattern, method)(data)
    else:
        for _ in one.pattern.finditer(data):
            pass
    return time.process_time() - begin


def cost(one: Used, attack: tuple[str, str], length: int) -> float:
    """Seconds for an attack of this length, the quickest of some tries where it is slow."""
    first, pump = attack
    text = first + pump * max(1, (length - len(first)) // len(pump)) + "\0"
    seconds = spent(one, text)
    for _ in range(TRIES - 1):
        if seconds > SLOW:
            seconds = min(seconds, spent(one, text))
    return seconds


def steep(one: Used) -> tuple[str, float, float] | None:
    """The attack under which an expression is worse than linear, and what it costs: an eighth of
    the length, and the length.
    """
    for attack in attacks(one):
        for length in LENGTHS:  # step by step, so that an exponential one is met early
            long = cost(one, attack, length)
            if long > SLOW:
                short = cost(one, attack, length // 8)
                if long > STEEP * max(short, 1e-5) and _goes_on(one, attack, length, short, long):
                    return f"{attack!r} of {length:,}", short, long
                break
            if long < QUICK and length == LENGTHS[-2]:
                break
    return None


def _goes_on(one: Used, attack: tuple[str, str], length: int, short: float, long: float) -> bool:
    """Whether it is still worse than linear beyond this length. An expression with a bound grows
    with the square up to that and is linear from there on.
    """
    if long > SQUARE * short:
        return True
    longer = cost(one, attack, 4 * length)
    return longer > 8 * long


def main() -> None:
    every = used()
    chosen = [one for one in every if not sys.argv[1:] or any(w in one.name for w in sys.argv[1:])]
    count = 0
    for one in chosen:
        if found := steep(one):
            count += 1
            attack, short, long = found
            methods = ",".join(sorted(one.methods))
            print(f"{one.name} ({methods}): {attack}: {short:.3f} s, {long:.3f} s", flush=True)
    print(f"{len(chosen)} expressions, {count} worse than linear")


if __name__ == "__main__":
    main()
