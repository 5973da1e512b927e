"""Is this document valid CycloneDX? The official schemas first, then what a schema cannot say.

Knows the format and nothing else of the project. The schemas are the ones bundled with
cyclonedx-python-lib. Nothing is ever fetched: a reference to anything else fails. Every problem is
one line, `<JSON pointer>: <message>[; <fix>]`; the pointer of the document itself is "".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
import orjson

from aisbom.emit.cyclonedx.problems import BOTTOMLESS, near, pointer, quote, short
from aisbom.emit.cyclonedx.references import reference_errors

SPEC_VERSIONS = ("1.6", "1.7")  # that are written whole, and read
CHECKED_VERSIONS = ("1.4", "1.5", *SPEC_VERSIONS)

_JSON_BASE = "http://cyclonedx.org/schema/"
# Levels of objects and lists: the schema library overruns the stack, and ends the process, at
# some thousands.
_DEEPEST = 500
_FIXES = {
    "date-time": "write RFC 3339 with a time zone, like 2026-01-31T12:00:00Z",
    "date": "write a day like 2026-01-31",
    "idn-email": "write one address, name@host, or leave it out",
    "iri-reference": "percent-encode what a URI may not hold (a space is %20)",
}


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
        return [BOTTOMLESS]
    found = sorted((_deepest(error) for error in validator.iter_errors(document)), key=_order)
    lines = [_line(error, spec_version) for error in found]
    if document.get("specVersion", spec_version) != spec_version:  # the schemas leave it open
        lines.insert(
            0,
            f"/specVersion: {quote(document['specVersion'])} is not the version asked for; write"
            f" {quote(spec_version)}",
        )
    return lines


@cache
def read_bundled(name: str) -> bytes:
    """A schema file as cyclonedx-python-lib ships it; FileNotFoundError if it ships none of this
    name.
    """
    return (files("cyclonedx.schema") / "_res" / name).read_bytes()


def check_version(spec_version: str) -> str:
    """The version, if a schema of it is bundled. Raises ValueError."""
    if spec_version not in CHECKED_VERSIONS:
        raise ValueError(
            f"no schema for CycloneDX {spec_version!r}; supported: {', '.join(CHECKED_VERSIONS)}"
        )
    return spec_version


@cache
def _json_schema(name: str) -> Any:
    return json.loads(read_bundled(f"{name}.SNAPSHOT.schema.json"))


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
    schema = _json_schema(f"bom-{check_version(spec_version)}")
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
            f" {', '.join(quote(key) + near(key, allowed) for key in value)}"
        )
        fix = "; remove what the format does not know"
    elif kind == "required":
        message, fix = f"{quote(value)} is missing", "; add it"
    elif kind == "enum":
        message = (
            f"{quote(error.instance)} is not one of"
            f" {f'{len(value)} values' if len(value) > 20 else ', '.join(map(quote, value))}"
        )
        fix = near(error.instance, value)
    elif kind == "format":
        message, fix = (
            f"{quote(error.instance)} is not a valid {value}",
            f"; {_FIXES[value]}" if value in _FIXES else "",
        )
    elif kind == "uniqueItems":
        message, fix = f"holds the same item twice ({_twice(error.instance)})", "; remove one"
    return f"{pointer(error.instance_path)}: {short(message)}{fix}"


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
