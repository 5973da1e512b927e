from __future__ import annotations

import json

import pytest

from aisbom.collect.models.adapter_base import COLLECTOR
from aisbom.model import Gap, Observation
from tests.conftest import MakeTree, collect


def test_the_base_with_its_place_and_commit(make_tree: MakeTree) -> None:
    config = {"peft_type": "LORA", "base_model_name_or_path": "acme/base", "revision": "a" * 40}
    text = json.dumps(config, indent=1)
    (row,) = collect(make_tree({"m/adapter_config.json": text}), COLLECTOR)
    assert isinstance(row, Observation)
    assert (row.purl, row.evidence.at.line) == (f"pkg:huggingface/acme/base@{'a' * 40}", 3)
    assert row.evidence.sees == "statement"


@pytest.mark.parametrize("revision", ["main", None, 7, ["a"]])
def test_a_branch_is_no_commit(make_tree: MakeTree, revision: object) -> None:
    text = json.dumps({"base_model_name_or_path": "acme/base", "revision": revision})
    (row,) = collect(make_tree({"adapter_config.json": text}), COLLECTOR)
    assert isinstance(row, Observation)
    assert row.version == ""


@pytest.mark.parametrize("base", ["./base", "/data/llama", "", None, 1, []])
def test_a_folder_is_no_base_that_is_known(make_tree: MakeTree, base: object) -> None:
    text = json.dumps({"base_model_name_or_path": base})
    assert collect(make_tree({"adapter_config.json": text}), COLLECTOR) == ()


def test_a_folder_that_may_be_called_after_a_release_is_a_hint(make_tree: MakeTree) -> None:
    text = json.dumps({"base_model_name_or_path": "/data/models/norae-7b"})
    (row,) = collect(make_tree({"adapter_config.json": text}), COLLECTOR)
    assert isinstance(row, Observation)
    assert (row.name, row.purl, row.fact("named-by")) == ("norae-7b", "", "folder")


@pytest.mark.parametrize("text", ["", "{", "\0", "[" * 100_000])
def test_what_cannot_be_read_is_a_gap(make_tree: MakeTree, text: str) -> None:
    (row,) = collect(make_tree({"adapter_config.json": text}), COLLECTOR)
    assert isinstance(row, Gap)


def test_another_document_is_silent(make_tree: MakeTree) -> None:
    assert collect(make_tree({"adapter_config.json": "[1]", "x.json": "{"}), COLLECTOR) == ()


def test_an_adapter_inside_its_base_names_nothing_more(make_tree: MakeTree) -> None:
    text = '{"base_model_name_or_path": "acme/Base-7B"}'
    files = {"m/base-7b/adapter/adapter_config.json": text, "m/base-7b/config.json": "{}"}
    assert collect(make_tree(files), COLLECTOR) == ()
    alone = {"n/base-7b/adapter_config.json": text}
    assert len(collect(make_tree(alone) / "n", COLLECTOR)) == 1
