"""All that is known of a component, for a terminal: where it was seen, why an answer is the answer,
and which rows of the knowledge it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aisbom.emit.html.claims import name_value
from aisbom.emit.html.words import Words, words
from aisbom.knowledge import Knowledge
from aisbom.knowledge.ages import list_sources
from aisbom.model import Claim, Component, Scan
from aisbom.model.facts import CITES, CITES_ROW
from aisbom.model.ledger import Answer, Ledger
from aisbom.model.vocabulary import FINDINGS, GRADED, REPEATABLE

_SIGHTINGS = 25
_REFS = 12
_RANK = {"low": 0, "medium": 1, "high": 2}


def explain(
    scan: Scan, found: Sequence[Component], knowledge: Knowledge, say: Words | None = None
) -> str:
    """Everything known about these components: sightings, claims with their places, what is
    against, edges, gaps; in the words of a language, English where none is given.
    """
    explainer = _Explainer(scan, Ledger(scan.claims), knowledge, say or words("en"))
    return "\n\n".join("\n".join(explainer.component(one)) for one in found)


@dataclass(frozen=True, slots=True)
class _Explainer:
    """What the lines about a component are made of."""

    scan: Scan
    ledger: Ledger
    knowledge: Knowledge
    say: Words

    def component(self, subject: Component) -> Iterator[str]:
        """Every line about a component."""
        say, relations = self.say, self.scan.relations
        yield subject.purl or subject.ref
        version = subject.version or say("explain.unknown")
        kind = say.id("type", subject.kind)
        yield f"  {say('explain.what', kind=kind, name=subject.name, version=version)}"
        yield from self._sightings(subject)
        attributes = self.ledger.attributes(subject.ref)
        for attribute in attributes:
            yield from self._answer(subject.ref, attribute)
        for stage in ("origin", "licence"):
            if not any(attribute.startswith(stage) for attribute in attributes):
                yield f"  {say(f'explain.not-examined-{stage}')}"
        needs = {r.target for r in relations if r.source == subject.ref and r.kind == "depends-on"}
        needed = {r.source for r in relations if r.target == subject.ref}
        yield f"  {say('explain.needs', what=self._list_refs(sorted(needs)))}"
        yield f"  {say('explain.needed', what=self._list_refs(sorted(needed)))}"
        paths = {o.evidence.at.path for o in subject.observations}
        for gap in self.scan.gaps:
            if gap.at.path in paths:
                reason = say.message(gap.reason)
                yield f"  {say('explain.gap', at=gap.at, reason=reason, by=gap.by)}"

    def _sightings(self, subject: Component) -> Iterator[str]:
        seen = sorted(
            {
                (str(seen.at), seen.by, seen.excerpt, self.say.evidence(seen))
                for seen in (o.evidence for o in subject.observations)
            }
        )
        yield f"  {self.say('explain.seen', count=len(seen))}"
        for at, by, _, said in seen[:_SIGHTINGS]:
            yield f"    {at}  [{by}] {said}".rstrip()
        if len(seen) > _SIGHTINGS:
            yield f"    {self.say('explain.seen-more', count=len(seen) - _SIGHTINGS)}"

    def _answer(self, ref: str, attribute: str) -> Iterator[str]:
        say, answer = self.say, self.ledger.answer(ref, attribute)
        claims = {claim.value: claim for claim in answer.carried}
        values = [self._value(attribute, value, claims.get(value)) for value in answer.values]
        shown = self._value(attribute, answer.value, claims.get(answer.value))
        if answer.state == "contested":
            shown = say("explain.contested", values=" / ".join(values))
        if attribute in REPEATABLE and len(values) > 1:  # no contest: each of them holds
            kind = "findings" if attribute in FINDINGS else "side-by-side"
            shown = say(f"explain.{kind}", count=len(values))
        sure = ""
        if answer.state == "agreed":
            sure = say("explain.confidence", word=say.id("confidence", answer.confidence))
        title = attribute
        if say.language != "en":
            title = f"{say.get(f'attribute.{attribute}', attribute)} [{attribute}]"
        yield f"  {title}: {shown}{sure}"
        asked = attribute.partition(".")[0] in ("origin", "control", "licence")
        if asked and (answer.carried or answer.against):
            yield f"    {say('explain.why', why=why(answer, say))}"
        beside = "beside" if attribute in GRADED else "against"
        silent = [c for c in self.ledger.claims(ref, attribute) if c.value == "unknown"]
        yield from self._because("because", answer.carried)
        yield from self._because(beside if answer.state == "agreed" else "hint", answer.against)
        yield from self._because("withdrawn", answer.withdrawn)
        yield from self._because("silent", silent)
        if asked:
            for row in stands_on((*answer.carried, *answer.against), self.knowledge, say):
                yield f"    {say('explain.knowledge', row=row)}"

    def _value(self, attribute: str, value: str, claim: Claim | None = None) -> str:
        """The value, in another language than English with its words before it. A sentence is
        found by its claim.
        """
        if self.say.language == "en":
            return value
        if value == "unknown":
            return self.say("explain.unknown")
        said = name_value(attribute, value, self.say)
        if said:
            return f"{said} ({value})"
        return self.say.value(claim) if claim else value

    def _because(self, word: str, claims: Sequence[Claim]) -> Iterator[str]:
        for claim in claims:
            declared = self.say("explain.declared") if claim.status == "declared" else ""
            title = self.say(f"explain.{word}") + declared
            value = self._value(claim.attribute, claim.value, claim)
            for e in claim.evidence:
                place = self.say("explain.by-at", by=e.by, at=e.at)
                yield f"    {title}: {value} ({claim.ref}) {place}: {self.say.evidence(e)}"

    def _list_refs(self, refs: Sequence[str]) -> str:
        if not refs:
            return self.say("explain.nothing")
        shown = ", ".join(refs[:_REFS])
        if len(refs) > _REFS:
            return self.say("explain.refs-more", shown=shown, count=len(refs) - _REFS)
        return shown


def why(answer: Answer, say: Words | None = None) -> str:
    """One sentence: what won over what, by the rules of the ledger."""
    say = say or words("en")
    if answer.state == "unknown":
        return say("why.hints" if answer.against else "why.nothing")
    said = {claim.value: say.value(claim) for claim in answer.carried}
    camps = [
        (said.get(value, value), _rules(c for c in answer.carried if c.value == value))
        for value in answer.values
    ]
    if answer.state == "contested":
        sides = "; ".join(_side(value, rules, say) for value, rules in camps)
        declared = {c.status for c in answer.carried} == {"declared", "derived"}
        return say("why.declared" if declared else "why.tie", sides=sides)
    value, rules = camps[0]
    strong = [rule for rule, rank in rules.items() if rank == "medium"]
    sentence = _side(value, rules, say)
    if answer.confidence == "high" and "high" not in rules.values():
        sentence += say("why.agree", count=len(strong))
    elif len(rules) == 1:
        sentence += say("why.alone")
    others = _rules(answer.against)
    if others:
        top = max(others.values(), key=_RANK.__getitem__)
        values = ", ".join(sorted({say.value(c) for c in answer.against}))
        sentence += say("why.weaker", values=values, most=say.id("confidence", top))
    return sentence


def stands_on(
    claims: Iterable[Claim], knowledge: Knowledge, say: Words | None = None
) -> Iterator[str]:
    """The rows of the knowledge that the evidence of claims names, with their sources, each
    once.
    """
    say = say or words("en")
    told: dict[str, None] = {}
    for claim in claims:
        for evidence in claim.evidence:
            for citation in evidence.get(CITES):
                row = knowledge.organisation(citation.id, citation.on)
                if row:
                    at = f"{row.own or 'organisations.csv'}:{row.line} {row.id}"
                    said = {"at": at, "name": row.name, "day": row.as_of, "source": row.source}
                    told[say("explain.organisation", **said)] = None
            for cited in evidence.get(CITES_ROW):
                for source in list_sources(knowledge, cited.table, cited.key):
                    form = "explain.read" if source.title else "explain.row"
                    named = {"row": say.source(source.row), "title": say.source(source.title)}
                    told[say(form, **named, day=source.day, url=source.url)] = None
        if claim.attribute.startswith("licence.") and (terms := knowledge.terms(claim.value)):
            asks = ", ".join(say.id("word", one) for one in terms.obligations)
            at = f"licences.csv:{terms.line} {terms.id}"
            said = {"at": at, "asks": asks or say("explain.no-obligation")}
            said |= {"day": terms.as_of, "source": terms.source}
            told[say("explain.terms", **said)] = None
    yield from told


def _rules(claims: Iterable[Claim]) -> dict[str, str]:
    """Rule and its strength, the strongest where it speaks more than once."""
    rules: dict[str, str] = {}
    for claim in claims:
        for evidence in claim.evidence:
            if _RANK[evidence.confidence] >= _RANK[rules.get(evidence.by, "low")]:
                rules[evidence.by] = evidence.confidence
    return dict(sorted(rules.items(), key=lambda pair: (-_RANK[pair[1]], pair[0])))


def _side(value: str, rules: dict[str, str], say: Words) -> str:
    by = ", ".join(f"{rule} ({say.id('confidence', rank)})" for rule, rank in rules.items())
    return say("why.side", value=value, rules=by)
