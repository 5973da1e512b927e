"""pixi.lock of versions 4 to 6: conda and PyPI packages with digests, edges and the environments
that hold them.

Source: pixi's documentation, "Lock file", and the files that pixi 0.15 to 0.60 writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from aisbom.collect import get_collector
from aisbom.collect.conda import conda_spec
from aisbom.collect.parsed import yaml_nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.collect.python import locked, requirement
from aisbom.collect.python.package_origin import add_qualifier
from aisbom.collect.python.requirement import Pairs, relative
from aisbom.model import Row
from aisbom.source.faults import shown_key
from aisbom.source.tree import File, Unreadable

NAME = "pixi-lock"


@dataclass(frozen=True, slots=True)
class _Entry:
    node: Node
    kind: str
    name: str
    version: str
    key: str
    subdir: str
    pairs: Pairs


def collect(file: File) -> Iterator[Row]:
    """A `locked` row and the edges of each package; an editable path of the tree is a project."""
    document = yaml_nodes.load_with_lines(file, NAME)
    root = document.root
    if not root:
        return
    version = root.get("version")
    if version.string() not in ("4", "5", "6"):
        document.gap(
            version.line,
            f"version {shown_key(version.string()[:20])} of the lock format: read as version 6",
        )
    groups = _environments(root.get("environments"))
    entries = [entry for node in root.get("packages").array() if (entry := _entry(node))]
    yield from document.drain()
    conda: dict[str, list[_Entry]] = {}
    pypi = locked.Versions()
    for entry in entries:
        if entry.kind == "conda":
            conda.setdefault(entry.name.lower(), []).append(entry)
        else:
            pypi.add(entry.name, entry.key)
    for entry in entries:
        if not entry.key.startswith("project:"):
            address = (
                entry.node.get(entry.kind).string()
                or entry.node.get("url").string()
                or entry.node.get("path").string()
            )
            pairs = (*entry.pairs, *(("group", group) for group in sorted(groups.get(address, ()))))
            found = locked.observation(entry.node, entry.name, entry.version, pairs, entry.key)
            words = conda_spec.without_token(found.evidence.excerpt)
            yield replace(found, evidence=replace(found.evidence, excerpt=words))
        yield from _conda_edges(entry, conda) if entry.kind == "conda" else _pypi_edges(entry, pypi)
        yield from document.drain()


def _environments(environments: Node) -> dict[str, set[str]]:
    """Groups by the URL of a package: `runtime` for the default environment, else the environment's
    name.
    """
    groups: dict[str, set[str]] = {}
    for name, environment in environments.items():
        group = "runtime" if name == "default" else f"group:{name}"
        for packages in environment.get("packages").values():
            for package in packages.array():
                for value in package.table().values():
                    if isinstance(value, str):
                        groups.setdefault(value, set()).add(group)
    return groups


def _entry(node: Node) -> _Entry | None:
    held = node.table()
    kind = node.get("kind").string() or next((k for k in ("conda", "pypi") if k in held), "")
    if kind not in ("conda", "pypi"):
        if held:
            node.document.gap(node.line, f"{node.name()}: neither a conda nor a PyPI package")
        return None
    address = node.get(kind).string() or node.get("url").string() or node.get("path").string()
    pairs: list[tuple[str, str]] = [
        (("hash"), f"sha256:{digest}") for digest in [node.get("sha256").string()] if digest
    ]
    if not pairs and (digest := node.get("md5").string()):
        pairs.append(("hash", f"md5:{digest}"))
    return _conda(node, address, pairs) if kind == "conda" else _pypi(node, address, pairs)


def _conda(node: Node, address: str, pairs: list[tuple[str, str]]) -> _Entry | None:
    name, version, build, channel, subdir = conda_spec.from_url(address) or ("", "", "", "", "")
    name = node.get("name").string() or name
    version = node.get("version").string() or version
    build = node.get("build").string() or build
    subdir = node.get("subdir").string() or subdir
    if not name:
        node.document.gap(node.line, f"{node.name()}: a conda package without a name")
        return None
    if "://" in address:
        pairs.append(("url", conda_spec.without_token(address)))
    elif address:
        pairs.append(("path", relative(node.document.file.folder, address)))
    pairs += [
        ("license", node.get("license").string()),
        ("build", build),
        ("channel", channel),
        ("subdir", subdir),
    ]
    return _Entry(
        node,
        "conda",
        name,
        version,
        conda_spec.conda(name, version, build, channel, subdir),
        subdir,
        tuple(pairs),
    )


def _pypi(node: Node, address: str, pairs: list[tuple[str, str]]) -> _Entry | None:
    folder = node.document.file.folder
    name, version = node.get("name").string(), node.get("version").string()
    if not name:
        name, found = requirement.parse_file_name(address.rpartition("/")[2])
        version = version or found
    if not name:
        node.document.gap(node.line, f"{node.name()}: a PyPI package without a name")
        return None
    key = requirement.pypi(name, version)
    if re.match(r"(?:git|hg|svn|bzr)\+", address):
        base, _, commit = address.partition("#")
        pairs.append(("vcs-url", base.partition("?")[0] + (f"@{commit}" if commit else "")))
    elif "://" in address:
        address = address.removeprefix("direct+")
        if not address.startswith("https://files.pythonhosted.org/"):
            pairs.append(("url", address))
    elif address:
        path = requirement.inside(folder, address)
        local = path is not None and not address.endswith((".whl", ".tar.gz", ".zip"))
        key = requirement.project(path) if local and path is not None else key
        pairs.append(("path", relative(folder, address)))
        pairs.append(("local", "yes"))
    if node.get("editable").true():
        pairs.append(("editable", "yes"))
    return _Entry(node, "pypi", name, version, add_qualifier(key, tuple(pairs)), "", tuple(pairs))


def _conda_edges(entry: _Entry, conda: dict[str, list[_Entry]]) -> Iterator[Row]:
    for node in entry.node.get("depends").strings():
        try:
            asked = conda_spec.read(node.value)
        except Unreadable as error:
            node.document.gap(node.line, f"{node.name()}: {error}")
            continue
        if asked.name.startswith("__"):
            continue  # a property of the machine, no package
        held = conda.get(asked.name.lower(), [])
        if entry.subdir not in ("", "noarch"):
            held = [other for other in held if other.subdir in (entry.subdir, "noarch", "")]
        keys = {other.key for other in held}
        target = next(iter(keys)) if len(keys) == 1 else conda_spec.conda(asked.name)
        yield locked.edge(
            entry.key, target, node, (("specifier", asked.specifier), ("group", "runtime"))
        )


def _pypi_edges(entry: _Entry, pypi: locked.Versions) -> Iterator[Row]:
    for node in entry.node.get("requires_dist").strings():
        try:
            asked = requirement.read(node.value)
        except Unreadable as error:
            node.document.gap(node.line, f"{node.name()}: {error}")
            continue
        extras = re.findall(r"""extra == ['"]([^'"]+)['"]""", asked.marker)
        if (
            not asked.name
            or canonicalize_name(asked.name) == canonicalize_name(entry.name)
            or (extras and asked.name not in pypi)
        ):
            continue
        pairs = [
            ("specifier", asked.specifier),
            ("marker", asked.marker),
            *(("extra", extra) for extra in asked.extras),
        ]
        pairs += [("group", f"extra:{extra}") for extra in extras] or [("group", "runtime")]
        yield locked.edge(entry.key, pypi.target(asked.name), node, tuple(pairs))


COLLECTOR = get_collector(NAME)
