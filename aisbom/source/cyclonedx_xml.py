"""CycloneDX XML of any tool and version as the JSON that says the same: one reader is enough.

XML and JSON of CycloneDX differ in regular ways: a list is an element around its items, an
attribute is a key, `<license><id>` and `<expression>` are items of `licenses`. What is read here is
what element sets ask about; text of other kinds is left out.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

_SPACE = "http://cyclonedx.org/schema/bom/"

# Elements around a list: the key in JSON is theirs, the items are their children.
_LISTS = frozenset(
    {
        "components", "services", "dependencies", "compositions", "lifecycles", "authors", "hashes",
        "licenses", "properties", "externalReferences", "inputs", "outputs", "datasets", "useCases",
        "performanceMetrics", "attestations", "claims", "standards",
        "vulnerabilities", "formulation", "fairnessAssessments",
    }
)  # fmt: skip
# Elements that repeat without one around them, by the key they have in JSON.
_REPEATED = {
    "dependency": "dependsOn",
    "url": "url",
    "contact": "contact",
    "data": "data",
    "sensitiveData": "sensitiveData",
}


def parsed(data: bytes) -> tuple[etree._Element, str]:
    """The `bom` element and the version of the format; the version is empty where this is another
    document. Raises ValueError for what is not well-formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"line {error.lineno or 0}: not well-formed XML") from error
    space = str(etree.QName(root).namespace or "")
    return root, space.removeprefix(_SPACE) if space.startswith(_SPACE) else ""


def to_dict(root: etree._Element, version: str) -> dict[str, Any]:
    """The document as CycloneDX JSON would hold it. `root` is its `bom` element."""
    document = _object(root)
    document["specVersion"] = version
    if number := str(document.get("version", "")):
        document["version"] = int(number) if number.isdigit() and len(number) < 10 else 1
    if any(etree.QName(one).localname == "Signature" for one in _children(root)):
        document["signature"] = {"algorithm": "XML signature"}
    return document


def _object(element: etree._Element) -> dict[str, Any]:
    row: dict[str, Any] = {str(key): str(value) for key, value in element.attrib.items()}
    for child in _children(element):
        name = etree.QName(child).localname
        if name in _LISTS:
            row[name] = [_item(one) for one in _children(child)]
        elif name == "tools":
            row[name] = _tools(child)
        elif name in _REPEATED:
            # A dependency inside a dependency is its target.
            value = child.get("ref") if name == "dependency" else _value(child)
            row.setdefault(_REPEATED[name], []).append(value)
        else:
            row[name] = _value(child)
    return row


def _item(element: etree._Element) -> Any:
    name = etree.QName(element).localname
    text = (element.text or "").strip()
    if name == "hash":
        return {"alg": element.get("alg", ""), "content": text}
    if name == "property":
        return {"name": element.get("name", ""), "value": text}
    if name == "license":
        return {"license": _object(element)}
    if name == "expression":
        return {"expression": text}
    if name == "dependency":
        targets = [one.get("ref") for one in _children(element)]
        return {"ref": element.get("ref", ""), "dependsOn": [one for one in targets if one]}
    return _value(element)


def _tools(element: etree._Element) -> Any:
    """Until 1.4 a list of tools, from 1.5 on components and services."""
    rows = _children(element)
    if all(etree.QName(one).localname == "tool" for one in rows):
        return [_object(one) for one in rows]
    return _object(element)


def _value(element: etree._Element) -> Any:
    if len(element) or element.attrib:
        return _object(element)
    return (element.text or "").strip()


def _children(element: etree._Element) -> list[etree._Element]:
    """The elements inside; comments and instructions are none."""
    return list(element.iterchildren("{*}*"))
