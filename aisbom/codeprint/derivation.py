"""What is known of where the code of one file comes from, and what shows which of two files came
first: a kept notice, a comment, a declared inheritance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Basis = Literal["declared", "identical", "derived", "family", "near"]

Kind = Literal[
    "inherits",
    "imports",
    "generated",
    "notice",
    "contributor",
    "comment",
    "comment-below",
    "in-tree",
    "credit",
    "folder",
    "dates",
    "beside",
]
"""`notice` is one of the project's own holders, which says nothing of which file was taken;
`contributor` one of somebody whom several of its files name. `imports`: a module that lies beside
the original is imported. `comment` speaks of the file, `comment-below` of the code under it.
`in-tree`: the original lies in the same tree; `credit`: a notice or README of the tree names the
project; `folder`: a folder or the file bears the project's name; `dates`: the history; `beside`:
another file of the tree is from the project.
"""


class Order(NamedTuple):
    """One sign of a direction: where it stands (lines from 1), and a sentence that says it.

    `module` is the module that a class inherits from, as it is written, or the holder of a kept
    notice (`notice`, `contributor`); empty for other signs.
    """

    line: int
    kind: Kind
    sentence: str
    module: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function alike on both sides; lines from 1."""

    name: str
    line: int
    end: int
    their_path: str
    their_name: str
    their_line: int


@dataclass(frozen=True, slots=True)
class Member:
    """A path of the index with which the file has code in common: the share of the file's
    fingerprints, plain and by weight. `percentile`: of unrelated pairs below this one. `by`: the
    day by which the project had this content; `""` if not known. `later`: the holders in the notice
    of the path whom the content that was copied may not have named.
    """

    project: str
    path: str
    containment: float
    weighted: float
    functions: tuple[Function, ...]
    percentile: float = 0.0
    by: str = ""
    later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """What is known of a file's code. `percentile`: of unrelated pairs below this one. `order`:
    what shows a direction, if anything. `near` are files like it of the same name, which say
    nothing by themselves; where nothing else is known, the basis is `near` and there are no
    members.
    """

    basis: Basis
    members: tuple[Member, ...]
    percentile: float
    order: tuple[Order, ...]
    tokens: int
    near: tuple[Member, ...] = ()
    examined: bool = True
