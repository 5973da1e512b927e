"""All that is known of a component, for a terminal: where it was seen, why an answer is the answer,
and which rows of the knowledge it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aisbom.emit.terminal import plural
from aisbom.knowledge import Knowledge
from aisbom.knowledge.ages import describe_sources
from aisbom.model import Claim, Component, Scan
from aisbom.model.facts import CITES, CITES_ROW
from aisbom.model.ledger import Answer, Ledger
from aisbom.model.vocabulary import FINDINGS, GRADED, REPEATABLE

_RANK = {"low": 0, "medium": 1, "high": 2}


def explain(scan: Scan, found: Sequence[Component], knowledge: Knowledge) -> str:
    """Everything known about these components: sightings, claims with their places, what is
    against, edges, gaps.
    """
    ledger = Ledger(scan.claims)
    return "\n\n".join(_explain(scan, ledger, component, knowledge) for component in found)


def _explain(scan: Scan, ledger: Ledger, subject: Component, knowledge: Knowledge) -> str:
    lines = [
        subject.purl or subject.ref,
        f"  {subject.kind}, name {subject.name}, version {subject.version or 'unknown'}",
    ]
    seen = sorted(
        {(str(o.evidence.at), o.evidence.by, o.evidence.excerpt) for o in subject.observations}
    )
    lines.append(f"  seen in {plural(len(seen), 'place')}:")
    lines += [f"    {at}  [{by}] {excerpt}".rstrip() for at, by, excerpt in seen[:25]]
    if len(seen) > 25:
        lines.append(f"    ... and {len(seen) - 25} more")
    attributes = ledger.attributes(subject.ref)
    for attribute in attributes:
        claims = ledger.claims(subject.ref, attribute)
        lines += _answer(attribute, ledger.answer(subject.ref, attribute), claims, knowledge)
    for stage in ("origin", "licence"):
        if not any(attribute.startswith(stage) for attribute in attributes):
            lines.append(f"  {stage}: not examined (nothing that was read says anything about it)")
    needs = sorted(
        {r.target for r in scan.relations if r.source == subject.ref and r.kind == "depends-on"}
    )
    needed = sorted({r.source for r in scan.relations if r.target == subject.ref})
    lines.append(f"  needs: {_list_refs(needs)}")
    lines.append(f"  needed or held by: {_list_refs(needed)}")
    paths = {o.evidence.at.path for o in subject.observations}
    lines += [
        f"  gap: {gap.at}: {gap.reason} [{gap.by}]" for gap in scan.gaps if gap.at.path in paths
    ]
    return "\n".join(lines)


def _answer(
    attribute: str, answer: Answer, claims: Sequence[Claim], knowledge: Knowledge
) -> list[str]:
    shown = (
        answer.value if answer.state != "contested" else f"contested ({' / '.join(answer.values)})"
    )
    if (
        attribute in REPEATABLE and len(answer.values) > 1
    ):  # they do not contest each other: each holds
        shown = (
            f"{len(answer.values)}"
            f" {'findings' if attribute in FINDINGS else 'values that stand side by side'}"
        )
    lines = [
        f"  {attribute}: {shown}"
        + (f", confidence {answer.confidence}" if answer.state == "agreed" else "")
    ]
    asked = attribute.partition(".")[0] in ("origin", "control", "licence")
    if asked and (answer.carried or answer.against):
        lines.append(f"    why: {why(answer)}")
    lines += _because("because", answer.carried)
    beside = "beside it" if attribute in GRADED else "against"
    lines += _because(
        beside if answer.state == "agreed" else "hint only, too weak to answer", answer.against
    )
    lines += _because("withdrawn", answer.withdrawn)
    lines += _because("looked at, says nothing", [c for c in claims if c.value == "unknown"])
    if asked:
        lines += [
            f"    knowledge: {row}"
            for row in stands_on((*answer.carried, *answer.against), knowledge)
        ]
    return lines


def _because(word: str, claims: Sequence[Claim]) -> list[str]:
    return [
        f"    {word}{', declared' if c.status == 'declared' else ''}: {c.value} ({c.ref}) {e.by} at"
        f" {e.at}: {e.excerpt}"
        for c in claims
        for e in c.evidence
    ]


def _list_refs(refs: Sequence[str]) -> str:
    shown = ", ".join(refs[:12])
    return (
        shown + (f" and {len(refs) - 12} more" if len(refs) > 12 else "")
    ) or "nothing that is known"


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
        sides = "; ".join(f"{value} by {_list_rules(rules)}" for value, rules in camps)
        declared = {c.status for c in answer.carried} == {"declared", "derived"}
        return f"{sides}: " + (
            "what is declared never overwrites what is derived"
            if declared
            else "equally strong, so neither wins"
        )
    value, rules = camps[0]
    strong = [rule for rule, rank in rules.items() if rank == "medium"]
    sentence = f"{value} by {_list_rules(rules)}"
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
            for cited in evidence.get(CITES_ROW):
                told |= dict.fromkeys(describe_sources(knowledge, cited.table, cited.key))
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


def _list_rules(rules: dict[str, str]) -> str:
    return ", ".join(f"{rule} ({rank})" for rule, rank in rules.items())
