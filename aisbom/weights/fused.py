"""Tensors that are others strung together: fused query-key-value matrices, gate and up in one,
experts stacked.

Found by the order-free sums of `identity.Keys.total`, which add up. Candidates are siblings by
name: two or three in one place (`...attn.q_proj`, `...attn.k_proj`), or all that differ in one
number (`experts.0.w1`, `experts.1.w1`, ...).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from aisbom.weights.forms import KEY_BYTES
from aisbom.weights.histogram import add_totals
from aisbom.weights.identity import Keys

LOG10_EQUAL_SUMS = -28.9
"""Of the chance that two sums of 96 bits are equal by accident."""

MOST_SIBLINGS = 12
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class FusedTensor:
    """`whole` holds the values of `parts`. `log10_chance` bounds that of a sum that came out equal
    by accident.
    """

    whole: Keys
    parts: tuple[Keys, ...]
    log10_chance: float


def find_fused(wholes: Iterable[Keys], pieces: Sequence[Keys]) -> list[FusedTensor]:
    """Which of `wholes` are pieces strung together; each whole once, by the fewest pieces.

    The whole has to be evidence by itself, and one piece of it at least.
    """
    wanted: dict[tuple[str, int], Keys] = {}
    for key in wholes:
        if key.total and not key.why_not:
            wanted.setdefault((key.total, key.numel), key)
    sizes = {numel for _, numel in wanted}
    found: dict[str, FusedTensor] = {}
    tried = 1
    for parts in _candidates([k for k in pieces if k.total]):
        numel = sum(k.numel for k in parts)
        worth = [k.log10_chance for k in parts if not k.why_not]
        if numel not in sizes or not worth:
            continue
        tried += 1
        total = f"{add_totals(*(int(k.total, 16) for k in parts)):0{2 * KEY_BYTES}x}"
        whole = wanted.get((total, numel))
        if whole is not None and whole.name not in found:
            found[whole.name] = FusedTensor(whole, parts, max(worth))
    # For each combination that was tried.
    least = LOG10_EQUAL_SUMS + len(str(tried))
    return [
        FusedTensor(f.whole, f.parts, max(f.log10_chance, least)) for _, f in sorted(found.items())
    ]


def _candidates(pieces: Sequence[Keys]) -> Iterator[tuple[Keys, ...]]:
    places: dict[str, list[Keys]] = defaultdict(list)
    numbered: dict[str, list[Keys]] = defaultdict(list)
    for key in pieces:
        places[_place(key.name)].append(key)
        for run in _NUMBER.finditer(key.name):
            numbered[f"{key.name[: run.start()]}#{key.name[run.end() :]}"].append(key)
    for siblings in places.values():
        if 1 < len(siblings) <= MOST_SIBLINGS:
            for count in (2, 3):
                yield from combinations(siblings, count)
    for siblings in numbered.values():
        if len(siblings) > 1:
            yield tuple(siblings)


def _place(name: str) -> str:
    """The name without the tensor's own word and `weight`."""
    return "/".join(re.split(r"[./]", name)[:-2])
