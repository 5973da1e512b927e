"""Which folders of a tree are copies of a release that the index knows, and what was changed in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aisbom.codeprint.index import Index


@dataclass(frozen=True, slots=True)
class Vendored:
    """A copy of one release. Paths are the scanned tree's, except in `missing` and on the right of `modified`.

    `root` is the folder of the tree and `upstream` the folder of the release that correspond, `""` the top of either. `added` are files
    below `root`, of a kind the index covers, that this release has nowhere. `also` are other versions that agree equally well.
    `single` says that one file alone was recognised.
    """

    project: str
    version: str
    tag: str
    commit: str
    date: str
    root: str
    upstream: str
    identical: tuple[str, ...]
    modified: tuple[tuple[str, str], ...]
    added: tuple[str, ...]
    missing: tuple[str, ...]
    also: tuple[str, ...]
    single: bool


def trees(blobs: Mapping[str, bytes], index: Index, plain: Mapping[str, bytes] | None = None) -> list[Vendored]:
    """The copies in a tree: `blobs` gives each scanned path its 20-byte git blob SHA-1.

    `plain` gives, for files with CRLF line ends, the identity they have with LF (`identity.with_plain_lines`).
    """
    raise NotImplementedError
