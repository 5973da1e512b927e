"""Words that say what a network is for; what they do not say stays unsaid."""

from __future__ import annotations

import pytest

from aisbom.model import network_names


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("vision_encoder", "vision-encoder"),
        ("imgBackbone", "vision-encoder"),
        ("visual", "vision-encoder"),
        ("audio_tower_config", "audio-encoder"),
        ("qwen2_audio_encoder", "audio-encoder"),
        ("video_encoder", "video-encoder"),
        ("discrete_audio_config", "codec"),
        ("mm_projector", "projector"),
        ("vision_projector", "vision-projector"),
        ("audio_decoder", "speech-decoder"),
        ("text_encoder", "text-encoder"),
        ("llm", "language-model"),
        ("BACKBONE", "encoder"),
        ("vocoder", "vocoder"),
        ("model", ""),
        ("text", ""),
        ("audio_dataset", ""),
        ("image_size", ""),
        ("optimizer", ""),
        ("", ""),
    ],
)
def test_words(name: str, part: str) -> None:
    assert network_names.of_words(name) == part


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Qwen2_5_VisionTransformerPretrainedModel", "vision-encoder"),
        ("Qwen2AudioEncoder", "audio-encoder"),
        ("nemo.collections.asr.modules.ConformerEncoder", "audio-encoder"),
        ("SwinTransformer", "vision-encoder"),
        ("T5EncoderModel", "text-encoder"),
        ("AutoencoderKL", "codec"),
        ("ByeolProjector", "projector"),
        ("LlamaForCausalLM", "language-model"),
        ("Qwen2VLForConditionalGeneration", ""),
        ("VisionEncoderDecoderModel", ""),
        ("CLIPImageProcessor", ""),
        ("WhisperFeatureExtractor", ""),
        ("JSONEncoder", ""),
        ("VisionDataset", ""),
        ("AudioLoss", ""),
        ("Model", ""),
    ],
)
def test_classes(name: str, part: str) -> None:
    assert network_names.of_architecture(name) == part
