"""Facts about licences: what files, globs, comments and sentences say of them."""

from __future__ import annotations

from typing import Any, NamedTuple

from aisbom.model.facts.key import Key


class Annotation(NamedTuple):
    """One annotation of a REUSE.toml; `number` is its place in the file: the last match counts."""

    number: int
    glob: str
    expression: str
    line: int


class LicenceScope(NamedTuple):
    """A licence expression and the glob of the files that it holds for."""

    expression: str
    glob: str


class RestrictionAt(NamedTuple):
    """A restriction in a text: its line (from 1), its kind (`licences/restrictions.py`), and the
    words around it.
    """

    line: int
    kind: str
    words: str


class LicenceSaid(NamedTuple):
    """A sentence about a licence: the part it holds for (`all`, `code`, `weights`, `data`, `docs`),
    the SPDX id or `LicenseRef-*`, its line (from 1), and its words.
    """

    part: str
    name: str
    line: int
    words: str


class LicenceAt(NamedTuple):
    """A licence that a source file states in full or by name in its own comments, and its line."""

    line: int
    name: str
    basis: str


class TextLines(NamedTuple):
    """A text, line by line."""

    lines: tuple[str, ...]


ANNOTATION = Key("annotation", Annotation, ("collect",), ("merge",), "a licence by glob")
LICENCE_SCOPE = Key(
    "licence-scope", LicenceScope, ("merge",), ("identify", "bom"), "a licence by glob that holds"
)
RESTRICTS = Key(
    "restricts", RestrictionAt, ("collect",), ("identify",), "what a licence of its own restricts"
)
SAYS_LICENCE = Key(
    "says-licence", LicenceSaid, ("collect",), ("identify", "bom"), "a sentence about a licence"
)
STATES_LICENCE = Key(
    "states-licence", LicenceAt, ("collect",), ("identify", "bom"), "a licence in comments"
)
LICENCE_TEXT = Key(
    "licence-text", TextLines, ("collect",), ("bom",), "the text of a licence of its own"
)

RECORDS: tuple[Key[Any], ...] = (
    ANNOTATION,
    LICENCE_SCOPE,
    RESTRICTS,
    SAYS_LICENCE,
    STATES_LICENCE,
    LICENCE_TEXT,
)
