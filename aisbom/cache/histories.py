"""Days that the history of a repository states, kept until it has other objects or another commit:
the walk over all commits is made once for them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from aisbom.__version__ import __version__
from aisbom.cache.store import Store

_LAYOUT = 1
_TABLE = "histories (state TEXT PRIMARY KEY, days TEXT, digest TEXT)"
_MOST = 64
"""Histories that are kept: those written last."""

_FORGET = "DELETE FROM histories WHERE rowid <= (SELECT MAX(rowid) FROM histories) - ?"

Days = Mapping[str, Sequence[str] | None]
"""Of a path or a content the days that are stated, None where it is in no commit."""


def load_days(state: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """What is kept of paths and of contents for a repository in this state."""
    store = Store("histories", _LAYOUT, _TABLE)
    found = store.read("SELECT days, digest FROM histories WHERE state = ?", (_key(state),))
    store.close()
    try:
        for text, digest in found:
            if digest == _digest(text):
                paths, contents = json.loads(text)
                return dict(paths), dict(contents)
    except (ValueError, TypeError):
        return None
    return None


def store_days(state: Sequence[str], paths: Days, contents: Days) -> None:
    """Keep what the history says of these paths and contents."""
    text = json.dumps((paths, contents), separators=(",", ":"))
    store = Store("histories", _LAYOUT, _TABLE)
    store.write(
        ("INSERT OR REPLACE INTO histories VALUES (?, ?, ?)", [(_key(state), text, _digest(text))]),
        (_FORGET, [(_MOST,)]),
    )
    store.close()


def _key(state: Sequence[str]) -> str:
    return _digest(json.dumps([__version__, *state]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
