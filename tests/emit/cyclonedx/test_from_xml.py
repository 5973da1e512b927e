"""What a document of ours says in XML is what it says in JSON, every value as a text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aisbom.emit.cyclonedx.from_xml import from_xml
from aisbom.emit.cyclonedx.xml import not_in_xml, to_xml
from aisbom.errors import UsageError
from tests.program import document_of

FIXTURES = Path(__file__).parents[3] / "fixtures"


def as_texts(value: Any) -> Any:
    """Numbers and booleans as XML writes them; empty lists, which XML leaves out, left out."""
    if isinstance(value, dict):
        rows = {key: as_texts(item) for key, item in value.items()}
        return {key: item for key, item in rows.items() if item not in ([], None)}
    if isinstance(value, list):
        return [as_texts(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def comparable(document: dict[str, Any]) -> dict[str, Any]:
    """Without what the namespace says, and what the two forms shape differently on purpose."""
    rows = {key: value for key, value in document.items() if key != "$schema"}
    return {
        **rows,
        "services": [
            {key: value for key, value in row.items() if key != "data"}
            for row in rows.get("services", [])
        ],
    }


@pytest.mark.parametrize("case", ["honest", "multimodal", "copied-code", "small-stack"])
def test_all_of_a_document_is_in_its_xml(case: str) -> None:
    document = json.loads(document_of(FIXTURES / case).read_bytes())
    assert not_in_xml(document) == []
    back = from_xml(to_xml(document), "x")
    assert as_texts(comparable(back)) == as_texts(comparable(document))


@pytest.mark.parametrize(
    "data",
    [b"<a/>", b"<bom", b'<bom xmlns="http://cyclonedx.org/schema/bom/1.2"/>', b"", b"\x00<bom/>"],
)
def test_what_is_no_document_is_a_usage_error(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"^x: "):
        from_xml(data, "x")


def test_entities_and_strangers_are_not_read() -> None:
    data = b"""<!DOCTYPE bom [<!ENTITY e "secret">]>
    <bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="s" version="1">
    <!-- a comment --><stranger xmlns="urn:x">a</stranger><unknown>b</unknown>
    <metadata><component type="library"><name>a &e; b</name></component></metadata></bom>"""
    document = from_xml(data, "x")
    assert "secret" not in json.dumps(document)
    assert document.keys() == {"bomFormat", "specVersion", "serialNumber", "version", "metadata"}
