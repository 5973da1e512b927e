"""Which file of the index a scanned file itself names as its source: by an address, by a path or by
the dotted name of a module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aisbom.codeprint.derivation import Order
from aisbom.codeprint.project import slug
from aisbom.licences import adapted_from, usage_lines

if TYPE_CHECKING:
    from aisbom.codeprint.index import Index
    from aisbom.codeprint.project import Project

_ADDRESS = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|gitee\.com)/(?P<slug>[\w.\-]+/[\w.\-]+)"
    r"(?:/(?:-/)?(?:blob|raw|tree|blame)/[^/#?]+/(?P<path>[^#?]+))?",
    re.IGNORECASE,
)
_RAW = re.compile(
    r"https?://raw\.githubusercontent\.com/(?P<slug>[\w.\-]+/[\w.\-]+)/[^/#?]+/(?P<path>[^#?]+)",
    re.IGNORECASE,
)
_LEAST = 2
"""Parts of a path or a dotted name: with fewer it could be anybody's."""


class Source(NamedTuple):
    """A project of the index that a file names, the path there (`""` if it names none; a folder
    ends in `/`), and the words.
    """

    project: Project
    path: str
    sign: Order

    def allows(self, project: Project, path: str) -> bool:
        """Whether a path of a project can be what is meant, where no file is named."""
        return project is self.project and path.startswith(self.path)


def sources(path: str, data: bytes, index: Index) -> Iterator[Source]:
    """The projects and paths of the index that the comments of a file name as its source, or its
    usage text as the module that it is.
    """
    if usage := usage_lines.foreign(path, data):
        sentence = f"line {usage.line}: the usage text calls the file {usage.module}"
        yield from _resolve(usage.module, Order(usage.line, "comment", sentence), index)
    for said in adapted_from.find_source_comments(data, data.lower()):
        where = "says the file" if said.whole else "says the code below it"
        sentence = f"line {said.line} {where} is from {said.source}"
        sign = Order(said.line, "comment" if said.whole else "comment-below", sentence)
        yield from _resolve(said.source, sign, index)


def _resolve(source: str, sign: Order, index: Index) -> Iterator[Source]:
    address = _RAW.match(source) or _ADDRESS.match(source)
    if address:
        wanted = slug(f"https://github.com/{address['slug']}")
        for project in index.projects:
            if slug(project.repository) == wanted:
                yield Source(project, _path(address["path"] or "", project), sign)
        return
    whole = source.strip("`'\"()., ").removesuffix("'s")
    # `LLaVA's conversation.py` is of LLaVA, and `EleutherAI's GPT-NeoX` of the second.
    for name in whole.split("'s "):
        parts = [part for part in re.split(r"[/.]", name) if part]
        found = [
            project for project in index.projects if parts and _begins_with_name(parts, project)
        ]
        for project in found:
            path = _path(name.partition("/")[2], project) if "/" in name else ""
            yield Source(project, path or _module(parts, project), sign)
        if found:
            return


def _begins_with_name(parts: list[str], project: Project) -> bool:
    """Whether a name begins with what the project is called. One word alone is a project only if it
    is a package, or written as nobody writes a common word: `llama` may be any llama.
    """
    if parts[0].casefold() not in _names(project):
        return False
    plain = len(parts) == 1 and not project.purl.startswith("pkg:pypi/")
    return not plain or (
        parts[0] == project.repository.rpartition("/")[2].removesuffix(".git")
        and sum(character.isupper() for character in parts[0]) > 1
    )


def owners(project: Project) -> tuple[str, ...]:
    """Whose account a project is published under."""
    return tuple(filter(None, (slug(project.repository).partition("/")[0],)))


@lru_cache(maxsize=512)
def _names(project: Project) -> frozenset[str]:
    """What code calls the project: its name, that of its package and of its repository."""
    names = {project.name, project.purl.rpartition("/")[2].partition("@")[0]}
    names |= {slug(project.repository).rpartition("/")[2]} - {""}
    return frozenset(name.casefold().replace("-", "_") for name in names) | frozenset(
        name.casefold() for name in names
    )


def _path(path: str, project: Project) -> str:
    """A path of the project, with `/` behind it if it is a folder; `""` where it has no such
    path.
    """
    path = path.strip("/ ")
    if path in project.number:
        return path
    folder = f"{path}/"
    if path and any(own.startswith(folder) for own in project.paths):
        return folder
    return _tail(path, project)


def _module(parts: list[str], project: Project) -> str:
    """The file of a dotted name, whose last parts may be a class and a method."""
    for end in range(len(parts), _LEAST - 1, -1):
        if path := _tail("/".join(parts[:end]) + ".py", project):
            return path
    return ""


def _tail(path: str, project: Project) -> str:
    """The one path of the project that ends in this one; `""` if none or several do."""
    parts = path.split("/")
    if len(parts) < _LEAST:
        return ""
    found = [own for own in _tails(project).get("/".join(parts[-2:]), ()) if _ends(own, path)]
    return found[0] if len(found) == 1 else ""


def _ends(own: str, path: str) -> bool:
    return f"/{own}".endswith(f"/{path}")


@lru_cache(maxsize=64)
def _tails(project: Project) -> dict[str, tuple[str, ...]]:
    """The paths of a project by their last two parts."""
    found: dict[str, list[str]] = {}
    for path in project.paths:
        found.setdefault("/".join(path.split("/")[-2:]), []).append(path)
    return {tail: tuple(paths) for tail, paths in found.items()}
