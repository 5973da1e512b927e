"""Code that trusts what it loads: `trust_remote_code=True`, `torch.load` without `weights_only`."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from contextlib import suppress

from aisbom.collect import get_collector
from aisbom.collect.references import python_trees
from aisbom.collect.references.notebook import python_cells
from aisbom.collect.references.python_references import is_relevant
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.model.facts import HAZARD, Hazard
from aisbom.source.tree import File, Unreadable

NAME = "unsafe-code"
MAX_FOUND = 100
_WORDS = ("trust_remote_code", "torch.load", "weights_only", "allow_pickle", "safe_mode")
_WISHES = {
    ("trust_remote_code", True): "trust_remote_code=True",
    ("weights_only", False): "weights_only=False",
    ("allow_pickle", True): "allow_pickle=True",
    ("safe_mode", False): "safe_mode=False",
}


def collect(file: File) -> Iterator[Row]:
    """The calls of a file that run code of others."""
    text = file.text()
    if not any(word in text for word in _WORDS):
        return
    found: dict[Hazard, None] = {}
    for node, has_line in _nodes(file, text):
        if isinstance(node, ast.Call) and len(found) < MAX_FOUND:
            for what in _trusts(node):
                found[Hazard("loader", what, node.lineno if has_line else 0, True)] = None
    if found:
        words = "; ".join(hazard.what for hazard in list(found)[:3])
        evidence = Evidence(NAME, "source-code-analysis", "high", file.at(), words)
        yield Observation(
            "hazard", file.name, "", "", evidence, facts(*(HAZARD(hazard) for hazard in found))
        )


def _nodes(file: File, text: str) -> Iterator[tuple[ast.AST, bool]]:
    """What stands in a module, or in the cells of a notebook, and whether its lines are those of
    the file. Of what cannot be parsed, whoever looks for references speaks.
    """
    if file.name.endswith(".ipynb"):
        with suppress(ValueError, RecursionError):
            for cell in python_cells(json.loads(text)):
                with suppress(Unreadable):
                    yield from ((node, False) for node in ast.walk(python_trees.parse_python(cell)))
        return
    try:
        nodes = python_trees.nodes(file)
    except Unreadable:
        if not is_relevant(file.read()):
            raise
        return
    yield from ((node, True) for node in nodes)


def _trusts(call: ast.Call) -> Iterator[str]:
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    for name, value in keywords.items():
        if isinstance(value, ast.Constant) and isinstance(value.value, bool):
            wish = _WISHES.get((name or "", value.value))
            if wish:
                yield wish
    function = call.func
    if (
        isinstance(function, ast.Attribute)
        and function.attr == "load"
        and isinstance(function.value, ast.Name)
        and function.value.id == "torch"
        and "weights_only" not in keywords
        and None not in keywords
    ):
        yield "torch.load without weights_only"


COLLECTOR = get_collector(NAME)
