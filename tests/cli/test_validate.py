"""`aisbom validate` on documents of ours and of others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aisbom.bom.element_sets import SETS
from aisbom.bom.elements import hold_against
from aisbom.emit import any_document
from aisbom.emit.cyclonedx.xml import to_xml
from tests.emit.documents import worked
from tests.program import ROOT, run

OURS = ROOT / "fixtures"


def write(folder: Path, document: Any, name: str = "bom.json") -> Path:
    path = folder / name
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    path.write_bytes(data)
    return path


def answers(folder: Path, document: Any, profile: str) -> dict[str, dict[str, Any]]:
    result = run("validate", write(folder, document), "--profile", profile, "--format", "json")
    assert result.returncode in (0, 1), result.stderr
    return {row["id"]: row for row in json.loads(result.stdout)["elements"]}


def library(**more: Any) -> dict[str, Any]:
    return {"type": "library", "bom-ref": "lib", "name": "lib", **more}


def cyclonedx(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.4",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "app", "name": "app"}},
        "components": list(components),
        **more,
    }


def test_a_full_component_meets_ntia(tmp_path: Path) -> None:
    supplier = {"name": "Maker"}
    document = cyclonedx(
        library(supplier=supplier, version="1", purl="pkg:pypi/lib@1"),
        dependencies=[{"ref": "app", "dependsOn": ["lib"]}],
    )
    document["metadata"] |= {
        "timestamp": "2026-01-01T00:00:00Z",
        "authors": [{"name": "Desk"}],
        "component": {
            **document["metadata"]["component"],
            "supplier": supplier,
            "version": "2",
            "purl": "pkg:generic/app@2",
        },
    }
    rows = answers(tmp_path, document, "ntia")
    assert {row["status"] for row in rows.values()} == {"met"}
    del document["components"][0]["supplier"]
    rows = answers(tmp_path, document, "ntia")
    assert rows["supplier"]["status"] == "missing"
    assert rows["supplier"]["lacking"] == ["lib"]
    assert rows["supplier"]["fill"]
    assert rows["version"]["status"] == "met"


def test_what_the_document_calls_unknown_is_told_from_silence(tmp_path: Path) -> None:
    said = [{"name": "aisbom:unknown", "value": "licence"}]
    rows = answers(
        tmp_path, cyclonedx(library(properties=said), library(**{"bom-ref": "b"})), "cisa-2026"
    )
    assert rows["licence"]["unknown"] == 1
    assert rows["licence"]["have"] == 0
    assert rows["known-unknowns"]["status"] == "missing"


def test_without_a_model_its_elements_are_not_applicable(tmp_path: Path) -> None:
    rows = answers(tmp_path, cyclonedx(library()), "g7-ai")
    assert rows["model.name"]["status"] == "not-applicable"
    assert rows["data.licence"]["status"] == "not-applicable"
    model = {"type": "machine-learning-model", "bom-ref": "m", "name": "m"}
    rows = answers(tmp_path, {**cyclonedx(model), "specVersion": "1.6"}, "g7-ai")
    assert rows["model.name"]["status"] == "met"
    assert rows["model.hash"]["status"] == "missing"


def test_spdx(tmp_path: Path) -> None:
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": "x",
        "documentNamespace": "https://example.org/x",
        "creationInfo": {
            "created": "2026-01-01T00:00:00Z",
            "creators": ["Organization: Maker (desk@maker.example)", "Tool: t-1"],
        },
        "packages": [
            {
                "SPDXID": "SPDXRef-a",
                "name": "a",
                "versionInfo": "1",
                "downloadLocation": "NOASSERTION",
                "supplier": "NOASSERTION",
                "licenseConcluded": "MIT",
                "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:pypi/a@1"}],
            }
        ],
        "relationships": [
            {
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relationshipType": "DESCRIBES",
                "relatedSpdxElement": "SPDXRef-a",
            }
        ],
    }
    rows = answers(tmp_path, document, "ntia")
    assert rows["supplier"]["unknown"] == 1
    assert [rows[key]["status"] for key in ("version", "identifier", "author", "timestamp")] == [
        "met"
    ] * 4
    done = run("validate", tmp_path / "bom.json")
    assert done.returncode == 0
    assert "required fields of SPDX 2.3: all are there; the rest" in done.stdout
    del document["name"]
    wrong = run("validate", write(tmp_path, document))
    assert wrong.returncode == 1
    assert "required fields of SPDX 2.3: 1 error" in wrong.stdout


@pytest.mark.parametrize("version", ["1.6", "1.7"])
@pytest.mark.parametrize("profile", sorted(SETS))
def test_xml_and_json_of_one_document_have_one_answer(version: str, profile: str) -> None:
    """What a form can say, it says of both; the XML schemas have no place for signatures of JSON."""
    document = worked(version)
    document.pop("signature", None)
    both = [
        {
            answer.key: (answer.status, answer.have, answer.asked)
            for answer in hold_against(any_document.read(data, "x"), SETS[profile])
        }
        for data in (json.dumps(document).encode(), to_xml(document))
    ]
    assert both[0] == both[1]


def test_our_own_documents_are_valid(tmp_path: Path) -> None:
    case = sorted(path for path in OURS.iterdir() if (path / "input").is_dir())[0]
    for name in ("bom.json", "bom.xml"):
        written = run("generate", case / "input", "-o", tmp_path / name)
        assert written.returncode == 0, written.stderr
        result = run("validate", tmp_path / name)
        assert result.returncode == 0, result.stdout
        assert "valid by the schema" in result.stdout


def test_an_invalid_document_is_shown_line_by_line(tmp_path: Path) -> None:
    result = run("validate", write(tmp_path, cyclonedx({"type": "nonsense", "name": "x"})))
    assert result.returncode == 1
    assert "/components/0/type" in result.stdout


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"{}", b"<", b"<a/>", b"\xff\xfe", b'{"bomFormat": "Other"}',
        b'<!DOCTYPE x [<!ENTITY a "b">]><bom xmlns="http://example.org">&a;</bom>',
        b'{"spdxVersion": "SPDX-3.0"}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_document_is_a_usage_error_on_one_line(tmp_path: Path, data: bytes) -> None:
    result = run("validate", write(tmp_path, data))
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, [None], [1], [{}], {"x": []}])
def test_values_of_any_type_are_read(tmp_path: Path, value: Any) -> None:
    keys = ("metadata", "components", "dependencies", "services", "declarations", "definitions")
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", **dict.fromkeys(keys, value)}
    for profile in SETS:
        assert answers(tmp_path, document, profile)
    part = dict.fromkeys(
        ("licenses", "hashes", "properties", "modelCard", "data", "supplier"), value
    )
    for profile in SETS:
        assert answers(tmp_path, cyclonedx({"name": "x", **part}), profile)


def of_another_tool(depends_on: list[str] | None = None) -> dict[str, Any]:
    """As scanners write it: parts, and no graph that begins at the whole."""
    document: dict[str, Any] = cyclonedx(
        {"type": "library", "bom-ref": "a", "name": "a"},
        {"type": "library", "bom-ref": "b", "name": "b"},
    )
    if depends_on is not None:
        document["dependencies"] = [{"ref": "a", "dependsOn": depends_on}]
    return document


@pytest.mark.parametrize("depends_on", [None, [], ["b"]])
def test_no_schema_asks_for_a_graph(tmp_path: Path, depends_on: list[str] | None) -> None:
    """Parts that nothing leads to are counted, and the document is as valid as its schema says."""
    file = write(tmp_path, of_another_tool(depends_on))
    done = run("validate", file)
    assert done.returncode == 0, done.stdout
    assert "valid by the schema" in done.stdout
    assert "no schema asks for that" in done.stdout
    found = json.loads(run("validate", file, "--format", "json").stdout)["schema"]
    assert found["errors"] == []
    assert any("cannot be reached" in line for line in found["outside_the_graph"])
    assert "스키마가 요구하는 사항은 아님" in run("validate", file, "--lang", "ko").stdout


def test_a_reference_to_nothing_is_wrong_in_every_document(tmp_path: Path) -> None:
    file = write(tmp_path, of_another_tool(["nothing"]))
    english = run("validate", file)
    assert english.returncode == 1
    assert "schema: valid by the schema of CycloneDX" in english.stdout  # it cannot see that
    assert "references: 1 error:" in english.stdout
    found = json.loads(run("validate", file, "--format", "json").stdout)["schema"]
    assert (found["valid"], len(found["broken_references"])) == (True, 1)
    done = run("validate", file, "--lang", "ko")
    assert done.returncode == 1
    assert '"nothing": 이 문서에 없는 bom-ref임' in done.stdout
