from __future__ import annotations

import json

import pytest

from aisbom.bom import DataSet
from aisbom.bom.models import card, short
from aisbom.model import Component, Evidence, Location, Observation, facts
from tests.conftest import MakeTree
from tests.identify.test_contradictions import DECODER, config
from tests.program import every_component, properties, run

CARD = """---
license: apache-2.0
language: [en, ko, yue]
pipeline_tag: image-text-to-text
base_model: [owner/base]
base_model_relation: quantized
datasets: [a/b]
model-index:
- results:
  - dataset: {name: D}
    metrics: [{type: accuracy, value: 0.5}]
---
# m

A model with a description that is long enough to count.

We trained it by self-supervised learning, see https://arxiv.org/abs/2601.00001.

## Intended users
Testers.
## Uses
Tests.
## Limitations
Many.
## Trade-offs
Small for fast.
## Ethics
None examined.
"""


def document(
    make_tree: MakeTree, files: dict[str, str | bytes], *arguments: str
) -> list[dict[str, object]]:
    done = run("generate", make_tree(files), "-o", "-", "--quiet", "--no-cache", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return every_component(json.loads(done.stdout))


@pytest.mark.parametrize("version", ["1.6", "1.7"])
def test_all_that_a_card_states_is_in_the_model_card(make_tree: MakeTree, version: str) -> None:
    rows = document(
        make_tree, {"m/README.md": CARD, "m/config.json": config()}, "--spec-version", version
    )
    (row,) = (row for row in rows if row["bom-ref"] == "model:m")
    assert row["description"] == "A model with a description that is long enough to count."
    assert row["modelCard"] == {
        "modelParameters": {
            "approach": {"type": "self-supervised"},
            "task": "image-text-to-text",
            "architectureFamily": "ours",
            "datasets": [
                {
                    "type": "dataset",
                    "name": "a/b",
                    "classification": "not stated",
                    "contents": {
                        "properties": [
                            {"name": "aisbom:dataset:ref", "value": "pkg:huggingface/datasets/a/b"}
                        ]
                    },
                }
            ],
            "inputs": [{"format": "image"}, {"format": "text"}],
            "outputs": [{"format": "text"}],
        },
        "quantitativeAnalysis": {
            "performanceMetrics": [{"type": "accuracy", "value": "0.5", "slice": "D"}]
        },
        "considerations": {
            "users": ["Testers."],
            "useCases": ["Tests."],
            "technicalLimitations": ["Many."],
            "performanceTradeoffs": ["Small for fast."],
            "ethicalConsiderations": [{"name": "None examined."}],
        },
    }
    (parent,) = row["pedigree"]["ancestors"]  # type: ignore[index]
    assert parent["purl"] == "pkg:huggingface/owner/base"
    assert properties(parent, "aisbom:model:base_model_relation") == ["quantized"]
    assert properties(row, "cdx:ai-ml:model:language") == ["en,ko"]
    assert properties(row, "aisbom:model:language") == ["en", "ko", "yue"]
    assert {
        "type": "documentation",
        "url": "https://arxiv.org/abs/2601.00001",
        "comment": "a paper that the model card links to",
    } in row["externalReferences"]  # type: ignore[operator]


def test_a_model_without_a_card_has_what_its_files_state(make_tree: MakeTree) -> None:
    rows = document(make_tree, {"m/model.safetensors": DECODER})
    (row,) = (row for row in rows if row["type"] == "machine-learning-model")
    assert "modelCard" not in row
    assert "pedigree" not in row


def test_the_xml_form_carries_it(make_tree: MakeTree) -> None:
    log = '{"step": 1, "loss": 3}\n{"step": 2, "loss": 2}\n'
    done = run(
        "generate",
        make_tree({"m/README.md": CARD, "m/run.jsonl": log}),
        "-o",
        "-",
        "--format",
        "xml",
        "--quiet",
        "--no-cache",
    )
    assert done.returncode == 0
    for words in ("<performanceMetrics>", "<technicalLimitations>", "<ancestors>", "<formulation>"):
        assert words in done.stdout


def test_short_counts() -> None:
    assert [short(n) for n in (999, 22_713_728, 7_000_000_000, 1_500_000_000_000)] == [
        "999",
        "22.7M",
        "7B",
        "1.5T",
    ]


def test_data_sets_are_references_to_what_the_document_holds(make_tree: MakeTree) -> None:
    card = "---\ndatasets: [a/b, snli, stanfordnlp/snli, ours]\n---\n# m\n"
    rows = document(make_tree, {"m/README.md": card, "m/config.json": config()})
    (row,) = (row for row in rows if row["bom-ref"] == "model:m")
    listed = row["modelCard"]["modelParameters"]["datasets"]  # type: ignore[index]
    assert [entry["name"] for entry in listed] == ["a/b", "ours", "stanfordnlp/snli"]
    refs = [entry["contents"]["properties"][0]["value"] for entry in listed]
    assert refs == [
        "pkg:huggingface/datasets/a/b",
        "dataset:ours",
        "pkg:huggingface/datasets/stanfordnlp/snli",
    ]
    assert set(refs) <= {row["bom-ref"] for row in rows}


def test_a_data_set_without_a_component_is_a_name() -> None:
    seen = Evidence("model-card", "manifest-analysis", "high", Location("README.md", 2))
    subject = Component(
        "m",
        "machine-learning-model",
        "m",
        "",
        "",
        (Observation("model", "m", "", "", seen, facts(dataset="a/b")),),
    )
    assert card(subject, {}).datasets == (DataSet("a/b"),)
