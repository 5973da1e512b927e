"""The rows of a tree in one piece, with the stamps of its files: where a stamp is as it was, the
file is not even opened, and a thousand files are no thousand queries.

That holds on one machine, for one folder. What holds in any checkout is kept file by file
(`rows.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress

import orjson

from aisbom.cache.rows import CachedFile, add_version, parse_parts
from aisbom.cache.store import Store, forget_beyond

_LAYOUT = 1
_TABLE = "trees (tree TEXT PRIMARY KEY, files BLOB, digest TEXT)"
_IN_ALL = 512 * 1024**2
"""Bytes that trees take in one piece, all together: those written last."""

_FORGET = forget_beyond("trees", "files")


def load_tree(tree: str) -> dict[str, CachedFile]:
    """What is kept in one piece of a tree, by path. `tree` is where it lies on this machine."""
    store = Store("trees", _LAYOUT, _TABLE)
    found = store.read("SELECT files, digest FROM trees WHERE tree = ?", (_key(tree),))
    store.close()
    try:
        for data, digest in found:
            if digest == hashlib.sha256(data).hexdigest():
                return {
                    path: CachedFile(stamp, signature, parse_parts(parts))
                    for path, stamp, signature, parts in orjson.loads(data)
                }
    except (ValueError, TypeError):
        return {}
    return {}


def store_tree(tree: str, files: Mapping[str, CachedFile]) -> None:
    """Keep this in one piece. What has no place in JSON of UTF-8 is not kept."""
    rows = []
    for path, (stamp, signature, parts) in files.items():
        with suppress(TypeError):
            rows.append(orjson.dumps((path, stamp, signature, parts), default=tuple))
    data = b"[%b]" % b",".join(rows)
    store = Store("trees", _LAYOUT, _TABLE)
    row = (_key(tree), data, hashlib.sha256(data).hexdigest())
    store.write(
        ("INSERT OR REPLACE INTO trees VALUES (?, ?, ?)", [row]),
        (_FORGET, [(_IN_ALL,)]),
    )
    store.close()


def _key(tree: str) -> str:
    """Paths are kept as digests: the cache tells nobody what lies where."""
    return hashlib.sha256(add_version(tree).encode("utf-8", "surrogateescape")).hexdigest()
