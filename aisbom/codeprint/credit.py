"""Who a file or a tree credits, and whether an ancestor's holders are still among them."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from aisbom.licences import copyright_lines
from aisbom.licences.comments import marks
from aisbom.source.text import decode

HEAD = 32 * 1024
LINES = 120

Attribution = Literal["kept", "repository-level", "missing", "replaced", "unknown"]

_FILLERS = re.compile(
    r"\b(?:the|inc|ltd|llc|corp|corporation|gmbh|co|company|team|authors?|contributors?|and|all|rights|reserved|its)\b|[\W_]+"
)

_NOBODY = re.compile(r"\b(?:affiliates|subsidiaries|others|et al)\b", re.IGNORECASE)
_JOINED = re.compile(r"[,;/&]|\band/or\b|\band\b", re.IGNORECASE)


class Holder(NamedTuple):
    """One copyright line."""

    line: int
    name: str


def holders(data: bytes) -> tuple[Holder, ...]:
    """The copyright lines at the head of a file, in order; comments in any language and encoding
    that `decode` reads.
    """
    lines = decode(data[:HEAD]).split("\n")[:LINES]
    found: dict[str, Holder] = {}
    for number, line in enumerate(lines):
        begin = marks(line)
        told = line[begin:].rstrip(" \t*/")
        low = told.lower()
        if not ("copyright" in low or "(c)" in low or "©" in told) or (
            not line[:begin].strip() and re.search(r"[=(\[{]", line.split("opyright")[0])
        ):
            continue
        name = copyright_lines.holder(told)
        if (
            name is not None
            and (not name or copyright_lines.goes_on(told))
            and number + 1 < len(lines)
        ):
            follows = lines[number + 1][marks(lines[number + 1]) :].rstrip(" \t*/")
            name = copyright_lines.holder(f"{told} {follows}") or name
        if name and key(name):
            found.setdefault(key(name), Holder(number + 1, name))
    return tuple(found.values())


def key(name: str) -> str:
    """A holder's name without what differs between spellings: case, spaces, legal forms, `The`,
    `authors`.

    >>> key("The Hugging Face Inc. team.") == key("HuggingFace")
    True
    """
    return _FILLERS.sub("", name.casefold()) or re.sub(r"\W+", "", name.casefold())


def keys(name: str) -> frozenset[str]:
    """The keys of a holder's name and of each name that it joins: `A and the B team` may be one
    holder or two, and is compared with either.

    >>> sorted(keys("EleutherAI and the HuggingFace Inc. team"))
    ['eleutherai', 'eleutheraihuggingface', 'huggingface']
    >>> sorted(keys("Facebook, Inc. and its affiliates"))
    ['facebook', 'facebookaffiliates']
    """
    parts = [part for part in _JOINED.split(name) if _FILLERS.sub("", part.casefold())]
    return frozenset({key(name), *(key(part) for part in parts if not _NOBODY.search(part))})


def names(text: str, holder: str) -> bool:
    """Whether a text (a LICENSE, a NOTICE) names this holder."""
    wanted = key(holder)
    return len(wanted) > 2 and any(
        wanted in _FILLERS.sub("", line.casefold()) for line in text.split("\n")
    )
