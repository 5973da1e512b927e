"""Facts about whose code a file is: originals, their holders, and what shows the order."""

from __future__ import annotations

from typing import Any, NamedTuple

from aisbom.model.facts.key import Key


class Member(NamedTuple):
    """A file of the code index that a file agrees with.

    `rank` 0 agrees most. `project` is a purl without version, `path` the path there (`""`: which of
    its files is not known). `containment` is the share (0 to 1) of our fingerprints that are found
    there, `weighted` the same by rarity. `by` is the day by which the project had that content (ISO
    8601, `""`: not known).
    """

    rank: int
    project: str
    path: str
    containment: float
    weighted: float
    by: str = ""

    @property
    def purl(self) -> str:
        """`project#path`, or the project alone."""
        return f"{self.project}#{self.path}" if self.path else self.project


class SameFunction(NamedTuple):
    """A rare function that is the same here and in the member of this rank; lines from 1."""

    rank: int
    line: int
    end: int
    name: str
    their_path: str
    their_line: int
    their_name: str


class OfMember(NamedTuple):
    """A text (a holder, a licence) that belongs to the member of this rank."""

    rank: int
    text: str


class LaterHolder(NamedTuple):
    """A holder (`text`) in the notice of the member of this rank whom the version that was copied
    may not have named. `recorded`: the index knows an earlier one that did not.
    """

    rank: int
    text: str
    recorded: bool


class FileHolder(NamedTuple):
    """A copyright holder whom the original of the file at `path` names."""

    path: str
    holder: str


class HolderLine(NamedTuple):
    """A copyright holder and the line (from 1) of the file that names it."""

    holder: str
    line: int


class SaidSource(NamedTuple):
    """Where a comment in line `line` (from 1) says that code comes from, as it is written. `whole`:
    it stands above all code, and speaks of the file.
    """

    line: int
    source: str
    whole: bool


class NearFile(NamedTuple):
    """A file of the code index that a file is like, but not beyond what unrelated files of one name
    may be: `member` in all but the rank, with what the index knows of it. `holders` are those its
    notice names, `later` those of them whom the version that was copied may not have named, as the
    index has `recorded` or not.
    """

    rank: int
    project: str
    path: str
    containment: float
    weighted: float
    percentile: float
    repository: str
    licence: str
    holders: tuple[str, ...]
    later: tuple[str, ...]
    recorded: bool = False


class CameOn(NamedTuple):
    """When a file came into the scanned history, as its path and as its content: the days (ISO
    8601) before which it was not there and by which it was; `""` for what is not known.
    """

    path_least: str
    path_most: str
    content_most: str


class UsageModule(NamedTuple):
    """Line `line` (from 1) of a file's usage text calls the file by this module of another
    package.
    """

    line: int
    module: str


class OrderSign(NamedTuple):
    """What shows that the member of this rank is the older one: a sign of a kind of
    `codeprint/order.py`, its line (from 1), the holder whose notice it is (`""` for other kinds),
    and a sentence.
    """

    rank: int
    kind: str
    line: int
    holder: str
    sentence: str


class FilePair(NamedTuple):
    """A file of the tree and the file of the release that it was made from."""

    path: str
    original: str


class CopyOf(NamedTuple):
    """The repository (its address) and the release (a purl) that a whole tree is a copy of."""

    repository: str
    release: str


MEMBER = Key(
    "member", Member, ("collect",), ("merge", "identify", "bom"), "a file of the index like it"
)
FUNCTION = Key("function", SameFunction, ("collect",), ("bom",), "a function that both files have")
THEIR_HOLDER = Key(
    "their-holder", OfMember, ("collect",), ("identify",), "a holder whom the index names for it"
)
THEIR_LICENCE = Key(
    "their-licence", OfMember, ("collect",), ("identify",), "the licence of the project it is in"
)
THEIR_REPOSITORY = Key(
    "their-repository",
    OfMember,
    ("collect",),
    ("merge", "identify"),
    "where the project is published that it is in",
)
LATER_HOLDER = Key(
    "later-holder",
    LaterHolder,
    ("collect",),
    ("identify",),
    "a holder whom the version that was copied may not have named",
)
IN_TREE = Key(
    "in-tree", OfMember, ("merge",), ("identify",), "where the member of a rank lies in the tree"
)
ORIGINAL_HOLDER = Key(
    "original-holder",
    FileHolder,
    ("merge",),
    ("identify",),
    "a holder in a changed file's original",
)
MODIFIED_FILE = Key(
    "modified-file", FilePair, ("merge",), ("bom",), "a file that differs from the release's"
)
HOLDER_LINE = Key(
    "holder-line", HolderLine, ("collect",), ("identify",), "a holder and the line that names it"
)
SAID_SOURCE = Key(
    "said-source", SaidSource, ("collect",), ("identify",), "where a comment says code is from"
)
NEAR = Key(
    "near",
    NearFile,
    ("collect",),
    ("merge",),
    "a file of the index that it is near to, which says nothing without a credit",
)
CAME = Key("came", CameOn, ("examine",), ("merge",), "when a file came into the scanned history")
USAGE_MODULE = Key(
    "usage-module",
    UsageModule,
    ("collect",),
    ("identify",),
    "the module of another package by which a usage text calls the file",
)
ORDER_SIGN = Key(
    "order-sign",
    OrderSign,
    ("collect", "merge"),
    ("merge", "identify"),
    "what shows that a member is older",
)
COPY_OF = Key(
    "copy-of", CopyOf, ("merge",), ("identify",), "the release that the whole tree is a copy of"
)

RECORDS: tuple[Key[Any], ...] = (
    MEMBER,
    FUNCTION,
    THEIR_HOLDER,
    THEIR_LICENCE,
    THEIR_REPOSITORY,
    LATER_HOLDER,
    IN_TREE,
    ORIGINAL_HOLDER,
    MODIFIED_FILE,
    HOLDER_LINE,
    SAID_SOURCE,
    NEAR,
    CAME,
    USAGE_MODULE,
    ORDER_SIGN,
    COPY_OF,
)
