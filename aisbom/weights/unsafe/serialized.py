"""Pickles in a text: Stable-Baselines3 keeps what JSON has no form for as pickles in base64, and
loads each.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from aisbom.weights.read.source import Memory, Source
from aisbom.weights.unsafe.examined import Dive, Examination

MEMBER = "data"
"""The member of its zip files that holds the text."""

_KEY = ":serialized:"
_MAX_TEXT = 16 * 1024 * 1024


def examine_serialized(source: Source, found: Examination, dive: Dive, depth: int) -> None:
    """Every pickle in the text; of a key that stands twice each."""
    if source.size > _MAX_TEXT:
        found.miss(f"a text of more than {_MAX_TEXT:,} bytes that may hold pickles")
        return
    values: list[str] = []

    def collect(rows: list[tuple[str, Any]]) -> None:
        values.extend(value for key, value in rows if key == _KEY and isinstance(value, str))

    try:
        json.loads(source.read_at(0, source.size), object_pairs_hook=collect)
    except (ValueError, RecursionError):
        return  # its loader cannot read it either
    for value in values:
        try:
            inner = base64.b64decode(value)
        except (binascii.Error, ValueError):
            continue
        dive(Memory(inner), "value.pkl", found, depth + 1)
