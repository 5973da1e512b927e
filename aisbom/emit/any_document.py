"""A document of any tool: which format it is in, what that format's schema says, what it states."""

from __future__ import annotations

import json
from typing import Any

from aisbom.bom.stated import StatedBom
from aisbom.emit import stated
from aisbom.emit.cyclonedx import schema
from aisbom.emit.cyclonedx.xml_errors import xml_errors
from aisbom.errors import UsageError
from aisbom.model.foreign_xml import parsed, to_dict

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
        errors: tuple[str, ...] = ()
        checked = version in schema.CHECKED_VERSIONS
        if checked:
            errors = tuple(schema.errors(document, version))
        return _with_schema(stated.of_cyclonedx(document), version, checked, errors)
    if str(document.get("spdxVersion", "")).startswith("SPDX-2."):
        return stated.of_spdx(document)
    raise UsageError(f"{name}: no bill of materials; this reads {_FORMATS}")


def _read_xml(data: bytes, name: str) -> StatedBom:
    try:
        root, version = parsed(data)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from error
    if not version:
        raise UsageError(f"{name}: no bill of materials; this reads {_FORMATS}")
    checked = version in schema.CHECKED_VERSIONS
    errors = tuple(xml_errors(data, version)) if checked else ()
    return _with_schema(stated.of_cyclonedx(to_dict(root, version)), version, checked, errors)


def _with_schema(bom: StatedBom, version: str, checked: bool, errors: tuple[str, ...]) -> StatedBom:
    name = f"schema of CycloneDX {version}" if checked else ""
    return StatedBom(bom.format, bom.stated, bom.subject, bom.parts, name, errors)
