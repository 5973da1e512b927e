"""Which files git keeps in a bare repository (gitrepository-layout(5), githooks(5))."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

_MAX_ENTRIES = 200_000

_SHA = r"(?:[0-9a-f]{40}|[0-9a-f]{64})"
_FILES = re.compile(
    "|".join(
        (
            r"(?:HEAD|config(?:\.worktree)?|description|packed-refs|shallow|index|gc\.(?:log|pid))",
            r"(?:FETCH|ORIG|MERGE|CHERRY_PICK|REVERT)_HEAD|COMMIT_EDITMSG",
            r"info/(?:exclude|refs|attributes|grafts|sparse-checkout)",
            r"objects/[0-9a-f]{2}/(?:[0-9a-f]{38}|[0-9a-f]{62})",
            r"objects/info/(?:packs|alternates|http-alternates|commit-graph)",
            rf"objects/info/commit-graphs/(?:commit-graph-chain|graph-{_SHA}\.graph)",
            rf"objects/pack/pack-{_SHA}\.(?:pack|idx|rev|bitmap|keep|mtimes|promisor)",
            rf"objects/pack/multi-pack-index(?:-{_SHA}\.(?:rev|bitmap))?",
            r"hooks/[a-z0-9-]+(?:\.sample)?|branches/[^/]+|(?:logs/)?refs/.+|logs/HEAD",
        )
    )
)
_MAX_SMALL = 64 * 1024
"""Bytes of a file of any other place than `objects`, where names and contents are free."""

_LARGE = ("objects/", "logs/", "packed-refs", "index", "shallow", "info/refs")


def is_all_of(folder: Path) -> bool:
    """Whether nothing lies in a folder but what git puts there. Raises OSError."""
    for count, (path, item) in enumerate(_below(str(folder), "")):
        if count > _MAX_ENTRIES or not item.is_file(follow_symlinks=False):
            return False
        small = path.startswith(_LARGE) or item.stat().st_size <= _MAX_SMALL
        if not _FILES.fullmatch(path) or not small:
            return False
    return True


def _below(folder: str, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as items:
        for item in items:
            path = f"{prefix}{item.name}"
            if item.is_dir(follow_symlinks=False) and path.count("/") < 64:
                yield from _below(item.path, f"{path}/")
            else:
                yield path, item
