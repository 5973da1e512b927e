"""The parts that one configuration describes: nested configurations at any depth, and the places
that it says parts came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from aisbom.collect.models import hub
from aisbom.collect.models.numbers import number, sizes
from aisbom.collect.parsed import lines
from aisbom.model import Evidence, Observation, facts, part_names
from aisbom.source.tree import File

MAX_PARTS = 40
_DEPTH = 5
_NO_PART = frozenset(
    {
        "quantization_config",
        "generation_config",
        "compression_config",
        "task_specific_params",
        "rope_scaling",
    }
)

# `mm_vision_tower` and its like: a text that says from where a part is loaded. What stands before
# the ending names the part.
_SOURCE = re.compile(
    r"(?P<part>(?:mm_)?(?:vision|image|video|audio|speech|sound)_(?:tower|encoder|backbone|model)|text_encoder|language_model|llm|vae|vocoder|"
    r"speech_tokenizer|audio_codec)(?:_(?:name|path|name_or_path|model_name|model_name_or_path|pretrained|checkpoint))?"
)
_FREEZE = re.compile(r"(?:freeze|frozen)_(?P<part>\w+)|(?P<other>\w+)_frozen")


def parts(file: File, config: Mapping[str, Any], text: str, by: str) -> Iterator[Observation]:
    """One observation of kind `submodel` a part, at its line, `member` its JSON pointer; no more
    than MAX_PARTS.
    """
    where = lines.of_json(text, config)
    rows = text.split("\n")

    def observe_part(
        part: str, path: tuple[str, ...], holder: Any, *found: tuple[str, str | int | None]
    ) -> Observation:
        line = where.get((id(holder), path[-1]), 0)
        excerpt = rows[line - 1].strip()[:200] if line else path[-1]
        at = file.at(line, "/" + "/".join(path))
        return Observation(
            "submodel",
            part,
            "",
            "",
            Evidence(by, "manifest-analysis", "high", at, excerpt),
            facts(("part", part), *found),
        )

    count = 0
    for path, holder, value in _find_nested_tables(config, (), 0):
        part = part_names.of_key(path)
        if part and count < MAX_PARTS and _describes(value):
            count += 1
            yield observe_part(part, path, holder, ("basis", "config"), *shape(value))
    for key, value in list(config.items())[:2000]:
        stated = _SOURCE.fullmatch(key) if isinstance(value, str) and value.strip() else None
        if stated and count < MAX_PARTS:
            part = part_names.of_key((stated["part"],)) or part_names.of_key(
                (stated["part"].removeprefix("mm_"),)
            )
            if part:
                count += 1
                source = hub.model_id(value)
                name = (
                    "" if source else " ".join(value.split()).rstrip("/").rpartition("/")[2][:120]
                )
                yield observe_part(
                    part,
                    (key,),
                    config,
                    ("basis", "config"),
                    ("source", source),
                    ("source-name", name),
                )
        held = _FREEZE.fullmatch(key) if value is True else None
        if held and count < MAX_PARTS:
            part = part_names.of_key(((held["part"] or held["other"] or "").removeprefix("mm_"),))
            if part:
                count += 1
                yield observe_part(part, (key,), config, ("basis", "config"), ("frozen", "yes"))


def _find_nested_tables(
    config: Any, path: tuple[str, ...], depth: int
) -> Iterator[tuple[tuple[str, ...], Any, Mapping[str, Any]]]:
    """(path, the table that holds it, the table) of every table under a key that may name a part,
    outermost first.
    """
    for key, value in list(config.items())[:2000]:
        if (
            isinstance(value, dict)
            and key not in _NO_PART
            and (key.endswith(("_config", "_cfg")) or key in ("encoder", "decoder"))
        ):
            yield (*path, key), config, value
            if depth < _DEPTH:
                yield from _find_nested_tables(value, (*path, key), depth + 1)


def _describes(value: Mapping[str, Any]) -> bool:
    """Whether a table describes a network; a thinker that only holds other parts does so too."""
    if isinstance(value.get("model_type"), str) or isinstance(value.get("architectures"), list):
        return True
    return any(count for _, count in sizes(value)) or isinstance(value.get("_name_or_path"), str)


def shape(value: Mapping[str, Any]) -> list[tuple[str, str | int | None]]:
    """Type, number format, sizes and classes that one table states of a network."""
    words = {key: value.get(key) for key in ("model_type", "torch_dtype", "dtype", "_name_or_path")}
    said = {
        key: " ".join(text.split())[:300] for key, text in words.items() if isinstance(text, str)
    }
    stated = said.get("_name_or_path", "")
    classes = value.get("architectures")
    found: list[tuple[str, str | int | None]] = [
        ("model-type", said.get("model_type", "")),
        ("torch-dtype", said.get("torch_dtype", "") or said.get("dtype", "")),
        ("name-or-path", stated),
        (
            "out-width",
            next(
                (
                    n
                    for key in ("out_hidden_size", "projection_dim", "output_dim")
                    if (n := number(value.get(key)))
                ),
                None,
            ),
        ),
        *sizes(value),
    ]
    if isinstance(classes, list):
        found += [
            ("architecture", name)
            for name in classes[:10]
            if isinstance(name, str) and re.fullmatch(r"[A-Z]\w{2,120}", name)
        ]
    return found
