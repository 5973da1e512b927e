"""From findings to a verdict in words. Accuses only on a corrected p below 1e-9 in two tensor
groups that share no tensor, or on identity.

What may accuse is exactly what `Findings` holds; the cosine of normalisation weights is not among
it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from aisbom.weights.shared import Shared
from aisbom.weights.units import Effect

LOG10_ACCUSE = -9.0
LOG10_SUSPECT = -3.0
GROUPS_NEEDED = 2
WHOLE = 0.99
DETECTABLE = 0.5

VERDICTS = (
    "identical",
    "identical-after-transform",
    "quantised-copy",
    "common-origin",
    "no-common-origin",
    "not-comparable",
    "inconclusive",
)

_SAME_SEED = (
    "Two models initialised from the same random seed by the same code show the same sign without"
    " any copied training; the direction, who had it first, is never in the weights and needs dates"
    " or a registry."
)
_NO_TRACE = (
    "Distillation and training on another model's output leave no trace in weights; changes that"
    " also alter what the model computes can be made large enough to hide anything: absence of a"
    " finding is no proof of independent data."
)
DOUBTS = (_SAME_SEED, _NO_TRACE)


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a verdict may rest on. `log10_p` are corrected; `groups` counts tensor groups,
    disjoint in tensors, each below 1e-9; `exact` says whether the smallest p is an exact bound;
    `shapes` counts residual shapes of aligned matrices; `tests` the pairs of axes at one place;
    `hidden` names what could be done to a copy without being seen, `assumed` what was taken for
    granted; `detectable` is the least similarity at which every test would have seen a copy.
    """

    shared: Shared
    log10_p: float
    groups: int
    exact: bool
    found_by: str
    hits: tuple[int, int]
    effect: Effect | None
    shapes: Mapping[str, int]
    tests: int
    hidden: tuple[str, ...] = ()
    assumed: bool = False
    detectable: float = 0.0


def verdict(f: Findings) -> str:  # noqa: PLR0911
    """One of VERDICTS."""
    identity = f.shared.share if f.shared.log10_p < LOG10_ACCUSE else 0.0
    if identity >= WHOLE:
        return (
            "identical"
            if f.shared.share_of({"identical"}) >= WHOLE
            else "identical-after-transform"
        )
    strong = [m for m in f.shared.matches if m.log10_chance < LOG10_ACCUSE]
    if f.log10_p < LOG10_ACCUSE and f.groups >= GROUPS_NEEDED:
        counted = sum(f.shapes.values())
        if counted and f.shapes.get("quantised", 0) > counted / 2:
            return "quantised-copy"
        if (
            counted
            and f.shapes.get("equal", 0) + f.shapes.get("cast", 0) == counted
            and f.shapes.get("cast", 0) > counted / 2
        ):
            return "identical-after-transform"
        return "common-origin"
    if len(strong) >= GROUPS_NEEDED:
        return "common-origin"
    if f.log10_p < LOG10_SUSPECT or strong:
        return "inconclusive"
    if f.effect is None or not f.tests:
        return "not-comparable"
    cleared = f.effect.detectable <= DETECTABLE and not f.hidden
    return "no-common-origin" if cleared else "inconclusive"


def _part(f: Findings) -> str:
    """Where one is not the whole of the other: B may be a part of A, or hold parts of it several
    times.
    """
    if f.shared.share_of_a < WHOLE:
        return f", of whose own {f.shared.share_of_a:.1%} are there"
    if abs(f.shared.evidential - f.shared.evidential_a) > (1 - WHOLE) * max(
        1, f.shared.evidential_a
    ):
        return ", some of them more than once"
    return ""


def summary(f: Findings, a: str, b: str) -> str:  # noqa: PLR0911
    """Two sentences for somebody who has never seen a weight."""
    found = verdict(f)
    share = f"{f.shared.share:.1%}"
    hits, of = f.hits
    chance = f"less than one in 10^{math.floor(-f.log10_p)}"
    doubt = "this cannot tell who had it first, and a shared random start would show it too."
    if found == "identical":
        return (
            f"{share} of the numbers in {b} that could serve as evidence are equal, bit for bit, to"
            f" numbers in {a}{_part(f)}. Independent training does not arrive at equal numbers;"
            " only dates can tell which of the two came first."
        )
    if found == "identical-after-transform":
        return (
            f"{b} holds the same numbers as {a}, "
            + (
                "in an order that could not be compared, since a sketch of one is of an older form"
                if f.shared.share_of({"values"})
                else "rounded, reordered or stored in another layout"
            )
            + (f" ({share} of those that could serve as evidence)" if f.shared.share else "")
            + ". Independent training does not arrive at the same numbers; only dates can tell"
            " which of the two came first."
        )
    if found == "quantised-copy":
        return (
            f"{b} holds the weights of {a}, rounded to a coarse grid as is done to shrink a model."
            f" By chance about 1 of {of} neurons would sit in the same place and here {hits} do,"
            f" odds of {chance}; {doubt}"
        )
    if found == "common-origin" and f.log10_p < LOG10_ACCUSE and f.groups >= GROUPS_NEEDED:
        if not f.exact:
            return (
                f"After undoing a reordering of the inside of {b}, its neurons are those of {a}:"
                f" {hits} of {of} were identified alike by two separate tables of numbers, where"
                f" unrelated models reach about one. So the two have a common origin; {doubt}"
            )
        return (
            f"{b} and {a} have a common origin: by chance about 1 of {of} neurons would sit in the"
            f" same place, and here {hits} do, odds of {chance}. "
            + (
                f"{share} of the numbers are equal, the rest differ; "
                if f.shared.share
                else "The numbers themselves differ, as they do after further training; "
            )
            + doubt
        )
    if found == "common-origin":
        return (
            f"{share} of the numbers in {b} that could serve as evidence are also in {a}, in"
            f" {len(f.shared.matches)} tables. Those parts have a common origin; nothing is said of"
            " the rest, nor of who had them first."
        )
    if found == "no-common-origin":
        assert f.effect is not None  # noqa: S101 - verdict() looked
        kept = f"{max(f.detectable, f.effect.detectable):.0%}"
        return (
            f"{b} and {a} are built alike, but their neurons are no more alike than chance makes"
            f" them ({hits} of {of} in the same place, similarity {f.effect.r:.3f} where 0 is"
            f" chance). A copy that kept {kept} or more of the original would have been seen, also"
            " rotated or reordered; learning from another model's answers would not."
            + (" That both number their tokens alike was taken for granted." if f.assumed else "")
        )
    if found == "not-comparable":
        return (
            f"{b} and {a} share no number that could serve as evidence, and are not built alike, so"
            " their neurons cannot be compared. Nothing follows from this, in either direction."
        )
    if f.hidden and f.log10_p >= LOG10_SUSPECT and not f.shared.matches:
        return (
            f"Nothing that {b} and {a} have in common was found, but a copy could still be hidden"
            f" from this comparison: {'; '.join(f.hidden)}. It must not be read as an accusation or"
            " as a clearance."
        )
    return (
        f"The comparison of {b} with {a} does not settle whether they have a common origin (odds of"
        f" chance 10^{f.log10_p:.1f}, {f.groups} independent groups of tables; two groups below"
        " 10^-9 are required). It must not be read as an accusation or as a clearance."
    )
