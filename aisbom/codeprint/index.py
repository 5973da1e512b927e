"""The reference index: the projects whose code is recognised, those shipped with the program and
those a user added.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from aisbom import user_folders
from aisbom.codeprint.container import MAX_FILE, SUFFIX, Container
from aisbom.codeprint.project import Project, slug

SHIPPED = Path(__file__).parent / "shipped"
CATALOGUE = "catalogue.json"


class Index:
    """Everything that code is compared with."""

    def __init__(self, projects: Iterable[Project]) -> None:
        self.projects = tuple(sorted(projects, key=lambda project: (project.purl, project.digest)))

    @cached_property
    def digest(self) -> str:
        """Changes when any file of the index does."""
        return sha256("\n".join(project.digest for project in self.projects).encode()).hexdigest()

    def without(self, repository: str) -> Index:
        """The index without the project that is published at this address: what one's own code is
        compared with.
        """
        own = slug(repository)
        if not own or all(slug(project.repository) != own for project in self.projects):
            return self
        return _without(self, own)

    def coverage(self) -> str:
        """One sentence: what a search without result has been compared with."""
        if not self.projects:
            return "The index of known code is empty."
        releases = sum(project.released for project in self.projects)
        dates = sorted(date for project in self.projects for date in project.dates)
        span = f", dated {dates[0]} to {dates[-1]}" if dates else ""
        added = sum(not project.shipped for project in self.projects)
        own = f" ({added} of them added by the user)" if added else ""
        number = len(self.projects)
        return (
            f"The index of known code holds {releases:,} releases of {number}"
            f" project{'s' * (number != 1)}{own}{span}."
        )


@lru_cache(maxsize=2)
def _without(index: Index, own: str) -> Index:
    return Index(project for project in index.projects if slug(project.repository) != own)


def folder() -> Path | None:
    """Where added indexes are kept: AISBOM_CODE_INDEX, else below the user's data folder; None for
    a user without one.
    """
    named = os.environ.get("AISBOM_CODE_INDEX")
    if named:
        return Path(named)
    data = user_folders.data_folder()
    return data / "code-index" if data else None


def load() -> tuple[Index, list[str]]:
    """All projects, and a sentence for each file that is no index. An added index replaces a
    shipped one of the same project.

    Opened once a process, as long as the files stay the same: every stage that asks shares what the
    others have unpacked.
    """
    index, notes = _load_once(
        tuple(
            _stamp(path)
            for where in (SHIPPED, folder())
            if where is not None and where.is_dir()
            for path in sorted(where.glob("*" + SUFFIX))
        )
    )
    return index, list(notes)


def _stamp(path: Path) -> tuple[Path, str]:
    try:
        status = path.stat()
    except OSError:
        return path, ""
    return path, f"{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}:{status.st_size}"


@lru_cache(maxsize=2)
def _load_once(files: tuple[tuple[Path, str], ...]) -> tuple[Index, tuple[str, ...]]:
    found: dict[str, Project] = {}
    notes = []
    known = _catalogue()
    for path, _ in files:
        row = known.get(path.name, {}) if path.parent == SHIPPED else {}
        try:
            project = Project(
                Container(path, row.get("digest", "")),
                path.parent == SHIPPED,
                path.name,
                row.get("about"),
            )
        except (ValueError, OSError) as error:
            notes.append(f"code index {path.name}: {error}")
            continue
        found[project.purl] = project
    return Index(found.values()), tuple(notes)


def catalogue(folder: Path) -> str:
    """What the files of a folder say of themselves, so that opening the index opens none of them.
    Raises ValueError.
    """
    lines = []
    for path in sorted(folder.glob("*" + SUFFIX)):
        container = Container(path)
        row = {"digest": container.digest, "about": Project(container, shipped=True).about}
        lines.append(f"{json.dumps(path.name)}: {json.dumps(row, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _catalogue() -> dict[str, Any]:
    """What `catalogue` wrote of the shipped files, by name."""
    try:
        return dict(json.loads((SHIPPED / CATALOGUE).read_bytes()))
    except FileNotFoundError:
        return {}


def add(data: bytes, name: str = "") -> Path:
    """Keep an index for this user. Raises ValueError for what is none or a bad name, OSError where
    it cannot be written.
    """
    if len(data) > MAX_FILE:
        raise ValueError(f"larger than an index may be ({MAX_FILE:,} bytes)")
    project = Project(Container(data))
    check(project)
    name = name or project.name
    if not re.fullmatch(r"[\w][\w.+\-]{0,99}", name):
        raise ValueError("an index is named by a plain file name")
    where = folder()
    if where is None:
        raise ValueError("this user has no data folder; set AISBOM_CODE_INDEX to a folder")
    where.mkdir(parents=True, exist_ok=True)
    path = where / f"{name}{SUFFIX}"
    path.write_bytes(data)
    return path


def check(project: Project) -> None:
    """Read everything an index holds. Raises ValueError for what a search would stumble over."""
    from aisbom.codeprint.contents import Blobs

    project.notice(0)
    project.arrays("print_")
    Blobs(project)
