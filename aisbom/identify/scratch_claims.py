"""A card that says that the model was trained from scratch, and files that tell of another's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from aisbom.identify import model_names
from aisbom.identify.cite import SeenFact, facts
from aisbom.identify.model_findings import finding, folder_of, foreign, makers
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Evidence, Location, Scan
from aisbom.model.sentences import say


class Documents:
    """What READMEs that are no cards declare of how a model began: the one model that is here.
    Where there are several, a sentence does not say of which it tells.
    """

    def __init__(self, scan: Scan, tops: Sequence[Component]) -> None:
        here = [c for c in tops if c.kinds & {"model", "weights"}]
        self._only = here[0] if len(here) == 1 else None
        self._scratch: list[SeenFact] = []
        self._told: list[str] = []
        for component in scan.components:
            for o in component.observations:
                if o.fact("named-by") == "declared":
                    self._told.append(component.name)
                if o.kind != "credit":
                    continue
                self._told += o.all("taken-over")
                self._scratch += [
                    SeenFact("from-scratch", words, o.evidence) for words in o.all("from-scratch")
                ]

    def of(self, model: Component) -> tuple[SeenFact | None, list[str]]:
        """The sentence of the nearest README above a model that has no card, and all sentences on
        what was taken over.
        """
        carded = any(o.fact("file-kind") == "card" for o in model.observations)
        if model != self._only or carded:
            return None, []
        place = f"{folder_of(model)}/"
        near = [
            seen
            for seen in self._scratch
            if place.startswith(f"{folder}/" if (folder := seen.evidence.at.folder) else "")
        ]
        nearest = max(near, key=lambda seen: len(seen.evidence.at.folder), default=None)
        return nearest, self._told


def from_scratch(
    model: Component, parts: Sequence[Component], documents: Documents, knowledge: Knowledge
) -> Iterator[Claim]:
    """The card, or the README where there is none, says that the model was trained from scratch; a
    name, a path or a parent tells of another lab's model.
    """
    scratch, document = next(facts(model, "from-scratch"), None), "card"
    told = [words for words, _ in model.facts("taken-over")] + [
        words for words, _ in model.facts("base-model")
    ]
    if scratch is None:
        (scratch, told), document = documents.of(model), "README"
    if scratch is None:
        return
    own = makers(model, knowledge)
    for subject in (model, *parts) if document == "card" else (model,):
        said: set[str] = set()
        for seen, what in _traces(subject, model):
            found = foreign(seen, knowledge, own)
            if found is None or found[0] in said:
                continue
            word, row = found
            # A parent in the front matter is itself the other half; anything else may be owned up
            # to in a sentence.
            if seen.key != "base-model" and model_names.is_disclosed(word, told):
                continue
            said.add(word)
            values = (scratch.evidence.at, seen.words, seen.evidence.at, row.name)
            if document == "README":
                sentence = say(f"readme-scratch-{what}", *values)
            elif subject is model:
                sentence = say(f"scratch-{what}", *values)
            else:
                part = subject.fact("part") or subject.name
                sentence = say(f"scratch-{what}-of", *values, part)
            yield finding(subject, sentence, scratch.evidence, seen.evidence)


def _traces(subject: Component, model: Component) -> Iterator[tuple[SeenFact, str]]:
    for key, what in (
        ("base-model", "base-model"),
        ("source", "source"),
        ("source-name", "source"),
        ("name-or-path", "path"),
        ("header-base", "header-parent"),
        ("header-organisation", "header-maker"),
    ):
        for seen in facts(subject, key):
            yield seen, what
    top = folder_of(model)
    names: dict[str, Evidence] = {}
    for o in subject.observations:
        if o.kind not in ("weights", "model"):
            continue
        path = o.evidence.at.path
        inner = path[len(top) :].strip("/") if path.startswith(top) else path
        *folders, name = inner.split("/")
        for folder in folders if subject is not model else ():
            names.setdefault(folder, replace(o.evidence, at=Location(path)))
        if o.kind == "weights":
            names.setdefault(name, replace(o.evidence, at=Location(path)))
    for name, evidence in sorted(names.items()):
        yield SeenFact("name", name, evidence), "name"
