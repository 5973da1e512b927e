"""The types of the official CycloneDX XML schema, as the conversion between JSON and XML sees them:
which fields are attributes, which are elements and in what order, and which elements are only a
wrapper around a list.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from lxml import etree

from aisbom.emit.cyclonedx.schema import read_bundled

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
def xml_schema(version: str) -> Kind:
    """The type of the root element, with all types below it."""
    return _Types(etree.fromstring(read_bundled(f"bom-{version}.SNAPSHOT.xsd"))).root


class _Types:
    """The complex types of an XML schema: first all, then what is in them, for they refer to each
    other in circles.
    """

    def __init__(self, schema: etree._Element) -> None:
        groups = schema.iterfind(f"{_XS}attributeGroup")
        self._groups = {group.get("name", ""): group for group in groups}
        nodes = {node.get("name", ""): node for node in schema.iterfind(f"{_XS}complexType")}
        self._kinds = {name: Kind(name) for name in nodes}
        for name, node in nodes.items():
            self._fill(self._kinds[name], node)
        top = next(schema.iterfind(f"{_XS}element[@name='bom']/{_XS}complexType"))
        self.root = self._fill(Kind("bom"), top)

    def _fill(self, kind: Kind, node: etree._Element) -> Kind:
        kind.text = node.get("mixed") == "true"
        self._read(kind, node, False)
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
        for json_name in TEXTS if kind.text else ():
            kind.places.setdefault(json_name, (0, None))
        return kind

    def _read(self, kind: Kind, node: etree._Element, repeats: bool) -> None:
        for part in node.iterchildren(f"{_XS}*"):
            shape, name = etree.QName(part).localname, part.get("name", "")
            many = repeats or part.get("maxOccurs") == "unbounded"
            if shape == "attribute":
                kind.attributes.append(name)
            elif shape == "attributeGroup":
                self._read(kind, self._groups[part.get("ref", "").removeprefix("bom:")], False)
            elif shape == "element":
                # In two branches of a choice: the later place suits both.
                kind.elements.pop(name, None)
                kind.elements[name] = self._slot(part, kind.name, many)
            else:
                kind.text |= shape == "simpleContent"
                self._read(kind, part, many)

    def _slot(self, element: etree._Element, owner: str, repeats: bool) -> Slot:
        name, kind_name = element.get("name", ""), element.get("type", "")
        inner = element.find(f"{_XS}complexType")
        if inner is None:
            kind = self._kinds.get(kind_name.removeprefix("bom:"))
        else:
            kind = self._fill(Kind(f"{owner}/{name}"), inner)
        return Slot(name, kind, kind_name == "xs:dateTime", repeats)
