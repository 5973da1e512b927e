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
    "services": [{"name": "a"}],
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
    gaps = [p["value"] for p in document["metadata"]["properties"] if p["name"] == "aisbom:gap"]
    assert any("1 services are listed: not read" in gap for gap in gaps)


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
