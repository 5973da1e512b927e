"""The class of a model that is only referred to: by what loads it, since its files are not here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from aisbom.classify import weights
from aisbom.lazy_module import compile_later
from aisbom.model import Component, Confidence, network_names
from aisbom.model.vocabulary import ONLY_SHOWN

_ENCODERS = frozenset({"timm", "open-clip", "whisper", "faster-whisper"})
_ENCODER = re.compile(
    r"CLIP|SigLIP|Siglip|Whisper|Wav2Vec|Hubert|WavLM|ViT|Dino|Vision|Audio|Speech|ImageClass|ObjectDetection|Segmentation|Encodec|Clap|VAE"
    r"|AutoencoderKL|(?<!Encoder)EncoderModel|SafetyChecker"
)


# A pipeline, or the network that carries the weight of one.
_WHOLE = re.compile(
    r"Pipeline|UNet|CausalLM|ConditionalGeneration|Transformer\dD|LLM\b"
    r"|Speech2Text|SpeechSeq2Seq|ForCTC|Vision2Seq|ImageTextToText"
)
# A key of settings or an argument, and what in it does not say what the model is for.
_KEY = re.compile(r"[a-z][a-z0-9_]*|[A-Z][A-Z0-9_]*")
_COMPARES = compile_later(
    r"(?:^|_)(?:embed(?:der|dings?)?|rerank(?:er|ing)?|ranker|retriever)(?=_|$)"
)
"""Keys of networks that turn texts into what can be compared."""
_FILLER = re.compile(
    r"(?:^|_)(?:pretrained|name|or|path|id|hf|dir|repo|checkpoint|ckpt|default)(?=_|$)"
)
_IN_TEXTS = ONLY_SHOWN | {"declared"}
_ENCODER_PATHS = frozenset({"encoder", "encoders"})
_ADAPTERS = frozenset({"lora", "qlora", "adapter", "adapters", "controlnet", "ipadapter"})
_NAMES = (
    ("tokenizer", frozenset({"tokenizer", "tokenizers", "tokenizier"})),
    (
        "adapter-weights",
        # Networks that are trained beside a frozen model of pictures.
        _ADAPTERS
        | {"projection", "projector", "lllite", "photomaker", "instantid", "pulid", "motion"},
    ),
)


def class_of(component: Component) -> tuple[str, str, Confidence]:
    """(class, rule, confidence) of a component that has sightings of kind `reference` only."""
    parts = {value for value, _ in component.facts("part")}
    # What is taken of a folder in a repository is a part of what the repository is.
    loaders = {
        value
        for o in component.observations
        if not o.fact("subfolder")
        for value in o.all("loader")
    }
    # A flag, `--image-tower`, is called as the key of a setting is.
    loads = [
        value[2:].replace("-", "_") if value.startswith("--") else value
        for value in sorted(loaders)
    ]
    whole = any(_WHOLE.search(loader) for loader in loads)
    spaces = {value for value, _ in component.facts("space")}
    if spaces == {"spacy"}:
        # A pipeline that splits and tags text: a package of its library, and no part of a network.
        return "dependency", "loader", "medium"
    if parts == {"tokenizer"}:
        return "tokenizer", "loader", "medium"
    named = next((kind for part in sorted(parts) if (kind := weights.of_part(part))), "")
    if named and not whole:
        return named, "loader", "medium"
    if spaces & _ENCODERS or (not whole and any(_ENCODER.search(loader) for loader in loads)):
        return "encoder-weights", "loader", "medium"
    for key in (loader for loader in loads if _KEY.fullmatch(loader)):
        if named := _of_key(key):
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
    head = "_".join(re.split(r"[^A-Za-z0-9]+", component.name.rpartition("/")[2])[:2])
    vocoder = network_names.of_words(head) == "vocoder"
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


def _of_key(key: str) -> str:
    if _COMPARES.search(key.lower()):
        return "encoder-weights"
    if _ADAPTERS & set(key.lower().split("_")):
        return "adapter-weights"
    # A constant is called as its author likes: `VQ_HUB`.
    return weights.of_part(network_names.of_words(_FILLER.sub("", key))) if key.islower() else ""


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
    encoder = heads & _encoder_words() or words & {"encoder", "encoders", "enc", "vit"}
    return "encoder-weights" if encoder else ""


@cache
def _encoder_words() -> frozenset[str]:
    table = tomllib.loads(
        (resources.files("aisbom.knowledge") / "encoders.toml").read_text("utf-8")
    )
    return frozenset(table["words"])
