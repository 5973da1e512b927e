"""A document of any tool: which format it is in, what that format's schema says, what it states."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from aisbom.bom.stated import StatedBom
from aisbom.emit import stated
from aisbom.emit.cyclonedx import schema
from aisbom.emit.cyclonedx.references import broken_references, loose_parts
from aisbom.emit.cyclonedx.xml_errors import xml_errors
from aisbom.errors import UsageError
from aisbom.model.foreign_xml import parse_bom, to_dict

_FORMATS = "CycloneDX 1.2 to 1.7 as JSON or XML, SPDX 2.2 and 2.3 as JSON"


def read(data: bytes, name: str) -> StatedBom:
    """What the document `data` states, with what its own schema finds.

    `name` is what messages call it. Raises UsageError for what is no bill of materials that is read
    here.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _read_xml(data, name)
    try:
        document: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name}: neither JSON nor XML; this reads {_FORMATS}") from error
    if not isinstance(document, dict):
        raise UsageError(f"{name}: no bill of materials; this reads {_FORMATS}")
    if document.get("bomFormat") == "CycloneDX":
        version = str(document.get("specVersion", ""))
        bom = stated.of_cyclonedx(document)
        if version not in schema.CHECKED_VERSIONS:
            return bom
        found = _with_schema(bom, version, schema.schema_errors(document, version))
        broken = tuple(dict.fromkeys(broken_references(document)))
        return replace(found, broken=broken, loose=tuple(loose_parts(document)))
    if str(document.get("spdxVersion", "")).startswith("SPDX-2."):
        return stated.of_spdx(document)
    raise UsageError(f"{name}: no bill of materials; this reads {_FORMATS}")


def _read_xml(data: bytes, name: str) -> StatedBom:
    try:
        root, version = parse_bom(data)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from error
    if not version:
        raise UsageError(f"{name}: no bill of materials; this reads {_FORMATS}")
    bom = stated.of_cyclonedx(to_dict(root, version))
    if version not in schema.CHECKED_VERSIONS:
        return bom
    return _with_schema(bom, version, xml_errors(data, version))


def _with_schema(bom: StatedBom, version: str, errors: Iterable[str]) -> StatedBom:
    name = f"schema of CycloneDX {version}"
    return replace(bom, schema=name, errors=tuple(dict.fromkeys(errors)))
