"""What a shell may complete, and what a help page lists: names found by listing files, so that
neither waits for a parser.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_KNOWLEDGE = Path(__file__).parents[1] / "knowledge"


def list_shipped(kind: str) -> tuple[str, ...]:
    """The names of the shipped `profiles` or `policies`, sorted."""
    return tuple(sorted(path.stem for path in (_KNOWLEDGE / kind).glob("*.toml")))


def profiles(incomplete: str) -> Iterator[str]:
    """The profiles that begin with `incomplete`."""
    return (name for name in list_shipped("profiles") if name.startswith(incomplete))


def policies(incomplete: str) -> Iterator[str]:
    """The policies that begin with `incomplete`."""
    return (name for name in list_shipped("policies") if name.startswith(incomplete))
