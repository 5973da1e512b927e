"""Trees made to break their reader: each is a function that writes one, and what must be said of it.

`tests/test_hostile_trees.py` runs the small ones, `benchmarks/hostile.py` all of them under a
limit of memory and time, without a network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Build = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Case:
    """`gaps` are beginnings of places of which a gap must speak, `seen` names of components that
    must be there, `unsaid` words that must stand nowhere in what is written.

    `large`: takes seconds or gigabytes to make or to read.
    """

    build: Build
    gaps: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    large: bool = False


CASES: dict[str, Case] = {}


def case(
    *gaps: str, seen: tuple[str, ...] = (), unsaid: tuple[str, ...] = (), large: bool = False
) -> Callable[[Build], Build]:
    """Enter a function that writes a tree, under its own name."""

    def enter(build: Build) -> Build:
        CASES[build.__name__] = Case(build, gaps, seen, unsaid, large)
        return build

    return enter
