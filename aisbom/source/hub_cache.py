"""The folders that clients of the model hub keep repositories in: `models--<owner>--<name>` with
`blobs/`, and `snapshots/<commit>/`, whose files are links to these.

Source: huggingface_hub's documentation, "Understand caching".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_REPOSITORY = re.compile(r"(?:models|datasets|spaces)--(?P<id>[^/]+)")
_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class HubFolder:
    """A repository in a cache, or a folder of one. `path` is the way to it from the folder of the
    cache (`models--acme--tiny/snapshots/<commit>`), `repository` the last part of its id.
    """

    path: str
    repository: str
    blobs: Path


def enclosing(folder: Path) -> HubFolder | None:
    """The repository of a cache that this folder is or lies in; None for any other folder."""
    parts = folder.parts
    for back in range(1, min(_MAX_DEPTH, len(parts)) + 1):
        match = _REPOSITORY.fullmatch(parts[-back])
        if match is None:
            continue
        holder = folder.parents[back - 2] if back > 1 else folder
        below = parts[len(parts) - back + 1 :]
        if below and (below[0] != "snapshots" or len(below) < 2):
            return None
        tail = "/".join(parts[len(parts) - back :])
        return HubFolder(tail, match["id"].rpartition("--")[2], holder / "blobs")
    return None
