"""pylock.toml, the lock format of PEP 751, and its named forms `pylock.<name>.toml`.

Source: packaging.python.org, "pylock.toml Specification".
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.parsed import nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.collect.python import locked, pip_lines, places, requirement
from aisbom.collect.python.package_origin import add_qualifier
from aisbom.model import Row
from aisbom.source.tree import File

NAME = "pylock"


def collect(file: File) -> Iterator[Row]:
    """A `locked` row and the edges of each package; a directory of the tree is a project."""
    document = nodes.toml(file, NAME)
    entries: list[tuple[Node, str, str, str]] = []
    versions = locked.Versions()
    for entry in document.root.get("packages").array():
        name = locked.read_name(entry)
        if not name:
            continue
        version = entry.get("version").string()
        path = entry.get("directory", "path").string()
        folder = requirement.inside(file.folder, path) if path else None
        key = (
            add_qualifier(requirement.pypi(name, version), tuple(_facts(entry)))
            if folder is None
            else requirement.project(folder)
        )
        versions.add(name, key)
        entries.append((entry, name, version, key))
    yield from document.drain()
    for entry, name, version, key in entries:
        if not key.startswith("project:"):
            yield locked.observation(entry, name, version, tuple(_facts(entry)))
        for node in entry.get("dependencies").array():
            if wanted := locked.read_name(node):
                target = versions.target(wanted, node.get("version").string())
                if target != key:
                    yield locked.edge(key, target, node, (("group", "runtime"),))
        yield from document.drain()


def _facts(entry: Node) -> Iterator[tuple[str, str]]:
    folder = entry.document.file.folder
    yield "marker", entry.get("marker").string()
    index = entry.get("index").string()
    if index and not pip_lines.DEFAULT_INDEX.fullmatch(index):
        yield "index", index
    vcs, archive, directory = entry.get("vcs"), entry.get("archive"), entry.get("directory")
    if vcs:
        revision = vcs.get("commit-id").string() or vcs.get("requested-revision").string()
        address = vcs.get("url").string() or requirement.relative(folder, vcs.get("path").string())
        yield "vcs-url", places.vcs_url(vcs.get("type").string() or "git", address, revision)
        yield "subdirectory", vcs.get("subdirectory").string()
    if archive:
        yield from places.place(archive, folder)
        yield from locked.hash_of(archive)
    if directory:
        yield from places.place(directory, folder)
    yield from locked.hashes(entry.get("sdist"))
    yield from locked.hashes(entry.get("wheels"))
    yield from locked.read_upload_time(entry.get("sdist"), entry.get("wheels"))


COLLECTOR = get_collector(NAME)
