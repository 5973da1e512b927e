"""pyproject.toml: the project itself and what it declares to need (PEP 621, 639, 735, 518 and the
tables of the build tools).

Sources: packaging.python.org, "pyproject.toml specification" and "Dependency Groups".
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.ownership.licence_file import of_field
from aisbom.collect.parsed import nodes
from aisbom.collect.parsed.nodes import Document, Node
from aisbom.collect.python import groups, poetry_project, pyproject_tools, requirement
from aisbom.collect.python.requirement import Pairs
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.source.tree import File

NAME = "pyproject"


def collect(file: File) -> Iterator[Row]:
    """The project, its requirements by group, and a gap for everything of the wrong type."""
    document = nodes.toml(file, NAME)
    root = document.root
    tool = root.get("tool")
    yield from _projects(document)
    yield from document.drain()
    name = root.get("project", "name").string() or tool.get("poetry", "name").string()
    declared = groups.Groups(document, name, pyproject_tools.sources(tool))
    declared.add("build", root.get("build-system", "requires").strings())
    declared.add("runtime", root.get("project", "dependencies").strings())
    for extra, array in root.get("project", "optional-dependencies").items():
        declared.add(f"extra:{extra}", array.strings())
    for group, array in root.get("dependency-groups").items():
        _group(declared, group, array)
    pyproject_tools.declare(declared, tool)
    yield from declared.rows()
    yield from document.drain()
    yield from poetry_project.requirements(tool.get("poetry"), NAME)
    yield from pyproject_tools.requirements(tool, NAME)
    yield from document.drain()


def _group(declared: groups.Groups, group: str, array: Node) -> None:
    """A dependency group: strings, and tables that include another group."""
    declared.add(f"group:{group}", ())
    for item in array.array():
        if isinstance(item.value, str):
            declared.add(f"group:{group}", (item,))
        elif isinstance(item.value, dict) and set(item.value) == {"include-group"}:
            if included := item.get("include-group").string():
                declared.include(f"group:{group}", f"group:{included}", item)
        else:
            item.wrong("a requirement or {include-group = ...}")


def _projects(document: Document) -> Iterator[Row]:
    root = document.root
    project, poetry, flit = (
        root.get("project"),
        root.get("tool", "poetry"),
        root.get("tool", "flit", "metadata"),
    )
    if project:
        name = project.get("name")
        if isinstance(name.value, str) and name.value.strip():
            version = project.get("version").string() or pyproject_tools.static_version(document)
            yield _project(
                name, version or (poetry.get("version").string() if poetry else ""), _facts(project)
            )
            return
        project.table()
        if name.value is None and isinstance(project.value, dict) and not poetry.get("name"):
            document.gap(project.line, "project.name: missing")
        elif name.value is not None:
            name.string()
    if poetry and (text := poetry.get("name").string()):
        yield _project(
            poetry.get("name"), poetry.get("version").string(), _poetry_facts(poetry), text
        )
    elif flit and (module := flit.get("dist-name") or flit.get("module")) and module.string():
        yield _project(module, "", pyproject_tools.flit_facts(flit))


def _project(name: Node, version: str, pairs: Pairs, text: str = "") -> Observation:
    text = (text or name.string()).strip()
    evidence = Evidence(NAME, "manifest-analysis", "high", name.at, name.excerpt)
    return Observation(
        "project", text, version, requirement.pypi(text, version), evidence, facts(*pairs)
    )


def _facts(project: Node) -> Pairs:
    """The facts of a PEP 621 table."""
    pairs: list[tuple[str, str]] = [
        ("summary", project.get("description").string()),
        ("requires-python", project.get("requires-python").string()),
    ]
    licence = project.get("license")
    if isinstance(licence.value, dict):
        pairs += [
            *of_field(licence.get("text").string()),
            ("license-file", licence.get("file").string()),
        ]
    else:
        pairs.append(("license-expression", licence.string()))
    files = project.get("license-files")
    if isinstance(files.value, dict):  # a draft of PEP 639 had {paths = [...]} and {globs = [...]}
        pairs += [
            ("license-file", f.value)
            for key in ("paths", "globs")
            for f in files.get(key).strings()
        ]
    else:
        pairs += [("license-file", f.value) for f in files.strings()]
    for key, label in (("authors", "author"), ("maintainers", "maintainer")):
        for person in project.get(key).array():
            pairs += [
                (label, person.get("name").string()),
                (f"{label}-email", person.get("email").string()),
            ]
    for label, url in project.get("urls").items():
        if text := url.string():
            pairs.append(("project-url", f"{label}, {text}"))
            if label.lower().replace("-", "").replace("_", "").replace(" ", "") == "homepage":
                pairs.append(("home-page", text))
    pairs += classifiers(project.get("classifiers"))
    pairs += [("dynamic", field.value) for field in project.get("dynamic").strings()]
    return tuple(pairs)


def _poetry_facts(poetry: Node) -> Pairs:
    """The facts of `[tool.poetry]`, where a person is one string `Name <address>`."""
    pairs: list[tuple[str, str]] = [
        ("summary", poetry.get("description").string()),
        *of_field(poetry.get("license").string()),
    ]
    python = poetry.get("dependencies", "python")
    if isinstance(python.value, str):
        pairs.append(
            ("requires-python", poetry_project.parse_constraint("python", python.value).specifier)
        )
    for key, label in (("authors", "author"), ("maintainers", "maintainer")):
        for person in poetry.get(key).strings():
            name, _, mail = person.value.partition("<")
            pairs += [(label, name.strip()), (f"{label}-email", mail.strip(" >"))]
    for key in ("homepage", "repository", "documentation"):
        if url := poetry.get(key).string():
            pairs.append(("project-url", f"{key.capitalize()}, {url}"))
            if key == "homepage":
                pairs.append(("home-page", url))
    for label, node in poetry.get("urls").items():
        if url := node.string():
            pairs.append(("project-url", f"{label}, {url}"))
    pairs += classifiers(poetry.get("classifiers"))
    return tuple(pairs)


def classifiers(array: Node) -> Iterator[tuple[str, str]]:
    """The trove classifiers that speak of licences and topics."""
    for item in array.strings():
        if item.value.startswith(("License ::", "Topic ::", "Private ::")):
            yield "classifier", item.value


COLLECTOR = get_collector(NAME)
