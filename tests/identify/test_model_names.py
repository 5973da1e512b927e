from __future__ import annotations

import pytest

from aisbom.identify.model_names import find_named_model, is_disclosed
from aisbom.knowledge import load


@pytest.mark.parametrize(
    ("text", "word", "telling"),
    [
        ("audio_encoder_from_whisper_large", "whisper", True),
        ("Qwen2-Audio-7B", "qwen", True),
        ("siglip-so400m", "siglip", True),
        ("our-whisper-small", "whisper", False),
        ("ko-llama-7b", "llama", False),
        ("llama3.1-init", "llama", True),
        ("siglip-encoder", "siglip", False),
    ],
)
def test_names_that_name_a_model(text: str, word: str, telling: bool) -> None:
    found = find_named_model(text, load())
    assert found is not None
    assert (found.word, found.telling) == (word, telling)


@pytest.mark.parametrize(
    "text",
    [
        "audio_encoder",
        "vision-tower-large",
        "bert-base",
        "our-clip-v2",
        "model-00001-of-00002",
        "text",
        "",
        "step3",
        "solar-10.7b",
    ],
)
def test_ordinary_words_name_none(text: str) -> None:
    assert find_named_model(text, load()) is None


def test_disclosure() -> None:
    assert is_disclosed("whisper", ["The encoder is initialised from Whisper."])
    assert not is_disclosed("whisper", ["The encoder is based on our own work."])
