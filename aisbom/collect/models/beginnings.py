"""The first look at a file, whatever it is called: may it hold what runs code when it is loaded? A
text is answered without any reader of weights, so that a tree of texts imports none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aisbom.collect import get_collector
from aisbom.collect.collector import BEGINNING
from aisbom.lazy_module import Module
from aisbom.model import Row
from aisbom.source.archive import get_unopened_kind, is_archive
from aisbom.source.tree import File

if TYPE_CHECKING:
    from aisbom.collect.models import unsafe_files
    from aisbom.weights.unsafe import files
else:
    unsafe_files = Module("aisbom.collect.models.unsafe_files")
    files = Module("aisbom.weights.unsafe.files")

NAME = "unsafe-files"
_PACKED = frozenset({"gz", "bz2", "xz", "lzma", "zst", "lz4", "z", "7z"})
_OF_TEXT = re.compile(rb"[c(]")
"""How a pickle of protocol 0 may begin: as one of a few texts."""


def collect(file: File) -> Iterator[Row]:
    """What loading the file would run or open."""
    low = file.name.lower()
    if file.size and (_is_named(low) or looks_unsafe(low, file.head(BEGINNING))):
        yield from unsafe_files.collect(file)


def looks_unsafe(name: str, head: bytes) -> bool:
    """Whether a file may hold what runs code by how it begins. Of an archive whose members are
    files of the tree each is asked by itself.
    """
    if _is_text(head) and not _OF_TEXT.match(head):
        return False
    holds = head[:2] == b"PK" or head[257:262] == b"ustar"
    return files.begins(head) and not (holds and (is_archive(name) or get_unopened_kind(name)))


def _is_named(low: str) -> bool:
    """Whether the collector is asked for this name at all."""
    endings = {pattern.removeprefix("*.") for pattern in get_collector(NAME).patterns}
    first, _, last = low.rpartition(".")
    inner = first.rpartition(".")[2]
    return last in endings - _PACKED or (last in _PACKED and inner in endings - _PACKED)


def _is_text(head: bytes) -> bool:
    """Whether it reads as UTF-8 without a null byte; a character at the end may be cut."""
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and error.reason == "unexpected end of data"
    return True
