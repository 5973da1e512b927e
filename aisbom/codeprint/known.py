"""Whether a content is that of some file of some release of the index, and of how many projects:
one look-up over all of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from aisbom.codeprint.fingerprint_table import distinct

if TYPE_CHECKING:
    import numpy as np

    from aisbom.codeprint.index import Index
    from aisbom.codeprint.project import Project


def holders(index: Index, blob: bytes) -> int:
    """How many projects have had this git blob SHA-1 (20 bytes; compared by its first 8). Raises
    ValueError for a broken index.
    """
    keys = _keys(index)
    key = keys.dtype.type(int.from_bytes(blob[:8], "big"))
    return int(keys.searchsorted(key, "right") - keys.searchsorted(key, "left"))


@lru_cache(maxsize=4)
def _keys(index: Index) -> np.ndarray:
    """The keys of every project, sorted: as often as there are projects that have them."""
    import numpy as np

    every = [distinct(of_project(project)) for project in index.projects]
    return np.sort(np.concatenate(every)) if every else np.zeros(0, np.uint64)


@lru_cache(maxsize=256)
def of_project(project: Project) -> np.ndarray:
    """The keys of one project, as they stand: enough to see whether its tables are needed at all.
    Raises ValueError.
    """
    import numpy as np

    return project.array("blob").astype(np.uint64)
