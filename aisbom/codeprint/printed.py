"""Which contents of a path have their fingerprints kept: the last one, and those that differ most
from it. Whoever copied a file years ago copied what it was then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from aisbom.codeprint.fingerprints import of_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aisbom.codeprint.fingerprints import Prints

ALIKE = 0.8
"""Of a content that shares so much of its fingerprints with one that is kept, none are kept."""


class Version(NamedTuple):
    """A content of a path (its digest), and the number of the first release that has it."""

    release: int
    digest: bytes


class ContentPrints(NamedTuple):
    """The fingerprints of one content of the path of this number, and of which release it is."""

    number: int
    release: int
    prints: Prints


def select_versions(versions: Sequence[Version], most: int) -> Sequence[Version]:
    """Of the contents of one path, oldest first, those that have to be read to keep `most`."""
    return versions if most > 1 else versions[-1:]


def fingerprint_paths(
    paths: Iterable[tuple[int, str, Sequence[Version]]], contents: Mapping[bytes, bytes], most: int
) -> Iterator[ContentPrints]:
    """The fingerprints of each path (number, path, its contents in order)."""
    for number, path, versions in paths:
        read = [
            (version.release, prints)
            for version in versions
            if (prints := of_file(path, contents[version.digest])) is not None
        ]
        for release, prints in _choose_diverse(read, most):
            yield ContentPrints(number, release, prints)


def _choose_diverse(read: Sequence[tuple[int, Prints]], most: int) -> Sequence[tuple[int, Prints]]:
    """The last, then again and again the one that is least like those chosen, the older of two."""
    left = list(read)
    found = [left.pop()] if left else []
    while left and len(found) < most:
        held = [set(prints.runs.tolist()) for _, prints in found]
        shares = [max(_share(prints, one) for one in held) for _, prints in left]
        least = min(range(len(left)), key=shares.__getitem__)
        if shares[least] >= ALIKE:
            break
        found.append(left.pop(least))
    return found


def _share(prints: Prints, held: set[int]) -> float:
    mine = set(prints.runs.tolist())
    return len(mine & held) / len(mine) if mine else 1.0
