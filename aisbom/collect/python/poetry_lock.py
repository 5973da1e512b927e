"""poetry.lock of Poetry 1 and 2: packages with digests, groups, markers, sources and edges.

Source: the files that Poetry 1.0 to 2.2 writes (lock-version 1.0 to 2.1).
"""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import canonicalize_name

from aisbom.collect import get_collector
from aisbom.collect.parsed import nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.collect.python import locked, poetry_project, requirement
from aisbom.collect.python.package_origin import add_qualifier
from aisbom.collect.python.places import vcs_url
from aisbom.collect.python.requirement import Pairs, relative
from aisbom.model import Row
from aisbom.source.tree import File, Unreadable

NAME = "poetry-lock"


def collect(file: File) -> Iterator[Row]:
    """A `locked` row and the edges of each package."""
    document = nodes.toml(file, NAME)
    root = document.root
    entries: list[tuple[Node, str, str, str]] = []
    versions = locked.Versions()
    for entry in root.get("package").array():
        if name := locked.read_name(entry):
            version = entry.get("version").string()
            key = add_qualifier(requirement.pypi(name, version), _source(entry))
            versions.add(name, key)
            entries.append((entry, name, version, key))
    metadata = root.get("metadata")
    yield from document.drain()
    for entry, name, version, key in entries:
        pairs = (*_groups(entry), *_source(entry), *_hashes(entry, name, metadata))
        yield locked.observation(entry, name, version, pairs)
        yield from _edges(entry, key, versions)
        yield from document.drain()


def _groups(entry: Node) -> Iterator[tuple[str, str]]:
    if entry.get("category"):
        category = entry.get("category").string()
        yield "group", {"main": "runtime", "dev": "dev"}.get(category, f"group:{category}")
    for group in entry.get("groups").strings():
        yield "group", "runtime" if group.value == "main" else f"group:{group.value}"
    if entry.get("optional").true():
        yield "optional", "yes"
    markers = entry.get("markers")
    if isinstance(markers.value, dict):
        for marker in markers.values():
            yield "marker", marker.string()
    else:
        yield "marker", markers.string()


def _source(entry: Node) -> Pairs:
    source = entry.get("source")
    kind, url = source.get("type").string(), source.get("url").string()
    if kind in ("git", "hg", "svn"):
        revision = source.get("resolved_reference").string() or source.get("reference").string()
        return (
            ("vcs-url", vcs_url(kind, url, revision)),
            ("subdirectory", source.get("subdirectory").string()),
        )
    if kind == "url":
        return (("url", url),)
    if kind in ("directory", "file"):
        editable = (("editable", "yes"),) if entry.get("develop").true() else ()
        path = relative(entry.document.file.folder, url)
        return (("path", path), ("local", "yes"), *editable)
    return (("index", url),) if url else ()


def _hashes(entry: Node, name: str, metadata: Node) -> Iterator[tuple[str, str]]:
    if entry.get("files"):
        yield from locked.hashes(entry.get("files"))
        return
    for key in ("files", "hashes"):
        held = metadata.get(key)
        files = held.get(name) if isinstance(held.value, dict) else held
        for file in files.array():
            if isinstance(file.value, str) and not file.get_digest_and_time()[0]:
                yield "hash", file.value if ":" in file.value else f"sha256:{file.value}"
            else:
                yield from locked.hashes(file)


def _edges(entry: Node, key: str, versions: locked.Versions) -> Iterator[Row]:
    extras: dict[str, set[str]] = {}
    for extra, array in entry.get("extras").items():
        for node in array.strings():
            try:
                extras.setdefault(canonicalize_name(requirement.read(node.value).name), set()).add(
                    extra
                )
            except Unreadable:
                continue  # the dependency itself is read below
    for name, node in entry.get("dependencies").items():
        several = node.array() if isinstance(node.value, list) else [node]
        for one in several:
            asked = poetry_project.dependency(name, one)
            if asked is None:
                continue
            optional = ("optional", "yes") in asked.facts
            target = versions.target(name)
            if target == key or (optional and name not in versions):
                continue  # nobody asked for the extra: it is not part of what is locked
            groups = (
                [f"extra:{extra}" for extra in sorted(extras.get(canonicalize_name(name), ()))]
                if optional
                else ["runtime"]
            )
            pairs = [("specifier", asked.specifier), ("marker", asked.marker)]
            pairs += [("extra", extra) for extra in asked.extras] + [
                ("group", group) for group in groups
            ]
            yield locked.edge(key, target, one, tuple(pairs))


COLLECTOR = get_collector(NAME)
