"""The files that tell of a training, and what a log among them shows, in words.

A log says what it states, and who says so; that a training ran like this it does not say. It is
evidence of a beginning, never a proof of one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from aisbom.bom import Log
from aisbom.model import Claim, Component, Evidence

NEAR = 0.1
"""Within a tenth of ln(vocabulary) a loss is that of a network that has learned nothing yet."""
BELOW = 0.75
EARLY = 200
"""A curve whose first step is later than this was not logged from the start."""


def level(first_step: int, loss: float, vocabulary: int) -> str:
    """What the height at which a curve begins says, in words. It is evidence of a beginning, never
    a proof of one.
    """
    if vocabulary < 2:
        return ""
    height = math.log(vocabulary)
    words = f"ln of a vocabulary of {vocabulary:,} is {height:.2f}"
    if first_step > EARLY:
        return (
            f"the log begins at step {first_step:,}, so it does not show how the weights began;"
            f" {words}"
        )
    if abs(loss - height) <= NEAR * height:
        return f"the loss begins at the level of random weights: {words}"
    if loss < BELOW * height:
        return f"the loss begins below the level of random weights: {words}"
    if loss > height:
        return f"the loss begins above the level of random weights for this vocabulary: {words}"
    return f"the loss begins neither at the level of random weights nor clearly below it: {words}"


def describe_log(facts: Mapping[str, str], vocabulary: int) -> str:
    """One sentence about a log from its facts; `""` where they are not those of a log."""
    if "first-step" not in facts:
        return ""
    first, last = int(facts["first-step"]), int(facts["last-step"])
    sentence = f"steps {first:,} to {last:,}, loss {facts['loss-start']} to {facts['loss-end']}"
    if facts.get("started"):
        sentence += f", {facts['started'][:10]} to {facts['ended'][:10]}"
    height = level(first, float(facts["loss-start"]), vocabulary)
    return sentence + (f"; {height}" if height else "")


def logs_of(component: Component, claims: Iterable[Claim]) -> tuple[Log, ...]:
    """What lies beside a model, and what declarations about it name, one a path."""
    rows: dict[str, Log] = {}
    vocabulary = vocabulary_of(component)
    for o in component.observations:
        if o.kind == "training-log":
            rows[o.evidence.at.path] = _log(o.evidence, dict(o.facts), vocabulary)
    for claim in claims:
        for e in claim.evidence if claim.status == "declared" else ():
            if e.fact("sha256"):
                beside = rows.get(e.at.path)
                found = _log(e, dict(e.facts), vocabulary)
                if beside and not found.words:
                    found = replace(beside, sha256=found.sha256, by=found.by)
                rows[e.at.path] = found
    return tuple(rows[path] for path in sorted(rows))


def _log(seen: Evidence, facts: Mapping[str, str], vocabulary: int) -> Log:
    return Log(
        seen.at.path,
        facts.get("sha256", ""),
        describe_log(facts, vocabulary),
        facts.get("declared-by", ""),
        facts.get("started", ""),
        facts.get("ended", ""),
    )


def vocabulary_of(component: Component) -> int:
    """The size of the vocabulary that the configuration states, 0 where it states none or
    several.
    """
    values = {value for value, _ in component.facts("vocab-size")} or {
        value for value, _ in component.facts("text-vocab-size")
    }
    return int(next(iter(values))) if len(values) == 1 else 0


def log_facts(logs: Iterable[Log], component: Component) -> Iterator[tuple[str, str]]:
    """What logs say, as facts of the model."""
    for log in logs:
        if log.words:
            said = f" [declared by {log.by}]" if log.by else ""
            yield "training.log", f"{log.path}: {log.words}{said}"
    for o in component.observations:
        if o.kind == "training-log":
            for name in o.all("hardware"):
                yield "training.hardware", name
            for size in o.all("world-size"):
                yield "training.world_size", size
