"""Licences that a source file states in its comments: in full, by the notice that a licence asks
for, or by name; and what such a comment restricts in words of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aisbom.lazy_module import compile_later
from aisbom.licences.comments import marks
from aisbom.licences.matcher import match
from aisbom.licences.own_terms import own_terms
from aisbom.licences.restrictions import Restriction
from aisbom.licences.statements import find_licence_names

_TRIGGERS = (
    b"licensed under",
    b"permission is hereby granted",
    b"permission to use, copy",
    b"redistribution and use",
    b"general public license",
    b"mozilla public license",
    b"licence",
    b"license",
    b"commercial",
    b"research",
)
_WORDS = compile_later(
    r"licen[cs]e[ds]?\b|permission|redistribution|commercial|research (?:purpose|only|use)",
    re.IGNORECASE,
)
_TITLE = compile_later(
    r"\W*(?:the )?(?:MIT|BSD|ISC|Apache|[AL]?GPL|MPL)[\w\s.,\-()]{0,40}licen[cs]e"
    r"[\w\s.,\-()]{0,20}$",
    re.IGNORECASE,
)
_NAMES = compile_later(r"\bunder\b|\blicen[cs]e\s*:", re.IGNORECASE)
_RIGHTS = compile_later(
    r"licen[cs]|permi[ts]|allowed|prohibit|forbid|\brights?\b|copyright|agreement|contact",
    re.IGNORECASE,
)
_HOLDER = compile_later(r"^[ \t#*/;!-]{0,20}(?:Copyright|\(c\)|©)", re.IGNORECASE | re.MULTILINE)
_OF_CODE = frozenset({"LicenseRef-NVIDIA-Source-Code-NC", "LicenseRef-S-Lab-1.0"})
"""Licences of a maker's own that files of code name; one of a model is no licence of the file."""
_SIGNS = {"non-commercial": "NC", "no-derivatives": "ND"}
_LONGEST = 400
"""Lines of a comment that are looked at."""


class Header(NamedTuple):
    """A licence that a comment states, its line (from 1), and how it was recognised."""

    name: str
    line: int
    basis: str


def headers(lines: Sequence[str], low: bytes, code: int) -> tuple[list[Header], list[Restriction]]:
    """The licences in the comments of a file, and the restrictions in the ones at its top.

    `low` are the bytes of the same lines in lower case, `code` the number of lines before the first
    line of code.
    """
    if not any(word in low for word in _TRIGGERS):
        return [], []
    found: list[Header] = []
    limits: list[Restriction] = []
    for start, block in _blocks(lines, code):
        text = "\n".join(block)
        if not _WORDS.search(text):
            continue
        stated = match(text).found
        rows = [
            Header(one.id, start + max(one.line, 1), one.basis)
            for one in stated
            if one.basis != "tag"
        ]
        if start < code and (not stated or len(_HOLDER.findall(text)) > 1):
            # Who adds a holder to a header may add that one's licence.
            rows += [row for row in _by_name(block, start) if not _is_known(row.name, rows)]
        found += [row for row in rows if row.name not in {other.name for other in found}]
        if start < code:
            limits += [
                row._replace(line=start + row.line)
                for row in own_terms(_strip_tags(text), stated)
                if _legal(block, row.line) and not _is_in_name(row, rows)
            ]
    return found, limits


def _blocks(lines: Sequence[str], code: int) -> Iterator[tuple[int, Sequence[str]]]:
    """(lines before it, its lines) of the top of a file, and of each comment below."""
    if code:
        yield 0, [line[marks(line) :] for line in lines[: min(code, _LONGEST)]]
    start, block = code, list[str]()
    for number, line in enumerate(lines[code:], code):
        length = marks(line)
        if line[:length].strip():
            if not block:
                start = number
            block.append(line[length:])
        elif block and (line.strip() or len(block) > _LONGEST):
            yield start, block
            block = []
    if block:
        yield start, block


def _strip_tags(text: str) -> str:
    """The text with its SPDX tags blank: they are no words about anything."""
    return re.sub(r"^.*\bSPDX-.*$", "", text, flags=re.MULTILINE)


def _legal(block: Sequence[str], line: int) -> bool:
    """Whether the words around a line speak of rights: what a script is meant for is no licence."""
    around = [row for row in block[max(0, line - 3) : line + 2] if "SPDX-" not in row]
    return bool(_RIGHTS.search(" ".join(around)))


def _is_known(name: str, rows: Sequence[Header]) -> bool:
    """Whether a licence that is named has been recognised, with or without `-or-later`."""
    return any(row.name.startswith(name) or name.startswith(row.name) for row in rows)


def _is_in_name(limit: Restriction, rows: Sequence[Header]) -> bool:
    """Whether a restriction is what the name of a stated Creative Commons licence says."""
    sign = _SIGNS.get(limit.kind)
    return any(row.name.startswith("CC-BY") and sign in row.name.split("-") for row in rows)


def _by_name(block: Sequence[str], start: int) -> Iterator[Header]:
    for number, line in enumerate(block, start + 1):
        if _TITLE.fullmatch(line.strip()) or _NAMES.search(line):
            names = list(find_licence_names(line))
            if len(names) == 1 and names[0].startswith("LicenseRef-CC-BY"):
                # The version stands in the next line.
                names = list(
                    find_licence_names(
                        f"{line} {''.join(block[number - start : number - start + 1])}"
                    )
                )
            if len(names) == 1 and (names[0] in _OF_CODE or not names[0].startswith("LicenseRef-")):
                yield Header(names[0], number, "named")
