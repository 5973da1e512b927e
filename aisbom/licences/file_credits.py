"""Lines of a README that say of a source file of the tree where it comes from:
`- [model/norae.py](./model/norae.py) from https://github.com/owner/name (MIT License)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from aisbom.lazy_module import compile_later

MAX_FOUND = 200

_CODE = r"\.(?:py|pyx|cu|cuh|c|cc|cpp|h|hpp|rs|ts|js|sh|java|go)"
_PATH = compile_later(
    rf"\[[^\]\n]{{1,120}}\]\((?:\./|/)?(?P<link>[\w.\-/]{{1,200}}{_CODE})\)"
    rf"|`(?:\./|/)?(?P<span>[\w.\-/]{{1,200}}{_CODE})`"
    rf"|(?<![\w/.\-:])(?:\./)?(?P<bare>(?:[\w.\-]{{1,60}}/)*[\w\-]{{1,60}}{_CODE})(?![\w/])"
)
_URL = compile_later(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|gitee\.com|raw\.githubusercontent\.com"
    r"|bitbucket\.org|huggingface\.co)/[\w.\-]+/[\w.\-]+[\w.\-/#?=]*",
    re.IGNORECASE,
)
_FROM = compile_later(
    r"[\s\])*`_|:：(,]*"
    r"(?:(?:which|that|is|are|was|were|has|have|been|the|code|class|classes|functions?|module|file"
    r"|implementation|taken|copied|adapted|adopted|borrowed|modified|derived|ported|based|forked"
    r"|built|imported|reimplemented|translated|directly|heavily|mostly|partly|largely|slightly"
    r"|mainly|originally|partially)\W+){0,8}"
    r"(?:from|(?:based|built)\s+(?:up)?on|(?:version|copy|fork|port)\s+of|来自|修改自|기반)"
    r"[^.;。\n]{0,60}",
    re.IGNORECASE,
)
_ARROW = compile_later(r"[\s\])*`_|(]*(?:<-+|←|<=)[^.;\n]{0,60}")
_BETWEEN = compile_later(r"[\s,;&)\]`*_|/]*+(?:and|및|和)?[\s\[`*_(]*+", re.IGNORECASE)
_FETCHED = compile_later(
    r"\b(?:download|clone|fetch|install|weights?|checkpoints?|data(?:set)?|models? (?:are|is))\b",
    re.IGNORECASE,
)


class FileCredit(NamedTuple):
    """A path as it stands in the line, the address that it is said to come from, the number of the
    line (from 1) and its words.
    """

    path: str
    address: str
    line: int
    words: str


def find_file_credits(text: str, exists: Callable[[str], bool]) -> Iterator[FileCredit]:
    """The credits of files that `exists` knows, by paths relative to the README."""
    found = 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if len(line) > 2000 or "://" not in line:
            continue
        for address, paths in _of_line(line):
            for path in paths:
                if exists(path) and found < MAX_FOUND:
                    found += 1
                    yield FileCredit(path, address, number, line[:200])


def _of_line(line: str) -> Iterator[tuple[str, list[str]]]:
    """(address, paths that are said to come from it)."""
    start = 0
    for url in _URL.finditer(line):
        before = line[start : url.start()]
        start = url.end()
        tokens = list(_PATH.finditer(before))
        if not tokens:
            continue
        gap = before[tokens[-1].end() :]
        if not (_FROM.fullmatch(gap) or _ARROW.fullmatch(gap)) or _FETCHED.search(gap):
            continue
        named = [tokens[-1]]
        for token in reversed(tokens[:-1]):
            if not _BETWEEN.fullmatch(before[token.end() : named[0].start()]):
                break
            named.insert(0, token)
        yield (
            url[0].rstrip(".").removesuffix(".git"),
            [next(filter(None, token.groups())).strip("/") for token in named],
        )
