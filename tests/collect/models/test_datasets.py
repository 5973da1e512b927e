from __future__ import annotations

import json

import pytest

from aisbom.collect.models import datasets
from aisbom.model import Gap, Observation
from tests.conftest import MakeTree, collect

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def found(make_tree: MakeTree, name: str, text: str) -> list[Observation]:
    return [
        r
        for r in collect(make_tree({name: text}), datasets.COLLECTOR)
        if isinstance(r, Observation) and r.evidence.at.path == name
    ]


def test_a_card(make_tree: MakeTree) -> None:
    text = (
        "---\nlicense: cc-by-4.0\ntask_categories:\n- text-generation\npretty_name: Own"
        " Data\n---\n# Own\n"
    )
    (row,) = found(make_tree, "data/own/README.md", text)
    assert (row.name, row.fact("license"), row.fact("file-kind"), row.evidence.at.line) == (
        "Own Data",
        "cc-by-4.0",
        "dataset-card",
        3,
    )
    (row,) = found(make_tree, f"hub/datasets--own--data/snapshots/{COMMIT}/README.md", text)
    assert row.purl == f"pkg:huggingface/datasets/own/data@{COMMIT}"


def test_a_card_of_a_model_is_none(make_tree: MakeTree) -> None:
    assert (
        found(
            make_tree,
            "README.md",
            "---\npipeline_tag: text-generation\nlicense: mit\n---\ntask_categories: x\n",
        )
        == []
    )


def test_dataset_infos(make_tree: MakeTree) -> None:
    text = json.dumps(
        {"default": {"dataset_name": "own", "license": "MIT", "homepage": "https://own.example"}},
        indent=1,
    )
    (row,) = found(make_tree, "d/dataset_infos.json", text)
    assert (row.name, row.fact("license"), row.evidence.at.line) == ("own", "MIT", 2)


def test_croissant(make_tree: MakeTree) -> None:
    body = {
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "own-data",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "url": "https://huggingface.co/datasets/own/data",
        "creator": [
            {"@type": "Person", "name": "Nobody"},
            {"@type": "Organization", "name": "Own Lab"},
        ],
        "distribution": [{"contentUrl": "https://own.example/d.zip", "sha256": "ab" * 32}],
    }
    (row,) = found(make_tree, "croissant.json", json.dumps(body, indent=1))
    assert (row.purl, row.fact("content-url")) == (
        "pkg:huggingface/datasets/own/data",
        "https://own.example/d.zip",
    )
    assert row.all("publisher") == ("Own Lab",), "no person"
    assert row.fact("hash") == f"sha256:{'ab' * 32}"


@pytest.mark.parametrize(
    "text", ["[1]", '{"@type": "Recipe"}', '{"name": 3}', '{"@type": "Dataset"}']
)
def test_other_json_is_silent(make_tree: MakeTree, text: str) -> None:
    assert found(make_tree, "croissant.json", text) == []
    assert found(make_tree, "dataset_infos.json", '{"a": [1], "b": null}') == []


@pytest.mark.parametrize("text", ["{", "[" * 200_000, '{"a": "\0'])
def test_bad_files_are_gaps(make_tree: MakeTree, text: str) -> None:
    assert [type(r) for r in collect(make_tree({"croissant.json": text}), datasets.COLLECTOR)] == [
        Gap
    ]
