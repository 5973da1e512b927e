"""Model cards: the YAML front matter of a README as the model hub reads it, and what the prose
below it says (card_prose.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from aisbom.collect import get_collector
from aisbom.collect.models import card_prose, hub
from aisbom.collect.parsed import yaml_nodes
from aisbom.lazy_module import Function
from aisbom.model import Evidence, Gap, Observation, Row, facts
from aisbom.model.facts import EMISSIONS, RESULT, Metric
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable

NAME = "model-card"
MAX_HEAD = 256 * 1024
MAX_VALUES = 200

# Keys that only a model's card has; the weak ones are shared with data sets, demos and web pages.
_STRONG = (
    "base_model",
    "base_model_relation",
    "pipeline_tag",
    "library_name",
    "model-index",
    "model_index",
    "quantized_by",
    "new_version",
)
_WEAK = (
    "license",
    "license_name",
    "license_link",
    "language",
    "datasets",
    "metrics",
    "tags",
    "inference",
    "widget",
)
_OTHERS = (
    "sdk",
    "task_categories",
    "size_categories",
    "dataset_info",
    "annotations_creators",
    "layout",
    "permalink",
)

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
_TITLES = {"title": "title", "summary": "summary", "paper": "paper", "approach": "approach"}
_STATED = {
    "parameters": "stated-parameters",
    **{key: f"card-{key}" for key in ("uses", "users", "limitations", "ethics", "tradeoffs")},
}
_read_emissions = Function("aisbom.collect.models.card_emissions", "read_emissions")
_KEY_LINE = re.compile(rf"(?:{'|'.join(map(re.escape, _STRONG + _WEAK))})[ \t]*:")
_MODEL_FILE = re.compile(
    r"(?:config|adapter_config|tokenizer_config|tokenizer|generation_config|modules)\.json|"
    r".*\.(?:safetensors|gguf|onnx|ckpt|pt|pth|tflite|h5|keras|pdiparams|nemo)|.*pytorch_model.*\.bin"
)


def collect(file: File) -> Iterator[Row]:
    """The model that a card tells of, with what its header and its sentences state."""
    head = file.head(MAX_HEAD)
    # Cut behind a line: half a character would change how the whole is decoded.
    text = decode(head if len(head) < MAX_HEAD else head[: head.rfind(b"\n") + 1])
    matter = front_matter(text)
    line = next((n for n, row in enumerate(matter.split("\n"), 2) if _KEY_LINE.match(row)), 0)
    if not line:
        if not matter and _beside_weights(file):
            said = list(card_prose.read_prose(text))
            titles = [s for s in said if s.kind in _TITLES]
            if titles:
                yield _observation(
                    file,
                    titles[0].line,
                    titles[0].text,
                    *((_TITLES[s.kind], s.text) for s in titles),
                )
            yield from _prose(file, text, said)
        return
    card = yaml_nodes.load(matter)
    if not isinstance(card, dict):
        raise Unreadable("front matter that is not a table: not read")
    if not _is_model(card, file):
        return
    found = [(fact, value) for key, fact in _KEYS.items() for value in _values(card.get(key), key)]
    results, broken = _results(card.get("model-index", card.get("model_index")))
    skip = matter.count("\n") + 2
    said = list(card_prose.read_prose(text, skip))
    stated = card.get("co2_eq_emissions")
    emissions, unread = (None, False) if stated is None else _read_emissions(stated)
    found += [EMISSIONS(emissions)] if emissions else []
    found += [RESULT(row) for row in results] + [
        (_TITLES[s.kind], s.text) for s in said if s.kind in _TITLES
    ]
    yield _observation(file, line, matter.split("\n")[line - 2], *found)
    if broken:
        yield Gap(NAME, file.at(line), "model-index: not a list of results: not read")
    if unread:
        yield Gap(
            NAME,
            file.at(line),
            "co2_eq_emissions: not a number of grams or kilowatt-hours: not read",
        )
    yield from _prose(file, text, said)


def _observation(
    file: File, line: int, excerpt: str, *found: tuple[str, str | int | None]
) -> Observation:
    name, version, purl, model = hub.identity(file)
    evidence = Evidence(NAME, "manifest-analysis", "high", file.at(line), excerpt)
    return Observation(
        "model", name, version, purl, evidence, facts(*found, file_kind="card", model_id=model)
    )


def _prose(file: File, text: str, said: Iterable[card_prose.ProseStatement]) -> Iterator[Row]:
    """One observation a line that says something."""
    rows = text.split("\n")
    for one in said:
        if one.kind not in _TITLES:
            yield _observation(
                file,
                one.line,
                rows[one.line - 1].strip(),
                (_STATED.get(one.kind, one.kind), one.text),
            )


def _beside_weights(file: File) -> bool:
    """A README without front matter speaks of a model where weights and a configuration of one lie
    beside it.
    """
    names = file.siblings()
    return "config.json" in names and any(
        re.search(r"\.(?:safetensors|gguf|bin|pt|pth|onnx)$", name) for name in names
    )


def _results(index: Any) -> tuple[list[Metric], bool]:
    """Each evaluation result, and whether the index is something
    else than a list of results.
    """
    rows: list[Metric] = []
    if index is None:
        return rows, False
    if not isinstance(index, list):
        return rows, True
    for model in index[:20]:
        results = model.get("results") if isinstance(model, dict) else None
        for result in results[:MAX_VALUES] if isinstance(results, list) else []:
            if not isinstance(result, dict):
                continue
            dataset = result.get("dataset")
            held = dataset if isinstance(dataset, dict) else {}
            parts = [_word(held.get(key)) for key in ("name", "config", "split")]
            where = ", ".join(dict.fromkeys(part for part in parts if part))
            metrics = result.get("metrics")
            for metric in metrics[:MAX_VALUES] if isinstance(metrics, list) else []:
                if isinstance(metric, dict) and isinstance(metric.get("value"), int | float | str):
                    kind = _word(metric.get("type")) or _word(metric.get("name"))
                    rows.append(Metric(kind, _word(metric["value"]), where))
    return rows[:MAX_VALUES], False


def _word(value: Any) -> str:
    return (
        " ".join(str(value).split())[:200]
        if isinstance(value, str | int | float) and not isinstance(value, bool)
        else ""
    )


def front_matter(text: str) -> str:
    """The lines between the `---` that opens a file and the one that closes its front matter; `""`
    if there is none.
    """
    match = re.match(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", text, re.DOTALL)
    return match[1] if match else ""


def _is_model(card: dict[Any, Any], file: File) -> bool:
    if any(key in card for key in _STRONG):
        return True
    return not any(key in card for key in _OTHERS) and any(
        _MODEL_FILE.fullmatch(name) for name in file.siblings()
    )


def _values(value: Any, key: str) -> Iterator[str]:
    for item in (value if isinstance(value, list) else [value])[:MAX_VALUES]:
        if isinstance(item, bool):
            # YAML 1.1 reads the code of Norwegian as a boolean.
            if key == "language" and not item:
                yield "no"
        elif isinstance(item, (str, int, float)):
            yield " ".join(str(item).split())[:300]


COLLECTOR = get_collector(NAME)
