"""Sizes that a card or a configuration states, and tensors of other ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aisbom.identify.cite import facts
from aisbom.identify.model_findings import finding
from aisbom.model import Claim, Component, Evidence
from aisbom.model.sentences import say

STATED = 0.2
"""A stated count is a rounded name: it may be a fifth off the tensors."""
COMPUTED = 0.35
"""A count computed from a configuration leaves out norms, biases, encoders: it may be a third off.
"""
PADDING = 2048
"""Tables of embeddings are padded to round sizes."""
EXTRA_LAYERS = 2
"""Layers that predict further tokens stand behind the ones that a configuration counts."""
_PACKED = frozenset({"U8", "I8", "I32", "U32", "I4", "U4", "F4"})


def parameters(model: Component, parts: Sequence[Component]) -> Iterator[Claim]:
    """The card states how many parameters; no count that the tensors, or else the configuration,
    give is near any stated one.
    """
    stated = [
        seen
        for seen in facts(model, "stated-parameters")
        if seen.words.isdigit() and int(seen.words)
    ]
    if not stated or _is_packed(model):
        return
    own = sum(int(o.fact("parameters")) for o in model.weights)
    if own:
        if not _is_whole(model):
            return
        folders = [part for part in parts if "#" not in part.ref]
        more = sum(int(o.fact("parameters")) for part in folders for o in part.weights)
        counts = {
            own,
            own + more,
            *(
                own - sum(int(o.fact("parameters")) for o in p.weights)
                for p in parts
                if "#" in p.ref
            ),
        }
        evidence, tolerance, form, shown = model.weights[0].evidence, STATED, "tensors", own
    else:
        found = _compute(model)
        if found is None:
            return
        low, high, evidence = found
        counts, tolerance, form, shown = {low, high}, COMPUTED, "configuration", low
    if any(
        abs(int(s.words) - count) <= tolerance * max(int(s.words), count)
        for s in stated
        for count in counts
    ):
        return
    first = stated[0]
    numbers = " / ".join(f"{int(words):,}" for words in sorted({s.words for s in stated}, key=int))
    sentence = say(f"parameters-{form}", numbers, first.evidence.at, f"{shown:,}", evidence.at)
    yield finding(model, sentence, first.evidence, evidence)


def _compute(model: Component) -> tuple[int, int, Evidence] | None:
    """(tied, untied, place) for a dense decoder whose configuration states all that the count
    needs; None for anything else.
    """
    if (
        model.facts("num-experts")
        or model.facts("vision-model-type")
        or model.facts("audio-model-type")
    ):
        return None
    sizes: dict[str, int] = {}
    for key in (
        "hidden-size",
        "num-hidden-layers",
        "intermediate-size",
        "vocab-size",
        "num-attention-heads",
    ):
        values = {words for words, _ in model.facts(key)}
        if len(values) != 1:
            return None
        sizes[key] = int(next(iter(values)))
    heads = sizes["num-attention-heads"]
    kv = int(model.fact("num-key-value-heads") or heads)
    if not heads or kv > heads:
        return None
    h = sizes["hidden-size"]
    layer = 2 * h * h + 2 * h * h * kv // heads + 3 * h * sizes["intermediate-size"]
    table = sizes["vocab-size"] * h
    total = sizes["num-hidden-layers"] * layer + table
    return total, total + table, next(facts(model, "hidden-size")).evidence


def shapes(model: Component) -> Iterator[Claim]:
    """The configuration and the tensors differ in width, vocabulary or depth."""
    if _is_packed(model) or model.facts("adapter") or not _is_whole(model):
        return
    for key, fact, least, most in (
        ("hidden-size", "table-width", 0, 0),
        ("vocab-size", "table-rows", 0, PADDING),
        ("num-hidden-layers", "layers", 0, EXTRA_LAYERS),
    ):
        said = list(facts(model, f"text-{key}")) or list(facts(model, key))
        shown = [seen for seen in facts(model, fact) if seen.words.isdigit()]
        if len({seen.words for seen in said}) != 1 or not shown:
            continue
        stated = int(said[0].words)
        seen = max(shown, key=lambda s: int(s.words))
        if fact != "layers" and len({s.words for s in shown}) != 1:
            continue
        if not stated - least <= int(seen.words) <= stated + most:
            table = model.fact("table")
            sentence = say(key, stated, said[0].evidence.at, table, seen.words, seen.evidence.at)
            yield finding(model, sentence, said[0].evidence, seen.evidence)


def _is_packed(model: Component) -> bool:
    """Quantised: several values lie in one element, so that shapes and counts are not those of the
    model.
    """
    return bool(model.facts("quantisation")) or any(
        o.fact("dtype") and set(o.all("dtype")) & _PACKED for o in model.observations
    )


def _is_whole(model: Component) -> bool:
    """Whether all shards that an index names are here, and none is a pointer."""
    shards = {shard for o in model.observations for shard in o.all("shard")}
    here = {
        o.evidence.at.path.rpartition("/")[2]
        for o in model.observations
        if o.kind == "weights" and o.fact("parameters")
    }
    return shards <= here and not any(
        o.kind == "weights" and o.fact("lfs") for o in model.observations
    )
