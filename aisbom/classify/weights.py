"""The class of weights that are here, or that a configuration describes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from aisbom.model import Component, Confidence, network_names

Class = tuple[str, str, Confidence]

# A projector is trained to join two networks, as an adapter is; what turns a modality into tokens
# or back is an encoder here.
_PARTS = {
    "projector": "adapter-weights",
    "adapter": "adapter-weights",
    **dict.fromkeys(
        (
            *("vision-encoder", "video-encoder", "audio-encoder", "text-encoder", "encoder"),
            *("vocoder", "codec"),
        ),
        "encoder-weights",
    ),
    **dict.fromkeys(
        ("language-model", "speech-decoder", "decoder", "denoiser"), "backbone-weights"
    ),
}


def class_of(component: Component) -> Class:
    """(class, rule, confidence) of a model, a part of one or a weight file: what says most comes
    first. None for tensors that no network is made of: what they are for, nothing says. A GGUF file
    without tensors is a vocabulary where nothing says that it is of another part.
    """
    files = [o for o in component.observations if o.kind == "weights"]
    described = component.kinds & {"model", "submodel", "reference"}
    if files and not described and all(o.fact("unlayered") for o in files):
        return "", "", "low"
    found = next(_signs(component), ("backbone-weights", "weights-file", "low"))
    empty = files and all(o.fact("format") == "gguf" and o.fact("tensors") == "0" for o in files)
    if empty and found[0] == "backbone-weights":
        return "tokenizer", "no-tensors", "high"  # a vocabulary, as tests of llama.cpp have them
    return found


def of_part(part: str) -> str:
    """The class of a part by its kind (`thinker.audio-encoder`), `""` for one that says nothing."""
    kind = part.rpartition(".")[2]
    return "adapter-weights" if kind.endswith("projector") else _PARTS.get(kind, "")


def _signs(component: Component) -> Iterator[Class]:
    if component.facts("adapter") or any(
        value == "adapter" for value, _ in component.facts("base-model-relation")
    ):
        yield "adapter-weights", "adapter-config", "high"
    for value, _ in component.facts("part"):
        if kind := of_part(value):
            yield kind, "model-part", "high"
    for value, _ in component.facts("architecture"):
        if kind := of_part(network_names.of_architecture(value)):
            yield kind, "architecture", "medium"
    for value, _ in component.facts("model-type"):
        named = of_part(network_names.of_words(value)) if "encoder" in value.lower() else ""
        if named or value.lower() in _encoders()[0]:
            yield named or "encoder-weights", "model-type", "medium"
    for value, _ in component.facts("pipeline-tag"):
        if value in _encoders()[1]:
            yield "encoder-weights", "pipeline-tag", "medium"
    if component.facts("model-type") or component.facts("pipeline-tag"):
        yield "backbone-weights", "model-type", "medium"


@cache
def _encoders() -> tuple[frozenset[str], frozenset[str]]:
    """(model types, hub tasks) of encoders."""
    table = tomllib.loads(
        (resources.files("aisbom.knowledge") / "encoders.toml").read_text("utf-8")
    )
    return frozenset(table["model_types"]), frozenset(table["tasks"])
