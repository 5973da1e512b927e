"""Many claims, one answer: agreed, contested or unknown.

Independent rules that agree make a claim stronger; claims that disagree are kept side by side. Two
mediums do not outweigh a high, and a tie between different values is contested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

from aisbom.model import Claim, Confidence
from aisbom.model.vocabulary import GRADED, LICENCE, LICENCES, REPEATABLE

UNKNOWN = "unknown"

RANK: dict[str, int] = {"low": 0, "medium": 1, "high": 2}
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


_UNANSWERED = Answer("unknown")


def _differ(one: Answer, other: Answer) -> bool:
    """Whether both are sure, and of something else."""
    sure = all(a.state == "agreed" and a.confidence != "low" for a in (one, other))
    return sure and one.values != other.values


def resolve(claims: Iterable[Claim]) -> Answer:
    """Resolve the claims about one attribute of one subject.

    - Values are sets: a claim `KR,US` says both, and differs from `KR`.
    - A declared claim never overwrites a derived one: if their values differ, the answer is
      contested whatever the ranks.
    - Where values stand side by side (a file is made from two projects), the surest does not
      outweigh the others.
    - Graded claims are about parts of one thing, and do not contradict each other: of the derived
      ones the gravest answers.
    - Low confidence alone never answers: hints stay hints (`unknown`, with the hint in `against`).
    """
    rows = list(claims)
    if len(rows) == 1 and rows[0].status != "withdrawn" and rows[0].attribute not in GRADED:
        return _alone(rows[0])
    if len(rows) > 1:
        rows = sorted(set(rows))
    withdrawn = tuple(c for c in rows if c.status == "withdrawn")
    live = [c for c in rows if c.status != "withdrawn" and c.value != UNKNOWN]
    strong = [(c, rank) for c in live if (rank := RANK[confidence((c,))])]
    if not strong:
        return Answer("unknown", against=tuple(live), withdrawn=withdrawn)
    # Ranks are compared on the strongest single claim of a camp: numbers do not make truth.
    best = max(rank for _, rank in strong)
    winners = {c.value for c, rank in strong if rank == best}
    grades = GRADED.get(rows[0].attribute, ())
    if grades:
        strong = _gravest(strong, grades)
        winners = {c.value for c, _ in strong}
    camps = {c.value for c, _ in strong}
    if rows[0].attribute in REPEATABLE:
        winners = camps
    if len(camps) > 1 and {"declared", "derived"} <= {c.status for c, _ in strong}:
        winners = camps
    carried = tuple(c for c in live if c.value in winners)
    against = tuple(c for c in live if c.value not in winners)
    if len(winners) > 1:
        return Answer("contested", tuple(sorted(winners)), "low", carried, against, withdrawn)
    return Answer("agreed", tuple(winners), confidence(carried), carried, against, withdrawn)


def _alone(claim: Claim) -> Answer:
    """What one claim that holds comes to: most questions have one."""
    if claim.value == UNKNOWN:
        return _UNANSWERED
    evidence = claim.evidence
    trust = evidence[0].confidence if len(evidence) == 1 else confidence((claim,))
    if not RANK[trust]:
        return Answer("unknown", against=(claim,))
    return Answer("agreed", (claim.value,), trust, (claim,))


def _gravest(strong: list[tuple[Claim, int]], grades: Sequence[str]) -> list[tuple[Claim, int]]:
    """Of the derived claims those of the gravest value; what was declared speaks for the whole."""
    derived = [c.value for c, _ in strong if c.status != "declared" and c.value in grades]
    gravest = max(derived, key=grades.index, default="")
    return [(c, rank) for c, rank in strong if c.status == "declared" or c.value == gravest]


def confidence(claims: Iterable[Claim]) -> Confidence:
    """The confidence of claims that say the same: two independent rules, each at least medium, make
    a high.
    """
    seen = {(e.by, RANK[e.confidence]) for c in claims for e in c.evidence}
    top = max((rank for _, rank in seen), default=0)
    if top == 1 and len({by for by, rank in seen if rank == 1}) >= 2:
        top = 2
    return _NAMES[top]


class Ledger:
    """Every claim about every component, by what it is about, and what the claims come to.

    Claims are only ever added. Whoever is asked for an answer gets one: `unknown` where nothing was
    claimed, which `examined` tells from a question that was looked at and has no answer.
    """

    def __init__(self, claims: Iterable[Claim] = ()) -> None:
        self._rows: dict[str, dict[str, list[Claim]]] = {}
        self._answers: dict[tuple[str, str], Answer] = {}
        self.add(claims)

    def __iter__(self) -> Iterator[Claim]:
        """Every claim once, sorted."""
        # In the order of their fields, of which these are the first two: few are compared whole.
        for _, by in sorted(self._rows.items(), key=itemgetter(0)):
            for _, found in sorted(by.items(), key=itemgetter(0)):
                yield from sorted(set(found)) if len(found) > 1 else found

    def add(self, claims: Iterable[Claim]) -> None:
        """Add these claims. They may be made from the answers so far: all are made before the first
        is added.
        """
        for claim in list(claims):
            by = self._rows.setdefault(claim.subject, {})
            by.setdefault(claim.attribute, []).append(claim)
            self._answers.pop((claim.subject, claim.attribute), None)

    def attributes(self, ref: str) -> tuple[str, ...]:
        """The questions about a component that were examined, sorted."""
        return tuple(sorted(self._rows.get(ref, ())))

    def claims(self, ref: str, *attributes: str) -> tuple[Claim, ...]:
        """The claims about these attributes of a component, in the order they were added."""
        by = self._rows.get(ref, {})
        return tuple(claim for attribute in attributes for claim in by.get(attribute, ()))

    def by_attribute(self, attribute: str) -> tuple[Claim, ...]:
        """The claims about one attribute of any component."""
        return tuple(claim for by in self._rows.values() for claim in by.get(attribute, ()))

    def list_declarations(self, ref: str) -> tuple[Claim, ...]:
        """What somebody declares of a component, sorted."""
        rows = self._rows.get(ref, {}).values()
        return tuple(sorted({c for found in rows for c in found if c.status == "declared"}))

    def is_examined(self, ref: str, attribute: str) -> bool:
        """Whether any claim answers the question, be it with `unknown`."""
        by = self._rows.get(ref, {})
        return any(name in by for name in (LICENCES if attribute == LICENCE else (attribute,)))

    def answer(self, ref: str, attribute: str) -> Answer:
        """What the claims about an attribute come to; `licence` is the one that counts."""
        if attribute == LICENCE:
            return self.licence(ref)
        if (ref, attribute) not in self._answers:
            self._answers[ref, attribute] = resolve(self.claims(ref, attribute))
        return self._answers[ref, attribute]

    def licence(self, ref: str) -> Answer:
        """The licence that counts: concluded, else declared, else observed. What is declared and
        what a text holds are contested where they are both sure and nothing follows from them.
        """
        found = [
            self.answer(ref, attribute)
            for attribute in LICENCES
            if self.is_examined(ref, attribute)
        ]
        known = [answer for answer in found if answer.state != "unknown"]
        says, holds = (self.answer(ref, attribute) for attribute in LICENCES[1:])
        if known == [says, holds] and _differ(says, holds):
            values = tuple(sorted({*says.values, *holds.values}))
            return Answer("contested", values, says.confidence, (*says.carried, *holds.carried))
        return next(iter(known), found[0] if found else _UNANSWERED)

    def list_judgements(self, ref: str, attribute: str) -> tuple[str, ...]:
        """The values of `class`, `role` or `path-role`: these are judgements of the program, of
        which a weak one counts too. Several where they are contested, none where there is none.
        """
        answer = self.answer(ref, attribute)
        if answer.state == "unknown":
            return (answer.against[0].value,) if answer.against else ()
        return answer.values
