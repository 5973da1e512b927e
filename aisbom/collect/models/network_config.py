"""Configurations of networks in files of their own, under any name: YAML, TOML, JSON and Python
that describe an encoder, a projector, a codec or a whole model.

A table describes a network where it names classes (`architectures`, `_target_`, `target`, `type`,
`_name`, `arch`) or a `model_type`, and its class, its key or its file says what the network is for.
The file `config.json` of a model folder is read by `model_config`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aisbom.collect import get_collector
from aisbom.collect.models import hub
from aisbom.collect.models.model_parts import shape
from aisbom.collect.models.numbers import number, sizes
from aisbom.collect.parsed import nodes, python_nodes, yaml_nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.lazy_module import Module
from aisbom.model import Evidence, Gap, Observation, Row, facts, network_names, part_names
from aisbom.source.faults import fault
from aisbom.source.tree import File, Unreadable

if TYPE_CHECKING:
    import yaml
else:
    yaml = Module("yaml")

NAME = "network-config"
MAX_READ = 2 * 1024 * 1024
MAX_NODES = 20_000
MAX_LEVEL = 12
MAX_FOUND = 40

_WORDS = re.compile(
    rb"architectures|model_type|_target_|\btarget\b|_cfg\b|META_ARCHITECTURE|\barch\b|_name\b"
    rb"|hidden_size|(?i:backbone|encoder)"
)
# Modules that are settings: OpenMMLab's tables, detectron2's lazy calls and its tree of keys.
_SETTINGS_CODE = re.compile(rb"\bdict\(\s*type\s*=|\bLazyCall\b|^_C\.MODEL\.", re.MULTILINE)
_OF_TYPE = re.compile(rb"dict\(\s*type")
_SETTINGS_SIGNS = (b"LazyCall", b"_C.MODEL.")
"""One of these, or `_OF_TYPE`, is in all that `_SETTINGS_CODE` finds."""
_TOLD = re.compile(rb'architectures["\s:=]|model_type["\s:=]')
# Files of a model folder and of other tools have readers of their own.
_OTHERS = re.compile(
    r"(?:adapter_config|generation_config|tokenizer_config|preprocessor_config|processor_config"
    r"|video_preprocessor_config|special_tokens_map|added_tokens|tokenizer|vocab|model_index"
    r"|package|package-lock|tsconfig.*|composer|dataset_infos|croissant|modules|trainer_state"
    r"|.*\.index|aisbom.*|.*\.cdx|.*\.spdx)\.json"
    r"|(?:poetry|uv|pdm|pixi|pylock.*|pyproject|aisbom|Cargo)\.(?:lock|toml|yaml)"
    r"|environment\.ya?ml|mkdocs\.ya?ml|docker-compose.*|compose\.ya?ml|\.pre-commit-config\.yaml"
)
_CLASS = re.compile(r"(?:[A-Za-z_]\w*\.)*[A-Z]\w{2,120}")
_CLASS_KEYS = ("_target_", "target", "class_name", "_class_name", "META_ARCHITECTURE")
# These name a class only in a table whose key already names a part.
_WEAK_KEYS = ("type", "_name", "arch", "NAME", "name", "model_name")
_TAKES = re.compile(r"(?:llm|lm|text|language(?:_model)?)_hidden_size")
_SETTINGS_FILE = re.compile(r"[\w./-]{1,200}\.(?:ya?ml|toml|json)")


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the document, and the last key above it that is a word."""

    node: Node
    key: str


def collect(file: File) -> Iterator[Row]:
    """The networks that settings describe by their sizes."""
    if _OTHERS.fullmatch(file.name):
        return
    head = file.head(MAX_READ)
    # Of code, few files are settings: the words of networks are in most.
    if file.name.endswith(".py") and not _is_settings_code(head):
        return
    if not _WORDS.search(head):
        return
    if file.size > MAX_READ:
        if _TOLD.search(head):
            yield Gap(NAME, file.at(), f"larger than {MAX_READ:,} bytes: not read")
        return
    document = _parse(file, told=bool(_TOLD.search(head)))
    value = document.value if document else None
    if document is None or (file.name == "config.json" and _is_model(value)):
        return  # of the folder of a model
    found = 0
    bases = _bases(file, document.value) if file.name.endswith(".py") else []
    for table in _tables(document.root):
        _inherit(table, bases)
        row = _network(file, table)
        if row is not None and found < MAX_FOUND:
            found += 1
            yield row
            yield from _freeze(table, row)
    yield from _surroundings(document.root)


def _is_settings_code(head: bytes) -> bool:
    signs = any(sign in head for sign in _SETTINGS_SIGNS) or _OF_TYPE.search(head) is not None
    return signs and _SETTINGS_CODE.search(head) is not None


def _parse(file: File, told: bool) -> nodes.Document | None:
    """The document; None for what is no document of its kind, which is a gap where it names a
    network.
    """
    try:
        if file.name.endswith(".json"):
            return nodes.json_document(file, NAME)
        if file.name.endswith(".toml"):
            return nodes.toml(file, NAME)
        if file.name.endswith(".py"):
            return python_nodes.settings(file, NAME)
        return yaml_nodes.load_values_with_lines(file, NAME)
    except (SyntaxError, RecursionError, MemoryError):
        return None
    except (ValueError, yaml.YAMLError, Unreadable) as error:
        if told:
            raise Unreadable(f"cannot be read: {fault(error)}") from error
        return None


_MAX_BASES = 10


def _bases(file: File, value: Any, level: int = 0) -> list[Any]:
    """What the settings that a module builds on assign, nearest first (MMEngine's `_base_`)."""
    listed = value.get("_base_") if isinstance(value, dict) else None
    paths = [listed] if isinstance(listed, str) else listed if isinstance(listed, list) else []
    found = []
    for path in paths[:_MAX_BASES]:
        base = file.sibling(path) if isinstance(path, str) and path.endswith(".py") else None
        document = _parse(base, told=False) if base is not None else None
        if base is not None and document is not None:
            found.append(document.value)
            found += _bases(base, document.value, level + 1) if level < 2 else []
    return found


def _inherit(table: _Table, bases: list[Any]) -> None:
    """Give a table that changes a network of other settings the class that it has there."""
    value = table.node.value
    if not bases or "type" in value or "_delete_" in value:
        return
    for base in bases:
        below = base
        for key in table.node.path:
            below = below.get(key) if isinstance(below, dict) else None
        if isinstance(below, dict) and isinstance(below.get("type"), str):
            value["type"] = below["type"]
            return


def _tables(root: Node) -> Iterator[_Table]:
    """Every table of a document, outer ones first; bounded."""
    waiting = [_Table(root, "")]
    seen = 0
    while waiting and seen < MAX_NODES:
        table = waiting.pop(0)
        seen += 1
        node = table.node
        if isinstance(node.value, dict):
            yield table
        if not isinstance(node.value, dict | list) or len(node.path) > MAX_LEVEL:
            continue
        below = node.items() if isinstance(node.value, dict) else enumerate(node.array())
        for key, child in list(below)[:2000]:
            if isinstance(child.value, dict | list):
                named = key if isinstance(key, str) else table.key
                waiting.append(_Table(child, named))


def _network(file: File, table: _Table) -> Observation | None:
    value: Mapping[str, Any] = table.node.value
    given = value.get("model_type")
    kind = given if isinstance(given, str) and given.strip() else ""
    by_key = part_names.of_key((table.key,)) or network_names.of_words(table.key)
    if registered := _read_registry_entry(value, table.key):
        return _observation(table, *registered)
    measured = sum(count is not None for _, count in sizes(value))
    classes = _classes(value)
    weak = _weak_class(value, measured) if by_key and not classes else ""
    classes = classes or ([weak] if weak else [])
    part = next((p for name in classes if (p := network_names.of_architecture(name))), "")
    if (not part and (kind or classes)) or (part == "denoiser" and by_key == "encoder"):
        part = by_key  # a U-Net sees where it is a backbone
    if not part and kind and (classes or measured):
        part = network_names.of_words(kind)
    if not part and kind and (classes or measured > 1):
        part = _of_place(file)
    told = bool(classes) or bool(kind and (measured or by_key))
    whole = isinstance(value.get("architectures"), list) and bool(classes)
    return _observation(table, part or "model", classes) if told and (part or whole) else None


_NETWORK = re.compile(r"(?:Model|Transformer|Net|Backbone|Tower)$")
_BUILT = re.compile(r"build_(\w{2,80})_backbone")
_SPEECH = re.compile(r"(?:wav2vec|hubert|data2vec_audio|wavlm)")


def _read_registry_entry(value: Mapping[str, Any], key: str) -> tuple[str, list[str]] | None:
    """(part, names) of a table that names its network by an entry of a registry: detectron2's whole
    model and its backbone, fairseq's model.
    """
    whole = value.get("META_ARCHITECTURE")
    if isinstance(whole, str) and _CLASS.fullmatch(whole):
        return "model", [whole]
    name = value.get("NAME") if key == "BACKBONE" else None
    if isinstance(name, str) and (built := _BUILT.fullmatch(name)):
        return "vision-encoder", [built[1]]
    name = value.get("_name") if key == "model" else None
    if isinstance(name, str) and re.fullmatch(r"[a-z][a-z0-9_]{2,80}", name):
        return "audio-encoder" if _SPEECH.match(name) else "model", [name]
    return None


def _weak_class(value: Mapping[str, Any], measured: int) -> str:
    """A class under a key that anything may have: one that is known for a network, or whose table
    states sizes.
    """
    for key in _WEAK_KEYS:
        name = value.get(key)
        if isinstance(name, str) and _CLASS.fullmatch(name):
            known = network_names.of_architecture(name) or _NETWORK.search(name)
            return name if measured or known else ""
    return ""


def _observation(table: _Table, part: str, classes: list[str]) -> Observation:
    node = table.node
    keys = ("architectures", "model_type", *_CLASS_KEYS, *_WEAK_KEYS)
    first = next((node.get(key) for key in keys if key in node.value), node)
    found = [pair for pair in shape(node.value) if pair[0] != "architecture"]
    names = [("architecture", name.rpartition(".")[2]) for name in classes[:5]]
    return Observation(
        "submodel",
        part,
        "",
        "",
        Evidence(
            NAME,
            "manifest-analysis",
            "high",
            node.document.file.at(first.line or 1, "".join(f"/{key}" for key in node.path)),
            first.excerpt[:200],
        ),
        facts(
            ("part", part),
            ("basis", "network-file"),
            ("source", _source(node.value)),
            *found,
            *names,
        ),
    )


_KEPT = {"freeze": True, "frozen": True, "trainable": False, "requires_grad": False}


def _freeze(table: _Table, row: Observation) -> Iterator[Observation]:
    """That a network is kept as it was loaded, at the line that says so."""
    for key, state in _KEPT.items():
        if table.node.value.get(key) is state:
            child = table.node.get(key)
            at = replace(row.evidence.at, line=child.line or row.evidence.at.line)
            seen = replace(row.evidence, at=at, excerpt=child.excerpt[:200])
            told = facts(("part", row.fact("part")), ("basis", "network-file"), ("frozen", "yes"))
            yield replace(row, evidence=seen, facts=told)


_SOURCES = ("pretrained", "checkpoint", "init_cfg", "weights", "WEIGHTS")


def _source(value: Mapping[str, Any]) -> str:
    """The id of the hub that a network is loaded from, `""` where it states none."""
    for key in _SOURCES:
        given = value.get(key)
        if isinstance(given, dict):
            given = given.get("checkpoint")
        if isinstance(given, str) and (found := hub.model_id(given)):
            return found
    return ""


def _is_model(value: object) -> bool:
    return isinstance(value, dict) and any(
        isinstance(value.get(key), str | list)
        for key in ("model_type", "architectures", "_class_name")
    )


def _classes(value: Mapping[str, Any]) -> list[str]:
    listed = value.get("architectures")
    if isinstance(listed, list):
        return [name for name in listed[:10] if isinstance(name, str) and _CLASS.fullmatch(name)]
    return [
        name
        for key in _CLASS_KEYS
        if isinstance(name := value.get(key), str) and _CLASS.fullmatch(name)
    ][:1]


def _of_place(file: File) -> str:
    """What a file is for by its own name, else by the two folders around it."""
    stem = file.name.rpartition(".")[0]
    folders = file.folder.split("/")
    return network_names.of_words(stem) or next(
        (part for folder in reversed(folders[-3:]) if (part := network_names.of_words(folder))), ""
    )


def _surroundings(root: Node) -> Iterator[Observation]:
    """What a network feeds, from settings that name its configuration and the width of the language
    model beside it.
    """
    if not isinstance(root.value, dict):
        return
    width = next(
        (child for key, child in root.items() if _TAKES.fullmatch(key) and number(child.value)),
        None,
    )
    if width is None:
        return
    for child in root.values():
        if isinstance(child.value, str) and _SETTINGS_FILE.fullmatch(child.value):
            yield Observation(
                "submodel",
                "surroundings",
                "",
                "",
                Evidence(NAME, "manifest-analysis", "high", width.at, width.excerpt[:200]),
                facts(
                    ("basis", "surroundings"),
                    ("configures", child.value.removeprefix("./")),
                    ("feeds-width", number(width.value)),
                ),
            )


# Settings that name a network state that it is a part; the weights, if any, lie elsewhere.
COLLECTOR = get_collector(NAME)
