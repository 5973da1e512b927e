"""Data sets that are known by a name without owner: `COCO`, `VQAv2`, `LibriSpeech`."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources


def known(name: str) -> bool:
    """Whether a well-known data set has this name, however it is spelled."""
    return _plain(name) in _table()


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9+가-힣]", "", name.lower())


@cache
def _table() -> frozenset[str]:
    text = (resources.files("aisbom.knowledge") / "dataset_names.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.split("\n") if line and not line.startswith("#"))
    return frozenset(
        _plain(spelling)
        for row in rows
        for spelling in (row["name"], *row["spellings"].split("; "))
        if spelling
    )
