"""The parts of a purl."""

from __future__ import annotations

from functools import lru_cache

from packageurl import PackageURL


@lru_cache(maxsize=10_000)
def parse(text: str) -> PackageURL | None:
    """The parts of a purl; None for a text that is none."""
    try:
        return PackageURL.from_string(text) if text else None
    except ValueError:
        return None
