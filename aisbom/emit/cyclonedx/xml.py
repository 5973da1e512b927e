"""The CycloneDX JSON document as CycloneDX XML, carrying all that the XML schema has a place for.

The official XML schema drives the conversion: for every type it says which fields are attributes,
which are elements and in what order, and which elements are only a wrapper around a list. What is
left to say by hand is short and stands in the tables below: names that differ between the two
forms, and the few values that have another shape. What finds no place is collected, never dropped
in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import itemgetter
from typing import Any

from aisbom.emit.cyclonedx.problems import pointer
from aisbom.emit.cyclonedx.xml_errors import namespace
from aisbom.emit.cyclonedx.xml_schema import Kind, Slot, xml_schema

# () is the document, (place of the parent, key or index) what is below: cheap, and written out
# only when needed.
Place = tuple[Any, ...]

_ORDER = itemgetter(0)

# Said by the namespace of the XML document.
_IN_NAMESPACE = ("$schema", "bomFormat", "specVersion")

# XML 1.0, production [2] Char: what cannot be written, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What cannot be written as it is, in text or in an attribute.
_SPECIAL = re.compile('[&<>"]|[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')
# A reader would turn a bare carriage return into a newline, and any white space of an attribute
# into a space.
_TEXT_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE_ESCAPES = _TEXT_ESCAPES | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def to_xml(document: Mapping[str, Any]) -> bytes:
    """A valid CycloneDX JSON document of version 1.6 or 1.7 as pretty-printed UTF-8 XML of the same
    version; equal documents, equal bytes.

    Characters that XML forbids become U+FFFD. Values stay as they are otherwise: where an XML type
    is narrower than the JSON one (a malformed percent-encoding in a purl, an unusual CPE, a leap
    second), `validate.xml_errors` says so, and a reader that follows the schema may see a line
    break of a one-line field (a description, the value of a property) as a space. Raises ValueError
    for another version, and for a document nested hundreds of levels deep.
    """
    return _Writer(document).text.encode()


def not_in_xml(document: Mapping[str, Any]) -> list[str]:
    """JSON pointers to what `to_xml` cannot carry, sorted.

    JSON signatures (XML has its own kind), the few fields the XML schema lacks, and strings with
    characters that XML forbids.
    """
    return [
        pointer(keys) for keys in sorted(map(_keys, _Writer(document).lost))
    ]  # beside a key stand keys, beside an index indexes


class _Writer:
    """One pass over a document: `text` is the XML, `lost` the places of what has no place in it.

    Writes text, not a tree: for thousands of components building lxml elements takes three times as
    long.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        version = str(document.get("specVersion"))
        self.lost: list[Place] = []
        opening = f'<bom xmlns="{namespace(version)}"'
        self.out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
        fields = {key: value for key, value in document.items() if key not in _IN_NAMESPACE}
        try:
            self._fields("bom", xml_schema(version), fields, (), "")
        except RecursionError:
            raise ValueError("the document is nested too deeply to be written as XML") from None
        self.out[1] = self.out[1].replace("<bom", opening, 1)
        self.text = "".join(self.out)

    def _fields(
        self, tag: str, kind: Kind, value: Mapping[str, Any], at: Place, indent: str
    ) -> None:
        """An element with its attributes, its text or its elements, from a JSON object."""
        places = kind.places
        found = []
        for key, item in value.items():
            if key in places:
                order, target = places[key]
                found.append((order, key, target, item))
            else:
                self.lost.append((at, key))
        found.sort(key=_ORDER)
        out = self.out
        opening, text = tag, ""
        mark = len(out)
        out.append("")
        for _, key, target, item in found:
            here = at if isinstance(key, _Around) else (at, key)
            if isinstance(target, Slot):
                self._element(target, item, here, indent + "  ")
            elif isinstance(item, (dict, list)):
                self.lost.append(here)
            elif target is None:
                text = self._text(item, here)
            else:
                opening = f'{opening} {target}="{self._text(item, here, attribute=True)}"'
        if len(out) > mark + 1:
            out[mark] = f"{indent}<{opening}>{text}\n"
            out.append(f"{indent}</{tag}>\n")
        else:
            out[mark] = (
                f"{indent}<{opening}>{text}</{tag}>\n" if text else f"{indent}<{opening}/>\n"
            )

    def _element(self, slot: Slot, value: Any, at: Place, indent: str) -> None:
        """A JSON value as one element, as several, or as a wrapper with one element for each item
        of a list.
        """
        kind = slot.kind
        if not isinstance(value, list):
            self._one(slot, value, at, indent)
        elif kind and (kind.wraps or kind.name in _ITEMS):
            if not value:
                self.out.append(f"{indent}<{slot.tag}/>\n")
                return
            self.out.append(f"{indent}<{slot.tag}>\n")
            for index, item in enumerate(value):
                if kind.wraps and kind.name not in _ITEMS:
                    self._one(kind.wraps, item, (at, index), indent + "  ")
                    continue
                name, inside = _ITEMS[kind.name](item)
                here = ((at, index), name) if inside else (at, index)
                if name in kind.elements:
                    self._one(
                        kind.elements[name], item[name] if inside else item, here, indent + "  "
                    )
                else:
                    self.lost.append(here)
            self.out.append(f"{indent}</{slot.tag}>\n")
        else:
            for index, item in enumerate(value):
                self._one(slot, item, (at, index), indent)

    def _one(self, slot: Slot, value: Any, at: Place, indent: str) -> None:
        kind, tag = slot.kind, slot.tag
        if kind and kind.name in _SHAPES:
            value = _SHAPES[kind.name](value)
        if isinstance(value, dict) and kind:
            self._fields(tag, kind, value, at, indent)
        elif isinstance(value, (dict, list)):
            self.lost.append(at)
        elif kind is None or kind.text:
            text = self._text(value, at)
            if slot.instant:  # RFC 3339 also takes t and z
                text = text.upper()
            self.out.append(f"{indent}<{tag}>{text}</{tag}>\n" if text else f"{indent}<{tag}/>\n")
        elif "ref" in kind.attributes:
            self.out.append(f'{indent}<{tag} ref="{self._text(value, at, attribute=True)}"/>\n')
        else:
            self.lost.append(at)

    def _text(self, value: Any, at: Place, attribute: bool = False) -> str:
        if isinstance(value, str):
            if not _SPECIAL.search(value):
                return value
            text = _FORBIDDEN.sub("\ufffd", value)
            if text != value:
                self.lost.append(at)
            return text.translate(_ATTRIBUTE_ESCAPES if attribute else _TEXT_ESCAPES)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, float):  # xs:decimal knows no exponent, and xs:integer no fraction
            return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
        return "" if value is None else str(value)


def _keys(place: Place) -> list[str | int]:
    keys: list[str | int] = []
    while place:
        place, key = place
        keys.append(key)
    return keys[::-1]


# --- shapes that differ
# --------------------------------------------------------------------------------------------------


class _Around(str):
    """A key that only the XML has: in JSON its value stands directly where the object with this key
    is.
    """

    __slots__ = ()


def _licence(item: dict[str, Any]) -> tuple[str, bool]:
    if "license" in item:
        return "license", True
    detailed = item.keys() & {"expressionDetails", "licensing", "properties"}
    return ("expression-detailed" if detailed else "expression"), False


def _variable(item: Any) -> tuple[str, bool]:
    return ("environmentVar" if isinstance(item, dict) else "value"), False


# Lists whose items become different elements, by the name of the type of the wrapper: item -> (name
# of the element, whether its value is what the item holds under that name, and not the item
# itself).
_ITEMS: dict[str, Callable[[Any], tuple[str, bool]]] = {
    "licenseChoiceType": _licence,
    "service/data": lambda _: ("dataflow", False),
    "copyrightsType": lambda _: ("text", True),
    "definitionsType/patents": lambda item: (
        "patentFamily" if "familyId" in item else "patent",
        False,
    ),
    "inputType/environmentVars": _variable,
    "outputType/environmentVars": _variable,
    "metadata/tools": lambda _: ("tool", False),
    "modelCardType/modelParameters/datasets": lambda item: (
        ("ref", True) if "ref" in item else ("dataset", False)
    ),
    "vulnerabilityType/tools": lambda _: ("tool", False),
}


def _dataflow(value: dict[str, Any]) -> dict[str, Any]:
    flow = {key: value[key] for key in ("flow", "classification") if key in value}
    return {
        **{key: item for key, item in value.items() if key not in flow},
        _Around("classification"): flow,
    }


def _party(value: Any, person: str = "individual") -> Any:
    """A choice of organisation or person that JSON tells apart by its keys alone (an assignee), or
    has told already (the owner of data).
    """
    if (
        not isinstance(value, dict)
        or "organization" in value
        or isinstance(value.get("contact"), dict)
    ):
        return value
    return {_Around(person if value.keys() & {"email", "phone"} else "organization"): value}


def _asserter(value: Any) -> Any:
    return {_Around("ref"): value} if isinstance(value, str) else _party(value, "contact")


# Values to be put in the shape that the XML type expects, by the name of that type.
_SHAPES: dict[str, Callable[[Any], Any]] = {
    "organizationOrIndividualType": _party,
    "patentAssertionType/asserter": _asserter,
    "service/data/dataflow": _dataflow,
    # XML wants all four, JSON only the name.
    "standard": lambda value: {"name": "", "version": "", "description": "", "owner": "", **value},
}
