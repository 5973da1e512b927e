"""Globs of the tables, held against names."""

from __future__ import annotations

from fnmatch import fnmatchcase

_SIGNS = "*?["


def is_glob(text: str) -> bool:
    """Whether a text of a table may fit other names than itself."""
    return any(sign in text for sign in _SIGNS)


def fits(name: str, glob: str) -> bool:
    """What `fnmatchcase` says. Nothing is compiled for a glob of one star, as nearly all are: a
    table has hundreds of them, and a run asks each a few times.
    """
    start, star, end = glob.partition("*")
    if any(sign in start or sign in end for sign in _SIGNS):
        return fnmatchcase(name, glob)
    if not star:
        return name == glob
    return len(name) >= len(glob) - 1 and name.startswith(start) and name.endswith(end)
