"""Models and data sets that the SBOM of another tool lists keep their type, licence and ancestors."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import MakeTree
from tests.program import every_component, properties, run

BOM: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "metadata": {"tools": {"components": [{"type": "application", "name": "aisbom-other"}]}},
    "components": [
        {
            "type": "machine-learning-model",
            "bom-ref": "m",
            "group": "acme",
            "name": "own-7b",
            "purl": "pkg:huggingface/acme/own-7b",
            "licenses": [{"license": {"id": "MIT"}}],
            "pedigree": {
                "ancestors": [
                    {
                        "type": "machine-learning-model",
                        "name": "base",
                        "purl": "pkg:huggingface/Qwen/Qwen2-7B",
                    }
                ]
            },
        },
        {"type": "data", "bom-ref": "d", "name": "own-corpus"},
        {"type": "library", "bom-ref": "l", "name": "numpy", "purl": "pkg:pypi/numpy@1.0"},
    ],
    "services": [
        {
            "bom-ref": "s",
            "name": "Chat API",
            "provider": {"name": "OpenAI", "url": ["https://openai.com"]},
            "endpoints": ["https://api.openai.com/v1/chat/completions"],
            "services": [{"name": "cache", "endpoints": ["http://localhost:8000"]}],
        },
        {"name": "Corpora", "provider": {"name": "Northern Corpora Ltd"}},
    ],
}


def parts(make_tree: MakeTree, files: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    document = json.loads(run("generate", make_tree(files), "-q", "-o", "-").stdout)
    return {row["name"]: row for row in every_component(document)}, document


def test_types_licences_and_ancestors_stay(make_tree: MakeTree) -> None:
    found, document = parts(make_tree, {"other.cdx.json": json.dumps(BOM)})
    model = found["own-7b"]
    assert model["type"] == "machine-learning-model"
    assert {row["license"]["id"] for row in model["licenses"]} == {"MIT"}
    assert [a["purl"] for a in model["pedigree"]["ancestors"]] == ["pkg:huggingface/Qwen/Qwen2-7B"]
    assert properties(model, "aisbom:component:class") == ["backbone-weights"]
    assert found["own-corpus"]["type"] == "data"
    assert found["numpy"]["type"] == "library"
    assert not [p for p in document["metadata"]["properties"] if p["name"] == "aisbom:gap"]


def test_services_stay_with_their_provider(make_tree: MakeTree) -> None:
    _, document = parts(make_tree, {"other.cdx.json": json.dumps(BOM)})
    found = {row["name"]: row for row in document["services"]}
    assert set(found) == {"OpenAI API", "Corpora", "self-hosted endpoint"}
    assert found["OpenAI API"]["endpoints"] == ["https://api.openai.com"]
    assert found["Corpora"]["provider"]["name"] == "Northern Corpora Ltd"


def test_data_sets_of_a_model_card_are_parts_and_belong_to_it(make_tree: MakeTree) -> None:
    page = "https://huggingface.co/datasets/acme/talk"
    card = {
        "modelParameters": {
            "task": "text-generation",
            "datasets": [
                {"ref": "d"},
                {"type": "dataset", "name": "acme/talk", "contents": {"url": page}},
            ],
        }
    }
    bom = {**BOM, "components": [{**BOM["components"][0], "modelCard": card}, BOM["components"][1]]}
    found, document = parts(make_tree, {"other.cdx.json": json.dumps(bom)})
    assert found["talk"]["purl"] == "pkg:huggingface/datasets/acme/talk"
    (edges,) = [
        row["dependsOn"]
        for row in document["dependencies"]
        if row["ref"] == found["own-7b"]["bom-ref"]
    ]
    assert sorted(edges) == sorted([found["own-corpus"]["bom-ref"], found["talk"]["bom-ref"]])


def test_xml_says_the_same(make_tree: MakeTree) -> None:
    xml = """<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><components>
    <component type="machine-learning-model" bom-ref="m"><name>own-7b</name>
    <licenses><license><id>MIT</id></license></licenses></component></components>
    <services><service><name>Corpora</name></service></services></bom>"""
    found, document = parts(make_tree, {"other.cdx.xml": xml})
    assert found["own-7b"]["type"] == "machine-learning-model"
    assert {row["license"]["id"] for row in found["own-7b"]["licenses"]} == {"MIT"}
    assert [row["name"] for row in document["services"]] == ["Corpora"]


SPDX: dict[str, Any] = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
        {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1"},
        {"type": "Organization", "spdxId": "https://x/org", "name": "Acme"},
        {
            "type": "ai_AIPackage",
            "spdxId": "https://x/m",
            "name": "own-7b",
            "software_packageVersion": "1.0",
            "software_downloadLocation": "https://huggingface.co/acme/own-7b",
            "suppliedBy": "https://x/org",
            "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": "a" * 64}],
        },
        {
            "type": "ai_AIPackage",
            "spdxId": "https://x/b",
            "name": "base",
            "software_packageUrl": "pkg:huggingface/Qwen/Qwen2-7B",
        },
        {"type": "dataset_DatasetPackage", "spdxId": "https://x/d", "name": "own-corpus"},
        {"type": "security_Vulnerability", "spdxId": "https://x/v"},
        {
            "type": "Relationship",
            "from": "https://x/m",
            "relationshipType": "hasDeclaredLicense",
            "to": ["https://spdx.org/licenses/MIT"],
        },
        {
            "type": "Relationship",
            "from": "https://x/m",
            "relationshipType": "trainedOn",
            "to": ["https://x/d"],
        },
        {
            "type": "Relationship",
            "from": "https://x/m",
            "relationshipType": "descendantOf",
            "to": ["https://x/b"],
        },
    ],
}


def test_the_ai_and_data_profiles_of_spdx_3(make_tree: MakeTree) -> None:
    found, document = parts(make_tree, {"ai.spdx.json": json.dumps(SPDX)})
    model, data = found["own-7b"], found["own-corpus"]
    assert (model["type"], data["type"]) == ("machine-learning-model", "data")
    assert model["purl"] == "pkg:huggingface/acme/own-7b@1.0"
    assert {row["license"]["id"] for row in model["licenses"]} == {"MIT"}
    assert [a["purl"] for a in model["pedigree"]["ancestors"]] == ["pkg:huggingface/Qwen/Qwen2-7B"]
    assert [row["content"] for row in model["hashes"]] == ["a" * 64]
    (edges,) = [
        row["dependsOn"] for row in document["dependencies"] if row["ref"] == model["bom-ref"]
    ]
    assert edges == [data["bom-ref"]]
    (gap,) = [p["value"] for p in document["metadata"]["properties"] if p["name"] == "aisbom:gap"]
    assert "1 elements of the kind Vulnerability: not read" in gap


def test_code_that_names_the_model_does_not_change_its_type(make_tree: MakeTree) -> None:
    code = (
        "from transformers import AutoModelForCausalLM\n"
        "m = AutoModelForCausalLM.from_pretrained('acme/own-7b')\n"
    )
    found, _ = parts(make_tree, {"other.cdx.json": json.dumps(BOM), "serve.py": code})
    assert found["own-7b"]["type"] == "machine-learning-model"


def test_our_own_document_is_read_only_where_a_distribution_ships_it(make_tree: MakeTree) -> None:
    own = json.dumps({**BOM, "metadata": {"tools": {"components": [{"name": "aisbom"}]}}})
    assert "own-7b" not in parts(make_tree, {"old.cdx.json": own})[0]
    shipped = {
        "site-packages/acme-1.0.dist-info/METADATA": "Name: acme\nVersion: 1.0\n",
        "site-packages/acme-1.0.dist-info/sboms/acme.cdx.json": own,
    }
    assert "own-7b" in parts(make_tree, shipped)[0]
