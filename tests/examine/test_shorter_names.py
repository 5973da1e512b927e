"""Which model a sentence means by a shorter name."""

from __future__ import annotations

import pytest

from aisbom.examine.shorter_names import ShorterNames

NAMES = ShorterNames(
    ["own/norae-7b-v1.1-hf", "own/norae-7b-instruct", "openai/clip-vit-large-patch14"],
    ["whisper/small"],
)


@pytest.mark.parametrize(
    ("name", "part", "meant"),
    [
        ("norae-7b", "", ["norae-7b-v1.1-hf"]),
        ("norae-7", "", []),
        ("hanul-7b", "", []),
        ("clip", "vision-encoder", ["clip-vit-large-patch14"]),
        ("openclip vit", "vision-encoder", ["clip-vit-large-patch14"]),
        ("whisper", "audio-encoder", ["small"]),
        # Of the weights of a whole model its family says nothing.
        ("clip", "weights", []),
    ],
)
def test_what_a_sentence_means(name: str, part: str, meant: list[str]) -> None:
    assert NAMES.list_meant(name, part) == meant


@pytest.mark.parametrize(
    ("name", "part", "alone"),
    [
        ("beats", "audio-encoder", True),
        ("beats", "weights", False),
        ("clip", "text-encoder", False),
    ],
)
def test_an_encoder_alone(name: str, part: str, alone: bool) -> None:
    assert NAMES.is_lone_encoder(name, part) is alone


def test_of_names_that_begin_alike_a_few_are_looked_at() -> None:
    many = ShorterNames([f"own/norae-7b-{n:05}" for n in range(100_000)], [])
    assert many.list_meant("norae-7b", "") == []
