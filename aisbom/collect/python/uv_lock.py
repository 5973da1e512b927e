"""uv.lock: every package with version, digests, source and edges; members of the workspace are
projects, not packages.

Source: uv's documentation, "Locking and syncing", and the files that uv 0.1 to 0.9 writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs

from packaging.utils import canonicalize_name

from aisbom.collect import get_collector
from aisbom.collect.parsed import nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.collect.python import locked, pip_lines, requirement
from aisbom.collect.python.package_origin import add_qualifier
from aisbom.collect.python.requirement import Pairs, relative
from aisbom.model import Row
from aisbom.source.tree import File

NAME = "uv-lock"


def collect(file: File) -> Iterator[Row]:
    """A `locked` row for each package of others, and the edges of all."""
    document = nodes.toml(file, NAME)
    root = document.root
    packages = root.get("package") if root.get("package") else root.get("distribution")
    entries: list[tuple[Node, str, str, str]] = []
    versions = locked.Versions()
    for entry in packages.array():
        name = locked.read_name(entry)
        if not name:
            continue
        version = entry.get("version").string()
        folder = _member(entry)
        key = (
            add_qualifier(requirement.pypi(name, version), _source(entry))
            if folder is None
            else requirement.project(folder)
        )
        versions.add(name, key)
        entries.append((entry, name, version, key))
    yield from document.drain()
    for entry, name, version, key in entries:
        if not key.startswith("project:"):
            sdist, wheels = entry.get("sdist"), entry.get("wheels")
            pairs = (
                *_source(entry),
                *locked.hashes(sdist),
                *locked.hashes(wheels),
                *locked.read_upload_time(sdist, wheels),
            )
            yield locked.observation(entry, name, version, pairs)
        yield from _edges(entry, key, versions)
        yield from document.drain()


def _member(entry: Node) -> str | None:
    """The folder of a local project of the tree; None for a package of others."""
    source = entry.get("source")
    if not isinstance(source.value, dict):
        return None
    for kind in ("editable", "virtual", "directory", "workspace"):
        if kind in source.value and (path := source.get(kind).string()):
            return requirement.inside(entry.document.file.folder, path)
    return None


def _source(entry: Node) -> Pairs:
    """Where the package comes from, as facts."""
    source = entry.get("source")
    if isinstance(source.value, str):  # before uv 0.3: "registry+https://pypi.org/simple"
        kind, _, address = source.value.partition("+")
    else:
        kind, address = next(
            (
                (k, node.string())
                for k, node in source.items()
                if k in ("registry", "git", "url", "path", "directory", "editable", "virtual")
            ),
            ("", ""),
        )
    folder = entry.document.file.folder
    pairs: list[tuple[str, str]] = []
    if kind == "registry" and not pip_lines.DEFAULT_INDEX.fullmatch(address):
        pairs.append(
            ("index", address if re.match(r"[a-z]+://", address) else relative(folder, address))
        )
    elif kind == "git":
        base, _, commit = address.partition("#")
        base, _, query = base.partition("?")
        asked = parse_qs(query)
        revision = commit or next(
            (asked[key][0] for key in ("rev", "tag", "branch") if key in asked), ""
        )
        pairs.append(("vcs-url", f"git+{base}" + (f"@{revision}" if revision else "")))
        pairs += [("subdirectory", value) for value in asked.get("subdirectory", [])]
    elif kind in ("url", "direct"):
        pairs.append(("url", address))
    elif kind in ("path", "directory", "editable", "virtual"):
        pairs.append(("path", relative(folder, address)))
        if kind == "editable":
            pairs.append(("editable", "yes"))
    return tuple(pairs)


def _edges(entry: Node, key: str, versions: locked.Versions) -> Iterator[Row]:
    asked: dict[str, str] = {}
    if key.startswith("project:"):
        for node in entry.get("metadata", "requires-dist").array():
            asked[canonicalize_name(node.get("name").string() or "-")] = node.get(
                "specifier"
            ).string()
    lists = [("runtime", entry.get("dependencies"))]
    lists += [
        (f"extra:{extra}", array) for extra, array in entry.get("optional-dependencies").items()
    ]
    lists += [(f"group:{group}", array) for group, array in entry.get("dev-dependencies").items()]
    for group, array in lists:
        for node in array.array():
            name = locked.read_name(node)
            if not name:
                continue
            version = node.get("version").string()
            target = versions.target(name, version)
            if version and target.startswith("pkg:"):
                # Where one version comes from several indexes, the edge says from which.
                target = add_qualifier(target, _source(node))
            if target == key:
                continue  # a package that asks for its own extras
            pairs = [
                ("group", group),
                ("marker", node.get("marker").string()),
                ("specifier", asked.get(canonicalize_name(name), "")),
            ]
            pairs += [("extra", extra.value) for extra in node.get("extra").strings()]
            yield locked.edge(key, target, node, tuple(pairs))


COLLECTOR = get_collector(NAME)
