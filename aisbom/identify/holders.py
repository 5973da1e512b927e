"""Who a copyright line names: the organisations in it, each once, however they are spelled.

`EleutherAI and the HuggingFace Inc. team` is two holders; `NVIDIA CORPORATION & AFFILIATES` is one.
Holders are the same if the knowledge has one organisation for both, or if their names are the same
words. Nothing is concluded from the name of a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from aisbom.knowledge import Knowledge, Organisation
from aisbom.knowledge import names as spelled
from aisbom.lazy_module import compile_later

_MOST = 12
"""Names in one line: more than these are read as one."""

_SEPARATOR = compile_later(r"((?:(?<!\s)\s++)?+(?:[,;/&]|\band/or\b|\band\b)\s*+)", re.IGNORECASE)
# What stands behind a separator without being a holder: legal forms and formulas.
_NO_NAME = compile_later(
    r"(?:inc|incorporated|l\.?l\.?c|ltd|limited|corp|corporation|co|company|gmbh|s\.?a|plc|"
    r"(?:its |their |the |all |other |individual )*(?:affiliates|contributors?|subsidiaries"
    r"|others|authors)|et al|all rights reserved)\.?",
    re.IGNORECASE,
)
# Whoever they are: nobody's line is missing where such a one is.
_NOBODY = compile_later(
    r"(?:the )?(?:respective|various|individual|original|other) (?:contributors?|authors?|owners?"
    r"|holders?|developers?|parties)",
    re.IGNORECASE,
)
_GROUP = compile_later(
    r"(?<![\s,])[\s,]++(?:inc\.?\s++)?(?:teams?|authors?|contributors?|developers|group|community"
    r"|project|committers)\.?$",
    re.IGNORECASE,
)
_CONTRIBUTORS = compile_later(r"^(?:the\s+)?contributors\s+(?:to|of)\s+(?:the\s+)?", re.IGNORECASE)
_FILLERS = compile_later(
    r"\b(?:the|inc|ltd|llc|corp|corporation|gmbh|co|company|teams?|authors?|contributors?|to|and"
    r"|all|rights|reserved|its|project|affiliates)\b|[\W_]+"
)
_ORGANISATION = compile_later(
    r"\b(?:Inc|LLC|Ltd|GmbH|Corp|Corporation|Labs?|University|Foundation|Teams?|Authors|AI)\b",
    re.IGNORECASE,
)


class Holder(NamedTuple):
    """One holder. `key` is the same for every spelling; `name` is for a reader.

    `country` is ISO 3166-1 alpha-2 or `international`, `""` where no seat is known. `row` is the
    organisation in the knowledge, None where it has none. `written` is the name as it was read.
    """

    key: str
    name: str
    country: str = ""
    row: Organisation | None = None
    written: str = ""

    @property
    def description(self) -> str:
        """The name, with the country where one is known."""
        return f"{self.name}, {self.country}" if self.country else self.name


def holders(text: str, knowledge: Knowledge) -> tuple[Holder, ...]:
    """The holders that a copyright line names, in order, each organisation once."""
    text = " ".join(unicodedata.normalize("NFKC", text).split()).strip(" .,;")
    found: dict[str, Holder] = {}
    for name in _parts(text, knowledge):
        one = of_name(name, knowledge)
        if one.key and not _NOBODY.fullmatch(name):
            found.setdefault(one.key, one)
    return tuple(found.values())


def every(lines: Iterable[str], knowledge: Knowledge) -> tuple[Holder, ...]:
    """The holders of several lines, in order, each organisation once."""
    found: dict[str, Holder] = {}
    for line in lines:
        for one in holders(line, knowledge):
            found.setdefault(one.key, one)
    return tuple(found.values())


def of_name(name: str, knowledge: Knowledge) -> Holder:
    """The holder of one name."""
    row = _row(name, knowledge)
    one = of_row(row) if row is not None else Holder(fold_name(name), name)
    return one._replace(written=name)


def of_row(row: Organisation) -> Holder:
    """The holder that an organisation of the knowledge is."""
    country = row.origin if row.origin != "unknown" else ""
    return Holder(f"organisation {row.id}", row.name, country, row)


def fold_name(name: str) -> str:
    """A name without what differs between spellings: case, spaces, legal forms, `The`, `authors`.

    >>> fold_name("The Norae Labs Inc. team.") == fold_name("NoraeLabs")
    True
    """
    low = unicodedata.normalize("NFKC", name).casefold()
    return _FILLERS.sub("", low) or re.sub(r"\W+", "", low)


def same(one: Holder, other: Holder, knowledge: Knowledge) -> bool:
    """Whether two holders are one: equal, or one organisation is part of the other."""
    if one.key == other.key:
        return True
    if one.row is None or other.row is None:
        return False
    return _owns(one.row, other.row, knowledge) or _owns(other.row, one.row, knowledge)


def among(one: Holder, others: Sequence[Holder], knowledge: Knowledge) -> Holder | None:
    """The first of `others` that is the same as `one`."""
    return next((other for other in others if same(one, other, knowledge)), None)


def _owns(one: Organisation, other: Organisation, knowledge: Knowledge) -> bool:
    return any(row.id == one.id for row in knowledge.list_parents(other))


def _row(name: str, knowledge: Knowledge) -> Organisation | None:
    tried = [name, _CONTRIBUTORS.sub("", name)]
    short = _GROUP.sub("", tried[-1])
    while short != tried[-1]:
        tried.append(short)
        short = _GROUP.sub("", short)
    return next((row for one in tried if (row := knowledge.by_name(one)) is not None), None)


def _parts(text: str, knowledge: Knowledge) -> Iterator[str]:
    """The names in a line: the longest runs that the knowledge has, and what stands between them.

    Where it has none, the line is one name, unless every part of it reads as an organisation's.
    """
    pieces = _SEPARATOR.split(text)
    if len(pieces) == 1 or len(pieces) > 2 * _MOST:
        yield text
        return
    parts = _runs(pieces, knowledge)
    if not all(part.known or _ORGANISATION.search(part.name) for part in parts) and not any(
        part.known for part in parts
    ):
        yield text
        return
    for part, after in zip_longest(parts, parts[1:]):
        # `The Norae team, Norae Labs`: the team is the organisation's.
        team = not part.known and part.mark == "," and _GROUP.search(part.name)
        if not (team and after and after.known):
            yield part.name


class _Part(NamedTuple):
    """A name in a line, whether the knowledge has it, and the separator behind it."""

    name: str
    known: bool
    mark: str


def _runs(pieces: Sequence[str], knowledge: Knowledge) -> list[_Part]:
    """`pieces` are names with the separators between them."""
    parts: list[_Part] = []
    at = 0
    while at < len(pieces):
        ends = range(len(pieces), at, -2)
        end = next((e for e in ends if _is_known("".join(pieces[at:e]), knowledge)), 0)
        stop = end or at + 1
        run = "".join(pieces[at:stop]).strip()
        mark = pieces[stop].strip() if stop < len(pieces) else ""
        if end or (run and not _NO_NAME.fullmatch(run)):
            parts.append(_Part(run, bool(end), mark))
        at = stop + 1
    return parts


def _is_known(run: str, knowledge: Knowledge) -> bool:
    """Whether the knowledge has this name as it stands, with nobody behind it cut off."""
    if not run or _NO_NAME.fullmatch(run):
        return False
    cut = spelled.holder(run)
    if _SEPARATOR.search(run) and _SEPARATOR.split(cut) != _SEPARATOR.split(run):
        rest = run[len(cut) :] if run.startswith(cut) else run
        names = [name.strip(" .") for name in _SEPARATOR.split(rest)[::2]]
        if any(name and not _NO_NAME.fullmatch(name) for name in names):
            return False
    return _row(run, knowledge) is not None
