"""Which regular expressions are worse than linear when they stand alone: each is driven with lines
made of what it looks for, over and over, and a mismatch at the end.

    python -m benchmarks.patterns [WORD ...]

Many are quadratic and harmless, since what they are given is short (a name, a folder, a line that was
cut). Each one listed is a question: is its input bounded? `benchmarks/fuzz.py` asks it end to end.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterable, Iterator
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any

import aisbom

SHORT, LONG = 500, 3_000
SLOW = 0.02
"""Seconds of the processor below which nothing is called slow."""
STEEP = 14.0
"""Six times the length takes six times the time, thirty-six where it is quadratic."""


def patterns() -> dict[str, re.Pattern[Any]]:
    """Every compiled expression that stands in a module, by module and name."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in pkgutil.walk_packages(aisbom.__path__, "aisbom."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                for number, pattern in enumerate(_inside(value)):
                    found.setdefault(f"{module.name}.{name}[{number}]", pattern)
    return {name: p for name, p in found.items() if p.pattern}


def _inside(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, (tuple, list, frozenset)):
        for item in value:
            yield from _inside(item, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        yield from _inside(list(value.values()), depth + 1)


def pumps(pattern: re.Pattern[Any]) -> list[str]:
    """What a string can be made of to keep this expression at work: the words in it, one character
    of each class, and both with the separators between them.
    """
    text = (
        pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    )
    words: dict[str, None] = {}
    _words(sre.parse(text, pattern.flags & ~re.UNICODE), words)
    parts = list(dict.fromkeys([*list(words)[:12], *'a0 .-/\n"(']))
    return [*parts, *(f"{a}{b}" for a in parts[:7] for b in parts[:7] if a != b)]


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
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
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
    return "a"


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


def spent(pattern: re.Pattern[Any], text: str) -> float:
    data: Any = text if isinstance(pattern.pattern, str) else text.encode("utf-8")
    begin = time.process_time()
    for _ in pattern.finditer(data):
        pass
    return time.process_time() - begin


def steep(pattern: re.Pattern[Any]) -> list[str]:
    """The pumps under which it is worse than linear."""
    found = []
    for pump in pumps(pattern):
        long = spent(pattern, pump * (LONG // len(pump)) + "\0")
        if long > SLOW:
            short = spent(pattern, pump * (SHORT // len(pump)) + "\0")
            if long > STEEP * max(short, 1e-4):
                found.append(f"{pump!r}: {short:.3f} s, {long:.3f} s")
    return found


def main() -> None:
    every = patterns()
    chosen = [name for name in every if not sys.argv[1:] or any(w in name for w in sys.argv[1:])]
    count = 0
    for name in sorted(chosen):
        if found := steep(every[name]):
            count += 1
            print(f"{name}: {found[0]}", flush=True)
    print(f"{len(chosen)} expressions, {count} worse than linear when they stand alone")


if __name__ == "__main__":
    main()
