"""The class of a model that is only referred to: by what loads it, since its files are not here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from aisbom.classify import weights
from aisbom.model import Component, Confidence, network_names

_ENCODERS = frozenset({"timm", "open-clip", "whisper", "faster-whisper"})
_ENCODER = re.compile(
    r"CLIP|SigLIP|Siglip|Whisper|Wav2Vec|Hubert|WavLM|ViT|Dino|Vision|Audio|Speech|ImageClass|ObjectDetection|Segmentation|Encodec|Clap|VAE"
    r"|AutoencoderKL"
)


# A pipeline, or the network that carries the weight of one.
_WHOLE = re.compile(r"Pipeline|UNet|CausalLM|ConditionalGeneration|Transformer\dD|LLM\b")
# A key of settings or an argument, and what in it does not say what the model is for.
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_FILLER = re.compile(
    r"(?:^|_)(?:pretrained|name|or|path|id|hf|dir|repo|checkpoint|ckpt|default)(?=_|$)"
)
_IN_TEXTS = ("text", "link", "declared")
_ENCODER_PATHS = frozenset({"encoder", "encoders"})
_NAMES = (
    ("tokenizer", frozenset({"tokenizer", "tokenizers", "tokenizier"})),
    (
        "adapter-weights",
        frozenset(
            (
                *("lora", "qlora", "adapter", "adapters", "projection", "projector", "lllite"),
                # Networks that are trained beside a frozen model of pictures.
                *("photomaker", "instantid", "pulid", "controlnet", "ipadapter", "motion"),
            )
        ),
    ),
)


def class_of(component: Component) -> tuple[str, str, Confidence]:
    """(class, rule, confidence) of a component that has sightings of kind `reference` only."""
    parts = {value for value, _ in component.facts("part")}
    # A flag, `--image-tower`, is called as the key of a setting is.
    loads = [
        value[2:].replace("-", "_") if value.startswith("--") else value
        for value, _ in component.facts("loader")
    ]
    whole = any(_WHOLE.search(loader) for loader in loads)
    if parts == {"tokenizer"}:
        return "tokenizer", "loader", "medium"
    named = next((kind for part in sorted(parts) if (kind := weights.of_part(part))), "")
    if named and not whole:
        return named, "loader", "medium"
    if {value for value, _ in component.facts("space")} & _ENCODERS or (
        not whole and any(_ENCODER.search(loader) for loader in loads)
    ):
        return "encoder-weights", "loader", "medium"
    keys = [
        network_names.of_words(_FILLER.sub("", loader))
        for loader in loads
        if _KEY.fullmatch(loader)
    ]
    if named := next((kind for part in keys if (kind := weights.of_part(part))), ""):
        return named, "key", "medium"
    return _by_name(component)


def _by_name(component: Component) -> tuple[str, str, Confidence]:
    """The class by what it and the code that loads it are called: the weakest of signs."""
    # A name tells what its publisher says that it is for.
    for name in _told_by(component):
        if named := _of_name(name):
            return named, "name", "low"
    if _only_in_encoders(component):
        return "encoder-weights", "folder", "low"
    vocoder = network_names.of_words(component.name.rpartition("/")[2]) == "vocoder"
    return "encoder-weights" if vocoder else "backbone-weights", "loader", "low"


def _only_in_encoders(component: Component) -> bool:
    """Whether all code that loads it is called an encoder: `multimodal_encoder/loader.py`."""
    paths = {
        o.evidence.at.path
        for o in component.observations
        if o.evidence.technique == "source-code-analysis" and o.fact("named-by") not in _IN_TEXTS
    }
    return bool(paths) and all(
        _ENCODER_PATHS & set(re.split(r"[^a-z]+", path.lower())) for path in paths
    )


def _told_by(component: Component) -> Iterator[str]:
    """The name of a model; of a file behind a URL also those of the folders that hold it, from the
    nearest on.
    """
    yield component.name
    for url in sorted({value for value, _ in component.facts("url")}):
        yield from reversed(urlsplit(url).path.split("/")[1:-1])


def _of_name(name: str) -> str:
    found = re.split(r"[^a-z0-9]+", name.rpartition("/")[2].lower())
    words = set(found)
    if words & {"merge", "merged"}:
        words -= {"lora", "qlora", "adapter"}
    for kind, signs in _NAMES:
        if words & signs or any(
            kind == "tokenizer" and word.endswith("tokenizer") for word in words
        ):
            return kind
    # At the head stands what it is, further on what is in it: `detector_L_CLIP_R50`.
    heads = {*found[:2], *(word.rstrip("0123456789") for word in found[:2])}
    encoder = heads & _encoder_words() or words & {"encoder", "encoders", "vit"}
    return "encoder-weights" if encoder else ""


@cache
def _encoder_words() -> frozenset[str]:
    table = tomllib.loads(
        (resources.files("aisbom.knowledge") / "encoders.toml").read_text("utf-8")
    )
    return frozenset(table["words"])
