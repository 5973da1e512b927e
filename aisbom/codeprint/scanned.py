"""The paths of a scanned tree beside the identities of their contents."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from aisbom.codeprint.known import key_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

import re

MADE_BY_BUILDS = re.compile(r"(?:^|/)(?:PKG-INFO|_version\.py|[^/]+\.(?:egg|dist)-info/.*)$")
"""What a build adds to a release: nobody wrote it."""


class ScannedPaths:
    """The paths of a tree, sorted, with the first eight bytes of their identities as numbers."""

    def __init__(self, blobs: Mapping[str, bytes], plain: Mapping[str, bytes]) -> None:
        self.paths = sorted(blobs)
        pairs = [(key_of(blobs[path]), number) for number, path in enumerate(self.paths)]
        for number, path in enumerate(self.paths):
            if path in plain:
                pairs.append((key_of(plain[path]), number))
        self.every_key = [key for key, _ in pairs]
        self.of = [number for _, number in pairs]
        self._keys: list[tuple[int, ...]] = [()] * len(self.paths)
        for key, number in pairs:
            self._keys[number] += (key,)

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """The identities in the order of `of`."""
        import numpy as np

        return np.array(self.every_key, np.uint64)

    def keys_of(self, path: int) -> tuple[int, ...]:
        """The identities of a path: as it is, and with plain line ends where that differs."""
        return self._keys[path]

    def numbers(self, root: str) -> range:
        """The numbers of the paths below a folder."""
        if not root:
            return range(len(self.paths))
        # "0" is the character after "/".
        return range(
            bisect.bisect_left(self.paths, f"{root}/"), bisect.bisect_left(self.paths, f"{root}0")
        )

    def below(self, root: str, kinds: frozenset[str]) -> Iterator[int]:
        """The numbers of the paths below a folder that are of these kinds."""
        for number in self.numbers(root):
            if kind(self.paths[number]) in kinds:
                yield number


def kind(path: str) -> str:
    """The end of a file's name in lower case without the dot; the whole name where it has none."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower()


def below(path: str) -> str:
    """The folder that holds a path."""
    return path.rpartition("/")[0]


def inside(folder: str, other: str) -> bool:
    """Whether `folder` is `other` or lies in it."""
    return not other or folder == other or folder.startswith(f"{other}/")
