"""The class of a model that is only referred to: by what loads it, since its files are not here."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from aisbom.model import Component, Confidence

_ENCODERS = frozenset({"timm", "open-clip", "whisper", "faster-whisper"})
_ENCODER = re.compile(
    r"CLIP|SigLIP|Siglip|Whisper|Wav2Vec|Hubert|WavLM|ViT|Dino|Vision|Audio|Speech|ImageClass|ObjectDetection|Segmentation|Encodec|Clap|VAE"
    r"|AutoencoderKL"
)


def class_of(component: Component) -> tuple[str, str, Confidence]:
    """(class, rule, confidence) of a component that has sightings of kind `reference` only."""
    parts = {value for value, _ in component.facts("part")}
    if parts == {"tokenizer"}:
        return "tokenizer", "loader", "medium"
    if parts == {"adapter"}:
        return "adapter-weights", "loader", "medium"
    loads = [value for value, _ in component.facts("loader")]
    if {value for value, _ in component.facts("space")} & _ENCODERS or any(
        _ENCODER.search(loader) for loader in loads
    ):
        return "encoder-weights", "loader", "medium"
    # A name tells what its publisher says that it is for; it is the weakest of signs.
    if _words(component.name) & _encoder_words():
        return "encoder-weights", "name", "low"
    return "backbone-weights", "loader", "low"


def _words(name: str) -> set[str]:
    return set(re.split(r"[^a-z0-9]+", name.rpartition("/")[2].lower()))


@cache
def _encoder_words() -> frozenset[str]:
    table = tomllib.loads(
        (resources.files("aisbom.knowledge") / "encoders.toml").read_text("utf-8")
    )
    return frozenset(table["words"])
