"""SPDX 2.x as JSON: packages and their relationships."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from aisbom.collect.python.metadata import clean
from aisbom.collect.sbom.foreign import (
    Document,
    Edge,
    Part,
    dicts,
    generic,
    get_list,
    hash_facts,
    page_purl,
    purl_of,
    some,
    text,
)

_NOTHING = frozenset({"", "NOASSERTION", "NONE"})
_BACKWARD = {
    "DEPENDENCY_OF": "",
    "RUNTIME_DEPENDENCY_OF": "",
    "OPTIONAL_DEPENDENCY_OF": "",
    "BUILD_DEPENDENCY_OF": "build",
    "DEV_DEPENDENCY_OF": "dev",
    "TEST_DEPENDENCY_OF": "dev",
}
_FORWARD = frozenset({"DEPENDS_ON", "STATIC_LINK", "DYNAMIC_LINK"})


def read(stated: dict[str, Any], version: str) -> Document:
    """The document. `version` is what it calls its format."""
    creation = stated.get("creationInfo")
    creators = [
        c
        for c in some(creation.get("creators") if isinstance(creation, dict) else None)
        if isinstance(c, str)
    ]
    tools = tuple(clean(c[5:], 100) for c in creators if c.startswith("Tool:"))
    found = Document(version.replace("-", " ", 1), tools)
    described = {
        clean(ref, 500)
        for ref in get_list(found, stated, "documentDescribes", "")
        if isinstance(ref, str)
    }
    about: Counter[str] = Counter()
    for relationship, _ in dicts(found, stated, "relationships", ""):
        one, other = text(relationship, "spdxElementId"), text(relationship, "relatedSpdxElement")
        kind = text(relationship, "relationshipType", 60)
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
    for package, pointer in dicts(found, stated, "packages", ""):
        part = _package(found, package, pointer, described)
        if part:
            found.parts.append(part)
    files = sum(1 for _ in dicts(found, stated, "files", ""))
    if files:
        found.faults.append(("/files", f"{files} files are listed: not compared with the tree"))
    return found


def _package(
    found: Document, package: dict[str, Any], pointer: str, described: set[str]
) -> Part | None:
    name = text(package, "name")
    if not name:
        found.faults.append((pointer, "a package without a name: skipped"))
        return None
    version = _get_value(package, "versionInfo")
    references = [r for r in some(package.get("externalRefs")) if isinstance(r, dict)]
    locators = [
        text(r, "referenceLocator", 1000) for r in references if text(r, "referenceType") == "purl"
    ]
    ref = text(package, "SPDXID") or pointer
    stated = locators[0] if locators else ""
    stated = stated or page_purl(_get_value(package, "downloadLocation"), version)
    purl, own = purl_of(found, pointer, stated, version) or (generic("", name, version), "")
    facts = [
        ("license-expression", _get_value(package, "licenseDeclared")),
        ("license-concluded", _get_value(package, "licenseConcluded")),
        (
            "supplier",
            re.sub(
                r"^(?:Organization|Person):\s*",
                "",
                _get_value(package, "supplier") or _get_value(package, "originator"),
            ),
        ),
        ("type", _type(text(package, "primaryPackagePurpose", 60), stated)),
    ]
    facts += [
        ("cpe", text(r, "referenceLocator"))
        for r in references
        if text(r, "referenceType").startswith("cpe")
    ]
    for checksum in some(package.get("checksums")):
        facts += hash_facts(text(checksum, "algorithm"), text(checksum, "checksumValue"))
    for key, kind in (("homepage", "website"), ("downloadLocation", "distribution")):
        url = _get_value(package, key)
        if url.startswith(("https://", "http://", "git")):
            facts.append(("project-url", f"{kind}, {url}"))
    return Part(
        ref, name, version or own, purl, tuple(facts), pointer, stated, subject=ref in described
    )


def _type(purpose: str, purl: str) -> str:
    """SPDX 2 has no word for a model or a data set: what lies on the hub is one."""
    if purl.startswith("pkg:huggingface/datasets/"):
        return "data"
    return "machine-learning-model" if purl.startswith("pkg:huggingface/") else purpose.lower()


def _get_value(package: dict[str, Any], key: str) -> str:
    value = text(package, key)
    return "" if value in _NOTHING else value
