"""pixi.toml (and `[tool.pixi]` of pyproject.toml) and pixi.lock of versions 4 to 6.

Source: pixi's documentation, "The pixi.toml manifest" and "Lock file".
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.conda import conda_spec
from aisbom.collect.parsed import nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.collect.python import places, requirement
from aisbom.collect.python.requirement import Pairs, ParsedRequirement
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.source.tree import File, Unreadable

NAME = "pixi"

_CONDA = {
    "dependencies": "",
    "run-dependencies": "",
    "host-dependencies": "build",
    "build-dependencies": "build",
}


def collect(file: File) -> Iterator[Row]:
    """The project, and a requirement for every entry of its dependency tables."""
    if file.name == "pyproject.toml":
        yield from _pyproject(file)
        return
    document = nodes.toml(file, NAME)
    root = document.root
    for section in ("package", "workspace", "project"):
        table = root.get(section)
        if table and (name := table.get("name").string()):
            version = table.get("version").string()
            pairs = [
                ("summary", table.get("description").string()),
                ("home-page", table.get("homepage").string()),
            ]
            pairs += [
                ("license", table.get("license").string()),
                ("license-file", table.get("license-file").string()),
            ]
            for person in table.get("authors").strings():
                words, _, mail = person.value.partition("<")
                pairs += [("author", words.strip()), ("author-email", mail.strip(" >"))]
            for key in ("repository", "documentation"):
                if url := table.get(key).string():
                    pairs.append(("project-url", f"{key.capitalize()}, {url}"))
            evidence = Evidence(
                NAME, "manifest-analysis", "high", table.get("name").at, table.get("name").excerpt
            )
            yield Observation(
                "project", name, version, requirement.pypi(name, version), evidence, facts(*pairs)
            )
            break
    yield from _requirements(root)
    yield from document.drain()


def _pyproject(file: File) -> Iterator[Row]:
    """`[tool.pixi]`; whatever else is wrong with the file is for the reader of pyproject.toml."""
    if "tool.pixi" not in file.text():
        return
    try:
        document = nodes.toml(file, NAME)
    except (ValueError, Unreadable):
        return
    yield from _requirements(document.root.get("tool", "pixi"))
    yield from document.drain()


def _requirements(top: Node) -> Iterator[Row]:
    """The requirements below `top`, the document or `[tool.pixi]`; those of a feature are in the
    group of its name.
    """
    if not top:
        return
    workspace = top.get("workspace") if top.get("workspace") else top.get("project")
    channels = tuple(
        (
            "channel",
            conda_spec.channel_name(
                c.value if isinstance(c.value, str) else c.get("channel").string()
            ),
        )
        for c in workspace.get("channels").array()
    )
    yield from _tables(top, "runtime", channels)
    yield from _tables(top.get("package"), "runtime", channels)
    for feature, table in top.get("feature").items():
        yield from _tables(table, f"group:{feature}", channels)


def _tables(holder: Node, group: str, channels: Pairs) -> Iterator[Row]:
    targets = [("", holder), *holder.get("target").items()]
    for platform, table in targets:
        more: Pairs = (("platform", platform),) if platform else ()
        for key, purpose in _CONDA.items():
            for name, node in table.get(key).items():
                for asked in _conda(name, node, channels):
                    yield from requirement.rows(
                        asked.having(*more),
                        NAME,
                        node.at,
                        conda_spec.without_token(node.excerpt),
                        (purpose or group,),
                    )
        for name, node in table.get("pypi-dependencies").items():
            for asked in _pypi(name, node):
                yield from requirement.rows(
                    asked.having(*more), NAME, node.at, node.excerpt, (group,)
                )


def _conda(name: str, node: Node, channels: Pairs) -> Iterator[ParsedRequirement]:
    table = node.value if isinstance(node.value, dict) else None
    if table is None and not isinstance(node.value, str):
        node.wrong("a string or a table")
        return
    text = node.get("version").string() if table is not None else node.value
    specifier, version, build = conda_spec.parse_version_spec(text)
    pairs: Pairs = channels
    channel = ""
    if table is not None:
        build = node.get("build").string() or build
        channel = conda_spec.channel_name(node.get("channel").string())
        pairs = (
            *((("channel", channel),) if channel else channels),
            *places.place(node, node.document.file.folder),
        )
    purl = conda_spec.conda(name, version, build if "*" not in build else "", channel)
    yield ParsedRequirement(name, version, specifier, facts=(*pairs, ("build", build)), purl=purl)


def _pypi(name: str, node: Node) -> Iterator[ParsedRequirement]:
    table = node.value if isinstance(node.value, dict) else None
    if table is None and not isinstance(node.value, str):
        node.wrong("a string or a table")
        return
    text = node.get("version").string() if table is not None else node.value
    extras = tuple(e.value for e in node.get("extras").strings()) if table is not None else ()
    text = "" if text.strip() == "*" else text
    words = f"{name}=={text}" if text and text[0].isdigit() else f"{name}{text}"
    try:
        asked = requirement.read(words, node.document.file.folder)
    except Unreadable as error:
        node.document.gap(node.line, f"{node.name()}: {error}")
        return
    pairs: Pairs = places.place(node, node.document.file.folder) if table is not None else ()
    if table is not None and (index := node.get("index").string()):
        pairs = (*pairs, ("index", index))
    yield ParsedRequirement(
        name,
        asked.version,
        asked.specifier,
        asked.marker,
        extras,
        pairs,
        asked.confidence,
        trouble=asked.trouble,
    )


COLLECTOR = get_collector(NAME)
