"""CycloneDX XML of any tool and version as the JSON that says the same: one reader is enough.

XML and JSON of CycloneDX differ in regular ways: a list is an element around its items, an
attribute is a key, `<license><id>` and `<expression>` are items of `licenses`. What is read here is
what element sets ask about; text of other kinds is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.parsers import expat

_MAX_DEPTH = 200

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


@dataclass(slots=True)
class Element:
    """An element: its name without the namespace, which stands apart."""

    space: str
    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text inside, without that of the elements in it."""
        return "".join(self.words).strip()


class _Builder:
    """Elements from the events of the parser. No document type is read: by one, texts could be
    inflated or taken from elsewhere.
    """

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._words
        self.parser.StartDoctypeDeclHandler = _refuse

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition("}")
        plain = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        element = Element(space, name, plain)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)
        if len(self._open) > _MAX_DEPTH:
            raise ValueError("nested too deeply: not read")

    def _end(self, _: str) -> None:
        self._open.pop()

    def _words(self, words: str) -> None:
        if self._open:
            self._open[-1].words.append(words)


def _refuse(*_: object) -> NoReturn:
    raise ValueError("a document type: not read")


def parse_bom(data: bytes) -> tuple[Element, str]:
    """The `bom` element and the version of the format; the version is empty where this is another
    document. Raises ValueError for what is not well-formed, has a document type or is nested too
    deeply.
    """
    builder = _Builder()
    try:
        builder.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(f"line {error.lineno}: not well-formed XML") from error
    root = builder.root or Element("", "", {})
    version = root.space.removeprefix(_SPACE) if root.space.startswith(_SPACE) else ""
    return root, version


def to_dict(root: Element, version: str) -> dict[str, Any]:
    """The document as CycloneDX JSON would hold it. `root` is its `bom` element."""
    document = _object(root)
    document["specVersion"] = version
    if number := str(document.get("version", "")):
        document["version"] = int(number) if number.isdigit() and len(number) < 10 else 1
    if any(one.name == "Signature" for one in root.children):
        document["signature"] = {"algorithm": "XML signature"}
    return document


def _object(element: Element) -> dict[str, Any]:
    row: dict[str, Any] = dict(element.attributes)
    for child in element.children:
        name = child.name
        if name in _LISTS:
            row[name] = [_item(one) for one in child.children]
        elif name == "tools":
            row[name] = _tools(child)
        elif name in _REPEATED:
            # A dependency inside a dependency is its target.
            value = child.attributes.get("ref") if name == "dependency" else _value(child)
            row.setdefault(_REPEATED[name], []).append(value)
        else:
            row[name] = _value(child)
    return row


def _item(element: Element) -> Any:
    name = element.name
    text = element.text
    if name == "hash":
        return {"alg": element.attributes.get("alg", ""), "content": text}
    if name == "property":
        return {"name": element.attributes.get("name", ""), "value": text}
    if name == "license":
        return {"license": _object(element)}
    if name == "expression":
        return {"expression": text}
    if name == "dependency":
        targets = [one.attributes.get("ref") for one in element.children]
        return {
            "ref": element.attributes.get("ref", ""),
            "dependsOn": [one for one in targets if one],
        }
    return _value(element)


def _tools(element: Element) -> Any:
    """Until 1.4 a list of tools, from 1.5 on components and services."""
    rows = element.children
    if all(one.name == "tool" for one in rows):
        return [_object(one) for one in rows]
    return _object(element)


def _value(element: Element) -> Any:
    if element.children or element.attributes:
        return _object(element)
    return element.text
