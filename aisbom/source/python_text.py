"""Python source into its syntax tree, kept from what makes the parser of the interpreter explode.

The parser joins the parts of an imported name one by one, so that a name of 100,000 parts (240 KB)
takes 14 GB. Such a name is nobody's: it is put aside, and the rest of the file is read.
"""

from __future__ import annotations

import ast
import re
import warnings

MAX_PARTS = 200
MAX_SOURCE = 2 * 1024 * 1024
"""Characters: a syntax tree takes some hundred times the memory of its source."""

# A word starts where no word ends, so that no letter is looked at twice.
_SPACE = r"[ \t\f\\\r\n]*+"
_LONG = re.compile(rf"(?<!\w)(?:\w++{_SPACE}\.{_SPACE}){{{MAX_PARTS},}}+\w*+")


def parse(text: str) -> ast.Module:
    """The tree, with `_` for a dotted name of more than MAX_PARTS parts.

    Raises what `ast.parse` raises: SyntaxError, ValueError, RecursionError, MemoryError; ValueError
    for more than MAX_SOURCE characters too.
    """
    if len(text) > MAX_SOURCE:
        raise ValueError(f"more than {MAX_SOURCE:,} characters")
    if long_name(text):
        text = _LONG.sub(lambda name: "_" + "\\\n" * name[0].count("\n"), text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def long_name(text: str) -> int:
    """The line of the first name that `parse` puts aside, 0 where there is none."""
    if text.count(".") <= MAX_PARTS or not _may_be_long(text):
        return 0
    found = _LONG.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _may_be_long(text: str) -> bool:
    """Whether one statement may have so many dots: on its line, or on lines that it goes on to."""
    return text.count("\\\n") > MAX_PARTS // 2 or any(
        line.count(".") > MAX_PARTS // 2 for line in text.split("\n")
    )
