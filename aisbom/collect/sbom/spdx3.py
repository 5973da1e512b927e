"""SPDX 3.0 as JSON-LD, with its profiles for AI and data sets: packages, models, data sets, and the
relationships that bind them.

Sources: the SPDX 3.0.1 specification, "Model" and "Serialization". Types and keys stand there with
the name of their profile (`ai_AIPackage`, `software_packageVersion`), in older documents as paths.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from aisbom.collect.python.metadata import clean
from aisbom.collect.sbom.foreign import (
    Document,
    Edge,
    Part,
    generic,
    hash_facts,
    hub_model,
    page_purl,
    purl_of,
    some,
    text,
)
from aisbom.source.faults import shown_key

_MAX_ELEMENTS = 200_000
_NOTHING = frozenset({"", "NOASSERTION", "NONE"})
_PARTS = {"AIPackage": "machine-learning-model", "DatasetPackage": "data", "Package": ""}
_PURPOSES = {"model": "machine-learning-model", "data": "data", "file": "", "source": ""}
_DEPENDS = frozenset(
    {"dependsOn", "hasStaticLink", "hasDynamicLink", "hasRequirement", "hasPrerequisite"}
)
_OPTIONAL = frozenset({"hasOptionalDependency", "hasProvidedDependency"})
_TRAINED = frozenset({"trainedOn"})
_TESTED = frozenset({"testedOn"})
_LICENCES = {"hasDeclaredLicense": "license-expression", "hasConcludedLicense": "license-concluded"}
_SCOPES = {"build": "build", "test": "dev", "development": "dev"}
# What tells about the document or about elements, and is no part of a stack.
_ABOUT = frozenset(
    {
        *("CreationInfo", "SpdxDocument", "Organization", "Person", "Agent", "SoftwareAgent"),
        *("Tool", "Relationship", "LifecycleScopedRelationship", "LicenseExpression"),
        *("SimpleLicensingText", "ListedLicense", "CustomLicense", "ConjunctiveLicenseSet"),
        *("DisjunctiveLicenseSet", "WithAdditionOperator", "OrLaterOperator", "Sbom", "Bom"),
        *("Bundle", "Hash", "ExternalIdentifier", "ExternalRef", "ExternalMap", "Annotation"),
        *("NamespaceMap", "DictionaryEntry", "IndividualElement", "File", "Snippet"),
    }
)
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]++$")


def read(stated: dict[str, Any]) -> Document:
    """The document. What is an element of a kind that is not read is a fault, with how many."""
    elements = _elements(stated)
    by_id = {ref: one for one, _ in elements if (ref := _id(one))}
    versions = {text(one, "specVersion", 20) for one, _ in elements} - {""}
    found = Document(f"SPDX {min(versions, default='3')}", tuple(_tools(elements, by_id)))
    told = _relations(found, elements, by_id)
    other: Counter[str] = Counter()
    first: dict[str, str] = {}
    for one, pointer in elements:
        kind = _type(one)
        stands = _PURPOSES.get(_get(one, "primaryPurpose"), "") if kind == "File" else ""
        if kind in _PARTS or stands:
            found.parts.append(_part(found, one, pointer, told, by_id))
        elif kind == "File" or kind not in _ABOUT:
            other[kind] += 1
            first.setdefault(kind, pointer)
    for kind, count in sorted(other.items()):
        words = f"{count} elements of the kind {shown_key(kind)}: not read"
        found.faults.append((first[kind], words))
    return found


def _elements(stated: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    graph = stated.get("@graph")
    rows = graph if isinstance(graph, list) else [stated]
    return [
        (one, f"/@graph/{number}" if rows is graph else "")
        for number, one in enumerate(rows[:_MAX_ELEMENTS])
        if isinstance(one, dict)
    ]


def _last(word: str) -> str:
    match = _WORD.search(word)
    return match[0] if match else ""


def _type(one: dict[str, Any]) -> str:
    return _last(text(one, "type", 100) or text(one, "@type", 100))


def _id(one: Any) -> str:
    if isinstance(one, str):
        return clean(one, 500)
    return text(one, "spdxId") or text(one, "@id")


def _value(one: dict[str, Any], key: str) -> Any:
    """The value of a key, with or without the name of its profile."""
    if key in one:
        return one[key]
    return next((one[name] for name in one if re.split(r"[_/:]", name)[-1] == key), None)


def _get(one: dict[str, Any], key: str) -> str:
    value = _value(one, key)
    found = clean(value, 500) if isinstance(value, str) else ""
    return "" if found in _NOTHING else found


def _refs(value: Any) -> Iterator[str]:
    for one in value[:2000] if isinstance(value, list) else [value]:
        if ref := _id(one):
            yield ref


def _tools(elements: list[tuple[dict[str, Any], str]], by_id: dict[str, Any]) -> Iterator[str]:
    for one, _ in elements:
        if _type(one) == "CreationInfo":
            for ref in _refs(_value(one, "createdUsing") or []):
                yield text(by_id.get(ref, {}), "name", 100)


class _RelationshipFacts:
    """What relationships say of an element: facts by its id, and the elements that documents are
    about.
    """

    def __init__(self) -> None:
        self.facts: dict[str, list[tuple[str, str]]] = {}
        self.subjects: set[str] = set()

    def add(self, ref: str, key: str, value: str) -> None:
        if value:
            self.facts.setdefault(ref, []).append((key, value))


def _relations(
    found: Document, elements: list[tuple[dict[str, Any], str]], by_id: dict[str, Any]
) -> _RelationshipFacts:
    told = _RelationshipFacts()
    for one, _ in elements:
        kind = _type(one)
        if kind in ("SpdxDocument", "Sbom", "Bom"):
            told.subjects.update(_refs(_value(one, "rootElement") or []))
        if kind not in ("Relationship", "LifecycleScopedRelationship"):
            continue
        source = next(_refs(_value(one, "from")), "")
        relation = _last(_get(one, "relationshipType"))
        group = _SCOPES.get(_last(_get(one, "scope")), "")
        for target in _refs(_value(one, "to") or []):
            _relation(found, told, (source, relation, target, group), by_id)
    return told


def _relation(
    found: Document, told: _RelationshipFacts, row: tuple[str, str, str, str], by_id: dict[str, Any]
) -> None:
    source, relation, target, group = row
    if relation in _DEPENDS or relation in _OPTIONAL:
        found.edges.append(Edge(source, target, "depends-on", source, group=group))
    elif relation in _TRAINED | _TESTED:
        found.edges.append(Edge(source, target, "depends-on", source))
        told.add(target, "used-for", "training" if relation in _TRAINED else "evaluation")
        told.add(source, "dataset", text(by_id.get(target, {}), "name", 200))
    elif relation == "contains":
        found.edges.append(Edge(source, target, "contains", source))
    elif relation in _LICENCES:
        told.add(source, _LICENCES[relation], _licence(target, by_id))
    elif relation == "descendantOf":
        told.add(source, "base-model", hub_model(_purl(by_id.get(target, {}))))
    elif relation == "ancestorOf":
        told.add(target, "base-model", hub_model(_purl(by_id.get(source, {}))))


def _licence(ref: str, by_id: dict[str, Any]) -> str:
    """An expression, or the identifier of a listed licence by its address."""
    one = by_id.get(ref, {})
    stated = _get(one, "licenseExpression") if isinstance(one, dict) else ""
    listed = re.fullmatch(r"https?://spdx\.org/licenses/([\w.+-]+?)(?:\.html)?", ref)
    return stated or (listed[1] if listed else "")


def _purl(one: dict[str, Any]) -> str:
    """Its purl as it is stated, else that of its page on the hub."""
    stated = _get(one, "packageUrl")
    for row in some(_value(one, "externalIdentifier")):
        if isinstance(row, dict) and _last(_get(row, "externalIdentifierType")) == "packageUrl":
            stated = stated or _get(row, "identifier")
    pages = (_get(one, key) for key in ("downloadLocation", "homePage"))
    found = (page_purl(url, _get(one, "packageVersion")) for url in pages)
    return stated or next((purl for purl in found if purl), "")


def _part(
    found: Document,
    one: dict[str, Any],
    pointer: str,
    told: _RelationshipFacts,
    by_id: dict[str, Any],
) -> Part:
    ref, name = _id(one) or pointer, _get(one, "name")
    version, stated = _get(one, "packageVersion"), _purl(one)
    if not name:
        found.faults.append((pointer, "an element without a name: shown by its identifier"))
        name = ref.rpartition("/")[2][:200] or "unnamed"
    purl, own = purl_of(found, pointer, stated, version) or (generic("", name, version), "")
    kind = _PARTS.get(_type(one)) or _PURPOSES.get(_get(one, "primaryPurpose"), "")
    makers = [*_refs(_value(one, "suppliedBy") or []), *_refs(_value(one, "originatedBy") or [])]
    organisations = [
        text(by_id[maker], "name")
        for maker in makers
        if isinstance(by_id.get(maker), dict) and _type(by_id[maker]) == "Organization"
    ]
    facts = [("type", kind), ("supplier", next(iter(organisations), ""))]
    for row in some(_value(one, "verifiedUsing")):
        if isinstance(row, dict):
            facts += hash_facts(_last(_get(row, "algorithm")), _get(row, "hashValue"))
    for row in some(_value(one, "externalIdentifier")):
        if isinstance(row, dict) and _last(_get(row, "externalIdentifierType")).startswith("cpe"):
            facts.append(("cpe", _get(row, "identifier")))
    for key, link in (("homePage", "website"), ("downloadLocation", "distribution")):
        if (url := _get(one, key)).startswith(("https://", "http://", "git")):
            facts.append(("project-url", f"{link}, {url}"))
    facts += told.facts.get(ref, [])
    stated_ref = ref in told.subjects
    return Part(ref, name, version or own, purl, tuple(facts), pointer, stated, subject=stated_ref)
