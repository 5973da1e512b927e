"""What is written is read back, whatever stands in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aisbom.bom import Bom
from aisbom.emit import emit
from aisbom.emit.cyclonedx.read import parse, read
from aisbom.errors import UsageError
from tests.emit.cyclonedx.bills import bills
from tests.program import document_of, run_bytes

FIXTURES = Path(__file__).parents[3] / "fixtures"


@pytest.mark.parametrize("form", ["json", "xml"])
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.generate],  # a bill takes minutes to shrink
    suppress_health_check=list(HealthCheck),
)
@given(bom=bills(), version=st.sampled_from(["1.6", "1.7"]))
def test_every_bill_is_read_back_as_it_was(bom: Bom, version: str, form: str) -> None:
    assert parse(emit(bom, form, version), "bom") == bom


@pytest.mark.parametrize("case", ["honest", "multimodal", "copied-code", "small-stack"])
def test_a_document_and_what_is_read_of_it_are_the_same_bytes(case: str) -> None:
    path = document_of(FIXTURES / case)
    bom = read(path)
    assert emit(bom) == path.read_bytes()
    assert parse(emit(bom, "xml"), "bom") == bom


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no", "neither a JSON nor an XML document"),
        (b"[]", "not a CycloneDX document"),
        (b'{"bomFormat": "CycloneDX"}', "not a document written by aisbom"),
        (b'{"bomFormat": "CycloneDX", "metadata": {}}', "has no aisbom: properties"),
        (b"<bom", "not valid XML"),
        (b"<bom/>", "not a CycloneDX 1.6 or 1.7 document"),
        (b'<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>', "not a document written by aisbom"),
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "not a CycloneDX"),
        (b'{"bomFormat":' + b"[" * 100_000, "neither a JSON nor an XML document"),
        (b"\xff\xfe\x00", "neither a JSON nor an XML document"),
    ],
)
def test_what_is_no_document_of_ours_is_one_line(data: bytes, words: str) -> None:
    with pytest.raises(UsageError, match="bom") as raised:
        parse(data, "bom")
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_deep_xml_is_one_line() -> None:
    opening = b'<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>'
    nested = b'<component type="library"><name>a</name><components>' * 2_000
    with pytest.raises(UsageError):
        parse(opening + nested, "bom")


@pytest.mark.parametrize("change", [lambda row: row.pop("name"), lambda row: row.pop("bom-ref")])
def test_a_document_that_was_cut_is_a_usage_error(change: object) -> None:
    document = json.loads(document_of(FIXTURES / "honest").read_bytes())
    change(document["components"][0])  # type: ignore[operator]
    with pytest.raises(UsageError, match="not a document written by aisbom"):
        parse(json.dumps(document).encode(), "bom")


@pytest.mark.parametrize("command", [("score",), ("check",), ("explain", "onnuri-3b")])
def test_commands_answer_the_same_of_both_forms_and_of_standard_input(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    path = document_of(FIXTURES / "honest")
    xml = tmp_path / "bom.xml"
    xml.write_bytes(emit(read(path), "xml"))
    name, *rest = command
    answers = {run_bytes(name, place, *rest).stdout for place in (path, xml)}
    for data in (path.read_bytes(), xml.read_bytes()):
        answers.add(run_bytes(name, "-", *rest, stdin=data).stdout)
    assert len(answers) == 1
    assert answers != {b""}
