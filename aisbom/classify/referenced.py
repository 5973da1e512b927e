"""The class of a model that is only referred to: by what loads it, since its files are not here."""

from __future__ import annotations

import re

from aisbom.model import Component, Confidence

_ENCODERS = frozenset({"timm", "open-clip", "whisper", "faster-whisper"})
_ENCODER = re.compile(
    r"CLIP|SigLIP|Siglip|Whisper|Wav2Vec|Hubert|WavLM|ViT|Dino|Vision|Audio|Speech|ImageClass|ObjectDetection|Segmentation|Encodec|Clap|VAE"
    r"|AutoencoderKL"
)


def class_of(component: Component) -> tuple[str, str, Confidence]:
    """(class, rule, confidence) of a component that has sightings of kind `reference` only."""
    if all(o.evidence.at.path.startswith(".") for o in component.observations):
        return "build-tool", "ci-path", "medium"
    parts = {value for value, _ in component.facts("part")}
    if parts == {"tokenizer"}:
        return "tokenizer", "loader", "medium"
    if parts == {"adapter"}:
        return "adapter-weights", "loader", "medium"
    loads = [value for value, _ in component.facts("loader")]
    if {value for value, _ in component.facts("space")} & _ENCODERS or any(_ENCODER.search(loader) for loader in loads):
        return "encoder-weights", "loader", "medium"
    return "backbone-weights", "loader", "low"
