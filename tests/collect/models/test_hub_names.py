"""Which words may be the name of a model."""

from __future__ import annotations

import pytest

from aisbom.collect.models.hub_names import dataset_id, folder_name, hub_id


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("own/llm-7b", "own/llm-7b"),
        ("https://huggingface.co/own/llm-7b/tree/main", "own/llm-7b"),
        ("val/rec_loss", ""),  # what is measured on a split
        ("own/train", ""),
        ("A800/H800", ""),
        ("vocoder/g_00500000", ""),
        ("onnx/model.onnx_data", ""),
        ("INT4/INT8", ""),
        ("utils/qwen.tiktoken", ""),
        ("pretrained_models/norae-7b", ""),  # a folder
        ("hf-ckpts/norae-7b", ""),
        ("dist/norae-7b-q4f16_1", ""),
        ("HF://own/llm-7b", "own/llm-7b"),
        ("https://huggingface.co/huggingface.co/own", ""),
        ("huggingface.co/own", ""),  # the page of an account
        ("DISTRIBUTOR/HF_MODEL", ""),  # a place to fill in
        ("OWN/LLM-7B", "OWN/LLM-7B"),
        ("iOS/android", ""),
        ("HuggingFace/ModelScope", ""),
        ("L0/L1", ""),
        ("T2V/I2V", ""),
        ("sdxl_models/image_encoder", ""),
        ("https://huggingface.co/transformers/main_classes/trainer.html", ""),
    ],
)
def test_ids_of_the_hub(text: str, found: str) -> None:
    assert hub_id(text) == found


def test_texts_of_licences_are_no_data() -> None:
    assert dataset_id("choosealicense/licenses") == ""
    assert dataset_id("https://huggingface.co/datasets/own/texts") == "own/texts"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("./ckpts/Norae-7B-Chat/", "Norae-7B-Chat"),
        ("hf/norae-7b", "norae-7b"),
        ("hub/models--own--llm-7b/snapshots/1", "own/llm-7b"),
        ("own/llm-7b", ""),  # an id
        ("accounts/fireworks/models/norae-7b", ""),  # how a server spells what it serves
        ("./ckpts/last", ""),
        ("./ckpts/norae-7b.pt", ""),
        ("/data/models/norae-7b", "norae-7b"),
        ("${ROOT}/norae-7b", "norae-7b"),
        ("~/whisper/large-v2.pt", "whisper-large-v2"),
        ("s3://bucket/norae-7b", ""),
        ("work_dirs/norae_7b/stage_1", ""),  # what a training of one's own wrote
    ],
)
def test_folders_that_are_called_after_a_model(text: str, found: str) -> None:
    assert folder_name(text) == found
