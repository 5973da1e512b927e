"""Every run of words of the licences that are met most (common.bin, made by
tools/licence_common.py): what is in the text, and what somebody wrote into it.

Read on first use only: most licence files are a known text and nothing else.
"""

from __future__ import annotations

import json
import sys
from array import array
from functools import lru_cache
from importlib import resources

MAGIC = b"aisbom common licence texts 1\n"

COMMON = (
    "mit",
    "mit-0",
    "x11",
    "isc",
    "apache-2.0",
    "bsd-new",
    "bsd-simplified",
    "bsd-original",
    "zlib",
    "unlicense",
    "boost-1.0",
    "gpl-2.0",
    "gpl-3.0",
    "lgpl-2.1",
    "lgpl-3.0",
    "agpl-3.0",
    "mpl-2.0",
    "epl-2.0",
    "psf-2.0",
    "artistic-2.0",
    "cc0-1.0",
    "cc-by-4.0",
    "cc-by-sa-4.0",
    "cc-by-nc-4.0",
    "cc-by-nc-sa-4.0",
    "ofl-1.1",
)
"""Keys of ScanCode's licence data."""


@lru_cache(maxsize=1)
def _load() -> dict[str, frozenset[int]]:
    """The digests of each text. Raises ValueError where the data file is not one."""
    data = (resources.files("aisbom.licences") / "common.bin").read_bytes()
    if not data.startswith(MAGIC):
        raise ValueError("common.bin: not a file of licence digests")
    end = data.index(b"\n", len(MAGIC))
    counts: dict[str, int] = json.loads(data[len(MAGIC) : end])["counts"]
    hashes = array("I")
    hashes.frombytes(data[end + 1 :])
    if sys.byteorder == "big":
        hashes.byteswap()
    if sum(counts.values()) != len(hashes):
        raise ValueError("common.bin: its length is not that of its texts")
    texts: dict[str, frozenset[int]] = {}
    start = 0
    for key, count in counts.items():
        texts[key] = frozenset(hashes[start : start + count])
        start += count
    return texts


def runs(key: str) -> frozenset[int] | None:
    """The digests of every run of words of a text; None where only a sample of it is kept."""
    return _load().get(key) if key in COMMON else None
