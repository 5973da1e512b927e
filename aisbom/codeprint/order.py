"""What shows which of two files came first: a kept notice, a comment, a declared inheritance."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Order(NamedTuple):
    """One sign of a direction: where it stands (lines from 1), and a sentence that says it.

    `module` is the module that a class inherits from, as it is written; empty for other signs.
    """

    line: int
    kind: Literal["inherits", "generated", "notice", "comment"]
    sentence: str
    module: str = ""
