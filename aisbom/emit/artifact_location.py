"""Places of a scan as places of a repository: only files that are there, relative to where the user
stands; of a document whose tree is not here, the paths that it states.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path, PurePosixPath

from aisbom.model import Location

_SPEAKS_FOR_ALL = ("aisbom.toml", "pyproject.toml", "requirements.txt", "README.md", "LICENSE")
_MAX = 8 * 1024 * 1024


class StatedPaths:
    """The paths of a document alone: whether they exist here is not asked, since a file of that
    name in the folder that the user stands in would be another one.
    """

    def place(self, at: Location) -> tuple[str, int] | None:
        """(relative posix path, line from 1); None for what names no file of a tree."""
        parts = _parts(at)
        return ("/".join(parts), max(1, at.line if "!/" not in at.path else 1)) if parts else None

    def first(self, places: tuple[Location, ...]) -> tuple[str, int] | None:
        """The first of these places that names a file."""
        return next((place for at in places if (place := self.place(at))), None)


def _parts(at: Location) -> tuple[str, ...]:
    """The parts of the path of a file, or of the archive around it; none where it leaves the
    tree.
    """
    path = at.path.partition("!/")[0]
    parts = PurePosixPath(path).parts
    odd = ".." in parts or PurePosixPath(path).is_absolute() or "\\" in path or "\0" in path
    return () if odd else parts


class Repository:
    """`tree` is the scanned folder or archive; paths are told relative to `stand` if it holds the
    tree, else to the tree.
    """

    def __init__(self, tree: Path, stand: Path) -> None:
        self.tree = tree.resolve()
        self.base = stand.resolve() if self.tree.is_relative_to(stand.resolve()) else self.tree
        if self.base == self.tree and self.tree.is_file():
            self.base = self.tree.parent
        self._lines: dict[Path, int] = {}

    def place(self, at: Location) -> tuple[str, int] | None:
        """(relative posix path, line from 1) of a place whose file exists; None if there is
        none.
        """
        if self.tree.is_file():
            return self.tree.relative_to(self.base).as_posix(), 1
        parts = _parts(at)
        if not parts:
            return None
        try:
            found = self.tree.joinpath(*parts)
            if not found.is_file() or not found.resolve().is_relative_to(self.tree):
                return None
            lines = self._count(found) if at.line > 1 and "!/" not in at.path else 1
        except (OSError, ValueError):
            return None
        return found.relative_to(self.base).as_posix(), max(1, min(at.line, lines))

    @cached_property
    def anywhere(self) -> str | None:
        """The file that stands for the whole where a finding has no place of its own; None in an
        empty tree.
        """
        names = [*_SPEAKS_FOR_ALL]
        if self.tree.is_dir():
            names += sorted(
                path.name for path in self.tree.iterdir() if not path.name.startswith(".")
            )
        return next((found[0] for name in names if (found := self.place(Location(name)))), None)

    def first(self, places: tuple[Location, ...]) -> tuple[str, int] | None:
        """The first of these places that exists, else the file that stands for the whole."""
        found = next((place for at in places if (place := self.place(at))), None)
        return found or ((self.anywhere, 1) if self.anywhere else None)

    def _count(self, path: Path) -> int:
        if path not in self._lines:
            small = path.stat().st_size <= _MAX
            self._lines[path] = len(path.read_bytes().splitlines()) if small else _MAX
        return self._lines[path]
