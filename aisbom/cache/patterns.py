"""Regular expressions as an earlier run compiled them: compiling some hundred is a fifth of a small
scan, and every run compiles the same ones.

`re` compiles in two steps: Python code turns the text into a list of numbers, and C code checks
these numbers and makes the pattern of them. The numbers are kept, in one file for each version of
Python. A pattern that is made of them equals the one that `re` would have compiled.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from re import Pattern
from typing import Any, NamedTuple

from aisbom.user_folders import cache_folder

_LAYOUT = b"aisbom patterns 1\n"
_MOST = 2_000
"""Patterns that are kept. Where there are more, those that a run did not use are left out."""
_LONGEST = 20_000
"""Characters of a text that is kept."""

Key = tuple[type, str | bytes, int]
"""Whether the pattern is for text or for bytes, its text, and the flags that were given."""


class CompiledPattern(NamedTuple):
    """What the second step needs: all flags, the number of groups, the named groups with their
    numbers, and the result of the first step.
    """

    flags: int
    groups: int
    names: dict[str, int]
    code: Sequence[int]


@contextmanager
def reuse_patterns() -> Iterator[None]:
    """Take compiled patterns from the cache folder, and keep there at the end what had to be
    compiled. Where no file can be kept, or the interpreter is not CPython, patterns are compiled
    as always.
    """
    folder = cache_folder()
    compiler = _find_compiler()
    if folder is None or compiler is None:
        yield
        return
    patterns = _Patterns(compiler, folder / f"patterns-{sys.implementation.cache_tag}.bin")
    own = compiler.compile
    compiler.compile = patterns.compile
    try:
        yield
    finally:
        compiler.compile = own
        patterns.keep()


def _find_compiler() -> Any:
    """The module of CPython that does both steps; None where it is not built as this one expects:
    the two steps are no public interface.
    """
    try:
        compiler: Any = import_module("re._compiler")
        steps = (compiler._parser.parse, compiler._code, compiler._sre.compile, compiler.MAGIC)
    except (ImportError, AttributeError):
        return None
    code = compiler.compile.__code__
    known = code.co_varnames[: code.co_argcount] == ("p", "flags")
    return compiler if known and all(steps) else None


class _Patterns:
    """The patterns of a file, and those that were compiled since it was read."""

    def __init__(self, compiler: Any, path: Path) -> None:
        self._compiler = compiler
        self._path = path
        # The result of the first step is another one in another version.
        self._begins = _LAYOUT + f"{sys.version} {compiler.MAGIC} {sys.byteorder}\n".encode()
        self._known = self._load()
        self._used: set[Key] = set()
        self._grown = False

    def compile(self, text: Any, flags: int = 0) -> Pattern[Any]:
        """What `re` makes of a text. Raises re.error for a mistake in it."""
        if not isinstance(text, (str, bytes)):  # it was parsed before
            return self._link(None, self._translate(text, flags))
        key = (type(text), text, int(flags))
        found = self._known.get(key)
        if found is None:
            found = self._translate(self._compiler._parser.parse(text, flags), flags)
            if len(text) <= _LONGEST:
                # `re` has 32 bits for a number.
                self._known[key] = found._replace(code=array("I", found.code))
                self._grown = True
        self._used.add(key)
        return self._link(text, found)

    def keep(self) -> None:
        """Write the file if there is something new, whole or not at all."""
        if not self._grown:
            return
        kept = {
            key: row
            for key, row in self._known.items()
            if len(self._known) <= _MOST or key in self._used
        }
        rows = [
            (kind is bytes, _as_text(text), flags, *row[:3], len(row.code))
            for (kind, text, flags), row in kept.items()
        ]
        names = json.dumps(rows, separators=(",", ":")).encode()
        names += b" " * (-len(names) % 8)
        body = b"".join(
            [len(names).to_bytes(8, "little"), names, *(bytes(row.code) for row in kept.values())]
        )
        with suppress(OSError):
            _write(self._path, self._begins + hashlib.sha256(body).digest() + body)

    def _load(self) -> dict[Key, CompiledPattern]:
        """What an earlier run kept; nothing where it was another Python or the file is damaged."""
        try:
            data = memoryview(self._path.read_bytes())
        except OSError:
            return {}
        start = len(self._begins) + 32
        body = data[start:]
        digest = hashlib.sha256(body).digest()
        if data[:start] != self._begins + digest:
            return {}
        end = 8 + int.from_bytes(body[:8], "little")
        codes = memoryview(bytes(body[end:])).cast("I")
        known: dict[Key, CompiledPattern] = {}
        at = 0
        for is_bytes, text, given, flags, groups, names, size in json.loads(bytes(body[8:end])):
            key = (bytes, text.encode("latin-1"), given) if is_bytes else (str, text, given)
            known[key] = CompiledPattern(flags, groups, names, codes[at : at + size])
            at += size
        return known

    def _translate(self, parsed: Any, flags: int) -> CompiledPattern:
        """The first step of `re._compiler.compile`."""
        state = parsed.state
        code = self._compiler._code(parsed, flags)
        return CompiledPattern(
            int(flags | state.flags), state.groups - 1, dict(state.groupdict), code
        )

    def _link(self, text: str | bytes | None, row: CompiledPattern) -> Pattern[Any]:
        """The second step."""
        numbered: list[str | None] = [None] * (row.groups + 1)
        for name, number in row.names.items():
            numbered[number] = name
        made: Pattern[Any] = self._compiler._sre.compile(
            text, row.flags, list(row.code), row.groups, row.names, tuple(numbered)
        )
        return made


def _as_text(text: str | bytes) -> str:
    return text.decode("latin-1") if isinstance(text, bytes) else text


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    number, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
