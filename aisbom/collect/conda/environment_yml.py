"""Conda environment files: conda packages, and the pip list inside.

Source: conda's documentation, "Creating an environment file manually".
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.conda import conda_spec
from aisbom.collect.parsed import yaml_nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.collect.python import pip_lines, requirement, requirements
from aisbom.model import Gap, Row
from aisbom.source.tree import File, Unreadable

NAME = "conda"


def collect(file: File) -> Iterator[Row]:
    """A requirement for every dependency. A file without `dependencies` is no conda environment,
    and says nothing.
    """
    document = yaml_nodes.load_with_lines(file, NAME)
    root = document.root
    if not root or (isinstance(root.value, dict) and "dependencies" not in root.value):
        return
    channels = tuple(
        ("channel", conda_spec.channel_name(c.value))
        for c in root.get("channels").strings()
        if c.value not in ("defaults", "nodefaults")
    )
    for node in root.get("dependencies").array():
        if isinstance(node.value, str):
            try:
                asked = conda_spec.read(node.value)
            except Unreadable as error:
                yield Gap(NAME, node.at, str(error))
                continue
            chosen = any(key == "channel" and value for key, value in asked.facts)
            words = conda_spec.without_token(node.excerpt)
            yield from requirement.rows(
                asked if chosen else asked.having(*channels), NAME, node.at, words, ("runtime",)
            )
        elif isinstance(node.value, dict):
            for key, inner in node.items():
                if key == "pip":
                    yield from _pip(file, inner)
                else:
                    document.gap(inner.line, f"{inner.name()}: only the list of pip is read")
        elif node.value is not None:
            node.wrong("a package or the pip list")
        yield from document.drain()
    yield from document.drain()


def _pip(file: File, array: Node) -> Iterator[Row]:
    lines = list(array.strings())
    places: list[tuple[str, str]] = []
    for node in lines:
        try:
            places += [
                (said.kind, said.url)
                for said in pip_lines.read(node.value.strip(), file.folder)
                if isinstance(said, pip_lines.Index)
                and not pip_lines.DEFAULT_INDEX.fullmatch(said.url)
            ]
        except Unreadable:
            continue  # said below
    for node in lines:
        for _, words in pip_lines.logical(node.value):
            try:
                for said in pip_lines.read(words, file.folder):
                    if isinstance(said, requirement.ParsedRequirement):
                        yield from requirement.rows(
                            said.having(*places), NAME, node.at, node.excerpt, ("runtime",)
                        )
                    elif isinstance(said, pip_lines.Include):
                        found = requirements.target(file, said.target)
                        if isinstance(found, str):
                            yield Gap(NAME, node.at, found)
                        else:
                            yield from requirements.read(found, said.kind == "constraint")
            except Unreadable as error:
                yield Gap(NAME, node.at, str(error))


COLLECTOR = get_collector(NAME)
