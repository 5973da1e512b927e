"""What no schema can say of a CycloneDX document: whether its references lead somewhere, and
whether everything hangs together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aisbom.emit.cyclonedx.problems import BOTTOMLESS, near, pointer, quote

# Every property that the schemas type as refLinkType, and the lists of bom-refs that they leave as
# plain strings (compositions.dependencies and .vulnerabilities). Under the same names the schemas
# also keep objects, never other strings.
REFERENCES = frozenset(
    {
        "algorithm",
        "algorithmRef",
        "algorithms",
        "assemblies",
        "asserter",
        "assessor",
        "attributedTo",
        "auth",
        "claims",
        "counterClaims",
        "counterEvidence",
        "cryptoRefArray",
        "dependencies",
        "dependsOn",
        "encr",
        "evidence",
        "integ",
        "ke",
        "members",
        "mitigationStrategies",
        "parent",
        "patentRefs",
        "prf",
        "process",
        "provides",
        "ref",
        "requirement",
        "requirements",
        "signatureAlgorithmRef",
        "subjectPublicKeyRef",
        "subjects",
        "target",
        "tools",
        "vulnerabilities",
    }
)

# Holds neither, in any version: most of the bytes of a large document are in these.
_WITHOUT_REFERENCES = frozenset({"properties", "hashes", "externalReferences", "signature", "text"})

_DEEPEST = 1_000
"""Keys and indexes on the way to a part: beyond, nobody reads the document."""

Place = tuple[str | int, ...]  # keys and indexes from the root down


def reference_errors(document: Mapping[str, Any]) -> list[str]:
    """What our own documents are held to: neither broken references nor loose parts."""
    return list(dict.fromkeys([*broken_references(document), *loose_parts(document)]))


def broken_references(document: Mapping[str, Any]) -> list[str]:
    """Duplicate bom-refs and references to nothing.

    BOM-Links (`urn:cdx:...`) point into other documents and are not followed. Signatures are not
    looked into.
    """
    try:
        found = _References(document)
    except RecursionError:
        return [BOTTOMLESS]
    lines = found.twice
    for ref, place in found.used:
        if ref not in found.defined and not ref.startswith("urn:cdx:"):
            words = f"{quote(ref)} is no bom-ref of this document{near(ref, found.defined)}"
            lines.append((place, f"{words}; add what it names or drop it"))
    return [f"{pointer(place)}: {message}" for place, message in lines]


def loose_parts(document: Mapping[str, Any]) -> list[str]:
    """Components and services outside the dependency graph of `metadata.component`. No schema asks
    for that: of a document of another tool it is nothing wrong.
    """
    try:
        return [f"{pointer(place)}: {message}" for place, message in _graph_errors(document)]
    except RecursionError:
        return [BOTTOMLESS]


class _References:
    """All bom-refs of a document with their first place, all references with theirs, and a line for
    every bom-ref given twice; in document order. Raises RecursionError.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.defined: dict[str, Place] = {}
        self.used: list[tuple[str, Place]] = []
        self.twice: list[tuple[Place, str]] = []
        # One list, grown and shrunk: nearly all of the time would go into building tuples.
        self._path: list[str | int] = []
        self._look_into(document)

    def _look_into(self, node: Mapping[str, Any]) -> None:
        for key, value in node.items():
            if isinstance(value, str):
                self._text(key, value)
            elif key in _WITHOUT_REFERENCES:
                continue
            elif isinstance(value, (dict, list)):
                self._path.append(key)
                if isinstance(value, dict):
                    self._look_into(value)
                else:
                    self._items(key, value)
                self._path.pop()

    def _text(self, key: str, value: str) -> None:
        if key == "bom-ref":
            if value in self.defined:
                first = pointer(self.defined[value])
                words = f"bom-ref {quote(value)} is already that of {first}; give it another"
                self.twice.append(((*self._path, key), words))
            else:
                self.defined[value] = tuple(self._path)
        elif key in REFERENCES:
            self.used.append((value, (*self._path, key)))

    def _items(self, key: str, items: Iterable[Any]) -> None:
        for index, item in enumerate(items):
            if isinstance(item, dict):
                self._path.append(index)
                self._look_into(item)
                self._path.pop()
            elif isinstance(item, str) and key in REFERENCES:
                self.used.append((item, (*self._path, index)))


def _graph_errors(document: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Every component and service has an entry in `dependencies` and can be reached from
    `metadata.component`.
    """
    edges: dict[str, list[str]] = {}
    for index, entry in enumerate(_items(document, "dependencies")):
        ref = entry.get("ref")
        if not isinstance(ref, str):
            continue  # the schema says so
        if ref in edges:
            yield (("dependencies", index), f"a second entry for {quote(ref)}; merge the two")
        targets = [
            target
            for key in ("dependsOn", "provides")
            for target in _list(entry, key)
            if isinstance(target, str)
        ]
        edges.setdefault(ref, []).extend(targets)
    root = _dict(_dict(document, "metadata"), "component")
    if not root:
        yield (
            ("metadata",),
            "no component: the dependency graph has no root; add metadata.component",
        )
    start = str(root.get("bom-ref", ""))
    reached = {start}
    front = [start]
    while front:
        fresh = [ref for ref in edges.get(front.pop(), ()) if ref not in reached]
        reached.update(fresh)
        front.extend(fresh)
    for part, place in _parts(document, root):
        ref = part.get("bom-ref")
        if not isinstance(ref, str):
            yield (place, "no bom-ref, so nothing can refer to it; add one")
            continue
        if ref not in edges:
            yield (
                place,
                (
                    f"{quote(ref)} has no entry in dependencies; add one, with an empty dependsOn"
                    " if it needs nothing"
                ),
            )
        if start and ref not in reached:
            yield (
                place,
                (
                    f"{quote(ref)} cannot be reached from metadata.component; add it to the"
                    " dependsOn of what uses it"
                ),
            )


def _parts(
    document: Mapping[str, Any], root: Mapping[str, Any]
) -> Iterator[tuple[Mapping[str, Any], Place]]:
    """What the BOM is about: the root, its components and services, however deeply nested.
    Ancestors, tools and claim targets are not.
    """
    stack: list[tuple[Mapping[str, Any], Place]] = [(document, ())]
    if root:
        stack.append((root, ("metadata", "component")))
    while stack:
        node, place = stack.pop()
        if len(place) > _DEEPEST:
            raise RecursionError
        if place:
            yield node, place
        below = [
            (part, (*place, key, index))
            for key in ("components", "services")
            for index, part in enumerate(_items(node, key))
        ]
        stack.extend(reversed(below))


def _dict(node: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def _list(node: Mapping[str, Any], key: str) -> list[Any]:
    value = node.get(key)
    return value if isinstance(value, list) else []


def _items(node: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of a list, where what is no object counts as an empty one."""
    return [item if isinstance(item, dict) else {} for item in _list(node, key)]
