"""Configurations of models, adapters, tokenizers and processors in the layout of the transformers
library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from aisbom.collect import get_collector
from aisbom.collect.models import hub, model_parts
from aisbom.collect.models.numbers import number, sizes
from aisbom.lazy_module import Function
from aisbom.model import (
    Evidence,
    Gap,
    Location,
    Observation,
    Row,
    Sighting,
    Technique,
    facts,
    part_names,
)
from aisbom.model.facts import NESTED
from aisbom.source.faults import fault
from aisbom.source.tree import File, Unreadable

_folder_name = Function("aisbom.collect.models.hub_names", "folder_name")
NAME = "model-config"
MAX_READ = 8 * 1024 * 1024
MAX_VALUES = 50

Found = list[tuple[str, str | int | None]]

_TRANSFORMER = frozenset(
    [
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "vocab_size",
        "transformers_version",
        "torch_dtype",
        "d_model",
        "n_embd",
        "n_layer",
        "num_layers",
        "intermediate_size",
        "max_position_embeddings",
        "auto_map",
        "text_config",
        "vision_config",
        "audio_config",
    ]
)
_SHIPPED = re.compile(r"(?:(?P<repo>[\w.\-]+/[\w.\-]+)--)?(?P<module>[A-Za-z_]\w*)\.\w+")
_IMPORTED = re.compile(r"^[ \t]*+from[ \t]++\.(\w++)[ \t]++import\b", re.MULTILINE)
_MAX_CODE = 2 * 1024 * 1024


def collect(file: File) -> Iterator[Row]:
    """The model that a configuration belongs to, and its parts."""
    if hub.pointer(file):
        raise Unreadable("only a git LFS pointer is here: not read")
    text = file.text(MAX_READ)
    try:
        config = json.loads(text)
    except ValueError as error:
        # Any program may call its settings config.json: only what could have been a model's is
        # missed.
        if file.name == "config.json" and not re.search(r'"(?:model_type|architectures)"', text):
            return
        raise Unreadable(f"not JSON: {fault(error)}") from error
    if not isinstance(config, dict):
        return
    rows = {
        "config.json": _model,
        "adapter_config.json": _adapter,
        "model_index.json": _pipeline,
        "tokenizer_config.json": _tokenizer,
        "preprocessor_config.json": _processor,
        "processor_config.json": _processor,
    }[file.name](file, config, text)
    yield from rows


def _model(file: File, config: dict[str, Any], text: str) -> Iterator[Row]:
    kind = _text(config.get("model_type"))
    classes = _classes(config.get("architectures")) or _classes([config.get("_class_name")])
    stated = _text(config.get("_name_or_path"))
    if not kind and not classes and not (stated and not _TRANSFORMER.isdisjoint(config)):
        return
    found: Found = [("file-kind", "config"), *_shape(config, "")]
    found += [("architecture", name) for name in classes]
    found += [(fact, number(config.get(key))) for key, fact in _MORE.items()]
    for part in NESTED:
        value = config.get(f"{part}_config")
        if isinstance(value, dict):
            found += _shape(value, f"{part}-")
    for table in (config, *(value for value in config.values() if isinstance(value, dict))):
        quantisation = table.get("quantization_config")
        if isinstance(quantisation, dict):
            found.append(("quantisation", _text(quantisation.get("quant_method"))))
    found.append(("transformers-version", _text(config.get("transformers_version"))))
    code, gaps = _remote_code(file, config)
    found += code
    yield _observation(
        file,
        "model",
        found,
        stated,
        _find_line(file, text, "model_type", "architectures", "_class_name", "_name_or_path"),
    )
    yield from _kept_name(file, "config", stated, text)
    yield from gaps
    yield from model_parts.parts(file, config, text, NAME)


def _kept_name(file: File, kind: str, stated: str, text: str) -> Iterator[Row]:
    """From where it was loaded, at the line that says so."""
    if stated:
        # Of a folder on somebody's machine the last name is kept, which may be that of a release.
        found: Found = [("file-kind", kind), ("name-or-path", _folder_name(stated) or stated)]
        yield _observation(file, "model", found, stated, _find_line(file, text, "_name_or_path"))


_MORE = {
    "max_position_embeddings": "max-position-embeddings",
    "num_key_value_heads": "num-key-value-heads",
    "num_experts": "num-experts",
    "num_local_experts": "num-experts",
    "n_routed_experts": "num-experts",
    "mm_hidden_size": "projector-in",
}


def _pipeline(file: File, config: dict[str, Any], text: str) -> Iterator[Row]:
    """A pipeline of several networks: each entry `[library, class]` that is one, in the folder of
    its name.
    """
    name = _text(config.get("_class_name"))
    if not name:
        return
    stated = _text(config.get("_name_or_path"))
    found: Found = [("file-kind", "pipeline"), ("architecture", name)]
    yield _observation(file, "model", found, stated, _find_line(file, text, "_class_name"))
    yield from _kept_name(file, "pipeline", stated, text)
    for key, value in list(config.items())[:MAX_VALUES]:
        entry = (
            value[1]
            if isinstance(value, list) and len(value) == 2 and isinstance(value[1], str)
            else ""
        )
        part = part_names.of_class(entry) or (part_names.of_folder(key) if entry else "")
        if part:
            at, excerpt = _find_line(file, text, key)
            where = facts(
                part=part,
                folder=f"{file.folder}/{key}".strip("/"),
                architecture=entry[:120],
                basis="pipeline",
            )
            yield Observation(
                "submodel",
                part,
                "",
                "",
                Evidence(NAME, "manifest-analysis", "high", at, excerpt),
                where,
            )


def _adapter(file: File, config: dict[str, Any], text: str) -> Iterator[Row]:
    base = _text(config.get("base_model_name_or_path"))
    kind = _text(config.get("peft_type"))
    if not base and not kind:
        return
    found: Found = [
        ("file-kind", "adapter"),
        ("adapter", kind),
        ("base-model", hub.model_id(base)),
        ("base-model-revision", _text(config.get("revision"))),
        ("name-or-path", base),
        ("rank", number(config.get("r"))),
        ("base-model-relation", "adapter" if hub.model_id(base) else ""),
    ]
    yield _observation(
        file, "model", found, "", _find_line(file, text, "base_model_name_or_path", "peft_type")
    )


def _tokenizer(file: File, config: dict[str, Any], text: str) -> Iterator[Row]:
    name = _text(config.get("tokenizer_class"))
    stated = _text(config.get("name_or_path"))
    found: Found = [
        ("tokenizer-class", name),
        # Labs take over tokenizers: where this one is from says nothing of the weights.
        ("tokenizer-from", stated),
        *_remote_code(file, config)[0],
    ]
    yield _observation(
        file, "tokenizer", found, "", _find_line(file, text, "tokenizer_class", "name_or_path")
    )


def _processor(file: File, config: dict[str, Any], text: str) -> Iterator[Row]:
    found: Found = [
        (fact, _text(config.get(key)))
        for fact, key in (
            ("image-processor", "image_processor_type"),
            ("feature-extractor", "feature_extractor_type"),
            ("processor", "processor_class"),
        )
    ]
    if any(value for _, value in found):
        found += [("file-kind", "preprocessor"), *_remote_code(file, config)[0]]
        yield _observation(
            file,
            "model",
            found,
            "",
            _find_line(
                file, text, "image_processor_type", "feature_extractor_type", "processor_class"
            ),
        )


def _observation(
    file: File, kind: Sighting, found: Found, stated: str, seen: tuple[Location, str]
) -> Observation:
    name, version, purl, model = hub.identity(file, stated)
    # A tokenizer is a part of a model: it must not share the model's package URL.
    identity = (name, version, purl) if kind == "model" else (name, version, "")
    at, excerpt = seen
    technique: Technique = "filename" if excerpt == file.name else "manifest-analysis"
    return Observation(
        kind,
        *identity,
        Evidence(NAME, technique, "high", at, excerpt),
        facts(*found, model_id=model),
    )


def _shape(config: dict[str, Any], prefix: str) -> Found:
    """Type, number format and sizes of one (nested) configuration."""
    found: Found = [
        (f"{prefix}model-type", _text(config.get("model_type"))),
        (f"{prefix}torch-dtype", _text(config.get("torch_dtype")) or _text(config.get("dtype"))),
    ]
    return [*found, *((f"{prefix}{fact}", count) for fact, count in sizes(config))]


def _remote_code(file: File, config: dict[str, Any]) -> tuple[Found, list[Gap]]:
    """Classes that loading the model would fetch and run, the files of this folder they lie in, and
    a gap for those elsewhere.

    Files that those import from beside them are named too; each is read once, so that a circle of
    imports ends.
    """
    table = config.get("auto_map")
    values = table.values() if isinstance(table, dict) else ()
    flat = [
        _text(item) for value in values for item in (value if isinstance(value, list) else [value])
    ][:MAX_VALUES]
    found: Found = [("auto-map", item) for item in flat]
    gaps: dict[str, Gap] = {}
    waiting: list[str] = []
    for item in flat:
        shipped = _SHIPPED.fullmatch(item)
        if shipped and shipped["repo"]:
            gaps[item] = Gap(
                NAME,
                file.at(),
                f"remote code lies in {shipped['repo']}, outside of this folder: not examined",
            )
        elif shipped:
            waiting.append(shipped["module"])
    read: set[str] = set()
    while waiting and len(read) < MAX_VALUES:
        module = waiting.pop()
        if module in read:
            continue
        read.add(module)
        code = file.sibling(f"{module}.py")
        if code is None:
            gaps[module] = Gap(
                NAME, file.at(), f"remote code {module}.py is not in this folder: not examined"
            )
            continue
        found.append(("remote-code", code.path))
        waiting += sorted(_IMPORTED.findall(code.head(_MAX_CODE).decode("utf-8", "replace")))
    return found, [gaps[key] for key in sorted(gaps)]


def _classes(value: Any) -> list[str]:
    """Class names; a list of processors (`amd64`) is another kind of architecture."""
    items = value if isinstance(value, list) else []
    return [
        item
        for item in items[:MAX_VALUES]
        if isinstance(item, str) and re.fullmatch(r"[A-Z]\w{2,120}", item)
    ]


def _text(value: Any) -> str:
    return " ".join(value.split())[:300] if isinstance(value, str) else ""


def _find_line(file: File, text: str, *keys: str) -> tuple[Location, str]:
    """The line of the first of these keys in the file, and its words."""
    for key in keys:
        start = text.find(f'"{key}"')
        if start >= 0:
            end = text.find("\n", start)
            return file.at(text.count("\n", 0, start) + 1), text[
                start : end if end >= 0 else start + 200
            ][:200].strip()
    return file.at(), file.name


COLLECTOR = get_collector(NAME)
