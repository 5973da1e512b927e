"""Tables and classes of Python that list models: by the keys of a table, the values of a class."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from aisbom.collect.models import hub_names as names
from aisbom.collect.references import key_words
from aisbom.collect.references.python_names import Entry

MAX_KEYS = 200
_MIN_IDS = 3
"""Keys that make a table one of models, whose name does not say so."""
_BACKBONES = frozenset({"backbone", "backbones"})
_OF_MODELS = re.compile(r"Models|[A-Z]\w*(?:Models|Model(?:Name|Id|Path)s?|Checkpoints?)")
"""A class that lists models: `class DenseModels(Enum)`."""


def lists_models(holder: str) -> bool:
    """Whether a class is called as one that lists models."""
    return _OF_MODELS.fullmatch(holder) is not None


def is_listed(text: str) -> bool:
    """Whether a value of a class that lists models is one: an id, or a name with its size."""
    return bool(names.hub_id(text)) or re.search(r"(?i)-\d+(?:\.\d+)?[bm]\b", text) is not None


def find_ids_of_models(entry: Entry) -> Iterator[tuple[ast.Constant, bool]]:
    """The ids that a table of models has for keys, and whether each is loaded: it leads to a file
    of weights (`{"owner/name": "norae-v1.pth"}`), or is a backbone to build on. Of others the
    table only says something.
    """
    if not isinstance(entry.node, ast.Dict):
        return
    built_on = not _BACKBONES.isdisjoint(key_words.words(entry.name))
    pairs = zip(entry.node.keys, entry.node.values, strict=True)
    told = [
        (
            key,
            built_on or (isinstance(value, ast.Constant) and names.is_weights(str(value.value))),
        )
        for key, value in pairs
        if isinstance(key, ast.Constant) and names.hub_id(str(key.value))
        if not (isinstance(value, ast.Constant) and isinstance(value.value, int | float))
    ]
    if 2 * len(told) > len(entry.node.keys):
        yield from told[:MAX_KEYS]


def find_ids_of_table(node: ast.expr) -> list[ast.Constant]:
    """The keys of a table, whatever it is called, if all are ids of models, with dashes and mostly
    with a number: `{"owner/norae-7b": ["no", "yes"], ...}`.
    """
    keys = node.keys if isinstance(node, ast.Dict) else []
    told = [key for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    if len(told) < _MIN_IDS or len(told) != len(keys):
        return []
    named = [str(key.value).partition("/")[2] for key in told if names.hub_id(str(key.value))]
    numbered = [name for name in named if re.search(r"\d", name)]
    listed = len(named) == len(told) and all("-" in name for name in named)
    return told[:MAX_KEYS] if listed and 2 * len(numbered) > len(named) else []


def maps_to_names(entry: Entry) -> bool:
    """Whether a table leads from labels to what is loaded: `MODEL_PATH_MAP = {"bert": "..."}`."""
    told = key_words.words(entry.name)
    return isinstance(entry.node, ast.Dict) and told[-1:] in (("map",), ("paths",), ("mapping",))
