"""pdm.lock: packages with digests, groups, markers, sources and edges.

Source: PDM's documentation, "Lock file", and the files that PDM 2 writes (lock_version 3 to 4.5).
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.parsed import nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.collect.python import locked, places, requirement
from aisbom.collect.python.package_origin import add_qualifier
from aisbom.model import Row
from aisbom.source.tree import File, Unreadable

NAME = "pdm-lock"


def collect(file: File) -> Iterator[Row]:
    """A `locked` row and the edges of each entry; an entry with extras is one more sighting of the
    same package.
    """
    document = nodes.toml(file, NAME)
    root = document.root
    entries: list[tuple[Node, str, str, str]] = []
    versions = locked.Versions()
    for entry in root.get("package").array():
        name = locked.read_name(entry)
        if not name:
            continue
        version = entry.get("version").string()
        folder = (
            requirement.inside(file.folder, entry.get("path").string())
            if entry.get("path").string() and entry.get("editable").true()
            else None
        )
        key = (
            add_qualifier(requirement.pypi(name, version), places.place(entry, file.folder))
            if folder is None
            else requirement.project(folder)
        )
        versions.add(name, key)
        entries.append((entry, name, version, key))
    old_files = root.get("metadata", "files")
    yield from document.drain()
    for entry, name, version, key in entries:
        groups = [
            "runtime" if g.value == "default" else f"group:{g.value}"
            for g in entry.get("groups").strings()
        ]
        if not key.startswith("project:"):
            pairs = [("group", group) for group in groups] + [
                ("marker", entry.get("marker").string())
            ]
            pairs += [*places.place(entry, file.folder), *locked.hashes(entry.get("files"))]
            if isinstance(old_files.value, dict):
                pairs += locked.hashes(old_files.get(f"{name} {version}"))
            yield locked.observation(entry, name, version, tuple(pairs))
        for node in entry.get("dependencies").strings():
            try:
                asked = requirement.read(node.value, file.folder)
            except Unreadable as error:
                document.gap(node.line, f"{node.name()}: {error}")
                continue
            target = versions.target(asked.name) if asked.name else ""
            if target and target != key:
                facts = [
                    ("specifier", asked.specifier),
                    ("marker", asked.marker),
                    ("group", "runtime"),
                ]
                facts += [("extra", extra) for extra in asked.extras]
                yield locked.edge(key, target, node, tuple(facts))
        yield from document.drain()


COLLECTOR = get_collector(NAME)
