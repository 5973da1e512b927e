"""Notices and READMEs that list what was taken over and leave out weights of another lab."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from aisbom.identify import model_names
from aisbom.identify.cite import SeenFact, facts
from aisbom.identify.model_findings import finding, folder_of, foreign, makers
from aisbom.knowledge import Knowledge, Organisation
from aisbom.model import Claim, Component, Evidence, Location, Scan
from aisbom.model.ledger import Ledger
from aisbom.model.sentences import say

Listed = tuple[Location, Evidence, tuple[str, ...]]
"""What was taken over, as a file lists it: its place, its evidence, its words."""


def claim_missing_notice(
    model: Component,
    parts: Sequence[Component],
    lists: Sequence[Listed],
    knowledge: Knowledge,
) -> Iterator[Claim]:
    """A notice lists what was taken over, and says nothing of weights that a configuration loads
    from another lab.
    """
    top = folder_of(model)
    held = _lists_around(top, lists)
    if not held:
        return
    own = makers(model, knowledge)
    mentions = frozenset(word for _, _, words in held for word in words)
    for part in (model, *parts):
        for seen, form, place in _sources(part, knowledge):
            found = foreign(seen, knowledge, own)
            if found is None or _is_mentioned(found, seen.words, mentions):
                continue
            at, evidence, _ = held[0]
            sentence = say(form, at, seen.words, place)
            yield finding(part, sentence, evidence, seen.evidence)


def _lists_around(top: str, lists: Sequence[Listed]) -> list[Listed]:
    """The lists of the deepest folder around `top`; a README is one where there is no notice."""
    near = [
        row
        for row in lists
        if not (folder := row[0].folder) or top == folder or top.startswith(f"{folder}/")
    ]
    notices = [row for row in near if not _is_readme(row[0])]
    near = notices or near
    if not near:
        return []
    deepest = max(at.folder.count("/") + bool(at.folder) for at, _, _ in near)
    return [row for row in near if row[0].folder.count("/") + bool(row[0].folder) == deepest]


def _is_readme(at: Location) -> bool:
    return at.path.rpartition("/")[2].lower().startswith("readme")


def claim_missing_credit(
    scan: Scan, ledger: Ledger, lists: Sequence[Listed], knowledge: Knowledge
) -> Iterator[Claim]:
    """A README credits what the code was built on, and says nothing of an encoder of another lab
    that a configuration of the product loads by its id.
    """
    makers = {c.value for c in ledger.claims(scan.root, "origin.developed.organisation")}
    for component in scan.components:
        kinds = {c.value for c in ledger.claims(component.ref, "class")}
        places = {c.value for c in ledger.claims(component.ref, "path-role")}
        if "reference" not in component.kinds or kinds != {"encoder-weights"}:
            continue
        set_at = min(
            (
                o.evidence
                for o in component.observations
                if o.kind == "reference"
                and o.evidence.technique == "manifest-analysis"
                and o.fact("named-by") == "key"
            ),
            default=None,
        )
        held = _lists_around(set_at.at.folder, lists) if set_at and places == {"product"} else []
        if set_at is None or not held or not all(_is_readme(at) for at, _, _ in held):
            continue
        found = foreign(SeenFact("source", component.name, set_at), knowledge, set())
        mentions = frozenset(word for _, _, words in held for word in words)
        if (
            found is None
            or found[1].name in makers
            or _is_mentioned(found, component.name, mentions)
        ):
            continue
        at, evidence, _ = held[0]
        sentence = say("credits", at, component.name, set_at.at)
        yield finding(component, sentence, evidence, set_at)


def _sources(part: Component, knowledge: Knowledge) -> Iterator[tuple[SeenFact, str, Location]]:
    """What says where weights of a part come from, the form of the sentence about it, the place."""
    for seen in facts(part, "source"):
        yield seen, "notice-loads", seen.evidence.at
    for o in part.observations:
        for folder in o.evidence.at.folder.split("/") if o.kind in ("model", "submodel") else ():
            named = model_names.source_of(folder, knowledge)
            if named:
                evidence = replace(o.evidence, excerpt=folder)
                yield SeenFact("folder", named[0], evidence), "notice-folder", o.evidence.at
                return


def _is_mentioned(found: tuple[str, Organisation], words: str, mentions: frozenset[str]) -> bool:
    """Whether a notice names the model: its family of the same version, or its lab without naming
    another model of it.
    """
    word, row = found
    pieces = [piece for piece in re.split(r"[^a-z0-9]+", words.lower()) if len(piece) > 3]
    if any(piece in mention for piece in pieces for mention in mentions):
        return True
    family = {mention for mention in mentions if word in mention}
    others = {mention for mention in family if re.search(rf"{re.escape(word)}\d", mention)}
    return bool(family or row.id.lower() in mentions) and not others
