"""The known texts: identifiers and digests, made by tools/licence_texts.py. Read on first use and
kept.
"""

from __future__ import annotations

import csv
import json
import sys
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from itertools import accumulate, chain
from typing import NamedTuple

MAGIC = b"aisbom licence texts 2\n"


class Reference(NamedTuple):
    """One known text. `rate` is 1 or `words.SPARSE`; `kept` its shingles of that rate; `terms` the
    numbers of the terms it holds.
    """

    id: str
    key: str
    rate: int
    words: int
    kept: int
    terms: frozenset[int]
    exception: bool


class Version(NamedTuple):
    """A row of versions.csv: phrases that the text of an identifier must (or may not) hold, all of
    them in normalised words.

    `place` is `text`, or `head` for phrases that have to stand in the first words: what is a title
    there is a mention further down.
    """

    id: str
    needed: tuple[str, ...]
    refused: tuple[str, ...]
    place: str


class Shingles(NamedTuple):
    """Which references hold a shingle: distinct `values`, sorted, and for each where its `numbers`
    of references end.
    """

    values: array[int]
    ends: array[int]
    numbers: array[int]

    def holders(self, value: int) -> array[int]:
        """The numbers of the references that hold this shingle, rising."""
        at = bisect_left(self.values, value)
        if at == len(self.values) or self.values[at] != value:
            return self.numbers[:0]
        return self.numbers[self.ends[at - 1] if at else 0 : self.ends[at]]


class References(NamedTuple):
    """All of them. `exact` maps the digest of a whole text to its reference."""

    texts: tuple[Reference, ...]
    exact: dict[str, int]
    shingles: Shingles
    versions: dict[str, tuple[Version, ...]]
    terms: tuple[str, ...]


@lru_cache(maxsize=1)
def load() -> References:
    """The shipped references. Raises ValueError where the data file is not one."""
    folder = resources.files("aisbom.licences")
    data = (folder / "texts.bin").read_bytes()
    if not data.startswith(MAGIC):
        raise ValueError("texts.bin: not a file of licence digests")
    end = data.index(b"\n", len(MAGIC))
    header = json.loads(data[len(MAGIC) : end])
    texts = tuple(
        Reference(
            row["id"],
            row["key"],
            row["rate"],
            row["words"],
            row["count"],
            frozenset(row["terms"]),
            row["exception"],
        )
        for row in header["texts"]
    )
    exact: dict[str, int] = {}
    for number, row in enumerate(header["texts"]):
        exact.setdefault(row["exact"], number)
    held = unpack(data[end + 1 :], header["shingles"])
    if len(held.numbers) != sum(text.kept for text in texts):
        raise ValueError("texts.bin: its length is not that of its texts")
    versions: dict[str, tuple[Version, ...]] = {}
    for row in rows((folder / "versions.csv").read_text("utf-8")):
        versions[row.id] = (*versions.get(row.id, ()), row)
    return References(texts, exact, held, versions, tuple(header["terms"]))


def pack(kept: Sequence[Sequence[int]]) -> tuple[bytes, int]:
    """The shingles of each reference, as `unpack` reads them, and how many distinct ones there
    are.
    """
    holders: dict[int, list[int]] = {}
    for number, values in enumerate(kept):
        for value in values:
            holders.setdefault(value, []).append(number)
    values = array("I", sorted(holders))
    ends = array("I", accumulate(len(holders[value]) for value in values))
    numbers = array("H", chain.from_iterable(holders[value] for value in values))
    return b"".join(_little(one).tobytes() for one in (values, ends, numbers)), len(values)


def unpack(data: bytes, distinct: int) -> Shingles:
    """What `pack` made of so many distinct shingles."""
    values, ends, numbers = array("I"), array("I"), array("H")
    values.frombytes(data[: 4 * distinct])
    ends.frombytes(data[4 * distinct : 8 * distinct])
    numbers.frombytes(data[8 * distinct :])
    return Shingles(_little(values), _little(ends), _little(numbers))


def _little(one: array[int]) -> array[int]:
    """The array with its bytes turned on a machine that has the highest byte first."""
    if sys.byteorder == "big":
        one.byteswap()
    return one


def rows(text: str) -> list[Version]:
    """The rows of versions.csv; phrases have "; " between them."""
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    return [
        Version(row["id"], _phrases(row["needed"]), _phrases(row["refused"]), row["place"])
        for row in csv.DictReader(lines, strict=True)
    ]


def _phrases(cell: str) -> tuple[str, ...]:
    return tuple(part for one in cell.split(";") if (part := one.strip()))
