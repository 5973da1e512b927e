"""Networks that settings of any name describe: what they are for, where it stands, and silence
where no network is described.
"""

from __future__ import annotations

import json

import pytest

from aisbom.collect.models.network_config import COLLECTOR
from aisbom.model import Gap, Observation, Row
from tests.conftest import MakeTree, collect

EYES = """\
architectures:
- SomeVisionTransformerPretrainedModel
hidden_size: 1280
model_type: qwen2_5_vl
out_hidden_size: 5120
"""


def parts(rows: list[Row]) -> list[tuple[str, str, int]]:
    """(part, type or class, line) of every network."""
    return sorted(
        (o.name, o.fact("model-type") or o.fact("architecture"), o.evidence.at.line)
        for o in rows
        if isinstance(o, Observation) and o.fact("basis") == "network-file"
    )


def test_an_encoder_in_yaml(make_tree: MakeTree) -> None:
    rows = list(collect(make_tree({"enc/configs/big_cont.yaml": EYES}), COLLECTOR))
    (seen,) = rows
    assert isinstance(seen, Observation)
    assert (seen.kind, seen.name, seen.evidence.at.line) == ("submodel", "vision-encoder", 1)
    assert dict(seen.facts) == {
        "architecture": "SomeVisionTransformerPretrainedModel",
        "basis": "network-file",
        "hidden-size": "1280",
        "model-type": "qwen2_5_vl",
        "out-width": "5120",
        "part": "vision-encoder",
    }


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        # the same in TOML and JSON
        ("e.toml", 'model_type = "x_audio_encoder"\nd_model = 8\n', [("audio-encoder",)]),
        (
            "audio.json",
            '{"model_type": "x", "d_model": 8, "encoder_layers": 2, "architectures": ["XEncoder"]}',
            [("audio-encoder",)],
        ),
        # nested, under a key that names the part
        (
            "config.json",
            '{"weights": "a.pt", "discrete_audio_config": {"model_type": "cosy"}}',
            [("codec",)],
        ),
        (
            "train.yaml",
            (
                "model:\n  vision_config: {model_type: siglip_vision_model, hidden_size: 4}\n"
                "  text_config: {model_type: llama, hidden_size: 4}\n"
            ),
            [("language-model",), ("vision-encoder",)],
        ),
        # Hydra, NeMo
        (
            "m.yaml",
            (
                "model:\n  encoder:\n    _target_: nemo.collections.asr.modules.ConformerEncoder\n"
                "    d_model: 512\n  loss:\n    _target_: nemo.losses.CTCLoss\n"
            ),
            [("audio-encoder",)],
        ),
        # latent diffusion
        (
            "ldm.yaml",
            (
                "model:\n  params:\n    first_stage_config:\n      target: ldm.models.AutoencoderKL\n"
                "    cond_stage_config:\n      target: ldm.modules.FrozenCLIPEmbedder\n"
            ),
            [("codec",), ("text-encoder",)],
        ),
        # OpenMMLab
        (
            "mm.yaml",
            "model:\n  type: EncoderDecoder\n  backbone:\n    type: SwinTransformer\n",
            [("vision-encoder",)],
        ),
        # nothing of the kind
        ("log.yaml", "formatters: {encoder: {type: JSONEncoder}}\n", []),
        ("llm.yaml", "llm: {name: OpenAI}\n", []),
        ("d.yaml", "dataset: {_target_: torch.data.AudioDataset}\noptimizer_name: x\n", []),
        ("r.yaml", "retrieval: {model_type: hybrid}\n", []),
        ("arch.json", '{"architectures": ["amd64", "arm64"]}', []),
        ("sk.yaml", "model_type: xgboost\n", []),
        # the configuration of a model folder has a collector of its own
        ("m/config.json", '{"model_type": "x", "vision_config": {"model_type": "y"}}', []),
    ],
)
def test_what_describes_a_network(
    make_tree: MakeTree, path: str, text: str, found: list[tuple[str]]
) -> None:
    rows = list(collect(make_tree({path: text}), COLLECTOR))
    assert [(part,) for part, _, _ in parts(rows)] == found
    assert not [row for row in rows if isinstance(row, Gap)]


def test_settings_that_name_a_configuration_say_what_it_feeds(make_tree: MakeTree) -> None:
    table = {"cont_config_path": "app/big.yaml", "llm_hidden_size": 4096}
    (row,) = collect(make_tree({"enc/config.json": json.dumps(table, indent=1)}), COLLECTOR)
    assert isinstance(row, Observation)
    assert (row.fact("configures"), row.fact("feeds-width"), row.evidence.at.line) == (
        "app/big.yaml",
        "4096",
        3,
    )


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("model_type: [\n", 1),
        ("encoder: [\n", 0),
        ("encoder_name: &a [*a]\n", 0),
        ("model_type: x\narchitectures: " + "[" * 500 + "\n", 1),
        ("model_type: 3\narchitectures: {a: 1}\nhidden_size: [1]\n", 0),
        ("architectures: [1, null, {a: b}]\nmodel_type: null\n", 0),
        ("\0model_type: x\n", 1),
        ("model_type: x\n" + "# filler\n" * 300_000, 1),
    ],
)
def test_bad_input(make_tree: MakeTree, text: str, gaps: int) -> None:
    rows = list(collect(make_tree({"a.yaml": text}), COLLECTOR))
    assert not parts(rows)
    assert len([row for row in rows if isinstance(row, Gap)]) == gaps


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "configs/swin.py",
            (
                "model = dict(\n    backbone=dict(\n        type='SwinTransformer', dims=96),\n"
                "    text_encoder=dict(type='BertModel'),\n    head=dict(type='Head', channels=3))\n"
            ),
            [("vision-encoder", "SwinTransformer", 3), ("text-encoder", "BertModel", 4)],
        ),
        (
            "configs/vit.py",
            (
                "from detectron2.config import LazyCall as L\n"
                "model = L(RCNN)(\n    backbone=L(ViT)(embed_dim=768, depth=12))\n"
            ),
            [("vision-encoder", "ViT", 3)],
        ),
        (
            "defaults.py",
            (
                "_C.MODEL = CN()\n_C.MODEL.META_ARCHITECTURE = 'GeneralizedRCNN'\n"
                "_C.MODEL.BACKBONE = CN()\n_C.MODEL.BACKBONE.NAME = 'build_swin_backbone'\n"
            ),
            [("model", "GeneralizedRCNN", 2), ("vision-encoder", "swin", 4)],
        ),
        (
            "base.yaml",
            "task:\n  _name: audio\nmodel:\n  _name: wav2vec_ctc\n",
            [("audio-encoder", "wav2vec_ctc", 4)],
        ),
        (
            "configs/unet.py",
            "model = dict(backbone=dict(type='UNet', depth=5))\n",
            [("encoder", "UNet", 1)],
        ),
        ("train.py", "def f():\n    return dict(type='Swin', depth=2)\n", []),
        ("broken.py", "model = dict(type='SwinTransformer'\n", []),
    ],
)
def test_registries_of_frameworks(
    make_tree: MakeTree, name: str, text: str, expected: list[tuple[str, str, int]]
) -> None:
    rows = collect(make_tree({name: text}), COLLECTOR)
    found = [
        (row.fact("part"), row.fact("architecture"), row.evidence.at.line)
        for row in rows
        if isinstance(row, Observation)
    ]
    assert sorted(found) == sorted(expected)
    assert len(rows) == len(expected)


@pytest.mark.parametrize(
    "text",
    [
        "model = dict(type='A', x=" + "-" * 100_000 + "1)",
        "model = dict(type='A', x=" + "[" * 5_000 + ")",
        "model = dict(type='A', x=" + ".".join("a" * 50_000) + ")",
        "_base_ = ['./a.py']\nmodel = dict(type='A')",
        "_base_ = ['../../../../etc/passwd.py', 1, None]\nmodel = dict(backbone=dict(depth=1))",
    ],
)
def test_hostile_python(make_tree: MakeTree, text: str) -> None:
    rows = collect(make_tree({"a.py": text}), COLLECTOR)
    assert not [row for row in rows if isinstance(row, Observation)]
