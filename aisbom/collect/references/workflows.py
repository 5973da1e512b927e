"""Weight files that the nodes of a ComfyUI workflow load: `VAELoader`, `LoadTextEncoder`, in
the form of its editor and in that of its interface.

A workflow names files of its author's machine. Which release a file is, its name alone says.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

MAX_NODES = 5_000
MAX_VALUES = 64
_NO_LOADERS = ("save", "export", "note", "preview")
"""What the kind of a node says that loads nothing: nodes of many packages load (`SAMLoader`,
`UltralyticsDetectorProvider`, groups of nodes that an author called as he likes).
"""

_FILE = re.compile(r"[\w.\- /\\+()]{3,200}\.(?:safetensors|ckpt|pth?|bin|gguf|onnx|sft)")
# What everybody's files are called.
_ANYBODYS = re.compile(
    r"(?:diffusion_pytorch_model|pytorch_model|model|adapter_model|checkpoint|weights?)"
    r"(?:[.\-](?:fp16|bf16|fp8|\d{5}-of-\d{5}))*"
)
_ADAPTER = re.compile(r"lora|adapter|controlnet|hypernetwork|stylemodel", re.IGNORECASE)


class LoadedFile(NamedTuple):
    """A weight file that a node loads: `loader` is the node, `path` leads to the value."""

    name: str
    loader: str
    part: str
    path: tuple[str | int, ...]


def find_loaded_files(document: Any) -> Iterator[LoadedFile]:
    """The weight files of a workflow; nothing where the JSON is none."""
    for path, kind, values in _nodes(document):
        if any(word in kind.lower() for word in _NO_LOADERS):
            continue
        for key, value in values:
            name = posixpath.basename(value.replace("\\", "/"))
            stem = name.rpartition(".")[0]
            if _FILE.fullmatch(value) and not _ANYBODYS.fullmatch(stem):
                part = "adapter" if _ADAPTER.search(kind) else "weights"
                yield LoadedFile(name, kind[:80], part, (*path, *key))


_Values = list[tuple[tuple[str | int, ...], str]]


def _nodes(document: Any) -> Iterator[tuple[tuple[str | int, ...], str, _Values]]:
    """(path, kind, its values that are texts, with their paths) of each node."""
    if not isinstance(document, dict):
        return
    nodes = document.get("nodes")
    if isinstance(nodes, list) and isinstance(document.get("links"), list):
        for number, node in enumerate(nodes[:MAX_NODES]):
            if isinstance(node, dict) and isinstance(node.get("type"), str):
                yield ("nodes", number), node["type"], _texts("widgets_values", node)
    else:
        for key, node in list(document.items())[:MAX_NODES]:
            if isinstance(node, dict) and isinstance(node.get("class_type"), str):
                yield (key,), node["class_type"], _texts("inputs", node)


def _texts(name: str, node: dict[str, Any]) -> _Values:
    held = node.get(name)
    pairs: list[tuple[str | int, Any]] = []
    if isinstance(held, dict):
        pairs = list(held.items())
    elif isinstance(held, list):
        pairs = list(enumerate(held))
    return [((name, key), value) for key, value in pairs[:MAX_VALUES] if isinstance(value, str)]
