"""Is this document valid CycloneDX? The official schemas first, then what a schema cannot say.

Knows the format and nothing else of the project. The schemas are the ones bundled with
cyclonedx-python-lib. Nothing is ever fetched: a reference to anything else fails. Every problem is
one line, `<JSON pointer>: <message>[; <fix>]`; the pointer of the document itself is "".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
import orjson
from lxml import etree

SPEC_VERSIONS = ("1.6", "1.7")  # that are written
CHECKED_VERSIONS = ("1.4", "1.5", *SPEC_VERSIONS)

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

_JSON_BASE = "http://cyclonedx.org/schema/"
_LONGEST = 240  # characters of a message: the schema library quotes whole objects

# Levels of objects and lists: the schema library overruns the stack, and ends the process, at
# some thousands.
_DEEPEST = 500
_BOTTOMLESS = ": nested too deeply to be read by anyone; flatten it"

_FIXES = {
    "date-time": "write RFC 3339 with a time zone, like 2026-01-31T12:00:00Z",
    "date": "write a day like 2026-01-31",
    "idn-email": "write one address, name@host, or leave it out",
    "iri-reference": "percent-encode what a URI may not hold (a space is %20)",
}

Place = tuple[str | int, ...]  # keys and indexes from the root down


def errors(document: Mapping[str, Any], spec_version: str) -> list[str]:
    """Everything wrong with a CycloneDX JSON document, by its schema and by its references; empty
    when it is valid.

    Raises ValueError for a version without a bundled schema (`CHECKED_VERSIONS` are supported).
    """
    return list(
        dict.fromkeys([*schema_errors(document, spec_version), *reference_errors(document)])
    )


def schema_errors(document: Mapping[str, Any], spec_version: str) -> list[str]:
    """What the official JSON schema of this version holds against the document, formats of dates,
    e-mails and IRIs included.
    """
    validator = _json_validator(spec_version)
    if _is_bottomless(document):
        return [_BOTTOMLESS]
    found = sorted((_deepest(error) for error in validator.iter_errors(document)), key=_order)
    lines = [_line(error, spec_version) for error in found]
    if document.get("specVersion", spec_version) != spec_version:  # the schemas leave it open
        lines.insert(
            0,
            f"/specVersion: {_quote(document['specVersion'])} is not the version asked for; write"
            f" {_quote(spec_version)}",
        )
    return lines


def reference_errors(document: Mapping[str, Any]) -> list[str]:
    """Duplicate bom-refs, references to nothing, and components or services outside the dependency
    graph of `metadata.component`.

    BOM-Links (`urn:cdx:...`) point into other documents and are not followed. Signatures are not
    looked into.
    """
    try:
        defined, used, lines = _references(document)
    except RecursionError:
        return [_BOTTOMLESS]
    for ref, place in used:
        if ref not in defined and not ref.startswith("urn:cdx:"):
            lines.append(
                (
                    place,
                    (
                        f"{_quote(ref)} is no bom-ref of this document{_near(ref, defined)}; add"
                        " what it names or drop it"
                    ),
                )
            )
    return [f"{pointer(place)}: {message}" for place, message in [*lines, *_graph_errors(document)]]


def xml_errors(data: bytes, spec_version: str) -> list[str]:
    """What the official XML schema of this version holds against a CycloneDX XML document; one line
    each, with line number and path.

    No entity is expanded and nothing is fetched: a document with a DOCTYPE is refused. Raises
    ValueError for an unsupported version.
    """
    schema = _xml_validator(spec_version)
    try:
        root = etree.fromstring(data, xml_parser())
    except etree.XMLSyntaxError as error:
        return [f"line {error.lineno or 0}: {_short(str(error.msg))}"]
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None:
        return ["line 1: a DOCTYPE is not accepted; remove it"]
    if schema.validate(tree):
        return []
    prefix = "{" + namespace(spec_version) + "}"
    log: Iterable[Any] = schema.error_log  # type: ignore[assignment]  # the stubs do not know that it can be iterated
    return [
        f"line {entry.line}: {_xml_path(tree, entry.path)}: {_short(entry.message)}".replace(
            prefix, ""
        )
        for entry in log
    ]


def namespace(spec_version: str) -> str:
    """The XML namespace of a version of CycloneDX."""
    return f"http://cyclonedx.org/schema/bom/{_known(spec_version)}"


@cache
def bundled(name: str) -> bytes:
    """A schema file as cyclonedx-python-lib ships it; FileNotFoundError if it ships none of this
    name.
    """
    return (files("cyclonedx.schema") / "_res" / name).read_bytes()


def pointer(place: Iterable[str | int]) -> str:
    """RFC 6901 JSON pointer of keys and indexes; "" is the whole document."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in place)


def _known(spec_version: str) -> str:
    if spec_version not in CHECKED_VERSIONS:
        raise ValueError(
            f"no schema for CycloneDX {spec_version!r}; supported: {', '.join(CHECKED_VERSIONS)}"
        )
    return spec_version


@cache
def _json_schema(name: str) -> Any:
    return json.loads(bundled(f"{name}.SNAPSHOT.schema.json"))


@cache
def _json_validator(spec_version: str) -> jsonschema_rs.Draft7Validator:
    # The files refer to each other by file name, relative to the $id of the BOM schema, and call
    # themselves by another name: register both.
    shared = {name: _json_schema(name) for name in ("spdx", "jsf-0.82", "cryptography-defs")}
    resources = [
        (uri, schema)
        for name, schema in shared.items()
        for uri in (f"{_JSON_BASE}{name}.SNAPSHOT.schema.json", schema["$id"])
    ]
    registry = jsonschema_rs.Registry(resources, draft=jsonschema_rs.Draft7, retriever=_refuse)
    schema = _json_schema(f"bom-{_known(spec_version)}")
    # An address only needs its @, as in the strict validator of cyclonedx-python-lib: package
    # metadata has stranger ones than RFC 5321.
    formats = {"idn-email": lambda address: "@" in address}
    return jsonschema_rs.Draft7Validator(
        schema, registry=registry, retriever=_refuse, validate_formats=True, formats=formats
    )


def _refuse(uri: str) -> Any:
    raise LookupError(f"{uri} is not bundled, and schemas are never fetched")


def _is_bottomless(document: Mapping[str, Any]) -> bool:
    try:
        orjson.dumps(
            document
        )  # refuses what is nested more than 254 deep, in a tenth of the time that looking takes
        return False
    except orjson.JSONEncodeError:  # for that, or for what only it refuses: look
        pass
    level: list[Any] = [document]
    for _ in range(_DEEPEST):
        level = [
            value
            for node in level
            for value in (node.values() if isinstance(node, dict) else node)
            if isinstance(value, (dict, list))
        ]
        if not level:
            return False
    return True


def _deepest(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Of an error "none of these alternatives", the one error of the alternative that came closest:
    the one a person would fix.
    """
    branches = [branch for branch in getattr(error.kind, "context", ()) if branch]
    if not branches:
        return error
    # Closest: it failed further inside the value; then: it has fewest complaints.
    best = max(
        branches,
        key=lambda branch: (min(len(inner.instance_path) for inner in branch), -len(branch)),
    )
    return _deepest(best[0])


def _order(error: jsonschema_rs.ValidationError) -> tuple[list[tuple[int, str]], str]:
    return [
        (key, "") if isinstance(key, int) else (-1, key) for key in error.instance_path
    ], error.message


def _line(error: jsonschema_rs.ValidationError, spec_version: str) -> str:
    kind, value = error.kind.name, error.kind.value
    message, fix = error.message, ""
    if kind == "additionalProperties":
        allowed = _siblings(error, spec_version)
        message = (
            f"unknown {'keys' if len(value) > 1 else 'key'}"
            f" {', '.join(_quote(key) + _near(key, allowed) for key in value)}"
        )
        fix = "; remove what the format does not know"
    elif kind == "required":
        message, fix = f"{_quote(value)} is missing", "; add it"
    elif kind == "enum":
        message = (
            f"{_quote(error.instance)} is not one of"
            f" {f'{len(value)} values' if len(value) > 20 else ', '.join(map(_quote, value))}"
        )
        fix = _near(error.instance, value)
    elif kind == "format":
        message, fix = (
            f"{_quote(error.instance)} is not a valid {value}",
            f"; {_FIXES[value]}" if value in _FIXES else "",
        )
    elif kind == "uniqueItems":
        message, fix = f"holds the same item twice ({_twice(error.instance)})", "; remove one"
    return f"{pointer(error.instance_path)}: {_short(message)}{fix}"


def _siblings(error: jsonschema_rs.ValidationError, spec_version: str) -> Iterable[str]:
    """The keys that the schema allows beside an unknown one."""
    node = _json_schema(f"bom-{spec_version}")
    for key in error.schema_path[:-1]:
        if isinstance(node, list):
            node = dict(enumerate(node))
        node = node.get(key, {})
    return list(node.get("properties", ()))


def _twice(items: Any) -> str:
    seen: dict[str, int] = {}
    for index, item in enumerate(items):
        first = seen.setdefault(json.dumps(item, sort_keys=True), index)
        if first != index:
            return f"{first} and {index}"
    return "numerically equal"


def _near(word: Any, known: Iterable[str]) -> str:
    """ " (did you mean ...?)", where one of the known words is close and looking for it is
    cheap.
    """
    known = list(known)
    if not isinstance(word, str) or len(word) > 1_000 or len(known) > 1_000:
        return ""
    close = get_close_matches(word, known, 1, 0.75)
    return f" (did you mean {_quote(close[0])}?)" if close else ""


def _quote(value: Any) -> str:
    return _short(json.dumps(value, ensure_ascii=False))


def _short(text: str) -> str:
    text = " ".join(
        text.encode(errors="replace").decode().split()
    )  # a lone surrogate could not be printed
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _references(  # noqa: C901
    document: Mapping[str, Any],
) -> tuple[dict[str, Place], list[tuple[str, Place]], list[tuple[Place, str]]]:
    """All bom-refs with their first place, all references with theirs, and a line for every bom-ref
    given twice; in document order.
    """
    defined: dict[str, Place] = {}
    used: list[tuple[str, Place]] = []
    twice: list[tuple[Place, str]] = []

    # One list, grown and shrunk: nearly all of this function's time would go into building tuples.
    path: list[str | int] = []

    def look_into(node: Mapping[str, Any]) -> None:
        for key, value in node.items():
            if isinstance(value, str):
                if key == "bom-ref":
                    if value in defined:
                        twice.append(
                            (
                                (*path, key),
                                (
                                    f"bom-ref {_quote(value)} is already that of"
                                    f" {pointer(defined[value])}; give it another"
                                ),
                            )
                        )
                    else:
                        defined[value] = tuple(path)
                elif key in REFERENCES:
                    used.append((value, (*path, key)))
            elif key in _WITHOUT_REFERENCES:
                continue
            elif isinstance(value, dict):
                path.append(key)
                look_into(value)
                path.pop()
            elif isinstance(value, list):
                path.append(key)
                for index, item in enumerate(value):
                    if isinstance(item, dict):
                        path.append(index)
                        look_into(item)
                        path.pop()
                    elif isinstance(item, str) and key in REFERENCES:
                        used.append((item, (*path, index)))
                path.pop()

    look_into(document)
    return defined, used, twice


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
            yield (("dependencies", index), f"a second entry for {_quote(ref)}; merge the two")
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
                    f"{_quote(ref)} has no entry in dependencies; add one, with an empty dependsOn"
                    " if it needs nothing"
                ),
            )
        if start and ref not in reached:
            yield (
                place,
                (
                    f"{_quote(ref)} cannot be reached from metadata.component; add it to the"
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


def _xml_path(tree: etree._ElementTree, path: str | None) -> str:
    """A path in names, where libxml2 writes `/*/*[2]` for want of a prefix."""
    found = tree.xpath(path) if path else []
    if not isinstance(found, list) or not found or not isinstance(found[0], etree._Element):
        return "/bom"
    return f"/bom/{tree.getelementpath(found[0])}".removesuffix("/.")


def xml_parser() -> etree.XMLParser:
    """A parser that takes nothing from outside the document."""
    # huge_tree lifts the limits on depth and on one text's length (an attachment may be large);
    # without entities nothing can be inflated.
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


class _Bundled(etree.Resolver):
    """Answers an import in a bundled XML schema with the bundled file of that name, and no
    other.
    """

    def resolve(
        self,
        system_url: str,
        public_id: str,  # noqa: ARG002  lxml passes all three
        context: Any = None,
    ) -> Any:
        return self.resolve_string(
            bundled(system_url.rpartition("/")[2]), context, base_url=system_url
        )


@cache
def _xml_validator(spec_version: str) -> etree.XMLSchema:
    parser = xml_parser()
    parser.resolvers.add(_Bundled())
    return etree.XMLSchema(
        etree.fromstring(bundled(f"bom-{_known(spec_version)}.SNAPSHOT.xsd"), parser)
    )
