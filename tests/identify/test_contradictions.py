"""Each disagreement with its twin that has a reason: a finding must be able to be absent."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from aisbom.pipeline import scan
from tests.conftest import MakeTree
from tests.weights.builders import gguf
from tests.weights.read.test_safetensors import entry, written

SCRATCH = "---\npipeline_tag: text-generation\n---\n# m\n\nThe model was trained from scratch.\n"
Tree = dict[str, str | bytes]


def weights(**shapes: tuple[int, ...]) -> bytes:
    held, at = {}, 0
    for name, shape in shapes.items():
        size = 4
        for n in shape:
            size *= n
        held[name.replace("__", ".")] = entry("F32", list(shape), at, at + size)
        at += size
    return written(held, at)


DECODER = weights(
    model__embed_tokens__weight=(48, 16), model__layers__0__w=(16, 16), model__layers__1__w=(16, 16)
)


def config(**more: Any) -> str:
    return json.dumps(
        {"model_type": "ours", "hidden_size": 16, "num_hidden_layers": 2, "vocab_size": 48, **more},
        indent=1,
    )


def found(make_tree: MakeTree, files: Tree) -> list[str]:
    return sorted(c.value for c in scan(make_tree(files)).claims if c.attribute == "contradiction")


def metadata(pairs: dict[str, str]) -> bytes:
    """A GGUF file without tensors, with these texts in its header."""
    out = b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs))
    for key, value in pairs.items():
        out += (
            struct.pack("<Q", len(key))
            + key.encode()
            + struct.pack("<I", 8)
            + struct.pack("<Q", len(value))
            + value.encode()
        )
    return out + bytes(-len(out) % 32)


NOTICE = "This product includes code of the Haneul Parser by Haneul Soft, under the MIT licence.\n"

CASES: dict[str, tuple[Tree, Tree, str]] = {
    "a folder that says from where": (
        {
            "m/README.md": SCRATCH,
            "m/config.json": config(),
            "m/audio_encoder_from_whisper/model.safetensors": DECODER,
        },
        {
            "m/README.md": SCRATCH + "The audio encoder is initialised from Whisper.\n",
            "m/config.json": config(),
        }
        | {"m/audio_encoder_from_whisper/model.safetensors": DECODER},
        "from scratch: the card says so at m/README.md:6",
    ),
    "a README that is no card": (
        {"README.md": "# M\n\nM은 from scratch로 학습되었습니다.\n"}
        | {"m/config.json": config(_name_or_path="Qwen/Qwen2-1.5B"), "m/a.safetensors": DECODER},
        {"README.md": "# M\n\nM은 from scratch로 학습되었습니다. 초기값은 Qwen2 기반입니다.\n"}
        | {"m/config.json": config(_name_or_path="Qwen/Qwen2-1.5B"), "m/a.safetensors": DECODER},
        "from scratch: the README says so at README.md:3",
    ),
    "a README tells how to train": (
        {"README.md": "# M\n\nThe model was trained from scratch.\n"}
        | {"m/config.json": config(_name_or_path="Qwen/Qwen2-1.5B"), "m/a.safetensors": DECODER},
        {"README.md": "# M\n\nTo train the model from scratch, run this.\n"}
        | {"m/config.json": config(_name_or_path="Qwen/Qwen2-1.5B"), "m/a.safetensors": DECODER},
        "from scratch: the README says so at README.md:3",
    ),
    "a README above several models": (
        {"README.md": "# M\n\nThe model was trained from scratch.\n"}
        | {"m/config.json": config(_name_or_path="Qwen/Qwen2-1.5B"), "m/a.safetensors": DECODER},
        {"README.md": "# M\n\nThe model was trained from scratch.\n"}
        | {"m/config.json": config(_name_or_path="Qwen/Qwen2-1.5B"), "m/a.safetensors": DECODER}
        | {"n/config.json": config(), "n/a.safetensors": DECODER},
        "from scratch: the README says so at README.md:3",
    ),
    "a file named after a release": (
        {"m/README.md": SCRATCH, "m/config.json": config(), "m/qwen2-init.safetensors": DECODER},
        {"m/README.md": SCRATCH, "m/config.json": config(), "m/ours-2-init.safetensors": DECODER},
        "names a model of Alibaba",
    ),
    "a path kept in the configuration": (
        {"m/README.md": SCRATCH, "m/config.json": config(_name_or_path="Qwen/Qwen2-7B")},
        {
            "m/README.md": SCRATCH,
            "m/config.json": config(
                _name_or_path="our-lab/ours-7b", architectures=["Qwen2ForCausalLM"]
            ),
        },
        "the path 'Qwen/Qwen2-7B' at m/config.json:",
    ),
    "a base model in the same card": (
        {"m/README.md": SCRATCH.replace("---\n#", "base_model: Qwen/Qwen2-7B\n---\n#")},
        {"m/README.md": SCRATCH.replace("---\n#", "base_model: our-lab/stage1\n---\n#")},
        "the base model 'Qwen/Qwen2-7B'",
    ),
    "parameters": (
        {
            "m/README.md": SCRATCH + "It has 2B parameters.\n",
            "m/config.json": config(),
            "m/model.safetensors": DECODER,
        },
        {
            "m/README.md": SCRATCH + "It has 0.0013M parameters.\n",
            "m/config.json": config(),
            "m/model.safetensors": DECODER,
        },
        (
            "parameters: the card states 2,000,000,000 at m/README.md:7, the tensors hold 1,280 at"
            " m/model.safetensors"
        ),
    ),
    "parameters against a configuration alone": (
        {"m/README.md": SCRATCH + "It has 70B parameters.\n"}
        | {
            "m/config.json": config(
                hidden_size=4096,
                num_hidden_layers=32,
                intermediate_size=11008,
                vocab_size=32000,
                num_attention_heads=32,
            )
        },
        {"m/README.md": SCRATCH + "It has 7B parameters.\n"}
        | {
            "m/config.json": config(
                hidden_size=4096,
                num_hidden_layers=32,
                intermediate_size=11008,
                vocab_size=32000,
                num_attention_heads=32,
            )
        },
        "the configuration gives about 6,607,077,376",
    ),
    "width": (
        {"m/config.json": config(hidden_size=64), "m/model.safetensors": DECODER},
        {
            "m/config.json": config(hidden_size=64, quantization_config={"quant_method": "gptq"}),
            "m/model.safetensors": DECODER,
        },
        (
            "hidden size: the configuration says 64 at m/config.json:2, model.embed_tokens.weight"
            " shows 16 at m/model.safetensors"
        ),
    ),
    "vocabulary": (
        {"m/config.json": config(vocab_size=64), "m/model.safetensors": DECODER},
        {"m/config.json": config(vocab_size=40), "m/model.safetensors": DECODER},
        "vocab size: the configuration says 64",
    ),
    "depth": (
        {"m/config.json": config(num_hidden_layers=9), "m/model.safetensors": DECODER},
        {"m/config.json": config(num_hidden_layers=1), "m/model.safetensors": DECODER},
        "num hidden layers: the configuration says 9",
    ),
    "a header of another architecture": (
        {
            "m/config.json": config(model_type="llama"),
            "m/m.gguf": metadata({"general.architecture": "qwen2"}),
        },
        {
            "m/config.json": config(model_type="qwen2_moe"),
            "m/m.gguf": metadata({"general.architecture": "qwen2moe"}),
        },
        "architecture: the header says qwen2",
    ),
    "the base of an adapter": (
        {
            "a/README.md": "---\nbase_model: o/one\n---\n",
            "a/adapter_config.json": '{"base_model_name_or_path": "o/two"}',
        },
        {
            "a/README.md": "---\nbase_model: o/Two\n---\n",
            "a/adapter_config.json": '{"base_model_name_or_path": "o/two"}',
        },
        (
            "base model: the card names o/one at a/README.md:2, the adapter loads o/two at"
            " a/adapter_config.json:1"
        ),
    ),
    "a notice without the encoder": (
        {
            "NOTICE": (
                "This product includes code of the Haneul Parser by Haneul Soft under the MIT"
                " licence.\n"
            )
        }
        | {"m/config.json": config(mm_vision_tower="google/siglip-base-patch16-224")},
        {
            "NOTICE": (
                "This product includes code of the Haneul Parser by Haneul Soft and the weights of"
                " SigLIP.\n"
            )
        }
        | {"m/config.json": config(mm_vision_tower="google/siglip-base-patch16-224")},
        (
            "notice: NOTICE:1 lists what was taken over, but not the weights of"
            " google/siglip-base-patch16-224"
        ),
    ),
    "a notice of another version of the family": (
        {"NOTICE": NOTICE + "https://github.com/QwenLM/Qwen3-VL\n"}
        | {"ears-from-qwen2-audio-7b/config.json": config(model_type="qwen2_audio_encoder")},
        {"NOTICE": NOTICE + "https://github.com/QwenLM/Qwen2-Audio\n"}
        | {"ears-from-qwen2-audio-7b/config.json": config(model_type="qwen2_audio_encoder")},
        "notice: NOTICE:1 lists what was taken over, but not the weights of qwen2-audio-7b",
    ),
    "a notice without the lab": (
        {"NOTICE": NOTICE} | {"ears-from-qwen2-audio-7b/config.json": config(model_type="ears")},
        {"NOTICE": NOTICE + "Encoders by Qwen.\n"}
        | {"ears-from-qwen2-audio-7b/config.json": config(model_type="ears")},
        "notice: NOTICE:1 lists what was taken over, but not the weights of qwen2-audio-7b",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_contradiction(make_tree: MakeTree, case: str) -> None:
    files, _, words = CASES[case]
    (sentence,) = found(make_tree, files)
    assert words in sentence


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_twin_is_silent(make_tree: MakeTree, case: str) -> None:
    assert found(make_tree, CASES[case][1]) == []


@pytest.mark.parametrize(
    "files",
    [
        {
            "m/README.md": SCRATCH,
            "m/config.json": config(model_type="llama", architectures=["LlamaForCausalLM"]),
        },
        {
            "m/README.md": SCRATCH,
            "m/config.json": config(
                vision_config={"model_type": "siglip_vision_model", "hidden_size": 8}
            ),
        },
        {
            "our-whisper/README.md": SCRATCH,
            "our-whisper/config.json": config(model_type="whisper"),
            "our-whisper/model.safetensors": DECODER,
        },
        {
            "ko-llama-7b/README.md": SCRATCH,
            "ko-llama-7b/config.json": config(),
            "ko-llama-7b/ko-llama-7b.safetensors": DECODER,
        },
        {
            "m/README.md": SCRATCH,
            "m/preprocessor_config.json": '{"feature_extractor_type": "WhisperFeatureExtractor"}',
        },
        {
            "m/README.md": SCRATCH,
            "m/config.json": config(),
            "other/whisper-large-v3/model.safetensors": DECODER,
        },
        {
            "m/README.md": SCRATCH.replace("was trained", "was not trained"),
            "m/config.json": config(_name_or_path="Qwen/Qwen2-7B"),
        },
        {
            "m/config.json": config(),
            "m/model-00001-of-00002.safetensors": DECODER,
            "m/README.md": SCRATCH + "It has 2B parameters.\n",
        }
        | {
            "m/model.safetensors.index.json": json.dumps(
                {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "x.safetensors"}}
            )
        },
        {
            "m/config.json": config(hidden_size=4096),
            "m/model.safetensors": (
                "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64
            ),
        }
        | {"m/README.md": SCRATCH + "It has 7B parameters.\n"},
        {
            "m/config.json": config(hidden_size=64),
            "m/m.gguf": gguf([("blk.0.w", (2, 2), 0, 0)], bytes(32)),
        },
    ],
)
def test_silence(make_tree: MakeTree, files: Tree) -> None:
    """Architectures, formats, other models, negations, missing shards, pointers."""
    assert found(make_tree, files) == []


def test_the_multimodal_fixture_and_its_honest_twin() -> None:
    """What the fixtures are for, whatever else their expectations hold."""
    fixtures = Path(__file__).parents[2] / "fixtures"
    said = {}
    for name in ("multimodal", "multimodal-honest"):
        rows = json.loads((fixtures / name / "expected.json").read_text("utf-8"))["components"]
        said[name] = sorted(
            text.partition(":")[0] for row in rows for text in row.get("aisbom:contradiction", [])
        )
    assert said == {
        "multimodal": [
            "from scratch",
            "from scratch",
            "notice",
            "notice",
            "num hidden layers",
            "parameters",
        ],
        "multimodal-honest": [],
    }


TOWER = "vision_tower: openai/clip-vit-large-patch14-336\nlr: 1\n"
CREDITS = "# Norae\n\nThe code is built on [talker](https://github.com/norae/talker) with thanks.\n"


def test_a_readme_that_credits_code_and_leaves_out_an_encoder(make_tree: MakeTree) -> None:
    files = {"README.md": CREDITS, "conf/train.yaml": TOWER, "train.py": "import torch\n"}
    (sentence,) = found(make_tree, files)
    assert sentence == (
        "credits: README.md:3 says what the code was built on, but nothing of the weights of"
        " openai/clip-vit-large-patch14-336 that conf/train.yaml:1 names"
    )


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": CREDITS + "Pictures are read by CLIP.\n", "conf/train.yaml": TOWER},
        {"README.md": "# Norae\n\nWords on use.\n", "conf/train.yaml": TOWER},
        {"README.md": CREDITS, "tests/train.yaml": TOWER},
        {"README.md": CREDITS, "conf/train.yaml": TOWER.replace("openai/", "norae/")},
        {"README.md": CREDITS + " ".join(f"word{n:05x}" for n in range(70_000)), "c.yaml": TOWER},
    ],
)
def test_a_readme_that_names_it_or_credits_nothing_is_silent(
    make_tree: MakeTree, files: Tree
) -> None:
    assert found(make_tree, {**files, "train.py": "import torch\n"}) == []
