from __future__ import annotations

import pytest

from aisbom.model import part_names


@pytest.mark.parametrize(
    ("tensor", "part", "prefix"),
    [
        ("model.visual.blocks.0.attn.qkv.weight", "vision-encoder", "model.visual"),
        ("vision_tower.vision_model.encoder.layers.0.w", "vision-encoder", "vision_tower"),
        ("thinker.audio_tower.layers.0.w", "thinker.audio-encoder", "thinker.audio_tower"),
        ("thinker.model.layers.0.w", "language-model", "thinker"),
        ("talker.model.layers.0.w", "speech-decoder", "talker"),
        ("multi_modal_projector.linear_1.weight", "projector", "multi_modal_projector"),
        ("audio_projector.w", "audio-projector", "audio_projector"),
        ("model.layers.0.w", "", ""),
        ("encoder.layers.0.w", "", ""),
        ("visual", "", ""),
        ("", "", ""),
    ],
)
def test_prefixes(tensor: str, part: str, prefix: str) -> None:
    assert part_names.of_prefix(tensor) == (part, prefix)


@pytest.mark.parametrize(
    ("folder", "part"),
    [
        ("audio_encoder_from_x", "audio-encoder"),
        ("our-Vision-Tower", "vision-encoder"),
        ("mm_projector", "projector"),
        ("vision_projector", "vision-projector"),
        ("vae", "codec"),
        ("lora-ko", "adapter"),
        ("vision", "vision-encoder"),
        ("computer-vision-course", ""),
        ("text_data", ""),
        ("audio_files", ""),
        ("checkpoint-500", ""),
        ("envae", ""),
        ("", ""),
    ],
)
def test_folders(folder: str, part: str) -> None:
    assert part_names.of_folder(folder) == part


def test_keys_and_classes() -> None:
    assert part_names.of_key(("thinker_config", "audio_config")) == "thinker.audio-encoder"
    assert part_names.of_key(("quantizer",)) == ""
    assert part_names.of_class("AutoencoderKL") == "codec"
    assert part_names.of_class("CLIPImageProcessor") == ""
    assert part_names.of_class("DDIMScheduler") == ""
