from __future__ import annotations

import json
from typing import Any

import pytest

from aisbom.collect.models import tokenizers
from aisbom.collect.models.model_config import COLLECTOR
from aisbom.model import Gap, Observation
from tests.conftest import MakeTree, collect
from tests.program import every_component, properties, run

CONFIG = {
    "_name_or_path": "owner/parent",
    "architectures": ["SomeForCausalLM"],
    "auto_map": {"AutoModel": "modeling.Some", "AutoTokenizer": ["a.B", None]},
    "model_type": "some",
    "hidden_size": 64,
    "n_layer": 2,
    "vocab_size": 1000,
    "torch_dtype": "bfloat16",
    "quantization_config": {"quant_method": "gptq"},
    "vision_config": {"model_type": "siglip_vision_model", "hidden_size": 32},
    "text_config": [],
}


def models(make_tree: MakeTree, path: str, content: Any) -> list[Observation]:
    rows = collect(
        make_tree({path: content if isinstance(content, str) else json.dumps(content, indent=1)}),
        COLLECTOR,
    )
    return [row for row in rows if isinstance(row, Observation) and row.kind == "model"]


def one(make_tree: MakeTree, path: str, content: Any) -> Observation:
    """What a configuration says, without the row of the name that it kept."""
    return max(models(make_tree, path, content), key=lambda row: len(row.facts))


def test_a_configuration(make_tree: MakeTree) -> None:
    found = one(make_tree, "tuned/config.json", CONFIG)
    assert (found.kind, found.name, found.version, found.purl) == ("model", "tuned", "", "")
    assert (found.evidence.at.line, found.evidence.excerpt) == (13, '"model_type": "some",')
    assert dict(found.facts) == {
        "architecture": "SomeForCausalLM",
        "auto-map": "modeling.Some",
        "file-kind": "config",
        "hidden-size": "64",
        "model-type": "some",
        "num-hidden-layers": "2",
        "quantisation": "gptq",
        "torch-dtype": "bfloat16",
        "vision-hidden-size": "32",
        "vision-model-type": "siglip_vision_model",
        "vocab-size": "1000",
    }
    assert found.all("auto-map") == ("a.B", "modeling.Some")


def test_the_name_that_was_kept_stands_at_its_own_line(make_tree: MakeTree) -> None:
    (kept,) = (
        row for row in models(make_tree, "tuned/config.json", CONFIG) if row.fact("name-or-path")
    )
    assert kept.fact("name-or-path") == "owner/parent"
    assert '"_name_or_path": "owner/parent"' in kept.evidence.excerpt
    assert json.dumps(CONFIG, indent=1).split("\n")[kept.evidence.at.line - 1].strip() == (
        kept.evidence.excerpt
    )


def test_a_stated_id_counts_where_the_folder_has_its_name(make_tree: MakeTree) -> None:
    found = one(make_tree, "models/parent/config.json", CONFIG)
    assert (found.name, found.fact("model-id")) == ("owner/parent", "owner/parent")
    assert found.purl == ""


def test_a_local_path_is_no_id_and_shows_no_home(make_tree: MakeTree) -> None:
    content = {"model_type": "some", "_name_or_path": "/home/someone/m"}
    for found in models(make_tree, "m/config.json", content):
        assert found.fact("model-id") == ""
        assert "someone" not in repr(found)


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        "3",
        '"model"',
        '{"architectures": ["amd64", "arm64"]}',
        '{"model_type": 3, "architectures": "x", "_name_or_path": ["a"]}',
        '{"_name_or_path": "a/b"}',
        '{"word_embedding_dimension": 384, "pooling_mode_cls_token": false}',
        "// settings of some program\n{}",
    ],
)
def test_other_configurations_say_nothing(make_tree: MakeTree, content: str) -> None:
    assert collect(make_tree({"config.json": content}), COLLECTOR) == ()


@pytest.mark.parametrize(
    "content",
    [
        '{"model_type": ',
        '{"model_type": ' + "[" * 100_000,
        '{"model_type": "' + "a" * 9_000_000 + '"}',
    ],
)
def test_a_damaged_configuration_is_a_gap(make_tree: MakeTree, content: str) -> None:
    (found,) = collect(make_tree({"config.json": content}), COLLECTOR)
    assert isinstance(found, Gap)


def test_wrong_types_everywhere_do_no_harm(make_tree: MakeTree) -> None:
    content = {
        "model_type": "some",
        "hidden_size": True,
        "vocab_size": -1,
        "n_layer": 10**30,
        "auto_map": [1],
        "vision_config": {"model_type": {}},
    }
    assert dict(one(make_tree, "config.json", content).facts) == {
        "file-kind": "config",
        "model-type": "some",
    }


def test_an_adapter(make_tree: MakeTree) -> None:
    found = one(
        make_tree,
        "a/adapter_config.json",
        {"base_model_name_or_path": "owner/base", "peft_type": "LORA", "r": 8},
    )
    assert (
        found.fact("base-model"),
        found.fact("adapter"),
        found.fact("rank"),
        found.fact("model-id"),
    ) == ("owner/base", "LORA", "8", "")


def test_tokenizers_and_processors(make_tree: MakeTree) -> None:
    commit = "a" * 40
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'b' * 64}\nsize 123\n"
    folder = f"models--o--n/snapshots/{commit}"
    root = make_tree(
        {
            f"{folder}/tokenizer_config.json": (
                '{"tokenizer_class": "SomeTokenizer", "chat_template": "x"}'
            ),
            f"{folder}/tokenizer.json": "{}",
            f"{folder}/preprocessor_config.json": '{"image_processor_type": "SomeImageProcessor"}',
            "p/tokenizer.json": pointer,
            "q/preprocessor_config.json": "{}",
        }
    )
    found = collect(root, COLLECTOR, tokenizers.COLLECTOR)
    rows = {row.evidence.at.path: row for row in found if isinstance(row, Observation)}
    assert rows[f"{folder}/tokenizer_config.json"].kind == "tokenizer"
    assert (rows[f"{folder}/tokenizer.json"].version, rows[f"{folder}/tokenizer.json"].purl) == (
        commit,
        "",
    )
    assert (
        rows[f"{folder}/preprocessor_config.json"].fact("image-processor") == "SomeImageProcessor"
    )
    assert (rows["p/tokenizer.json"].fact("hash"), rows["p/tokenizer.json"].fact("size")) == (
        f"sha256:{'b' * 64}",
        "123",
    )
    assert len(rows) == 4
    assert [row.at.path for row in found if isinstance(row, Gap)] == ["p/tokenizer.json"]


def test_remote_code_is_followed_once_and_what_lies_elsewhere_is_a_gap(make_tree: MakeTree) -> None:
    config = {
        "model_type": "some",
        "auto_map": {
            "AutoModel": "a.A",
            "AutoConfig": "owner/other--b.B",
            "AutoTokenizer": ["missing.C", None],
        },
    }
    root = make_tree(
        {
            "m/config.json": json.dumps(config),
            "m/a.py": "from .b import B\n",
            "m/b.py": "from .a import A\nfrom .b import B\n",
        }
    )
    rows = collect(root, COLLECTOR)
    (found,) = (row for row in rows if isinstance(row, Observation))
    assert found.all("remote-code") == ("m/a.py", "m/b.py")
    assert [row.reason for row in rows if isinstance(row, Gap)] == [
        "remote code lies in owner/other, outside of this folder: not examined",
        "remote code missing.py is not in this folder: not examined",
    ]


def test_a_pipeline_names_its_networks_and_their_folders(make_tree: MakeTree) -> None:
    index = {
        "_class_name": "SomePipeline",
        "scheduler": ["diffusers", "DDIMScheduler"],
        "vae": ["diffusers", "AutoencoderKL"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "odd": [1, 2],
    }
    rows = collect(make_tree({"p/model_index.json": json.dumps(index, indent=1)}), COLLECTOR)
    parts = {
        row.name: row for row in rows if isinstance(row, Observation) and row.kind == "submodel"
    }
    assert {name: row.fact("folder") for name, row in parts.items()} == {
        "codec": "p/vae",
        "text-encoder": "p/text_encoder",
    }
    assert parts["codec"].evidence.at.line == 7


def test_word_lists_of_other_programs_are_no_tokenizers(make_tree: MakeTree) -> None:
    assert (
        collect(
            make_tree({"game/vocab.txt": "a\nb\n", "n/merges.txt": "a b\n"}), tokenizers.COLLECTOR
        )
        == ()
    )


def test_a_broken_tokenizer_is_a_gap_and_still_a_tokenizer(make_tree: MakeTree) -> None:
    rows = collect(
        make_tree({"m/tokenizer.json": "{", "n/tokenizer.model": b"\xff\xff"}), tokenizers.COLLECTOR
    )
    assert [row.kind for row in rows if isinstance(row, Observation)] == ["tokenizer", "tokenizer"]
    assert len([row for row in rows if isinstance(row, Gap)]) == 2


def test_where_a_tokenizer_is_from_says_nothing_of_the_weights(make_tree: MakeTree) -> None:
    files = {
        "m/config.json": '{"architectures": ["OwnForCausalLM"], "model_type": "own"}',
        "m/tokenizer_config.json": (
            '{"tokenizer_class": "CLIPTokenizer", "name_or_path": "openai/clip-vit-large-patch14"}'
        ),
        "m/vocab.json": '{"a": 0}',
    }
    document = json.loads(run("generate", make_tree(files), "-q", "-o", "-").stdout)
    parts = {c["bom-ref"]: c for c in every_component(document)}
    assert not properties(parts["model:m"], "aisbom:weights-from")
    assert "clip-vit" not in json.dumps(document["declarations"])
    assert properties(parts["tokenizer:m/tokenizer"], "aisbom:tokenizer:loaded_from") == [
        "openai/clip-vit-large-patch14"
    ]


def test_the_base_of_an_adapter_is_a_part_that_is_declared(make_tree: MakeTree) -> None:
    adapter = {"peft_type": "LORA", "base_model_name_or_path": "mistralai/Mistral-7B-v0.3"}
    files = {
        "a/adapter_config.json": json.dumps(adapter),
        "b/adapter_config.json": '{"peft_type": "LORA", "base_model_name_or_path": "./base"}',
    }
    document = json.loads(run("generate", make_tree(files), "-q", "-o", "-").stdout)
    (base,) = (
        c for c in every_component(document) if c.get("purl", "").startswith("pkg:huggingface")
    )
    assert base["purl"] == "pkg:huggingface/mistralai/Mistral-7B-v0.3"
    assert properties(base, "aisbom:component:class") == ["backbone-weights"]
    assert properties(base, "aisbom:component:role") == ["core"]
    assert properties(base, "aisbom:origin:trained:country") == ["FR"]
