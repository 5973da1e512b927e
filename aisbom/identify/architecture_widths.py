"""Sizes that do not fit their surroundings, but fit a model that everybody knows.

A projector that expects 1,152 numbers from an encoder that gives 1,024, an encoder that still
projects to the width of somebody's language model: traces of what stood there before, or chance.
They are hints (low confidence) of an architecture, with the numbers in words, and never say whose
weights anything is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

from aisbom.identify.cite import SeenFact, cite, facts
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Scan
from aisbom.model.ledger import Ledger

RULE = "architecture/width"
_MERGED = (1, 2, 3, 4, 5, 8, 9, 16)
"""Projectors take several neighbouring patches, frames or layers at once: so many times the width
of the encoder.
"""


def fossils(scan: Scan, _: Ledger, __: Knowledge) -> Iterator[Claim]:
    """`architecture-from` hints for the parts of every model of a tree."""
    by_ref = {c.ref: c for c in scan.components}
    parts: dict[str, list[Component]] = {}
    for relation in scan.relations:
        target = by_ref.get(relation.target)
        if relation.kind == "contains" and target is not None and target.facts("part"):
            parts.setdefault(relation.source, []).append(target)
    for ref in sorted(parts):
        yield from _of_model(by_ref[ref], sorted(parts[ref]))
    for component in scan.components:
        yield from _of_settings(component)


def _of_settings(component: Component) -> Iterator[Claim]:
    """Hints for a network whose settings say the width of what it feeds."""
    inputs = _numbers([component], "feeds-width")
    if inputs:
        for seen in facts(component, "out-width"):
            yield from _hint(component, seen, inputs, "language", "what it feeds takes")


def _of_model(model: Component, parts: Sequence[Component]) -> Iterator[Claim]:
    encoders = [
        p
        for p in parts
        if p.fact("part").rpartition(".")[2] in ("vision-encoder", "audio-encoder", "video-encoder")
    ]
    projectors = [p for p in parts if p.fact("part").endswith("projector")]
    text = [p for p in parts if p.fact("part").rpartition(".")[2] == "language-model"]
    widths = _numbers(encoders, "hidden-size", "width", "out-width")
    for projector in projectors:
        for seen in facts(projector, "in-width"):
            yield from _hint(projector, seen, widths, "encoder", "the encoders beside it give")
    for seen in facts(model, "projector-in"):
        yield from _hint(model, seen, widths, "encoder", "the encoders in it give")
    languages = _numbers(text, "hidden-size", "width") | _numbers(
        [model], "hidden-size", "text-hidden-size"
    )
    inputs = languages | _numbers(projectors, "in-width")
    for encoder in encoders:
        for seen in facts(encoder, "out-width"):
            if int(seen.words) not in _numbers([encoder], "hidden-size", "width"):
                yield from _hint(encoder, seen, inputs, "language", "what it feeds takes")


def _hint(
    subject: Component, seen: SeenFact, around: set[int], table: str, words: str
) -> Iterator[Claim]:
    """A hint where the width fits nothing around it, and does fit a width of the table."""
    width = int(seen.words)
    if not around or any(
        width == n * times or n == width * times for n in around for times in _MERGED
    ):
        return
    for times in _MERGED:
        names = _names(subject, table, width // times) if width % times == 0 else ()
        if names:
            known = ", ".join(f"{n:,}" for n in sorted(around))
            why = (
                f"{words} {known}; {width // times:,} is the width of {', '.join(names)} and may be"
                " of others"
            )
            for name in names:
                yield Claim(subject.ref, "architecture-from", name, (cite(RULE, "low", seen, why),))
            return


def _names(subject: Component, table: str, width: int) -> Sequence[str]:
    """Networks of this width: those of the family that the configuration names, else of any."""
    families = [words for words, _ in subject.facts("model-type")]
    for kind in (*families, table):
        if names := _widths().get(kind, {}).get(width):
            return names
    return ()


def _numbers(components: Iterable[Component], *keys: str) -> set[int]:
    return {
        int(words)
        for c in components
        for key in keys
        for words, _ in c.facts(key)
        if words.isdigit()
    }


@cache
def _widths() -> Mapping[str, Mapping[int, Sequence[str]]]:
    """`{encoder|language|a model type: {width: names}}`; the table states where each was read."""
    rows = tomllib.loads((resources.files("aisbom.knowledge") / "widths.toml").read_text("utf-8"))
    found: dict[str, dict[int, list[str]]] = {}
    for kind, entries in rows.items():
        for row in entries:
            found.setdefault(kind, {}).setdefault(row["width"], []).append(row["name"])
    return found
