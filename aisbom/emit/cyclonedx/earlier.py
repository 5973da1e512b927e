"""A document in the form of CycloneDX 1.5, for readers that know no later one."""

from __future__ import annotations

from typing import Any

from aisbom.emit.cyclonedx.names import Json, place_text
from aisbom.model import Location

VERSION = "1.5"
LACKS = (
    "no place for claims, attestations, the country of a maker, energy that a model took,"
    " and whether a licence is declared or concluded"
)
"""What 1.5 does not carry, in words. Authors become one text, the line of a place a part of it."""

_SECTIONS = ("declarations", "definitions", "citations")
_FIELDS = frozenset(
    {
        *("address", "acknowledgement", "concludedValue", "manufacturer", "authors"),
        "environmentalConsiderations",
    }
)
"""Fields of any object that came after 1.5; none of them is a field of 1.5 elsewhere."""


def as_1_5(document: Json) -> Json:
    """The document of version 1.6 as one of 1.5."""
    made = {key: _earlier(value) for key, value in document.items() if key not in _SECTIONS}
    made |= {
        "$schema": f"http://cyclonedx.org/schema/bom-{VERSION}.schema.json",
        "specVersion": VERSION,
    }
    metadata = document["metadata"]
    if "manufacturer" in metadata:
        made["metadata"]["manufacture"] = _earlier(metadata["manufacturer"])
    if "authors" in metadata:
        made["metadata"]["authors"] = metadata["authors"]
    return made


def _earlier(value: Any) -> Any:
    if isinstance(value, list):
        return [_earlier(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _earlier(item) for key, item in value.items() if key not in _FIELDS}
    if "bom-ref" in value and "name" in value:
        made |= _of_component(value)
    if "occurrences" in value:
        made["occurrences"] = [{"location": _location(row)} for row in value["occurrences"]]
    if isinstance(value.get("identity"), list):
        made["identity"] = _earlier(value["identity"][0])
    return made


def _of_component(row: Json) -> Json:
    made: Json = {}
    if "manufacturer" in row:
        made["publisher"] = row["manufacturer"]["name"]
    if row.get("authors"):
        made["author"] = ", ".join(author["name"] for author in row["authors"])
    return made


def _location(row: Json) -> str:
    path = str(row["location"])
    return place_text(Location(path, int(row["line"]))) if "line" in row else path
