"""SBOM documents of others (CycloneDX 1.2 to 1.7 and SPDX 2.x, as JSON) as parts and edges; nothing
in them is trusted.

Every value may be of any type, references may dangle, repeat or run in circles; nothing here walks
a graph or recurses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from packageurl import PackageURL

from aisbom.collect.python.metadata import clean, hash_fact, pypi
from aisbom.source.tree import Unreadable

CYCLONEDX = frozenset({"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"})

_LOCAL = re.compile(r"file:|[./]|[A-Za-z]:\\", re.IGNORECASE)
_HUB = re.compile(r"pkg:huggingface/([\w.\-]+/[\w.\-]+)(?:[@?#]|$)")
_NOTHING = frozenset({"", "NOASSERTION", "NONE"})
_LINKS = frozenset({"website", "vcs", "distribution", "source-distribution"})
_BACKWARD = {
    "DEPENDENCY_OF": "",
    "RUNTIME_DEPENDENCY_OF": "",
    "OPTIONAL_DEPENDENCY_OF": "",
    "BUILD_DEPENDENCY_OF": "build",
    "DEV_DEPENDENCY_OF": "dev",
    "TEST_DEPENDENCY_OF": "dev",
}
_FORWARD = frozenset({"DEPENDS_ON", "STATIC_LINK", "DYNAMIC_LINK"})


@dataclass(frozen=True, slots=True)
class Part:
    """A component as the document states it.

    `purl` is normalised (`pkg:generic/...` where none is stated); `above` is the ref of the part it
    is nested in.
    """

    ref: str
    name: str
    version: str
    purl: str
    facts: tuple[tuple[str, str], ...]
    pointer: str
    stated_purl: str = ""
    above: str = ""
    subject: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` depends on, or contains, `target`; both are refs of the document.

    The `nth` entry (from 0) about the ref `about` states it: that is how its line is found.
    """

    source: str
    target: str
    kind: Literal["depends-on", "contains"]
    about: str
    nth: int = 0
    group: str = ""


@dataclass(slots=True)
class Document:
    """What one document states. `format` is such as `CycloneDX 1.6`; `faults` are (JSON pointer,
    reason).
    """

    format: str
    tools: tuple[str, ...] = ()
    parts: list[Part] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)


def document(stated: Any) -> Document | None:
    """The document, or None where this JSON is no SBOM at all. Raises Unreadable for one in a
    format or version not read.
    """
    if not isinstance(stated, dict):
        return None
    if stated.get("bomFormat") == "CycloneDX" or (
        "bomFormat" not in stated and "cyclonedx" in _text(stated, "$schema")
    ):
        version = _text(stated, "specVersion")
        if version not in CYCLONEDX:
            raise Unreadable(
                f"CycloneDX {version or 'without a specVersion'} is not read by this version"
            )
        return _cyclonedx(stated, version)
    spdx = _text(stated, "spdxVersion")
    if spdx.startswith("SPDX-2."):
        return _spdx(stated, spdx)
    if spdx or "spdx.org" in str(stated.get("@context", ""))[:1000]:
        raise Unreadable(f"{spdx or 'SPDX 3'} is not read by this version")
    return None


def _text(stated: Any, key: str, limit: int = 500) -> str:
    value = stated.get(key) if isinstance(stated, dict) else None
    return clean(value, limit) if isinstance(value, str) else ""


def _list(found: Document, stated: Any, key: str, pointer: str) -> list[Any]:
    value = stated.get(key) if isinstance(stated, dict) else None
    if value is None or isinstance(value, list):
        return value or []
    found.faults.append((f"{pointer}/{key}", f"{key} is not a list: skipped"))
    return []


def _dicts(
    found: Document, stated: Any, key: str, pointer: str
) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects of a list with their JSON pointers; what is no object is one fault for
    the list.
    """
    wrong = []
    for number, value in enumerate(_list(found, stated, key, pointer)):
        if isinstance(value, dict):
            yield value, f"{pointer}/{key}/{number}"
        else:
            wrong.append(number)
    if wrong:
        found.faults.append(
            (f"{pointer}/{key}/{wrong[0]}", f"{len(wrong)} of the {key} are not objects: skipped")
        )


def _cyclonedx(stated: dict[str, Any], version: str) -> Document:
    metadata = stated.get("metadata")
    found = Document(f"CycloneDX {version}", tuple(_tools(metadata)))
    waiting: list[tuple[dict[str, Any], str, str]] = []
    subject = metadata.get("component") if isinstance(metadata, dict) else None
    if isinstance(subject, dict):
        waiting.append((subject, "", "/metadata/component"))
    elif subject is not None:
        found.faults.append(("/metadata/component", "metadata.component is not an object: skipped"))
    waiting += [
        (component, "", pointer) for component, pointer in _dicts(found, stated, "components", "")
    ]
    waiting.reverse()
    while waiting:
        component, above, pointer = waiting.pop()
        part = _component(found, component, above, pointer)
        if part:
            found.parts.append(part)
        nested = [
            (inner, part.ref if part else above, at)
            for inner, at in _dicts(found, component, "components", pointer)
        ]
        waiting += reversed(nested)
    services = sum(1 for _ in _dicts(found, stated, "services", ""))
    if services:
        found.faults.append(("/services", f"{services} services are listed: not read"))
    for dependency, pointer in _dicts(found, stated, "dependencies", ""):
        source = _text(dependency, "ref")
        for target in _list(found, dependency, "dependsOn", pointer):
            if source and isinstance(target, str):
                found.edges.append(Edge(source, clean(target, 500), "depends-on", source))
    return found


def _tools(metadata: Any) -> Iterator[str]:
    tools = metadata.get("tools") if isinstance(metadata, dict) else None
    every = (
        [tools]
        if isinstance(tools, list)
        else [tools.get("components"), tools.get("services")]
        if isinstance(tools, dict)
        else []
    )
    for listed in every:
        for tool in listed if isinstance(listed, list) else ():
            yield _text(tool, "name")


def _component(found: Document, component: dict[str, Any], above: str, pointer: str) -> Part | None:
    name, group = _text(component, "name"), _text(component, "group")
    if not name:
        found.faults.append((pointer, "a component without a name: skipped"))
        return None
    version = _text(component, "version")
    ref = _text(component, "bom-ref") or _text(component, "purl") or pointer
    # A reference may be a purl; without any, the name is all there is.
    stated_purl = _text(component, "purl", 1000)
    candidate = stated_purl or (ref if ref.startswith("pkg:") else "")
    purl, own = _purl(found, pointer, candidate, version) or (generic(group, name, version), "")
    facts = [
        ("type", _text(component, "type", 60)),
        ("cpe", _text(component, "cpe")),
        ("bom-scope", _text(component, "scope", 20)),
    ]
    facts += _licences(component.get("licenses"))
    for stated in _some(component.get("hashes")):
        facts += _hash(_text(stated, "alg"), _text(stated, "content"))
    supplier = (
        _text(component.get("supplier"), "name")
        or _text(component.get("manufacturer"), "name")
        or _text(component, "publisher")
    )
    facts.append(("supplier", supplier))
    facts += _ancestors(component.get("pedigree"))
    for link in _some(component.get("externalReferences")):
        kind, url = _text(link, "type", 40), _text(link, "url")
        if kind in _LINKS and url.startswith(("https://", "http://", "git")):
            facts.append(("project-url", f"{kind}, {url}"))
    return Part(
        ref,
        f"{group}/{name}" if group else name,
        version or own,
        purl,
        tuple(facts),
        pointer,
        stated_purl,
        above,
        subject=pointer == "/metadata/component",
    )


def _some(value: Any) -> list[Any]:
    """A list's first entries; anything else is no entry."""
    return value[:30] if isinstance(value, list) else []


def _ancestors(stated: Any) -> list[tuple[str, str]]:
    """The models of the hub that a pedigree names as ancestors."""
    found = []
    for ancestor in _some(stated.get("ancestors") if isinstance(stated, dict) else None):
        named = _HUB.match(_text(ancestor, "purl", 1000))
        if named:
            found.append(("base-model", named[1]))
    return found


def _licences(stated: Any) -> list[tuple[str, str]]:
    """One expression or identifier is an expression; several side by side do not say how they
    combine, and stay words.
    """
    entries = [entry for entry in _some(stated) if isinstance(entry, dict)]
    exact = [_text(e, "expression") or _text(e.get("license"), "id") for e in entries]
    if len(entries) == 1 and exact[0]:
        return [("license-expression", exact[0])]
    return [
        ("license", one or _text(entry.get("license"), "name", 200))
        for one, entry in zip(exact, entries, strict=True)
    ]


def _hash(algorithm: str, value: str) -> list[tuple[str, str]]:
    return hash_fact(re.sub(r"^sha-(?=\d)", "sha", algorithm.lower()), value)


def _purl(found: Document, pointer: str, text: str, version: str) -> tuple[str, str] | None:
    """(normalised purl, its version); None where there is none, or none that can be read."""
    try:
        return normal(text, version) if text else None
    except ValueError as error:
        found.faults.append((pointer, f"not a purl: {text[:100]!r} ({clean(str(error), 100)})"))
        return None


def generic(group: str, name: str, version: str) -> str:
    """The purl of what has only a name."""
    parts = [
        quote(part, safe="")
        for part in (*(group.strip("/").split("/") if group.strip("/") else []), name)
    ]
    return f"pkg:generic/{'/'.join(parts)}" + (f"@{quote(version, safe=':')}" if version else "")


def normal(text: str, version: str = "") -> tuple[str, str]:
    """A purl normalised, without qualifiers that hold a path of the machine that wrote it, and its
    version.

    `version` is taken where the purl has none. Raises ValueError.
    """
    purl = PackageURL.from_string(text)
    exact = purl.version or version
    if purl.type == "pypi":
        return pypi(purl.name, exact) + (f"#{purl.subpath}" if purl.subpath else ""), exact
    pairs = purl.qualifiers.items() if isinstance(purl.qualifiers, dict) else ()
    kept = {key: value for key, value in pairs if not (_LOCAL.match(value) or key == "file_name")}
    return purl._replace(version=exact or None, qualifiers=kept).to_string(), exact


def _spdx(stated: dict[str, Any], version: str) -> Document:
    creation = stated.get("creationInfo")
    creators = [
        c
        for c in _some(creation.get("creators") if isinstance(creation, dict) else None)
        if isinstance(c, str)
    ]
    tools = tuple(clean(c[5:], 100) for c in creators if c.startswith("Tool:"))
    found = Document(version.replace("-", " ", 1), tools)
    described = {
        clean(ref, 500)
        for ref in _list(found, stated, "documentDescribes", "")
        if isinstance(ref, str)
    }
    about: Counter[str] = Counter()
    for relationship, _ in _dicts(found, stated, "relationships", ""):
        one, other = _text(relationship, "spdxElementId"), _text(relationship, "relatedSpdxElement")
        kind = _text(relationship, "relationshipType", 60)
        nth = about[one]
        about[one] += 1
        if kind == "DESCRIBES":
            described.add(other)
        elif kind == "DESCRIBED_BY":
            described.add(one)
        elif kind in _FORWARD:
            found.edges.append(Edge(one, other, "depends-on", one, nth))
        elif kind in _BACKWARD:
            found.edges.append(Edge(other, one, "depends-on", one, nth, _BACKWARD[kind]))
        elif kind == "CONTAINS":
            found.edges.append(Edge(one, other, "contains", one, nth))
        elif kind == "CONTAINED_BY":
            found.edges.append(Edge(other, one, "contains", one, nth))
    for package, pointer in _dicts(found, stated, "packages", ""):
        part = _package(found, package, pointer, described)
        if part:
            found.parts.append(part)
    return found


def _package(
    found: Document, package: dict[str, Any], pointer: str, described: set[str]
) -> Part | None:
    name = _text(package, "name")
    if not name:
        found.faults.append((pointer, "a package without a name: skipped"))
        return None
    version = _stated(package, "versionInfo")
    references = [r for r in _some(package.get("externalRefs")) if isinstance(r, dict)]
    locators = [
        _text(r, "referenceLocator", 1000)
        for r in references
        if _text(r, "referenceType") == "purl"
    ]
    ref = _text(package, "SPDXID") or pointer
    stated = locators[0] if locators else ""
    purl, own = _purl(found, pointer, stated, version) or (generic("", name, version), "")
    facts = [
        ("license-expression", _stated(package, "licenseDeclared")),
        ("license-concluded", _stated(package, "licenseConcluded")),
        (
            "supplier",
            re.sub(
                r"^(?:Organization|Person):\s*",
                "",
                _stated(package, "supplier") or _stated(package, "originator"),
            ),
        ),
        ("type", _text(package, "primaryPackagePurpose", 60).lower()),
    ]
    facts += [
        ("cpe", _text(r, "referenceLocator"))
        for r in references
        if _text(r, "referenceType").startswith("cpe")
    ]
    for checksum in _some(package.get("checksums")):
        facts += _hash(_text(checksum, "algorithm"), _text(checksum, "checksumValue"))
    for key, kind in (("homepage", "website"), ("downloadLocation", "distribution")):
        url = _stated(package, key)
        if url.startswith(("https://", "http://", "git")):
            facts.append(("project-url", f"{kind}, {url}"))
    return Part(
        ref, name, version or own, purl, tuple(facts), pointer, stated, subject=ref in described
    )


def _stated(package: dict[str, Any], key: str) -> str:
    value = _text(package, key)
    return "" if value in _NOTHING else value
