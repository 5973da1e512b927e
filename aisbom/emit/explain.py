"""Why an answer is the answer: which rules carried it, how strong they are, and which rows of the
knowledge they stand on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aisbom.knowledge import Knowledge
from aisbom.model import Claim
from aisbom.model.facts import CITES
from aisbom.model.ledger import Answer

_RANK = {"low": 0, "medium": 1, "high": 2}


def why(answer: Answer) -> str:
    """One sentence: what won over what, by the rules of the ledger."""
    if answer.state == "unknown":
        return (
            "every rule that says something here is a hint, and hints never answer"
            if answer.against
            else "no rule says anything"
        )
    camps = [
        (value, _rules(c for c in answer.carried if c.value == value)) for value in answer.values
    ]
    if answer.state == "contested":
        sides = "; ".join(f"{value} by {_named(rules)}" for value, rules in camps)
        declared = {c.status for c in answer.carried} == {"declared", "derived"}
        return f"{sides}: " + (
            "what is declared never overwrites what is derived"
            if declared
            else "equally strong, so neither wins"
        )
    value, rules = camps[0]
    strong = [rule for rule, rank in rules.items() if rank == "medium"]
    sentence = f"{value} by {_named(rules)}"
    if answer.confidence == "high" and "high" not in rules.values():
        sentence += f": {len(strong)} independent rules agree, which makes it high"
    elif len(rules) == 1:
        sentence += ": one rule alone"
    others = _rules(answer.against)
    if others:
        top = max((rank for rank in others.values()), key=_RANK.__getitem__)
        sentence += (
            f"; {', '.join(sorted({c.value for c in answer.against}))} is weaker ({top} at the"
            " most)"
        )
    return sentence


def stands_on(claims: Iterable[Claim], knowledge: Knowledge) -> Iterator[str]:
    """The rows of the knowledge that the evidence of claims names, with their sources, each
    once.
    """
    told: dict[str, None] = {}
    for claim in claims:
        for evidence in claim.evidence:
            for citation in evidence.get(CITES):
                row = knowledge.organisation(citation.id, citation.on)
                if row:
                    file = row.own or "organisations.csv"
                    told[
                        f"{file}:{row.line} {row.id} ({row.name}, as of {row.as_of}): {row.source}"
                    ] = None
        if claim.attribute.startswith("licence.") and (terms := knowledge.terms(claim.value)):
            asks = ", ".join(terms.obligations) or "nothing"
            told[
                f"licences.csv:{terms.line} {terms.id} asks {asks} (as of {terms.as_of}):"
                f" {terms.source}"
            ] = None
    yield from told


def _rules(claims: Iterable[Claim]) -> dict[str, str]:
    """Rule and its strength, the strongest where it speaks more than once."""
    rules: dict[str, str] = {}
    for claim in claims:
        for evidence in claim.evidence:
            if _RANK[evidence.confidence] >= _RANK[rules.get(evidence.by, "low")]:
                rules[evidence.by] = evidence.confidence
    return dict(sorted(rules.items(), key=lambda pair: (-_RANK[pair[1]], pair[0])))


def _named(rules: dict[str, str]) -> str:
    return ", ".join(f"{rule} ({rank})" for rule, rank in rules.items())
