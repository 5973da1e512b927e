"""The `[tool.poetry]` tables of a pyproject.toml, and the dependency tables that Pipenv writes in
nearly the same form.

Source: Poetry's documentation, "The pyproject.toml file" and "Dependency specification".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from aisbom.collect.parsed.nodes import Node
from aisbom.collect.python.places import place
from aisbom.collect.python.poetry_constraint import pep440, python_marker
from aisbom.collect.python.requirement import ParsedRequirement, get_pinned_version, is_name, rows
from aisbom.model import Row


def requirements(poetry: Node, by: str) -> Iterator[Row]:
    """Rows of the dependencies of all groups; `python` is no dependency."""
    indexes = (
        {s.get("name").string(): s.get("url").string() for s in poetry.get("source").array()}
        if poetry.get("source")
        else {}
    )
    project = _Project(by, indexes)
    extras: dict[str, set[str]] = {}
    for extra, names in poetry.get("extras").items():
        for listed in names.strings():
            extras.setdefault(canonicalize_name(listed.value), set()).add(extra)
    for name, node in poetry.get("dependencies").items():
        if name.lower() != "python":
            yield from project.rows(name, node, ("runtime",), extras)
    for name, node in poetry.get("dev-dependencies").items():
        if name.lower() != "python":
            yield from project.rows(name, node, ("dev",))
    groups = poetry.get("group")
    including: dict[str, set[str]] = {}
    for group, table in groups.items():
        for included in table.get("include-groups").strings():
            including.setdefault(included.value, set()).add(group)
    for group, table in groups.items():
        labels = tuple(f"group:{label}" for label in _closure(group, including))
        for name, node in table.get("dependencies").items():
            if name.lower() != "python":
                yield from project.rows(name, node, labels)


def _closure(start: str, above: dict[str, set[str]]) -> list[str]:
    seen: list[str] = []
    waiting = [start]
    while waiting:
        label = waiting.pop()
        if label not in seen:
            seen.append(label)
            waiting.extend(sorted(above.get(label, ())))
    return seen


@dataclass(frozen=True, slots=True)
class _Project:
    """Who reads the project, and the URLs of its package sources by name."""

    by: str
    indexes: Mapping[str, str]

    def rows(
        self,
        name: str,
        node: Node,
        groups: tuple[str, ...],
        extras: Mapping[str, set[str]] | None = None,
    ) -> Iterator[Row]:
        """Rows of one dependency. `extras` are those that a package belongs to, by its name."""
        several = node.array() if isinstance(node.value, list) else [node]
        for one in several:
            asked = dependency(name, one, self.indexes)
            if asked is None:
                continue
            optional = ("optional", "yes") in asked.facts
            named = sorted((extras or {}).get(canonicalize_name(name), ())) if optional else []
            labels = tuple(f"extra:{extra}" for extra in named) or groups
            yield from rows(asked, self.by, one.at, one.excerpt, labels)


def dependency(
    name: str, node: Node, indexes: Mapping[str, str] | None = None
) -> ParsedRequirement | None:
    """What one entry `name = "constraint"` or `name = {version = ..., ...}` asks for; None, and a
    gap, for another type.

    `indexes` maps the names of package sources to their URLs.
    """
    if not is_name(name):
        node.document.gap(node.line, f"{node.name()}: not the name of a package")
        return None
    if isinstance(node.value, str):
        return parse_constraint(name, node.value)
    if not isinstance(node.value, dict):
        node.wrong("a string or a table")
        return None
    asked = parse_constraint(name, node.get("version").string())
    markers = [node.get("markers").string(), python_marker(node.get("python").string())]
    if platform := node.get("platform").string():
        markers.append(f'sys_platform == "{platform}"')
    written = [marker for marker in markers if marker]
    marker = " and ".join(f"({m})" if len(written) > 1 and " or " in m else m for m in written)
    pairs = list(place(node, node.document.file.folder))
    source = node.get("source").string() or node.get("index").string()
    if source and (address := (indexes or {}).get(source, "")):
        pairs.append(("index", address))
    if node.get("optional").true():
        pairs.append(("optional", "yes"))
    found = tuple(extra.value for extra in node.get("extras").strings())
    return ParsedRequirement(
        name, asked.version, asked.specifier, marker, found, tuple(pairs), asked.confidence
    )


def parse_constraint(name: str, constraint: str) -> ParsedRequirement:
    """A requirement from Poetry's (or Pipenv's) words for a version; a union stays as written."""
    specifier, said = pep440(constraint)
    version = get_pinned_version(SpecifierSet(specifier)) if said else ""
    return ParsedRequirement(name, version, specifier, confidence="high" if said else "medium")
