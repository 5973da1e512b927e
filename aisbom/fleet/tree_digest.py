"""What a tree holds, as one digest and as rows of the table `files`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from aisbom.cache.rows import dump_rows
from aisbom.collect.repository import git
from aisbom.collect.run import rows_of
from aisbom.model import digest
from aisbom.source.tree import Entry, Tree, Unreadable

_BLOCK = 1024 * 1024


def files(tree: Tree) -> tuple[str, list[dict[str, Any]]]:
    """Hex SHA-256 over every path and its bytes, what could not be listed, and what git folders
    say; and a row for every file. Of an archive, its own bytes count. Raises Unreadable where the
    archive cannot be opened, OSError where it cannot be read.
    """
    entries, gaps = tree.listing
    rows = [
        {"path": entry.path, "size": entry.size, "sha256": _file(tree, entry)}
        for entry in entries
        if not _is_git(entry)
    ]
    if tree.packed:
        with tree.root.open("rb") as stream:
            whole = hashlib.sha256()
            while block := stream.read(_BLOCK):
                whole.update(block)
        content: list[object] = [whole.hexdigest()]
    else:
        content = [[row["path"], row["size"], row["sha256"]] for row in rows]
    content.append([[gap.at.path, gap.reason] for gap in gaps])
    content.append([dump_rows(rows_of(tree, e, git.COLLECTOR)) for e in entries if _is_git(e)])
    return digest(content), rows


def stamps(tree: Tree) -> list[tuple[str, int, str]]:
    """Sizes and times of a fresh listing: what differs when the tree changed meanwhile."""
    fresh = Tree(tree.root, tree.exclude)
    return [(entry.path, entry.size, entry.stamp) for entry in fresh.listing[0]]


def _is_git(entry: Entry) -> bool:
    return entry.path.rpartition("/")[2] == ".git"


def _file(tree: Tree, entry: Entry) -> str:
    """SHA-256 of a file; of a member of an archive where it may be read whole; `""` where not."""
    try:
        if entry.outer or tree.packed:
            file = tree.get(entry.path)
            return hashlib.sha256(file.read()).hexdigest() if file else ""
        total = hashlib.sha256()
        for block in _blocks(tree, entry):
            total.update(block)
        return total.hexdigest()
    except Unreadable:
        return ""


def _blocks(tree: Tree, entry: Entry) -> Iterator[bytes]:
    with tree.open(entry) as stream:
        while block := stream.read(_BLOCK):
            yield block
