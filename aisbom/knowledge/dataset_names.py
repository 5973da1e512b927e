"""Data sets that are known by a name without owner: `COCO`, `VQAv2`, `LibriSpeech`."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from importlib import resources
from typing import NamedTuple
from unicodedata import combining

_DISTINCT = 7
"""From this many letters and digits on a name that is written like none of the everyday words is
recognised in any case."""


_WITHIN = 4
"""Letters and digits that a name needs to be told from the words around it."""
_MAX_WORDS = 12


class _Table(NamedTuple):
    plain: dict[str, str]
    """All names without what spellings differ in, with the name as its makers write it."""
    telling: frozenset[str]
    """Those that are no everyday words."""
    spelled: frozenset[str]
    """All names as they are spelled."""
    exact: frozenset[str]
    """The names that a text may hold, as they are spelled."""
    distinct: frozenset[str]
    """Those that a text may hold in any case: with a digit, a dash or a second capital."""


def is_known(name: str) -> bool:
    """Whether a well-known data set has this name, however it is spelled; a word with one capital
    (`Math`) is none that is written in several (`MATH`).
    """
    table, plain = _table(), _plain(name)
    word = name.isalpha() and name.istitle() and name not in table.spelled
    return plain in table.plain and (plain in table.telling or not word)


def is_spelled(name: str) -> bool:
    """Whether a well-known data set has this name, in this spelling."""
    return name in _table().spelled


def spell_name(name: str) -> str:
    """The name as its makers write it (`MM-Vet` for `mm_vet`); itself where it is another spelling,
    which is often that of a part (`COYO-100M` of `COYO-700M`).
    """
    return _table().plain.get(_plain(name), name)


def find_within(name: str) -> str:
    """The first name of a data set that is some of the words of a longer one, as its makers write
    it: `TriviaQA` of `kilt_triviaqa`, `ASQA` of `alce_asqa_700`; the longest of those that begin
    at one word, `""` where there is none. A key has to promise a data set: words of anything else
    may be the same.
    """
    words = [word for word in re.split(r"[_\-]", name) if word][:_MAX_WORDS]
    pieces = (
        "".join(words[first:last])
        for first in range(len(words))
        for last in range(len(words), first, -1)
        if last - first < len(words)
    )
    table = _table()
    found = (piece for piece in map(_plain, pieces) if piece in table.telling)
    return next((table.plain[one] for one in found if len(one) >= _WITHIN), "")


def same(name: str, other: str) -> bool:
    """Whether one name is a piece of the other, whatever stands between their words."""
    return _plain(name) in _plain(other)


def known_in_path(name: str) -> bool:
    """Whether the name of a folder or file is one, and no everyday word."""
    return _plain(name) in _table().telling


def known_in_text(name: str) -> bool:
    """Whether words of a text are such a name: as it is spelled, and only where it is no everyday
    word; longer names that are written like no word, in any case.
    """
    table = _table()
    return name in table.exact or _plain(name) in table.distinct


def _plain(name: str) -> str:
    """The letters and digits of a name, of any script (`τ-bench` is no `bench`), without
    accents.
    """
    if not name.isascii():
        parts = unicodedata.normalize("NFKD", name)
        name = unicodedata.normalize("NFC", "".join(c for c in parts if not combining(c)))
    return re.sub(r"[^\w+]|_", "", name.lower())


@cache
def _table() -> _Table:
    text = (resources.files("aisbom.knowledge") / "dataset_names.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.split("\n") if line and not line.startswith("#"))
    names: list[str] = []
    told: list[str] = []
    for row in rows:
        spelled = [row["name"], *filter(None, row["spellings"].split("; "))]
        names += spelled
        told += spelled if not row["everyday"] else []
    return _Table(
        {_plain(name): name for name in reversed(names)},
        frozenset(map(_plain, told)),
        frozenset(names),
        frozenset(told),
        frozenset(_plain(name) for name in told if _is_distinct(name)),
    )


def _is_distinct(name: str) -> bool:
    return len(_plain(name)) >= _DISTINCT and (
        re.search(r"[\d\-_]", name) is not None or len(re.findall(r"[A-Z]", name)) > 1
    )
