"""Pipenv's Pipfile and Pipfile.lock.

Source: Pipenv's documentation, "Pipfile and Pipfile.lock".
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.parsed import nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.collect.python import locked, pip_lines, places, poetry_project, requirement
from aisbom.collect.python.requirement import ParsedRequirement
from aisbom.model import Row
from aisbom.source.tree import File

NAME = "pipfile"
LOCK_NAME = "pipfile-lock"

_NO_PACKAGES = frozenset({"source", "requires", "scripts", "pipenv"})
_MARKERS = (
    "sys_platform",
    "python_version",
    "python_full_version",
    "os_name",
    "platform_machine",
    "platform_system",
    "implementation_name",
)


def collect(file: File) -> Iterator[Row]:
    """A requirement for each entry of `packages`, `dev-packages` and the named categories."""
    document = nodes.toml(file, NAME)
    root = document.root
    indexes = _indexes(root.get("source"))
    for category, table in root.items():
        if category in _NO_PACKAGES:
            continue
        group = {"packages": "runtime", "dev-packages": "dev"}.get(category, f"group:{category}")
        for name, node in table.items():
            asked = poetry_project.dependency(name, node, indexes)
            if asked is not None:
                yield from requirement.rows(
                    _add_markers(asked, node), NAME, node.at, node.excerpt, (group,)
                )
        yield from document.drain()
    yield from document.drain()


def _add_markers(asked: ParsedRequirement, node: Node) -> ParsedRequirement:
    """Pipenv also takes each variable of a marker as a key of its own."""
    held = node.value if isinstance(node.value, dict) else {}
    parts = [asked.marker] if asked.marker else []
    parts += [
        f"{key} {node.get(key).string()}"
        for key in _MARKERS
        if key in held and node.get(key).string()
    ]
    return ParsedRequirement(
        asked.name,
        asked.version,
        asked.specifier,
        " and ".join(parts),
        asked.extras,
        asked.facts,
        asked.confidence,
    )


def collect_lock(file: File) -> Iterator[Row]:
    """A `locked` row for each entry; the file states no edges."""
    document = nodes.json_document(file, LOCK_NAME)
    root = document.root
    indexes = _indexes(root.get("_meta", "sources"))
    for category, table in root.items():
        if category == "_meta":
            continue
        group = {"default": "runtime", "develop": "dev"}.get(category, f"group:{category}")
        for name, node in table.items():
            if not isinstance(node.value, dict) or not requirement.is_name(name):
                node.wrong("a table under the name of a package")
                continue
            stated = node.get("version").string()
            version = stated.lstrip("= ") if stated.startswith("=") else ""
            pairs = [
                ("group", group),
                ("marker", node.get("markers").string()),
                *places.place(node, file.folder),
            ]
            pairs += [("hash", digest.value) for digest in node.get("hashes").strings()]
            pairs += [("extra", extra.value) for extra in node.get("extras").strings()]
            pairs.append(("index", indexes.get(node.get("index").string(), "")))
            if stated and not version:
                document.gap(node.line, f"{node.name()}: not an exact version")
            yield locked.observation(node, name, version, tuple(pairs))
        yield from document.drain()
    yield from document.drain()


def _indexes(sources: Node) -> dict[str, str]:
    """URL by name of the sources that are not PyPI."""
    pairs = [(s.get("name").string(), s.get("url").string()) for s in sources.array()]
    return {
        name: url
        for name, url in pairs
        if name and url and not pip_lines.DEFAULT_INDEX.fullmatch(url)
    }


COLLECTOR = get_collector(NAME)
LOCK_COLLECTOR = get_collector(LOCK_NAME)
