"""What shows which of two files came first: a kept notice, a comment, a declared inheritance."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal[
    "inherits",
    "generated",
    "notice",
    "comment",
    "comment-below",
    "in-tree",
    "credit",
    "folder",
    "dates",
]
"""`notice` is one of the project's own holders, which says nothing of which file was taken;
`comment` speaks of the file, `comment-below` of the code under it. `in-tree`: the original lies in
the same tree; `credit`: a notice or README of the tree names the project; `folder`: a folder bears
the project's name; `dates`: the history.
"""


class Order(NamedTuple):
    """One sign of a direction: where it stands (lines from 1), and a sentence that says it.

    `module` is the module that a class inherits from, as it is written, or the holder of a kept
    notice; empty for other signs.
    """

    line: int
    kind: Kind
    sentence: str
    module: str = ""
