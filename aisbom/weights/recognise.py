"""Known models inside an unknown checkpoint, by content: which tensors are worth reading, and what
their values show.

A tensor can only equal one of the same number of values. So the counts of values that a header
states decide which references could be in a file at all, and only tensors of such counts are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aisbom.weights import axes as axes_of
from aisbom.weights.compare import compare
from aisbom.weights.identity import MIN_ELEMENTS, Keys
from aisbom.weights.read import values
from aisbom.weights.read.stored import BITS, StoredCheckpoint, TensorInfo
from aisbom.weights.references import Reference
from aisbom.weights.shared import Shared, find_shared
from aisbom.weights.side import with_keys
from aisbom.weights.verdict import LOG10_ACCUSE

Census = Mapping[int, int]
"""How many tensors have a number of values, for tensors that could be evidence."""

KNOWN_SHARE = 0.2
KNOWN_CHANCE = -9.0
"""A model is named if a fifth of its evidential parameters are here, or of those here its, at a
modelled chance below 1e-9.
"""

WHOLE = 0.99
"""Share from which all that could be evidence is taken to be equal."""

RELATED = ("identical", "identical-after-transform", "quantised-copy", "common-origin")
_WORDS = frozenset({"F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "I8", "U8"})


@dataclass(frozen=True, slots=True)
class Equal:
    """What a checkpoint shares with another by value: of the other's evidential parameters
    (`there`) and of its own (`here`).
    """

    there: float
    here: float
    hows: tuple[str, ...]
    tensors: int
    log10_chance: float


@dataclass(frozen=True, slots=True)
class Alike:
    """Units in place: the verdict of `compare` where it relates two models whose values differ,
    with what it rests on.
    """

    reference: str
    verdict: str
    log10_p: float
    in_place: int
    of: int
    r: float
    null_mean: float
    null_most: int
    unrelated_most: int
    seed: str


def counts(tensors: Iterable[TensorInfo]) -> Counter[int]:
    """The census of a checkpoint. Tensors whose values cannot be read, or are integers that index,
    are no candidates.
    """
    return Counter(t.numel for t in tensors if candidate(t))


def counts_of(reference: Reference) -> Counter[int]:
    """The census of a reference: its evidential tensors."""
    return Counter(k.numel for k in reference.side.keys if not k.why_not)


def candidate(info: TensorInfo) -> bool:
    """Whether a tensor could be evidence, by its header."""
    plain = info.dtype in values.FLOATS or info.dtype in _WORDS
    return info.numel >= MIN_ELEMENTS and (
        plain if info.exact else info.dtype not in BITS and info.nbytes > 0
    )


def could_share(a: Census, b: Census) -> bool:
    """Whether two checkpoints have enough tensors of equal numbers of values for one to hold a
    named part of the other.
    """
    both = sum(n * min(count, b[n]) for n, count in a.items() if n in b)
    return both > 0 and both >= KNOWN_SHARE * min(_parameters(a), _parameters(b))


def equal(
    a: Sequence[Keys], b: Sequence[Keys], census: Census, public: Collection[str]
) -> Equal | None:
    """What B, with this census, shares with A by value; None where it is too little to name A.

    Tensors of B that were not read count as different.
    """
    found = find_shared(a, b, public)
    here = _share(found, b, census, public)
    if (
        not found.matches
        or found.log10_p >= KNOWN_CHANCE
        or max(found.share_of_a, here) < KNOWN_SHARE
    ):
        return None
    hows = Counter[str]()
    for match in found.matches:
        hows[match.how] += match.parameters
    return Equal(
        found.share_of_a,
        here,
        tuple(how for how, _ in hows.most_common()),
        len(found.matches),
        found.log10_p,
    )


def alike(
    checkpoint: StoredCheckpoint,
    keys: Sequence[Keys],
    references: Sequence[Reference],
    others: Sequence[Reference],
    public: Collection[str],
) -> list[Alike]:
    """References whose units lie in the same places, below the threshold after correction for the
    references that were tried.

    `others` are all references, for the controls. Raises ValueError as the reader does.
    """
    mine = {(axis.signature, axis.units) for axis in axes_of.axes(checkpoint.tensors)}
    tried = [r for r in references if mine & {(axis.signature, axis.units) for axis in r.side.axes}]
    if not tried:
        return []
    side = with_keys(checkpoint, "the file", keys, [])
    found = []
    for reference in tried:
        controls = [r.side for r in others if r.digest != reference.digest]
        answer = compare(reference.side, side, controls, public).answer
        log10_p = answer["log10_p"] + len(str(len(tried)))
        if answer["verdict"] not in RELATED or log10_p >= LOG10_ACCUSE:
            continue
        best = max(
            answer["layer_map"], key=lambda row: row["in_place"], default={"in_place": 0, "of": 0}
        )
        control, unrelated = answer["controls"]["relabelled"], answer["controls"]["unrelated"]
        found.append(
            Alike(
                reference.digest,
                answer["verdict"],
                log10_p,
                best["in_place"],
                best["of"],
                answer["effect"]["r"] if answer["effect"] else 0.0,
                control["mean"],
                control["most"],
                max((row["most_in_place"] for row in unrelated), default=0)
                if isinstance(unrelated, list)
                else -1,
                answer["controls"]["seed"][:16],
            )
        )
    return found


def _parameters(census: Census) -> int:
    return sum(n * count for n, count in census.items())


def _share(found: Shared, b: Sequence[Keys], census: Census, public: Collection[str]) -> float:
    """The share of all that could be evidence in B, read or not."""
    barred = sum(
        k.numel for k in b if k.numel >= MIN_ELEMENTS and (k.why_not or k.content in public)
    )
    evidential = _parameters(census) - barred
    return (
        min(1.0, sum(m.parameters for m in found.matches) / evidential) if evidential > 0 else 0.0
    )
