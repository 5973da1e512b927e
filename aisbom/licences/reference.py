"""The known texts: identifiers and digests, made by tools/licence_texts.py. Read on first use and
kept.
"""

from __future__ import annotations

import csv
import json
import sys
from array import array
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

MAGIC = b"aisbom licence texts 1\n"


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


class References(NamedTuple):
    """All of them. `exact` maps the digest of a whole text to references, `shingles` a shingle to
    references.
    """

    texts: tuple[Reference, ...]
    exact: dict[str, int]
    shingles: dict[int, tuple[int, ...]]
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
    hashes = array("I")
    hashes.frombytes(data[end + 1 :])
    if sys.byteorder == "big":
        hashes.byteswap()
    texts: list[Reference] = []
    exact: dict[str, int] = {}
    index: dict[int, tuple[int, ...]] = {}
    start = 0
    for number, row in enumerate(header["texts"]):
        stop = start + row["count"]
        for value in hashes[start:stop]:
            index[value] = (*index.get(value, ()), number)
        start = stop
        exact.setdefault(row["exact"], number)
        texts.append(
            Reference(
                row["id"],
                row["key"],
                row["rate"],
                row["words"],
                row["count"],
                frozenset(row["terms"]),
                row["exception"],
            )
        )
    if start != len(hashes):
        raise ValueError("texts.bin: its length is not that of its texts")
    versions: dict[str, tuple[Version, ...]] = {}
    for row in rows((folder / "versions.csv").read_text("utf-8")):
        versions[row.id] = (*versions.get(row.id, ()), row)
    return References(tuple(texts), exact, index, versions, tuple(header["terms"]))


def rows(text: str) -> list[Version]:
    """The rows of versions.csv; phrases have "; " between them."""
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    return [
        Version(row["id"], _phrases(row["needed"]), _phrases(row["refused"]), row["place"])
        for row in csv.DictReader(lines, strict=True)
    ]


def _phrases(cell: str) -> tuple[str, ...]:
    return tuple(part for one in cell.split(";") if (part := one.strip()))
