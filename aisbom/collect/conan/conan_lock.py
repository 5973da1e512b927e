"""conan.lock of Conan 2.

Source: Conan 2 documentation, "Lockfiles", and its reference syntax
`name/version[@user[/channel]][#recipe revision][%timestamp]`; the purl as the purl specification
writes it for `conan`, with the revision as `rrev`. A lock is a flat list: which package needs which
it does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packageurl import PackageURL

from aisbom.collect import get_collector
from aisbom.collect.parsed import nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.source.faults import length
from aisbom.source.tree import File, Unreadable

NAME = "conan-lock"

_GROUPS = {
    "requires": "runtime",
    "build_requires": "build",
    "python_requires": "build",  # code that recipes share, run when a package is built
    "config_requires": "build",
}
_REFERENCE = re.compile(
    r"(?P<name>[a-zA-Z0-9_][\w+.\-]{1,100})/(?P<version>[^@#%\s]+?)"
    r"(?:@(?P<user>[\w+.\-]*)(?:/(?P<channel>[\w+.\-]*))?)?"
    r"(?:#(?P<revision>[0-9a-f]{40}|[0-9a-f]{32}))?(?:%[0-9.]+)?",
    re.ASCII,
)


def collect(file: File) -> Iterator[Row]:
    """A `locked` sighting for every reference."""
    document = nodes.json_document(file, NAME)
    if "graph_lock" in document.root.table():
        raise Unreadable(
            "a lock of Conan 1: not read; `conan lock create` of Conan 2 makes a new one"
        )
    for key, group in _GROUPS.items():
        for entry in document.root.get(key).array():
            # Where packages are locked too, an entry is [reference, {package id: revision}].
            pair = isinstance(entry.value, list) and entry.value
            yield from _read_entry(entry.below(0, entry.value[0]) if pair else entry, group)
    yield from document.drain()


def _read_entry(entry: Node, group: str) -> Iterator[Row]:
    found = _REFERENCE.fullmatch(entry.string())
    if found is None:
        if isinstance(entry.value, str):
            reason = f"{entry.name()}: no reference to a package ({length(entry.value)})"
            entry.document.gap(entry.line, reason)
        return
    stated = found["version"]
    exact = "" if stated.startswith("[") else stated
    qualifiers = {
        "user": found["user"] or "",
        "channel": found["channel"] or "",
        "rrev": found["revision"] or "",
    }
    purl = PackageURL("conan", None, found["name"], exact or None, qualifiers).to_string()
    yield Observation(
        "locked",
        found["name"],
        exact,
        purl,
        Evidence(NAME, "manifest-analysis", "high", entry.at, entry.excerpt),
        facts(group=group, specifier="" if exact else stated),
    )


COLLECTOR = get_collector(NAME)
