"""CycloneDX XML back into the JSON form, as far as our own documents go: the inverse of `xml.py`.

The official schema says what is a list and what is not. Values stay texts: XML has nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

from aisbom.emit.cyclonedx.names import Json
from aisbom.emit.cyclonedx.schema import SPEC_VERSIONS
from aisbom.emit.cyclonedx.xml_errors import namespace, xml_parser
from aisbom.emit.cyclonedx.xml_schema import Kind, Slot, xml_schema
from aisbom.errors import UsageError

# XML name -> JSON name. The type `dependencyType` holds the refs of what it depends on.
_NAMES = {"content-type": "contentType", "details": "expressionDetails"}
_DEPENDENCY = "dependencyType"

# The schema lets these repeat, inside a choice that repeats; JSON has one.
_ONCE = frozenset({"aggregate"})

# What the text of an element is called in JSON, by type, where attributes stand beside it.
_TEXTS = {
    "propertyType": "value",
    "licenseChoiceType/expression": "expression",  # 1.6
    "licenseExpressionType": "expression",  # 1.7
}
_TEXT = "content"


def from_xml(data: bytes, name: str) -> Json:
    """The document in its JSON form; `name` is what errors call it. Raises UsageError where it is
    not XML, not CycloneDX of a version that this program writes, or nested beyond reason.
    """
    try:
        root = etree.fromstring(data, xml_parser())
    except etree.XMLSyntaxError as error:
        raise UsageError(f"{name}: not valid XML: {error.msg}") from error
    for version in SPEC_VERSIONS:
        if root.tag == f"{{{namespace(version)}}}bom":
            try:
                document: Json = _object(root, xml_schema(version))
            except RecursionError as error:
                raise UsageError(f"{name}: nested too deeply") from error
            return {"bomFormat": "CycloneDX", "specVersion": version, **document}
    raise UsageError(f"{name}: not a CycloneDX {' or '.join(SPEC_VERSIONS)} document")


def _value(element: etree._Element, kind: Kind | None) -> Any:
    if kind is None:
        return element.text or ""
    if kind.name in _ITEMS:
        item = _ITEMS[kind.name]
        return [item(tag, _value(child, slot.kind)) for tag, child, slot in _below(element, kind)]
    if kind.wraps:
        return [_value(child, slot.kind) for _, child, slot in _below(element, kind)]
    if kind.attributes == ["ref"] and not kind.elements:
        return element.get("ref", "")
    if kind.text and not kind.attributes:
        return element.text or ""
    return _object(element, kind)


def _object(element: etree._Element, kind: Kind) -> Json:
    row: Json = {_NAMES.get(str(key), str(key)): value for key, value in element.items()}
    if kind.text:
        row[_TEXTS.get(kind.name, _TEXT)] = element.text or ""
    for tag, child, slot in _below(element, kind):
        if kind.name == _DEPENDENCY:
            row.setdefault("dependsOn", []).append(child.get("ref", ""))
            continue
        value = _value(child, slot.kind)
        key = _NAMES.get(tag, tag)
        if slot.repeats and key not in _ONCE and not isinstance(value, list):
            row.setdefault(key, []).append(value)
        else:
            row[key] = value
    return row


def _below(element: etree._Element, kind: Kind) -> list[tuple[str, etree._Element, Slot]]:
    """The elements that the type knows, each with its place; others are none of ours."""
    rows = []
    for child in element.iterchildren("{*}*"):
        tag = etree.QName(child).localname
        if tag in kind.elements:
            rows.append((tag, child, kind.elements[tag]))
    return rows


def _licence(tag: str, value: Any) -> Json:
    return {"license": value} if tag == "license" else value


def _data_set(tag: str, value: Any) -> Json:
    return {"ref": value} if tag == "ref" else value


# Lists of different elements, by the name of the type: (name of the element, value) -> item.
_ITEMS: dict[str, Callable[[str, Any], Any]] = {
    "licenseChoiceType": _licence,
    "copyrightsType": lambda _, value: {"text": value},
    "modelCardType/modelParameters/datasets": _data_set,
}
