"""Trees made to break their reader: each is a function that writes one, and what must be said of it.

`tests/test_hostile_trees.py` runs the small ones, `benchmarks/hostile.py` all of them under a
limit of memory and time, without a network. What falls short of what is asked, `outcome.py` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Build = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Case:
    """`gaps` are beginnings of places of which a gap must speak, `seen` names of components that
    must be there, `unsaid` words that must stand nowhere in what is written, `runs` places of files
    of which the document must say that they can run code, or were not read to their end.

    `words` are further arguments; with a `code` that is not 0 no document is written. `policy` and
    `verdict`: what `check` says of the document. `large`: takes seconds or gigabytes to make or to
    read. `group` is the module that it stands in.
    """

    build: Build
    gaps: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    code: int = 0
    policy: str = ""
    verdict: str = ""
    large: bool = False

    @property
    def group(self) -> str:
        return self.build.__module__.rpartition(".")[2]


CASES: dict[str, Case] = {}


def case(*gaps: str, **more: Any) -> Callable[[Build], Build]:
    """Enter a function that writes a tree, under its own name, with the fields of a Case."""

    def enter(build: Build) -> Build:
        assert build.__name__ not in CASES
        CASES[build.__name__] = Case(build, gaps, **more)
        return build

    return enter
