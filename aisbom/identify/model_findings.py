"""What findings about models have in common: the claim, and whose model a trace tells of."""

from __future__ import annotations

import re
from dataclasses import replace

from aisbom.identify import model_names
from aisbom.identify.cite import SeenFact
from aisbom.knowledge import Knowledge, Organisation
from aisbom.model import Claim, Component, Evidence

RULE = "contradiction"
ID = re.compile(r"(?P<owner>[A-Za-z0-9][\w.-]*)/(?P<name>[A-Za-z0-9][\w.-]*)")


def finding(
    subject: Component, said: tuple[str, tuple[str, str]], one: Evidence, other: Evidence
) -> Claim:
    """The claim that two pieces of evidence contradict each other; `said` is the sentence and the
    fact that lets other languages say it (`model/sentences.py`).
    """
    sentence, fact = said
    evidence = {
        replace(e, by=f"{RULE}/{e.by}", confidence="medium", facts=tuple(sorted((*e.facts, fact))))
        for e in (one, other)
    }
    return Claim(subject.ref, "contradiction", sentence, tuple(sorted(evidence)))


def folder_of(model: Component) -> str:
    """The folder of a model, or of the model that it is a part of."""
    return model.ref.partition(":")[2].partition("#")[0]


def makers(model: Component, knowledge: Knowledge) -> set[str]:
    """The ids of the organisations that the model's own id names."""
    found = set()
    for words, _ in model.facts("model-id"):
        row = knowledge.by_owner("hub", words.partition("/")[0])
        if row:
            found.add(row.id)
    return found


def foreign(seen: SeenFact, knowledge: Knowledge, own: set[str]) -> tuple[str, Organisation] | None:
    """(word that names it, its lab) of a trace of somebody else's model; None for our own, for
    unknown labs, for mere architectures.
    """
    found = ID.fullmatch(seen.words.strip())
    if found and seen.key in ("base-model", "source", "name-or-path"):
        row = knowledge.by_owner("hub", found["owner"])
        named = model_names.find_named_model(found["name"], knowledge)
        if row is not None and row.id not in own:
            return (
                named.word
                if named
                else re.split(r"[^a-z]", found["name"].lower())[0] or found["name"].lower()
            ), row
        return None
    if seen.key == "header-organisation":
        row = knowledge.by_name(seen.words)
        return (row.id, row) if row is not None and row.id not in own else None
    named = model_names.find_named_model(seen.words, knowledge)
    if named is None or named.organisation.id in own or not named.telling:
        return None
    return named.word, named.organisation
