"""Many claims, one answer: agreed, contested or unknown.

Independent rules that agree make a claim stronger; claims that disagree are kept side by side. Two
mediums do not outweigh a high, and a tie between different values is contested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from aisbom.model import Claim, Confidence, Scan

UNKNOWN = "unknown"

_RANK: dict[str, int] = {"low": 0, "medium": 1, "high": 2}
_NAMES: tuple[Confidence, ...] = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the claims about one attribute of one component come to.

    `values` holds the agreed value (one) or the contested ones (several, sorted); it is empty when
    `state` is unknown. `carried` are the claims for those values, `against` the ones that were
    outweighed, `withdrawn` those taken back.
    """

    state: Literal["agreed", "contested", "unknown"]
    values: tuple[str, ...] = ()
    confidence: Confidence = "low"
    carried: tuple[Claim, ...] = ()
    against: tuple[Claim, ...] = ()
    withdrawn: tuple[Claim, ...] = ()

    @property
    def value(self) -> str:
        """The agreed value, `contested` or `unknown`."""
        return self.values[0] if self.state == "agreed" else self.state


def resolve(claims: Iterable[Claim]) -> Answer:
    """Resolve the claims about one attribute of one subject.

    - Values are sets: a claim `KR,US` says both, and differs from `KR`.
    - A declared claim never overwrites a derived one: if their values differ, the answer is
      contested whatever the ranks.
    - Low confidence alone never answers: hints stay hints (`unknown`, with the hint in `against`).
    """
    rows = list(claims)
    if len(rows) > 1:
        rows = sorted(set(rows))
    withdrawn = tuple(c for c in rows if c.status == "withdrawn")
    live = [c for c in rows if c.status != "withdrawn" and c.value != UNKNOWN]
    strong = [(c, rank) for c in live if (rank := _RANK[confidence((c,))])]
    if not strong:
        return Answer("unknown", against=tuple(live), withdrawn=withdrawn)
    # Ranks are compared on the strongest single claim of a camp: numbers do not make truth.
    best = max(rank for _, rank in strong)
    winners = {c.value for c, rank in strong if rank == best}
    camps = {c.value for c, _ in strong}
    if len(camps) > 1 and {"declared", "derived"} <= {c.status for c, _ in strong}:
        winners = camps
    carried = tuple(c for c in live if c.value in winners)
    against = tuple(c for c in live if c.value not in winners)
    if len(winners) > 1:
        return Answer("contested", tuple(sorted(winners)), "low", carried, against, withdrawn)
    return Answer("agreed", tuple(winners), confidence(carried), carried, against, withdrawn)


def confidence(claims: Iterable[Claim]) -> Confidence:
    """The confidence of claims that say the same: two independent rules, each at least medium, make
    a high.
    """
    seen = {(e.by, _RANK[e.confidence]) for c in claims for e in c.evidence}
    top = max((rank for _, rank in seen), default=0)
    if top == 1 and len({by for by, rank in seen if rank == 1}) >= 2:
        top = 2
    return _NAMES[top]


Answers = Mapping[str, Mapping[str, Answer]]
"""`{ref of a component: {attribute: answer}}`, what `answers(scan)` returns."""


def answers(scan: Scan) -> dict[str, dict[str, Answer]]:
    """The answer to every question that was asked about every component."""
    rows: dict[str, dict[str, list[Claim]]] = {}
    for claim in scan.claims:
        rows.setdefault(claim.subject, {}).setdefault(claim.attribute, []).append(claim)
    return {
        subject: {attribute: resolve(found) for attribute, found in by.items()}
        for subject, by in rows.items()
    }
