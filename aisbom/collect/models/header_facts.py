"""What the header of a weight file states of its model: licence, name, maker, parents, data sets.

Each word stands as it stands there; who wrote it is not known. Sources: the GGUF specification
(ggml, docs/gguf.md), ONNX (docs/MetadataProps.md and what exporters write), safetensors (README,
"Format"), the ModelSpec of Stability AI (v1.0.0), kohya-ss/sd-scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from aisbom.collect.models import hub
from aisbom.weights.read.stored import StoredCheckpoint

Found = list[tuple[str, str | int | None]]

_PARENTS = 8
_PAGE = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/([\w.\-]+/[\w.\-]+)/?$")
_DATASET = re.compile(
    r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/datasets/([\w.\-]+/[\w.\-]+)/?$"
)

_GGUF = {
    "architecture": "header-architecture",
    "name": "header-name",
    "organization": "header-organisation",
    "quantized_by": "quantized-by",
}
# Keys are free in the metadata of ONNX and safetensors: those that exporters and their users write.
_LICENCES = ("license", "licence", "model_license", "modelspec.license")
_NAMES = ("model_name", "modelspec.title", "title", "name", "ss_output_name")
_MAKERS = ("organization", "organisation", "vendor", "modelspec.author", "author")
_BASES = ("base_model", "base_models", "modelspec.base_model", "ss_sd_model_name")
_DATASETS = ("datasets", "dataset", "training_dataset")
# `AGPL-3.0 License (https://...)`: the word and the page are no part of the identifier.
_LICENCE = re.compile(
    r"(?P<id>[A-Za-z0-9][A-Za-z0-9.+\-]*(?: \d[\d.]*)?)(?: [Ll]icen[sc]e)?(?: \(\S+\))?"
)


def read_header_facts(opened: StoredCheckpoint) -> Found:
    """The facts of one header."""
    said = {key: value for key, value in opened.metadata if isinstance(value, str)}
    if opened.format == "gguf":
        return _gguf(said)
    found: Found = []
    if opened.format == "safetensors":
        found.append(("framework", said.get("format", "")[:40]))
        found.append(("adapter", _adapter(said)))
    elif opened.format == "onnx":
        made = f"{said.get('producer_name', '')} {said.get('producer_version', '')}".strip()
        found.append(("producer", made[:120]))
    else:
        return found
    lowered = {key.lower(): value for key, value in said.items()}
    licence = _first(lowered, _LICENCES)
    found += [
        ("license", _plain_licence(licence)),
        ("header-licence", licence),
        ("header-name", _first(lowered, _NAMES)),
        ("header-organisation", _first(lowered, _MAKERS)),
    ]
    for base in _split_names(_first(lowered, _BASES)):
        known = _model(base)
        found.append(("base-model", known))
        found.append(("header-base", "" if known or "/" in base or "\\" in base else base[:120]))
    return found


def datasets(opened: StoredCheckpoint) -> Iterator[str]:
    """The data sets that a header names by an id of the hub, each once."""
    said = {key.lower(): value for key, value in opened.metadata if isinstance(value, str)}
    given = [said.get(f"general.dataset.{number}.repo_url", "") for number in range(_PARENTS)]
    given += _split_names(_first(said, _DATASETS)) if opened.format != "gguf" else []
    seen: set[str] = set()
    for text in given:
        page = _DATASET.match(text[:300])
        name = hub.model_id(page[1] if page else text)
        if name and name not in seen:
            seen.add(name)
            yield name


def _gguf(said: Mapping[str, str]) -> Found:
    found: Found = [(fact, said.get(f"general.{key}", "")[:200]) for key, fact in _GGUF.items()]
    licence = said.get("general.license", "") or said.get("general.license.name", "")
    found += [("license", licence[:200]), ("header-licence", licence[:200])]
    if said.get("general.architecture") == "clip" or said.get("general.type") == "mmproj":
        # What llama.cpp calls a projector holds the encoder, too.
        hears = said.get("clip.has_audio_encoder") == "True"
        found.append(("part", "audio-encoder" if hears else "vision-encoder"))
    if said.get("general.type") == "adapter":
        found.append(("adapter", said.get("adapter.type", "")[:40] or "adapter"))
    for number in range(_PARENTS):
        owner, name, page = (
            said.get(f"general.base_model.{number}.{key}", "")[:300]
            for key in ("organization", "name", "repo_url")
        )
        found.append(("header-base", f"{owner} {name}".strip()[:240]))
        found.append(("base-model", _model(page) if page else ""))
    return found


def _adapter(said: Mapping[str, str]) -> str:
    """The kind of a small network that is trained beside a large one, as its trainer calls it."""
    kind = said.get("ss_network_module", "").rpartition(".")[2]
    designed = said.get("modelspec.architecture", "").partition("/")[2]
    return (kind or (designed if designed in ("lora", "textual-inversion") else ""))[:40]


def _plain_licence(text: str) -> str:
    match = _LICENCE.fullmatch(text)
    return match["id"] if match else text


def _model(text: str) -> str:
    page = _PAGE.match(text)
    return hub.model_id(page[1] if page else text)


def _first(said: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((" ".join(said[key].split())[:300] for key in keys if said.get(key)), "")


def _split_names(text: str) -> list[str]:
    """The names in a value that may be a list, spelled by whoever wrote it."""
    return [name for name in re.split(r"[\[\]\s\"',;]+", text) if name][:_PARENTS]
