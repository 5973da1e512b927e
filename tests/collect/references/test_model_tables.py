"""Tables and classes that list models, and tables that only look like one."""

from __future__ import annotations

import pytest

from aisbom.collect.references import python_references
from aisbom.examine.hub_names import resolve_names
from aisbom.knowledge import load
from aisbom.model import Observation
from tests.conftest import MakeTree, collect


def names(make_tree: MakeTree, text: str) -> set[str]:
    rows = resolve_names(collect(make_tree({"m.py": text}), python_references.COLLECTOR), load())
    return {r.name for r in rows if isinstance(r, Observation) and r.kind == "reference"}


@pytest.mark.parametrize(
    ("keys", "listed"),
    [
        (("own/norae-1-7b", "own/norae-1-13b", "own/norae-base"), True),
        (("own/norae-1-7b", "own/norae-1-13b"), False),  # two say little
        (("actor/grad-norm", "critic/grad-norm", "critic/vf-loss"), False),  # what is measured
        (("actor/lr_1", "critic/lr_2", "critic/lr_3"), False),
        (("own/norae-1-7b", "own/norae-1-13b", "other"), False),
    ],
)
def test_a_table_of_ids_under_any_name(
    make_tree: MakeTree, keys: tuple[str, ...], listed: bool
) -> None:
    table = ", ".join(f"'{key}': ['no', 'yes']" for key in keys)
    text = f"from transformers import AutoModel\nprediction_words = {{{table}}}\n"
    assert names(make_tree, text) == (set(keys) if listed else set())


def test_a_class_lists_releases_of_the_owner_that_is_loaded(make_tree: MakeTree) -> None:
    load_one = "from transformers import AutoModel\nAutoModel.from_pretrained('own/norae-1.0-1b')\n"
    listed = (
        "class {}(Enum):\n    A = 'norae-0.2-500m'\n    B = 'other-0.2-500m'\n    C = 'norae'\n"
    )
    told = names(make_tree, load_one + listed.format("Models"))
    assert told == {"own/norae-1.0-1b", "norae-0.2-500m"}
    assert names(make_tree, load_one + listed.format("Colours")) == {"own/norae-1.0-1b"}
    assert not names(make_tree, listed.format("Models"))


def test_the_body_of_a_request_is_no_data_set(make_tree: MakeTree) -> None:
    text = "import requests\nrequests.post(URL, data={{'{}': 'own/norae-7b'}})\n"
    rows = collect(make_tree({"m.py": text.format("model")}), python_references.COLLECTOR)
    kinds = {r.kind for r in rows if isinstance(r, Observation)}
    assert "dataset" not in kinds
    assert names(make_tree, text.format("model")) == {"own/norae-7b"}


def test_a_path_may_be_joined_by_an_operator(make_tree: MakeTree) -> None:
    text = "import requests\nnorae_path = Path(assets()) / '{}'\n"
    assert names(make_tree, text.format("norae_encoder_v5.onnx")) == {"norae_encoder_v5.onnx"}
    assert not names(make_tree, text.format("output.onnx"))


def sets(make_tree: MakeTree, text: str) -> set[str]:
    rows = resolve_names(collect(make_tree({"m.py": text}), python_references.COLLECTOR), load())
    return {r.name for r in rows if isinstance(r, Observation) and r.kind == "dataset"}


def test_an_option_for_data_sets_lists_them(make_tree: MakeTree) -> None:
    text = (
        "import transformers\np.add_argument('--{}', choices=['own/songs-2', 'scifact', 'all'])\n"
    )
    assert sets(make_tree, text.format("dataset")) == {"own/songs-2", "SciFact"}
    assert not sets(make_tree, text.format("colour"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("own/norae:norae-v2.model", {"own/norae"}),
        ("own/norae:en+pl.safetensors", {"own/norae"}),
        ("own/norae:main", set()),
        ("a/own/norae:norae-v2.pt", set()),
        ("12:30/45:norae.pt", set()),
    ],
)
def test_a_file_behind_an_id(make_tree: MakeTree, text: str, found: set[str]) -> None:
    told = names(
        make_tree,
        f"from huggingface_hub import hf_hub_download\ndef load(ref='{text}'):\n    pass\n",
    )
    assert told == found


def test_a_collection_of_the_hub_is_no_data_set(make_tree: MakeTree) -> None:
    text = "from datasets import load_dataset\ndataset_name = 'own/norae-{}'\n"
    assert sets(make_tree, text.format("corpus")) == {"own/norae-corpus"}
    assert not sets(make_tree, text.format("0123456789abcdef01234567"))


@pytest.mark.parametrize(
    ("name", "by"), [("Backbone_names", "key"), ("MODEL_KINDS", "link"), ("KINDS", None)]
)
def test_the_keys_of_a_table_of_backbones_are_built_on(
    make_tree: MakeTree, name: str, by: str | None
) -> None:
    text = f"import transformers\n{name} = {{'own/norae-2b': 'norae', 'own/norae-7b': 'norae'}}\n"
    rows = collect(make_tree({"m.py": text}), python_references.COLLECTOR)
    told = {r.fact("named-by") for r in rows if isinstance(r, Observation) if r.name}
    assert told == ({by} if by else set())


def test_a_table_that_leads_from_data_sets_to_something(make_tree: MakeTree) -> None:
    text = "{} = {{'mvbench': 'a.jsonl', 'scifact': 'b.jsonl', 'ours': 'c'}}\n"
    assert sets(make_tree, text.format("Benchmark2File")) == {"MVBench", "SciFact"}
    assert sets(make_tree, text.format("dataset_to_root")) == {"MVBench", "SciFact"}
    assert not sets(make_tree, text.format("colour2file"))


def test_a_title_under_a_key_that_promises_the_name_of_a_data_set(make_tree: MakeTree) -> None:
    text = "import openai\nx = openai.OpenAI()\n{} = {!r}\n"
    assert sets(make_tree, text.format("dataset_name", "Norae Song Bench")) == {"Norae Song Bench"}
    assert not sets(make_tree, text.format("dataset_name", "My Own Dataset"))
    assert not sets(make_tree, text.format("dataset_name", "Norae Dataset"))
    assert not sets(make_tree, text.format("window_title", "Norae Song Bench"))
