"""What a collector is: a name, a version, the files it wants, and a pure function from one file to
rows.

It may read its file (bounded) and peek at siblings through `File`, yield rows, and raise; what it
yielded before an error is kept. It may not open other paths, use the network, know about countries,
or execute anything it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from aisbom.lazy_module import Function
from aisbom.model import Row, Sees
from aisbom.source.tree import File

BEGINNING = 512
"""Bytes of a file by which a collector may know that it wants it, whatever it is called."""


@dataclass(frozen=True, slots=True)
class Collector:
    """`patterns` are globs: on the file name, or, where they hold a `/`, on the end of the path.

    `installed` says whether it also reads what lies in an environment (below `site-packages` or
    `dist-packages`); a manifest or a source file there belongs to the distribution that installed
    it. `any_case` takes an ending (`*.pkl`) in capitals too. `begins(name, head)` takes a file that
    no pattern names by its first BEGINNING bytes. `sees` is what its sightings are worth as proof
    that somebody declared the thing, and as proof that it is here: see `model.Sees`.
    """

    name: str
    version: int
    patterns: tuple[str, ...]
    collect: Callable[[File], Iterator[Row]]
    installed: bool = False
    any_case: bool = False
    begins: Callable[[str, bytes], bool] | None = None
    sees: Sees = field(kw_only=True)

    def load(self) -> None:
        """Import its module now, and not when the first file asks for it."""
        function = self.collect.func if isinstance(self.collect, partial) else self.collect
        if isinstance(function, Function):
            function.resolve()
