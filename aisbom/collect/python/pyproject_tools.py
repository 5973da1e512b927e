"""The tables of uv, PDM, Hatch, Rye, Flit and setuptools in a pyproject.toml.

Sources: the tools' own reference pages for their settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from aisbom.collect.parsed.nodes import Document, Node
from aisbom.collect.python import pip_lines, places, requirement
from aisbom.collect.python import requirements as requirements_file
from aisbom.collect.python.groups import Groups
from aisbom.collect.python.requirement import Pairs, ParsedRequirement
from aisbom.model import Row
from aisbom.source.faults import shown_path
from aisbom.source.tree import Unreadable

_VERSION_HEAD = 65_536


def declare(declared: Groups, tool: Node) -> None:
    """Put the requirement strings of all tools into their groups."""
    uv, hatch, flit = tool.get("uv"), tool.get("hatch"), tool.get("flit", "metadata")
    declared.add("dev", uv.get("dev-dependencies").strings())
    declared.add("constraint", uv.get("constraint-dependencies").strings())
    declared.add("constraint", uv.get("build-constraint-dependencies").strings())
    declared.add("constraint", uv.get("override-dependencies").strings(), (("override", "yes"),))
    declared.add("dev", tool.get("rye", "dev-dependencies").strings())
    for environment, table in hatch.get("envs").items():
        for key in ("dependencies", "extra-dependencies"):
            declared.add(f"group:{environment}", table.get(key).strings())
    declared.add("build", hatch.get("build", "dependencies").strings())
    for target in hatch.get("build", "targets").values():
        declared.add("build", target.get("dependencies").strings())
    declared.add("runtime", flit.get("requires").strings())
    for extra, array in flit.get("requires-extra").items():
        declared.add(f"extra:{extra}", array.strings())


def requirements(tool: Node, by: str) -> Iterator[Row]:
    """Rows of what is not written as PEP 508: PDM's groups and overrides, and files that setuptools
    reads.
    """
    for group, array in tool.get("pdm", "dev-dependencies").items():
        for node in array.strings():
            yield from _pip_like(node, by, f"group:{group}")
    for name, node in tool.get("pdm", "resolution", "overrides").items():
        text = node.string()
        if text:
            words = (
                f"{name}{text}"
                if re.match(r"[<>=!~]", text)
                else f"{name} @ {text}"
                if "/" in text
                else f"{name}=={text}"
            )
            yield from requirement.read_requirement(
                words, by, node.at, node.excerpt, ("constraint",), more=(("override", "yes"),)
            )
    dynamic = tool.get("setuptools", "dynamic")
    if isinstance(dynamic.value, dict):
        files = (
            [dynamic.get("dependencies", "file")]
            if isinstance(dynamic.value.get("dependencies"), dict)
            else []
        )
        files += [table.get("file") for table in dynamic.get("optional-dependencies").values()]
        for named in files:
            for node in [named] if isinstance(named.value, str) else named.strings():
                yield from _named_file(node)


def _named_file(node: Node) -> Iterator[Row]:
    """The rows of a requirements file that the build reads, as its own collector gives them."""
    found = node.document.file.sibling(node.value)
    if found:
        yield from requirements_file.read(found)
    else:
        node.document.gap(
            node.line, f"{node.name()}: there is no file {shown_path(node.value)}"[:200]
        )


def _pip_like(node: Node, by: str, group: str) -> Iterator[Row]:
    """PDM's development dependencies: PEP 508, or pip's `-e` with a URL or path."""
    try:
        for said in pip_lines.read(node.value.strip(), node.at.folder):
            if isinstance(said, ParsedRequirement):
                yield from requirement.rows(said, by, node.at, node.excerpt, (group,))
    except Unreadable as error:
        node.document.gap(node.line, f"{node.name()}: {error}")


def sources(tool: Node) -> dict[str, Pairs]:
    """Facts by normalised package name from `[tool.uv.sources]`: git, url, path, workspace,
    index.
    """
    uv = tool.get("uv")
    indexes = {
        index.get("name").string(): index.get("url").string() for index in uv.get("index").array()
    }
    found: dict[str, Pairs] = {}
    for name, node in uv.get("sources").items():
        pairs: list[tuple[str, str]] = []
        for one in node.array() if isinstance(node.value, list) else [node]:
            pairs += places.place(one, node.document.file.folder)
            if isinstance(one.get("index").value, str) and (
                url := indexes.get(one.get("index").value, "")
            ):
                pairs.append(("index", url))
            if one.get("workspace").true():
                pairs.append(("workspace", "yes"))
        found[canonicalize_name(name)] = tuple(pairs)
    return found


def flit_facts(flit: Node) -> Pairs:
    """The facts of `[tool.flit.metadata]`."""
    pairs = [
        ("author", flit.get("author").string()),
        ("author-email", flit.get("author-email").string()),
        ("maintainer", flit.get("maintainer").string()),
        ("maintainer-email", flit.get("maintainer-email").string()),
        ("home-page", flit.get("home-page").string()),
        ("license", flit.get("license").string()[:200]),
        ("requires-python", flit.get("requires-python").string()),
    ]
    pairs += [
        ("project-url", f"{label}, {url.string()}") for label, url in flit.get("urls").items()
    ]
    pairs += [
        ("classifier", c.value)
        for c in flit.get("classifiers").strings()
        if c.value.startswith(("License ::", "Topic ::"))
    ]
    return tuple(pairs)


def static_version(document: Document) -> str:
    """The version where a table names a file in which one plain literal states it; `""` otherwise,
    nothing is executed.
    """
    tool = document.root.get("tool")
    held = tool.table()
    name = "__version__"
    candidates: list[str] = []
    if "hatch" in held and not isinstance(tool.get("hatch", "version", "pattern").value, str):
        candidates.append(tool.get("hatch", "version", "path").string())
    if "pdm" in held and tool.get("pdm", "version", "source").value == "file":
        candidates.append(tool.get("pdm", "version", "path").string())
    attribute = (
        tool.get("setuptools", "dynamic", "version", "attr").value if "setuptools" in held else None
    )
    if isinstance(attribute, str) and re.fullmatch(r"\w+(\.\w+)+", attribute):
        module, _, name = attribute.rpartition(".")
        base = module.replace(".", "/")
        candidates += [
            f"{prefix}{base}{end}" for prefix in ("", "src/") for end in (".py", "/__init__.py")
        ]
    for path in candidates:
        found = document.file.sibling(path) if path else None
        if found and found.size <= _VERSION_HEAD:
            stated = re.findall(
                rf"^{re.escape(name)}(?:\s*:\s*\w+)?\s*=\s*[\"']([^\"'\n]+)[\"']\s*(?:#.*)?$",
                found.text(),
                re.MULTILINE,
            )
            return (
                stated[0] if len(stated) == 1 and re.fullmatch(r"[\w.!+-]{1,64}", stated[0]) else ""
            )
    return ""
