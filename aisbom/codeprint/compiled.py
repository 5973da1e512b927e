"""The index put together for look-ups, kept in the user's cache folder as files that are mapped
into memory: made by the first scan that needs them, one for exact contents, one for fingerprints.

A file is named by the digest of the index it was made from, and is read only if it is as it was
written. Where nothing can be kept, the same arrays are put together in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from aisbom.codeprint import array_file
from aisbom.user_folders import cache_folder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.codeprint.index import Index

    Arrays = Mapping[str, NDArray[Any]]

_LAYOUT = 3
"""Arrays of another layout, or made in another way, are other files."""

_believed = [True]
"""Whether this process reads files that an earlier one made."""

_MOST = 12
"""Files that are kept, those used last: up to three of an index. A repository whose project is in
the index is compared with an index of its own, without that.
"""


def arrays(
    index: Index, part: Literal["exact", "prints", "tails"], make: Callable[[Index], Arrays]
) -> Arrays:
    """What `make` says of this index. Raises what `make` raises."""
    import numpy as np

    return {name: np.asarray(view) for name, view in views(index, part, make).items()}


def views(
    index: Index, part: Literal["exact", "prints", "tails"], make: Callable[[Index], Arrays]
) -> Mapping[str, memoryview]:
    """The same, for look-ups that do without numpy."""
    folder = cache_folder()
    if folder is None or not _believed[0]:
        return _views(make(index))
    path = folder / "code-index" / f"{index.digest[:32]}-{part}-{_LAYOUT}.arrays"
    found = array_file.load(path)
    if found is not None:
        return found
    made = make(index)
    try:
        array_file.save(path, made)
        _forget(path.parent)
    except OSError:
        return _views(made)
    return array_file.load(path) or _views(made)


def believe(kept: bool) -> None:
    """Say whether this process may read what an earlier one put together: whoever verifies may
    not.
    """
    _believed[0] = kept


def believes() -> bool:
    """What `believe` was told last."""
    return _believed[0]


def _views(made: Arrays) -> Mapping[str, memoryview]:
    return {name: array.data for name, array in made.items()}


def _forget(folder: Path) -> None:
    """Remove the files that were used first. Raises OSError."""
    for path in sorted(folder.glob("*.arrays"), key=array_file.get_last_use)[:-_MOST]:
        array_file.forget(path)
