"""Model cards: the YAML front matter of a README as the model hub reads it. The prose below it is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from aisbom.collect import hub, yaml_nodes
from aisbom.collect.collector import Collector
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.walk import File, Unreadable, decode

NAME = "model-card"
MAX_HEAD = 256 * 1024
MAX_VALUES = 200

# Keys that only a model's card has; the weak ones are shared with data sets, demos and web pages.
_STRONG = ("base_model", "base_model_relation", "pipeline_tag", "library_name", "model-index", "model_index", "quantized_by", "new_version")
_WEAK = ("license", "license_name", "license_link", "language", "datasets", "metrics", "tags", "inference", "widget")
_OTHERS = ("sdk", "task_categories", "size_categories", "dataset_info", "annotations_creators", "layout", "permalink")

_KEYS = {
    "license": "license",
    "license_name": "license-name",
    "license_link": "license-link",
    "base_model": "base-model",
    "base_model_relation": "base-model-relation",
    "datasets": "dataset",
    "language": "language",
    "pipeline_tag": "pipeline-tag",
    "library_name": "library-name",
    "tags": "tag",
    "metrics": "metric",
    "quantized_by": "quantized-by",
    "new_version": "new-version",
}
_KEY_LINE = re.compile(rf"(?:{'|'.join(map(re.escape, _STRONG + _WEAK))})[ \t]*:")
_MODEL_FILE = re.compile(
    r"(?:config|adapter_config|tokenizer_config|tokenizer|generation_config|modules)\.json|"
    r".*\.(?:safetensors|gguf|onnx|ckpt|pt|pth|tflite|h5|keras|pdiparams|nemo)|.*pytorch_model.*\.bin"
)


def _collect(file: File) -> Iterator[Row]:
    head = file.head(MAX_HEAD)
    # Cut behind a line: half a character would change how the whole is decoded.
    matter = front_matter(decode(head if len(head) < MAX_HEAD else head[: head.rfind(b"\n") + 1]))
    line = next((n for n, text in enumerate(matter.split("\n"), 2) if _KEY_LINE.match(text)), 0)
    if not line:
        return
    card = yaml_nodes.load(matter)
    if not isinstance(card, dict):
        raise Unreadable("front matter that is not a table: not read")
    if not _is_model(card, file):
        return
    name, version, purl, model = hub.identity(file)
    found = [(fact, value) for key, fact in _KEYS.items() for value in _values(card.get(key), key)]
    yield Observation(
        "model",
        name,
        version,
        purl,
        Evidence(NAME, "manifest-analysis", "high", file.at(line), matter.split("\n")[line - 2]),
        facts(*found, file_kind="card", model_id=model),
    )


def front_matter(text: str) -> str:
    """The lines between the `---` that opens a file and the one that closes its front matter; `""` if there is none."""
    match = re.match(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", text, re.DOTALL)
    return match[1] if match else ""


def _is_model(card: dict[Any, Any], file: File) -> bool:
    if any(key in card for key in _STRONG):
        return True
    return not any(key in card for key in _OTHERS) and any(_MODEL_FILE.fullmatch(name) for name in file.siblings())


def _values(value: Any, key: str) -> Iterator[str]:
    for item in (value if isinstance(value, list) else [value])[:MAX_VALUES]:
        if isinstance(item, bool):
            # YAML 1.1 reads the code of Norwegian as a boolean.
            if key == "language" and not item:
                yield "no"
        elif isinstance(item, (str, int, float)):
            yield " ".join(str(item).split())[:300]


COLLECTOR = Collector(NAME, 1, ("README.md", "MODEL_CARD.md", "model_card.md", "modelcard.md"), _collect, installed=True)
