"""The types of the official CycloneDX XML schema, as the conversion between JSON and XML sees them:
which fields are attributes, which are elements and in what order, and which elements are only a
wrapper around a list.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from lxml import etree

from aisbom.emit.cyclonedx.schema import bundled

# JSON name -> XML name, tried where the type at hand does not know the JSON name itself.
NAMES = {
    "contentType": "content-type",
    "contact": (
        "individual"
    ),  # of the responsible parties of data; an organisation has contacts under that very name
    "cryptoRefArray": "cryptoRef",
    "dependsOn": "dependency",
    "expressionDetails": "details",
    "licenseIdentifier": "license-identifier",
    "response": "responses",
}
# The JSON names of what XML writes as the text of an element that has attributes beside it.
TEXTS = ("content", "value", "expression", "classification")

_XS = "{http://www.w3.org/2001/XMLSchema}"


class Kind:
    """A complex type of the XML schema, as the conversion sees it."""

    __slots__ = ("attributes", "elements", "name", "places", "text", "wraps")

    def __init__(self, name: str) -> None:
        self.name = name  # of an anonymous type: <name of the type around>/<name of the element>
        self.text = False  # holds text of its own
        self.attributes: list[str] = []
        self.elements: dict[str, Slot] = {}  # in the order of the schema
        self.wraps: Slot | None = (
            None  # the only element, where it may be repeated and nothing stands beside it
        )
        self.places: dict[
            str, tuple[int, str | Slot | None]
        ] = {}  # JSON name -> order, and attribute name or element; None: the text


class Slot(NamedTuple):
    """An element at its place inside a type."""

    tag: str
    kind: Kind | None  # None: plain text
    instant: bool  # an xs:dateTime
    repeats: bool


@cache
def xml_schema(version: str) -> Kind:  # noqa: C901
    """The type of the root element, with all types below it."""
    root = etree.fromstring(bundled(f"bom-{version}.SNAPSHOT.xsd"))
    groups = {group.get("name", ""): group for group in root.iterfind(f"{_XS}attributeGroup")}
    nodes = {node.get("name", ""): node for node in root.iterfind(f"{_XS}complexType")}
    kinds = {
        name: Kind(name) for name in nodes
    }  # first all, then what is in them: they refer to each other in circles

    def slot(element: etree._Element, owner: str, repeats: bool) -> Slot:
        name, kind_name = element.get("name", ""), element.get("type", "")
        inner = element.find(f"{_XS}complexType")
        kind = (
            kinds.get(kind_name.removeprefix("bom:"))
            if inner is None
            else fill(Kind(f"{owner}/{name}"), inner)
        )
        return Slot(name, kind, kind_name == "xs:dateTime", repeats)

    def read(kind: Kind, node: etree._Element, repeats: bool) -> None:
        for part in node.iterchildren(f"{_XS}*"):
            shape, name = etree.QName(part).localname, part.get("name", "")
            many = repeats or part.get("maxOccurs") == "unbounded"
            if shape == "attribute":
                kind.attributes.append(name)
            elif shape == "attributeGroup":
                read(kind, groups[part.get("ref", "").removeprefix("bom:")], False)
            elif shape == "element":
                kind.elements.pop(
                    name, None
                )  # in two branches of a choice: the later place suits both
                kind.elements[name] = slot(part, kind.name, many)
            else:
                kind.text |= shape == "simpleContent"
                read(kind, part, many)

    def fill(kind: Kind, node: etree._Element) -> Kind:
        kind.text = node.get("mixed") == "true"
        read(kind, node, False)
        if len(kind.elements) == 1 and not kind.attributes:
            only = next(iter(kind.elements.values()))
            kind.wraps = only if only.repeats else None
        targets: dict[str, str | Slot] = {
            **dict(zip(kind.attributes, kind.attributes, strict=True)),
            **kind.elements,
        }
        kind.places = {
            name: (order, target) for order, (name, target) in enumerate(targets.items(), 1)
        }
        for json_name, name in NAMES.items():
            if name in kind.places:
                kind.places.setdefault(json_name, kind.places[name])
        if kind.text:
            for json_name in TEXTS:
                kind.places.setdefault(json_name, (0, None))
        return kind

    for name, node in nodes.items():
        fill(kinds[name], node)
    return fill(Kind("bom"), next(root.iterfind(f"{_XS}element[@name='bom']/{_XS}complexType")))
