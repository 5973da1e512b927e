"""The models that a card states as its base, where that says that their weights were taken over.

`base_model` of a card is the model that this one was made from: fine-tuned, merged, quantised, or
an adapter beside it (https://huggingface.co/docs/hub/model-cards, "Specifying a base model"). Only
the last takes no weights over, and says so: by the relation, by a tag, by its library or by its
configuration.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from aisbom.identify.cite import SeenFact, facts
from aisbom.lazy_module import compile_later
from aisbom.model import Component

_ID = compile_later(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_TAKEN = frozenset({"finetune", "merge", "quantized"})
_DENIED = compile_later(
    r"\b(?:not|never|n't|isn't|wasn't)\b(?: \w+){0,2} (?:fine-?tuned|trained|derived|initiali[sz]ed"
    r"|made)(?: \w+){0,2} (?:of|from|on)\b",
    re.IGNORECASE,
)
_ADAPTERS = frozenset({"adapter", "adapters", "lora", "qlora", "peft", "dora", "controlnet"})


class StatedBase(NamedTuple):
    """An id that a card states, and why it says whose weights these are."""

    seen: SeenFact
    why: str


def find_stated_bases(component: Component) -> list[StatedBase]:
    """The bases of a model that its card states and from whose weights it was made. One that a
    sentence of the card denies is none.
    """
    relations = {words.casefold() for words, _ in component.facts("base-model-relation")}
    said = {
        words.casefold() for key in ("tag", "library-name") for words, _ in component.facts(key)
    }
    taken = relations & _TAKEN
    if "adapter" in relations or component.facts("adapter"):
        return []
    if not taken and (relations or said & _ADAPTERS):
        return []
    why = f"{', '.join(sorted(taken))} of it" if taken else "the card's base model"
    own = {words.casefold() for words, _ in component.facts("model-id")}
    return [
        StatedBase(seen, why)
        for seen in facts(component, "base-model")
        if _ID.fullmatch(seen.words)
        and seen.words.casefold() not in own
        and not _is_denied(component, seen.words)
    ]


def _is_denied(component: Component, base: str) -> bool:
    """Whether a sentence of the card says that the model was not made from this base."""
    names = (base.lower(), base.lower().rpartition("/")[2])
    return any(
        any(name in words[found.end() :][:200].lower() for name in names)
        for words, _ in component.facts("taken-over")
        if (found := _DENIED.search(words))
    )
