"""What the readers of lock files share: an entry as an observation, and the version that an edge
leads to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from packaging.utils import canonicalize_name

from aisbom.collect.parsed.nodes import Node
from aisbom.collect.python.package_origin import add_qualifier
from aisbom.collect.python.requirement import Pairs, is_name, pypi
from aisbom.model import Evidence, Observation, Relation, facts

_TIME = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]|$)", re.ASCII)
Normal = Callable[[str], str]


@dataclass(slots=True)
class Versions:
    """The purls of a lock by package name."""

    purls: dict[str, set[str]] = field(default_factory=dict)

    def add(self, name: str, purl: str) -> None:
        """Note that the lock holds this purl of the package."""
        self.purls.setdefault(canonicalize_name(name), set()).add(purl)

    def __contains__(self, name: str) -> bool:
        return canonicalize_name(name) in self.purls

    def target(self, name: str, version: str = "") -> str:
        """The key that an edge to the package leads to: with a version if it is stated or the lock
        holds exactly one.
        """
        held = self.purls.get(canonicalize_name(name), set())
        plain = pypi(name, version)
        if version:
            held = {purl for purl in held if purl.partition("?")[0] == plain}
        return next(iter(held)) if len(held) == 1 else plain


def read_name(entry: Node) -> str:
    """The name of an entry; `""`, and a gap, where it has none."""
    if not isinstance(entry.value, dict):
        entry.wrong("a table")
        return ""
    name = entry.get("name")
    text = name.string().strip()
    if not name:
        entry.document.gap(entry.line, f"{entry.name()}: an entry without a name")
    elif name.value == text and not is_name(text):
        name.wrong("the name of a package")
        return ""
    return text


def observation(entry: Node, name: str, version: str, pairs: Pairs, purl: str = "") -> Observation:
    """A `locked` observation that stands at the entry's name."""
    place = entry.get("name") if entry.get("name") else entry
    document = entry.document
    following = document.words(place.line + 1)
    excerpt = document.words(place.line, 2 if following.startswith("version") else 1)
    evidence = Evidence(document.by, "manifest-analysis", "high", place.at, excerpt)
    purl = purl or add_qualifier(pypi(name, version), pairs)
    return Observation("locked", name, version, purl, evidence, facts(*pairs))


def edge(source: str, target: str, at: Node, pairs: Pairs) -> Relation:
    """A dependency edge that the lock states at this node."""
    return Relation(source, target, "depends-on", at.at, facts(*pairs))


def hashes(files: Node) -> Iterator[tuple[str, str]]:
    """The digests of a list of package files: set aside as lines, `hash = "sha256:..."`, or `hashes
    = {sha256 = "..."}`.
    """
    if isinstance(files.value, list) and all(isinstance(value, str) for value in files.value):
        # the usual case, and the bulk of a lock: no node for each of them
        digests = [files.document.aside(value)[0] for value in files.value]
        if all(digests):
            for digest in digests:
                yield "hash", digest
            return
    several = files.array() if isinstance(files.value, list) else [files]
    for file in several:
        if digest := file.get_digest_and_time()[0]:
            yield "hash", digest
        elif file:
            yield from hash_of(file)


def read_upload_time(*places: Node) -> Iterator[tuple[str, str]]:
    """When the first of these files of a package came to the index, as the lock states it: a fact
    `upload-time`.
    """
    times: list[str] = []
    for files in places:
        for file in files.array() if isinstance(files.value, list) else [files]:
            time = file.get_digest_and_time()[1]
            if not time and isinstance(file.value, dict) and "upload-time" in file.value:
                time = str(file.value["upload-time"])
            if _TIME.match(time):
                times.append(time)
    if times:
        yield "upload-time", min(times)[:10]


def hash_of(file: Node) -> Iterator[tuple[str, str]]:
    """The digests of one package file."""
    table = file.table()
    if "hash" in table and (text := file.get("hash").string()):
        yield "hash", text
    for kind, node in file.get("hashes").items() if "hashes" in table else ():
        if text := node.string():
            yield "hash", f"{kind}:{text}"
