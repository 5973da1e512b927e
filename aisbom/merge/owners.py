"""Which project owns a place of the tree: the deepest source project, packed distribution or nested
repository around it.
"""

from __future__ import annotations

from collections.abc import Iterable

from aisbom.model import Observation


class Owners:
    """Folders that have an owner, and the owner of any other folder. `""` is the root and always
    owned.
    """

    def __init__(self, folders: Iterable[str]) -> None:
        self.folders = frozenset(folders) | {""}

    def of(self, folder: str) -> str:
        """The deepest owned folder that holds `folder`."""
        while folder and folder not in self.folders:
            folder = parent(folder)
        return folder


def parent(folder: str) -> str:
    """The folder above; the top of an archive (`a.whl!`) lies in the folder of the archive."""
    return folder.rpartition("/")[0]


def find_root(observation: Observation) -> str:
    """The folder that a project, distribution or repository sighting is about."""
    if observation.kind == "distribution":
        return observation.fact("scope")
    if observation.fact("path"):
        folder = observation.evidence.at.folder
        return f"{folder}/{observation.fact('path')}".strip("/")
    if folder := observation.fact("folder"):
        return "" if folder == "." else folder
    return observation.evidence.at.folder


def nearness(folder: str, other: str) -> int:
    """How many leading folders two places share."""
    shared = 0
    for one, two in zip(
        folder.split("/") if folder else [], other.split("/") if other else [], strict=False
    ):
        if one != two:
            break
        shared += 1
    return shared


_HOLDERS = frozenset(
    [
        "src",
        "python",
        "lib",
        "third_party",
        "third-party",
        "thirdparty",
        "3rdparty",
        "vendor",
        "vendored",
        "_vendor",
        "extern",
        "external",
    ]
)


def code_tree(owner: str, folder: str) -> str:
    """The part of an owner that a source file belongs to: its first folder, or the one below `src`
    or `third_party`.
    """
    inner = folder[len(owner) :].strip("/").split("/") if folder != owner else []
    if not inner or inner == [""]:
        return owner
    depth = 2 if inner[0].lower() in _HOLDERS and len(inner) > 1 else 1
    return "/".join([*([owner] if owner else []), *inner[:depth]])
