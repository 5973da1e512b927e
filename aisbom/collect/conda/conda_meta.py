"""What conda installed: `conda-meta/<name>-<version>-<build>.json`, one record a package.

Source: conda's documentation, "Package records" (`PrefixRecord`).
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.conda import conda_spec
from aisbom.collect.parsed import nodes
from aisbom.collect.python import locked
from aisbom.model import Row
from aisbom.source.tree import File, Unreadable

NAME = "conda-meta"


def collect(file: File) -> Iterator[Row]:
    """A `locked` row and what the package asks for, without versions: what is installed has them.
    Raises Unreadable for what is no JSON.
    """
    try:
        document = nodes.json_document(file, NAME)
    except ValueError as error:
        raise Unreadable(f"not JSON: {error}") from error
    root = document.root
    name, version = (root.get(key).string() for key in ("name", "version"))
    if not name or not version:
        document.gap(0, "a record without a name or a version")
        yield from document.drain()
        return
    build, subdir = (root.get(key).string() for key in ("build", "subdir"))
    channel = conda_spec.channel_name(root.get("channel").string())
    key = conda_spec.conda(name, version, build, channel, subdir)
    digest = root.get("sha256").string()
    pairs = (
        ("hash", f"sha256:{digest}" if digest else ""),
        ("url", conda_spec.without_token(root.get("url").string())),
        ("license", root.get("license").string()),
        ("build", build),
        ("channel", channel),
        ("subdir", subdir),
        ("group", "runtime"),
    )
    yield locked.observation(root, name, version, pairs, key)
    for node in root.get("depends").strings():
        try:
            asked = conda_spec.read(node.value)
        except Unreadable as error:
            document.gap(node.line, f"{node.name()}: {error}")
            continue
        if not asked.name.startswith("__"):  # a property of the machine, no package
            target = conda_spec.conda(asked.name)
            told = (("specifier", asked.specifier), ("group", "runtime"))
            yield locked.edge(key, target, node, told)
    yield from document.drain()


COLLECTOR = get_collector(NAME)
