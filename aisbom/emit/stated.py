"""Documents of any tool, as far as element sets ask about them: CycloneDX 1.2 to 1.7, SPDX 2.3.

Nothing in them is trusted: every value may be of any type, and what has another type than its
format says is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aisbom.bom.stated import DocumentField, Field, Kind, StatedBom, StatedPart

_KINDS: dict[str, Kind] = {"machine-learning-model": "model", "data": "data"}
_NOTHING = ("", "NOASSERTION", "NONE")
# How fields are called where a document of ours says that they are unknown (`aisbom:unknown`).
_UNKNOWN: dict[str, tuple[Field, ...]] = {
    "hash": ("digest", "sha512"),
    "licence": ("licence",),
    "maker": ("producer", "supplier", "contact"),
    "manufacturer": ("producer", "contact"),
    "supplier": ("supplier",),
    "version": ("version",),
    "purl": ("identifier",),
}
_BSI: dict[str, Field] = {
    "bsi:component:filename": "filename",
    "bsi:component:executable": "executable",
    "bsi:component:archive": "archive",
    "bsi:component:structured": "structured",
}


def of_cyclonedx(document: dict[str, Any]) -> StatedBom:
    """What a parsed CycloneDX document states."""
    metadata = _dict(document, "metadata")
    subject = _dict(metadata, "component")
    components = list(_components(document))
    related = set(_list_related(document))
    version = _text(document, "specVersion")
    return StatedBom(
        f"CycloneDX {version}".strip(),
        frozenset(_of_document(document, metadata, components)),
        _component(subject, related) if subject else None,
        tuple(_component(row, related) for row in components),
    )


def of_spdx(document: dict[str, Any]) -> StatedBom:
    """What a parsed SPDX 2.2 or 2.3 document states. Its subject is what the document describes."""
    creation = _dict(document, "creationInfo")
    creators = [one for one in _list(creation, "creators") if isinstance(one, str)]
    authors = [one for one in creators if not one.startswith("Tool:")]
    tools = [one for one in creators if one.startswith("Tool:")]
    relationships = _dicts(document, "relationships")
    stated: set[DocumentField] = {"format", "format-version"}
    _add(stated, "author", any(_party(one) for one in authors))
    _add(stated, "author-contact", any("@" in one for one in authors))
    _add(stated, "tool", bool(tools))
    _add(stated, "tool-version", any("-" in one or "/" in one for one in tools))
    _add(stated, "timestamp", _is(creation, "created"))
    _add(stated, "relationships", bool(relationships))
    _add(stated, "document-version", _is(document, "documentNamespace"))
    _add(stated, "software-dependencies", bool(_dicts(document, "packages")))
    described = {one for one in _list(document, "documentDescribes") if isinstance(one, str)} | {
        _text(row, "relatedSpdxElement")
        for row in relationships
        if _text(row, "relationshipType") == "DESCRIBES"
    }
    related = {
        ref
        for row in relationships
        if _text(row, "relationshipType") != "DESCRIBES"
        for ref in (_text(row, "spdxElementId"), _text(row, "relatedSpdxElement"))
    }
    packages = _dicts(document, "packages")
    subject = [row for row in packages if _text(row, "SPDXID") in described]
    head = _package(subject[0], related) if len(subject) == 1 else None
    return StatedBom(
        _text(document, "spdxVersion").replace("-", " "),
        frozenset(stated),
        head,
        tuple(_package(row, related) for row in packages if not head or row is not subject[0]),
        "required fields of SPDX 2.3",
        tuple(_spdx_errors(document, packages)),
    )


def _of_document(
    document: dict[str, Any], metadata: dict[str, Any], components: list[dict[str, Any]]
) -> Iterator[DocumentField]:
    cards = [card for row in components if (card := _dict(row, "modelCard"))]
    tools = metadata.get("tools")
    rows = _dicts(metadata, "tools") if isinstance(tools, list) else []
    if isinstance(tools, dict):
        rows = [*_dicts(tools, "components"), *_dicts(tools, "services")]
    services = _dicts(document, "services")
    declarations = _dict(document, "declarations")
    links = {
        _text(row, "type")
        for one in [metadata, _dict(metadata, "component"), document]
        for row in _dicts(one, "externalReferences")
    }
    authors = [
        *_dicts(metadata, "authors"),
        _dict(metadata, "manufacturer"),
        _dict(metadata, "manufacture"),
    ]
    considerations = [_dict(card, "considerations") for card in cards]
    parameters = [_dict(card, "modelParameters") for card in cards]
    answers: dict[DocumentField, bool] = {
        "author": any(_is(row, "name") or _is(row, "email") for row in authors),
        "author-contact": any(_has_contact(row) for row in authors),
        "supplier": _is(_dict(metadata, "supplier"), "name"),
        "document-version": isinstance(document.get("version"), int),
        "format": True,
        "format-version": _is(document, "specVersion"),
        "signature": bool(_dict(document, "signature")),
        "tool": any(_is(row, "name") for row in rows),
        "tool-version": any(_is(row, "name") and _is(row, "version") for row in rows),
        "context": bool(_dicts(metadata, "lifecycles")),
        "timestamp": _is(metadata, "timestamp"),
        "relationships": bool(_dicts(document, "dependencies")),
        "completeness": bool(_dicts(document, "compositions")),
        "data-flow": any(_list(row, "data") or "x-trust-boundary" in row for row in services),
        "data-usage": any(_list(row, "data") for row in services)
        or any(_list(one, "datasets") for one in parameters),
        "input-output": any(_list(one, "inputs") or _list(one, "outputs") for one in parameters),
        "application-area": any(_list(one, "useCases") for one in considerations),
        "software-dependencies": any(_kind(row) == "software" for row in components),
        "hardware": any(_text(row, "type") in ("device", "firmware") for row in components)
        or bool(_dicts(document, "formulation")),
        "security-controls": any(_list(declarations, key) for key in ("attestations", "claims")),
        "security-compliance": bool(_dicts(_dict(document, "definitions"), "standards")),
        "security-policy": bool(links & {"security-contact", "threat-model", "adversary-model"}),
        "vulnerabilities": "vulnerabilities" in document,
        "security-metrics": any(_list(one, "fairnessAssessments") for one in considerations),
        "performance": any(
            _list(_dict(card, "quantitativeAnalysis"), "performanceMetrics") for card in cards
        ),
    }
    # Attestations of another standard than a security one say nothing about security.
    security = [
        row
        for row in _dicts(_dict(document, "definitions"), "standards")
        if "security" in _text(row, "name").lower()
    ]
    answers["security-controls"] &= bool(security)
    answers["security-compliance"] = bool(security)
    answers["security-metrics"] = False  # CycloneDX has no place for them
    return (field for field, has in answers.items() if has)


def _component(row: dict[str, Any], related: set[str]) -> StatedPart:
    names = {_text(one, "name"): _text(one, "value") for one in _dicts(row, "properties")}
    unknown = {
        field
        for one in _dicts(row, "properties")
        if _text(one, "name") == "aisbom:unknown"
        for field in _UNKNOWN.get(_text(one, "value"), ())
    }
    producer = [_dict(row, "manufacturer"), *_dicts(row, "authors")]
    author = {"name": _text(row, "author") or _text(row, "publisher")}
    licences = [
        _text(one, "expression")
        or _text(_dict(one, "license"), "id")
        or _text(_dict(one, "license"), "name")
        for one in _dicts(row, "licenses")
    ]
    unknown |= {"licence"} if licences and all(one in _NOTHING for one in licences) else set()
    hashes = {_text(one, "alg") for one in _dicts(row, "hashes") if _is(one, "content")}
    card = _dict(row, "modelCard")
    parameters = _dict(card, "modelParameters")
    data = _dicts(row, "data")
    governance = [_dict(one, "governance") for one in data]
    answers: dict[Field, bool] = {
        "supplier": _is(_dict(row, "supplier"), "name"),
        "producer": any(_is(one, "name") for one in [*producer, author, _dict(row, "supplier")]),
        "contact": any(_has_contact(one) for one in [*producer, _dict(row, "supplier")]),
        "version": _is(row, "version") or bool(_dict(row, "versionRange")),
        "identifier": any(_is(row, key) for key in ("purl", "cpe"))
        or bool(_list(row, "swhid") or _list(row, "omniborId") or _dict(row, "swid")),
        "digest": bool(hashes),
        "sha512": "SHA-512" in hashes,
        "licence": any(one not in _NOTHING for one in licences),
        "related": _text(row, "bom-ref") in related,
        "description": _is(row, "description") or any(_is(one, "description") for one in data),
        "timestamp": any(key.endswith(("released", "timestamp")) for key in names),
        "properties": any(
            _is(parameters, key) for key in ("architectureFamily", "modelArchitecture", "task")
        ),
        "input-output": bool(_list(parameters, "inputs") or _list(parameters, "outputs")),
        "training": bool(_dict(parameters, "approach") or _list(parameters, "datasets")),
        "references": bool(_dicts(row, "externalReferences")),
        "provenance": any(governance) or _is(_dict(row, "supplier"), "name"),
        "statistics": any(_list(_dict(one, "contents"), "properties") for one in data),
        "sensitivity": any(bool(_list(one, "sensitiveData")) for one in data),
        "performance": bool(_list(_dict(card, "quantitativeAnalysis"), "performanceMetrics")),
        **{field: key in names for key, field in _BSI.items()},
    }
    stated = frozenset(field for field, has in answers.items() if has)
    return StatedPart(_name(row), _kind(row), stated, frozenset(unknown) - stated)


def _package(row: dict[str, Any], related: set[str]) -> StatedPart:
    licences = [_text(row, "licenseConcluded"), _text(row, "licenseDeclared")]
    hashes = {_text(one, "algorithm") for one in _dicts(row, "checksums")}
    purls = [_text(one, "referenceType") for one in _dicts(row, "externalRefs")]
    supplier, originator = _text(row, "supplier"), _text(row, "originator")
    purpose = _text(row, "primaryPackagePurpose")
    answers: dict[Field, bool] = {
        "supplier": bool(_party(supplier)),
        "producer": bool(_party(originator) or _party(supplier)),
        "contact": "@" in originator or "@" in supplier,
        "version": _is(row, "versionInfo"),
        "identifier": any(one in ("purl", "cpe22Type", "cpe23Type", "swh") for one in purls),
        "digest": bool(hashes),
        "sha512": "SHA512" in hashes,
        "licence": any(one not in _NOTHING for one in licences),
        "related": _text(row, "SPDXID") in related,
        "filename": _is(row, "packageFileName"),
        "description": _is(row, "description") or _is(row, "summary"),
        "timestamp": _is(row, "releaseDate") or _is(row, "builtDate"),
        "references": bool(purls),
    }
    stated = frozenset(field for field, has in answers.items() if has)
    unknown: set[Field] = set()
    if "NOASSERTION" in licences:
        unknown.add("licence")
    for field, value in (("supplier", supplier), ("producer", originator or supplier)):
        if value == "NOASSERTION":
            unknown.add(field)  # type: ignore[arg-type]
    kind: Kind = "data" if purpose == "DATA" else "software"
    return StatedPart(_text(row, "name"), kind, stated, frozenset(unknown) - stated)


def _spdx_errors(document: dict[str, Any], packages: list[dict[str, Any]]) -> Iterator[str]:
    """What the specification requires of every document and package, as lines."""
    creation = _dict(document, "creationInfo")
    asked = [("", document, key) for key in ("SPDXID", "name", "documentNamespace")]
    asked += [("/creationInfo", creation, "created")]
    for number, row in enumerate(packages):
        asked += [
            (f"/packages/{number}", row, key) for key in ("SPDXID", "name", "downloadLocation")
        ]
    for place, row, key in asked:
        if not _text(row, key):
            yield f"{place}: {key} is required"
    if _text(document, "dataLicense") != "CC0-1.0":
        yield "/dataLicense: is CC0-1.0 in every SPDX document"
    if not _list(creation, "creators"):
        yield "/creationInfo: creators is required"


def _components(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = [
        _dicts(document, "components"),
        _dicts(
            _dict(document, "metadata") and _dict(_dict(document, "metadata"), "component"),
            "components",
        ),
    ]
    while waiting:
        for row in waiting.pop(0):
            yield row
            if inner := _dicts(row, "components"):
                waiting.append(inner)


def _list_related(document: dict[str, Any]) -> Iterator[str]:
    for row in _dicts(document, "dependencies"):
        # An entry without targets states that there are none.
        yield _text(row, "ref")
        yield from (one for one in _list(row, "dependsOn") if isinstance(one, str))


def _kind(row: dict[str, Any]) -> Kind:
    return _KINDS.get(_text(row, "type"), "software")


def _name(row: dict[str, Any]) -> str:
    group, name = _text(row, "group"), _text(row, "name")
    return f"{group}/{name}" if group else name


def _has_contact(party: dict[str, Any]) -> bool:
    urls = party.get("url")
    return (
        _is(party, "email")
        or _is(party, "url")
        or bool(isinstance(urls, list) and any(isinstance(one, str) and one for one in urls))
        or any(_is(one, "email") for one in _dicts(party, "contact"))
    )


def _party(text: str) -> str:
    """The name in `Organization: NAME (mail)`, or "" where nobody is named."""
    kind, _, name = text.partition(":")
    return name.strip() if kind in ("Organization", "Person") else ""


def _add(stated: set[DocumentField], field: DocumentField, has: bool) -> None:
    if has:
        stated.add(field)


def _text(row: Any, key: str) -> str:
    value = row.get(key) if isinstance(row, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _is(row: Any, key: str) -> bool:
    return _text(row, key) not in _NOTHING


def _dict(row: Any, key: str) -> dict[str, Any]:
    value = row.get(key) if isinstance(row, dict) else None
    return value if isinstance(value, dict) else {}


def _list(row: Any, key: str) -> list[Any]:
    value = row.get(key) if isinstance(row, dict) else None
    return value if isinstance(value, list) else []


def _dicts(row: Any, key: str) -> list[dict[str, Any]]:
    return [one for one in _list(row, key) if isinstance(one, dict)]
