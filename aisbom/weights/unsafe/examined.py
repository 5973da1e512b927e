"""What an examination found: ways to run code, and what could not be followed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from aisbom.weights.read.source import Source

Kind = Literal["pickle", "keras", "operator", "template", "remote-code", "loader"]
MAX_FOUND = 200


@dataclass(frozen=True, slots=True, order=True)
class Hazard:
    """One way in which a file can run code: through what, and what it would do (`calls os.system`).

    `line` counts from 1, 0 where the file has no lines.
    """

    kind: Kind
    what: str
    line: int = 0


@dataclass(slots=True)
class Examination:
    """`hazards` in their order, each once; `unread` says what could not be followed to its end.
    `opcodes`: how many of pickles were followed, of which a file has so many and no more.
    """

    hazards: dict[Hazard, None] = field(default_factory=dict)
    unread: dict[str, None] = field(default_factory=dict)
    opcodes: int = 0

    def add(self, kind: Kind, what: str, line: int = 0) -> None:
        """Note a way to run code."""
        if len(self.hazards) < MAX_FOUND:
            self.hazards.setdefault(Hazard(kind, what, line))

    def miss(self, why: str) -> None:
        """Note what could not be followed."""
        if len(self.unread) < MAX_FOUND:
            self.unread.setdefault(why)


Dive = Callable[[Source, str, Examination, int], None]
"""Examines a file inside a file: its bytes, its name in lower case, what was found so far, and how
many files it lies in.
"""
