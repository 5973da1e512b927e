"""Weights that words of the tree name: NOTICE says "LPIPS came from ...", and the files lie below
`lpips/`; code says that it is from the repository `norae-vad`, and the file is `norae_vad.onnx`.
Somebody wrote down that they are there; whose they are is another question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from aisbom.codeprint.project import slug
from aisbom.model import Component, Evidence, Location, Observation
from aisbom.model.facts import SAID_SOURCE

NAME = "credited-weights"
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


def note_folder_credits(
    components: Iterable[Component], seen: Iterable[Observation]
) -> list[Component]:
    """The components; weights that nothing declares get the first words that name a folder above
    them, or the file.
    """
    every = list(components)
    if not any(map(_is_undeclared, every)):
        return every
    named = _named_words(sorted(o for o in seen if o.kind in ("credit", "source")))
    return [_note_credit(c, named) if _is_undeclared(c) else c for c in every]


def _named_words(seen: Iterable[Observation]) -> dict[str, Evidence]:
    """Where the tree first names a word, by the word: in a credit, or as the repository that code
    is from.
    """
    named: dict[str, Evidence] = {}
    for o in seen:
        if o.kind == "credit" and o.fact("credit") != "holder":
            for word in re.findall(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", o.evidence.excerpt.lower()):
                named.setdefault(_fold_word(word), o.evidence)
        for said in o.get(SAID_SOURCE):
            words = f"a comment says it comes from {said.source}"[:200]
            at = Location(o.evidence.at.path, said.line)
            word = slug(said.source).rpartition("/")[2].rstrip(".")
            seen_at = Evidence(NAME, o.evidence.technique, "medium", at, words, sees="statement")
            named.setdefault(_fold_word(word), seen_at)
    return named


def _fold_word(word: str) -> str:
    return word.lower().replace("_", "-")


def _is_undeclared(component: Component) -> bool:
    return "weights" in component.kinds and all(
        o.evidence.sees == "content" for o in component.observations
    )


def _note_credit(component: Component, named: dict[str, Evidence]) -> Component:
    names = {
        _fold_word(name)
        for o in component.observations
        for name in (*o.evidence.at.folder.split("/"), _stem(o.evidence.at.path))
        if len(name) >= _LEAST
    }
    found = min((named[name] for name in names - _GENERIC if name in named), default=None)
    if found is None:
        return component
    credit = Observation("format", "credited", "", "", found)
    return replace(component, observations=tuple(sorted({*component.observations, credit})))


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]
