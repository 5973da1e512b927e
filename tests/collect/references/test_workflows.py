"""Weight files in workflows of ComfyUI, in both of their forms."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aisbom.collect.references import settings
from aisbom.model import Observation
from tests.conftest import MakeTree, collect

EDITOR = {
    "nodes": [
        {
            "id": 1,
            "type": "CheckpointLoaderSimple",
            "widgets_values": ["sd15/norae_v2.safetensors"],
        },
        {"id": 2, "type": "CLIPVisionLoader", "widgets_values": ["NORAE-ViT-H-14.safetensors"]},
        {"id": 3, "type": "LoraLoader", "widgets_values": ["norae_lora.safetensors", 1, 0.5]},
        {"id": 4, "type": "VAELoader", "widgets_values": ["diffusion_pytorch_model.safetensors"]},
        {"id": 7, "type": "LoadNoraeTextEncoder", "widgets_values": ["norae_text_v1.safetensors"]},
        {"id": 5, "type": "SaveImage", "widgets_values": ["other.safetensors"]},
        {"id": 6, "type": "ControlNetLoader", "widgets_values": ["None"]},
    ],
    "links": [],
}
INTERFACE = {
    "4": {"class_type": "UNETLoader", "inputs": {"unet_name": "norae_v2.safetensors"}},
    "5": {"class_type": "SaveImage", "inputs": {"filename_prefix": "other.safetensors"}},
}


def names(make_tree: MakeTree, document: Any) -> dict[str, str]:
    rows = collect(make_tree({"w.json": json.dumps(document)}), settings.COLLECTOR)
    return {
        r.name: r.fact("part") for r in rows if isinstance(r, Observation) and r.kind == "reference"
    }


def test_what_loaders_name(make_tree: MakeTree) -> None:
    assert names(make_tree, EDITOR) == {
        "norae_v2.safetensors": "weights",
        "NORAE-ViT-H-14.safetensors": "weights",
        "norae_lora.safetensors": "adapter",
        "norae_text_v1.safetensors": "weights",
    }
    assert names(make_tree, INTERFACE) == {"norae_v2.safetensors": "weights"}


@pytest.mark.parametrize(
    "document",
    [
        {"nodes": EDITOR["nodes"]},
        {"nodes": "x", "links": []},
        {"nodes": [{"type": 3, "widgets_values": {}}, None], "links": []},
        {"1": {"class_type": "VAELoader", "inputs": ["a.safetensors"]}, "2": None},
        [],
    ],
)
def test_other_json_is_no_workflow(make_tree: MakeTree, document: Any) -> None:
    assert not [name for name in names(make_tree, document) if not name.startswith("a.")]


def test_nodes_of_any_package_load(make_tree: MakeTree) -> None:
    nodes = [
        {"type": "NoraeDetectorProvider", "widgets_values": ["bbox/norae_v8.pt"]},
        {"type": "## own group", "widgets_values": ["hanul_xl.safetensors", "a prompt"]},
        {"type": "PreviewModel", "widgets_values": ["other_v1.safetensors"]},
        {"type": "MarkdownNote", "widgets_values": ["other_v2.safetensors"]},
    ]
    assert set(names(make_tree, {"nodes": nodes, "links": []})) == {
        "norae_v8.pt",
        "hanul_xl.safetensors",
    }
