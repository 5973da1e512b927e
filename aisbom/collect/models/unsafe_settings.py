"""What the settings of a model ask its loader to run: classes in Python files beside it, and chat
templates that reach for more than messages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from aisbom.collect import get_collector
from aisbom.model import Evidence, Gap, Observation, Row, facts, redact
from aisbom.model.facts import HAZARD, Hazard
from aisbom.source.tree import File
from aisbom.weights.unsafe.examined import Examination
from aisbom.weights.unsafe.templates import examine_template

NAME = "unsafe-settings"
MAX_FOUND = 40
_WORDS = ("auto_map", "chat_template", "_class_name", "custom_pipelines", "trust_remote_code")
_LIBRARIES = ("diffusers", "transformers", "flax", "onnxruntime", "optimum", "stable_diffusion")


def collect(file: File) -> Iterator[Row]:
    """What a model's settings make a loader run."""
    text = file.text()
    found = Examination()
    if file.name.lower().endswith((".jinja", ".jinja2")):
        examine_template(text, found, 1)
    elif any(word in text for word in _WORDS):
        try:
            settings = json.loads(text)
        except (ValueError, RecursionError):
            return  # whoever reads settings says so
        if isinstance(settings, dict):
            _settings(settings, text, found, file.name == "model_index.json")
    hazards = [Hazard(h.kind, h.what, h.line, True) for h in found.hazards][:MAX_FOUND]
    hazards += [Hazard("unread", why, 0, False) for why in found.unread]
    if not hazards:
        return
    words = "; ".join(hazard.what for hazard in hazards[:3])
    evidence = Evidence(NAME, "manifest-analysis", "high", file.at(), words[:200])
    yield Observation(
        "hazard", file.name, "", "", evidence, facts(*(HAZARD(hazard) for hazard in hazards))
    )
    for hazard in hazards:
        if hazard.through == "template":
            yield Gap(NAME, file.at(hazard.line), f"can run code when it is used: {hazard.what}")


def _settings(settings: dict[str, Any], text: str, found: Examination, index: bool) -> None:
    table = settings.get("auto_map")
    for value in table.values() if isinstance(table, dict) else ():
        for name in value if isinstance(value, list) else [value]:
            if isinstance(name, str) and name:
                found.add("remote-code", f"asks for {_redact(name)}", _line(text, name))
    if settings.get("trust_remote_code") is True:
        found.add("remote-code", "trusts remote code", _line(text, "trust_remote_code"))
    for template in _templates(settings.get("chat_template")):
        examine_template(template, found)
    if index:
        _parts(settings, text, found)


def _parts(settings: dict[str, Any], text: str, found: Examination) -> None:
    """The index of a pipeline: each part is `[library, class]`, or `[file beside it, class]`."""
    for value in settings.values():
        if isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value):
            library, name = value
            if library.partition(".")[0] not in _LIBRARIES:
                found.add(
                    "remote-code", f"asks for {_redact(library)}.{_redact(name)}", _line(text, name)
                )
    pipeline = settings.get("_class_name")
    if isinstance(pipeline, list) and len(pipeline) == 2:
        whole = ".".join(_redact(part) for part in pipeline)
        found.add("remote-code", f"asks for {whole}", _line(text, "_class_name"))


def _templates(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for text in value.values() if isinstance(text, str))
    elif isinstance(value, list):
        for item in value[:MAX_FOUND]:
            if isinstance(item, dict) and isinstance(item.get("template"), str):
                yield item["template"]


def _line(text: str, word: str) -> int:
    at = text.find(word)
    return text.count("\n", 0, at) + 1 if at >= 0 else 0


def _redact(value: object) -> str:
    # Paths are taken out before their marks are: what is left of one later is no path any more.
    return re.sub(r"[^\w.\-/<>]", "?", redact.text(value) if isinstance(value, str) else "")[:80]


COLLECTOR = get_collector(NAME)
