"""Settings that Hydra puts together: a file with a `defaults` list, the options that it names, and
what a value stands for only in the whole (https://hydra.cc/docs/advanced/defaults_list/).

`conf/encoder/siglip.yaml` says `name: owner/name`; only where `encoder: siglip` is chosen is that
`encoder.name`. Nothing is run: interpolations are looked up in what was put together, those of the
environment have their default. A file that names itself, or more files than a person writes, is
a gap.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from aisbom.collect.parsed import yaml_nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.collect.references.key_words import purpose
from aisbom.collect.references.rows import Source
from aisbom.lazy_module import Module
from aisbom.model import Gap, Location, Row
from aisbom.source.tree import File, Unreadable

if TYPE_CHECKING:
    import yaml
else:
    yaml = Module("yaml")

MAX_FILES = 48
MAX_DEPTH = 12
MAX_LEAVES = 10_000
MAX_SIZE = 256 * 1024
MAX_STEPS = 8
"""Interpolations that lead to interpolations."""
_UP = 3
"""So many folders above a file the top of its configuration is looked for."""

_PACKAGE = re.compile(r"^#[ \t]*@package[ \t]+(?P<package>[\w.]+)[ \t]*$", re.MULTILINE)
_OPTION = re.compile(
    r"(?:(?:override|optional)\s+){0,2}(?P<group>[\w\-./]+)(?:@(?P<package>[\w.]+))?"
)
_VALUE = re.compile(r"\$\{(?P<key>\.{0,8}[\w.\-]{1,200})\}")
_ENVIRONMENT = re.compile(
    r"\$\{oc\.env:[A-Za-z_]\w{0,80}\s*,\s*['\"]?(?P<default>[^}'\"$]{1,200})['\"]?\}"
)

Path = tuple[str, ...]


class Leaf(NamedTuple):
    """A text of the whole: what it says, and the place that says it."""

    text: str
    node: Node


class _Choice(NamedTuple):
    """An option of a defaults list: its file, and the package that it is put into."""

    path: str
    package: Path


def composes(root: Any) -> bool:
    """Whether the top of a document is put together from others."""
    found = root.get("defaults") if isinstance(root, dict) else None
    return isinstance(found, list) and any(isinstance(one, str | dict) for one in found)


def references(file: File, source: Source) -> Iterator[Row]:
    """The models and data sets that only the whole names, at the places that state them."""
    whole = _Whole(file, source.by)
    whole.add(file, (), 0)
    yield from whole.gaps
    for path, leaf in whole.leaves.items():
        text, stated = whole.interpolate(path, leaf)
        key, above = path[-1], path[-2] if len(path) > 1 else ""
        own = [part for part in leaf.node.path if isinstance(part, str)]
        alone = purpose(own[-1], own[-2] if len(own) > 1 else "")
        if (text == leaf.text and alone) or not purpose(key, above):
            continue  # that file by itself says so
        yield from source.identify_value(text, stated.at, stated.excerpt, key=key, holder=above)


class _Whole:
    """What one file and its defaults come to."""

    def __init__(self, top: File, by: str) -> None:
        self.leaves: dict[Path, Leaf] = {}
        self.gaps: list[Gap] = []
        self._top = top
        self._by = by
        self._open: list[str] = []
        self._files = 0

    def add(self, file: File, package: Path, depth: int) -> None:
        """Put a file, with what it names first, into a package of the whole."""
        if file.path in self._open:
            self._gap(file.at(), "its defaults lead back to itself: composed once")
            return
        self._files += 1
        if self._files > MAX_FILES or depth > MAX_DEPTH:
            self._gap(
                self._top.at(), f"more than {MAX_FILES} files in its defaults: not all composed"
            )
            return
        try:
            if file.size > MAX_SIZE:
                return
            document = yaml_nodes.load_with_lines(file, self._by)
        except (ValueError, yaml.YAMLError, Unreadable):
            return  # the reader of that file says so
        if not isinstance(document.value, dict):
            return
        if match := _PACKAGE.search(document.text[:2_000]):
            named = match["package"]
            package = (
                () if named == "_global_" else package if named == "_group_" else _split(named)
            )
        self._open.append(file.path)
        defaults = document.value.get("defaults")
        placed = False
        for entry in defaults[:MAX_FILES] if isinstance(defaults, list) else ():
            if entry == "_self_":
                self._put(document.root, package)
                placed = True
                continue
            for choice in _choices(entry, package):
                option = self._option(file, choice.path)
                if option is not None:
                    self.add(option, choice.package, depth + 1)
        if not placed:
            self._put(document.root, package)
        self._open.pop()

    def _option(self, file: File, path: str) -> File | None:
        """The file of an option: below the folder of the file that names it, or from the top of the
        configuration.
        """
        ending = "" if path.endswith((".yaml", ".yml")) else ".yaml"
        here = path.lstrip("/")
        for up in range(_UP + 1):
            relative = posixpath.join(*[".."] * up, f"{here}{ending}") if up else f"{here}{ending}"
            found = file.sibling(relative)
            if found is not None:
                return found
        return None

    def _put(self, node: Node, package: Path) -> None:
        todo: list[tuple[Node, Path]] = [(node, package)]
        while todo:
            one, path = todo.pop()
            for key, inner in one.value.items() if isinstance(one.value, dict) else ():
                if not path and key in ("defaults", "hydra"):
                    continue
                below, place = one.below(key, inner), (*path, str(key))
                if isinstance(inner, dict):
                    if len(place) <= MAX_DEPTH:
                        todo.append((below, place))
                elif isinstance(inner, str) and len(self.leaves) < MAX_LEAVES:
                    self.leaves[place] = Leaf(inner, below)

    def interpolate(self, path: Path, leaf: Leaf) -> tuple[str, Node]:
        """The text with its interpolations filled in (`""` where one is not settled), and the node
        that states it: the one that is meant, where the text is nothing but a reference to it.
        """
        text, node = leaf
        for _ in range(MAX_STEPS):
            text = _ENVIRONMENT.sub(lambda match: match["default"].strip(), text)
            match = _VALUE.search(text)
            if match is None:
                break
            meant = self.leaves.get(_target_of(match["key"], path))
            if meant is None or len(text) > MAX_STEPS * 200:
                return "", node
            if match[0] == text:
                path, node = _target_of(match["key"], path), meant.node
            text = text[: match.start()] + meant.text + text[match.end() :]
        return ("" if "${" in text else text), node

    def _gap(self, at: Location, reason: str) -> None:
        gap = Gap(self._by, at, reason)
        if gap not in self.gaps:
            self.gaps.append(gap)


def _choices(entry: Any, package: Path) -> Iterator[_Choice]:
    """What an entry of a defaults list chooses: `base`, `group: option`, `group@package: [a]`."""
    if isinstance(entry, str):
        name, _, into = entry.partition("@")
        group = tuple(name.strip("/").split("/")[:-1])
        yield _Choice(name, _package_of(into, package) if into else (*package, *group))
        return
    for key, options in list(entry.items())[:4] if isinstance(entry, dict) else ():
        match = _OPTION.fullmatch(str(key).strip())
        for option in options[:MAX_FILES] if isinstance(options, list) else [options]:
            if match and isinstance(option, str) and option not in ("null", "???"):
                group = _split(match["group"].strip("/").replace("/", "."))
                into = match["package"]
                place = _package_of(into, package) if into else (*package, *group)
                yield _Choice(f"{match['group']}/{option}", place)


def _package_of(package: str, inside: Path) -> Path:
    if package == "_global_":
        return ()
    return inside if package in ("_here_", "_group_") else (*inside, *_split(package))


def _split(dotted: str) -> Path:
    return tuple(part for part in dotted.split(".") if part)


def _target_of(key: str, path: Path) -> Path:
    """The place that an interpolation means: from the top, or with dots from where it stands."""
    dots = len(key) - len(key.lstrip("."))
    return (*path[: len(path) - dots], *_split(key)) if dots else _split(key)
