"""Weights in a folder that a credit of the tree names: NOTICE says "LPIPS came from ...", and the
files lie below `lpips/`. Somebody wrote down that they are there; whose they are is another
question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from aisbom.model import Component, Observation

_LEAST = 4
# Folders that any project has.
_GENERIC = frozenset(
    (
        *("assets", "backbone", "backbones", "checkpoint", "checkpoints", "ckpt", "ckpts", "code"),
        *("codes", "config", "configs", "data", "decoder", "encoder", "files", "metrics", "model"),
        *("models", "module", "modules", "network", "networks", "pretrained", "resources"),
        *("source", "training", "utils", "weights"),
    )
)


def noted(components: Iterable[Component], seen: Iterable[Observation]) -> list[Component]:
    """The components; weights that nothing declares get the first credit that names a folder above
    them.
    """
    every = list(components)
    if not any(map(_undeclared, every)):
        return every
    named: dict[str, Observation] = {}
    for o in sorted(o for o in seen if o.kind == "credit" and o.fact("credit") != "holder"):
        for word in re.findall(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", o.evidence.excerpt.lower()):
            named.setdefault(word, o)
    return [_noted(c, named) if _undeclared(c) else c for c in every]


def _undeclared(component: Component) -> bool:
    return "weights" in component.kinds and all(
        o.evidence.sees == "content" for o in component.observations
    )


def _noted(component: Component, named: dict[str, Observation]) -> Component:
    folders = {
        folder.lower()
        for o in component.observations
        for folder in o.evidence.at.folder.split("/")
        if len(folder) >= _LEAST
    }
    found = min((named[folder] for folder in folders - _GENERIC if folder in named), default=None)
    if found is None:
        return component
    credit = Observation("format", "credited", "", "", found.evidence)
    return replace(component, observations=tuple(sorted({*component.observations, credit})))
