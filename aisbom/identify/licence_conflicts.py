"""Where licences do not go together, and where there is none: a table of rules over what parts ask
and what the whole grants.

It compares facts of licences.csv and says which two places they come from. It is no legal advice,
and where an expression leaves a choice, a licence is not in the table, or the whole states none, it
stays silent (docs/licences.md lists what it does not see).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from aisbom.identify.cite import UNKNOWN
from aisbom.identify.licence_agreement import identifiers
from aisbom.identify.licence_custom import custom, terms
from aisbom.identify.licence_trees import chain, holders_of, unread
from aisbom.knowledge import Knowledge, Licence
from aisbom.model import Claim, Component, Confidence, Evidence, Location, Relation, Scan
from aisbom.model.facts import RESTRICTS
from aisbom.model.ledger import Ledger
from aisbom.model.sentences import say
from aisbom.model.vocabulary import LICENCE, LICENCES

ATTRIBUTE = "licence.conflict"
_STRONG = re.compile(r"(?:A?GPL)-\d\.\d(?:-only|-or-later)?\+?")
_WHOLE = ("product", "vendored")
_CREDITS = ("credits", "notice", "third")


class Rule(NamedTuple):
    """`part` says whether a licence asks for it, `whole` whether another grants the opposite."""

    id: str
    part: Callable[[Licence], bool]
    whole: Callable[[Licence], bool]


RULES = (
    Rule(
        "no-commercial-use",
        lambda row: bool({"non-commercial", "research-only"} & set(row.obligations)),
        lambda row: row.any_field == "1",
    ),
    Rule(
        "no-sharing",
        lambda row: row.share == "0",
        lambda row: row.share == "1",
    ),
    Rule(
        "no-change",
        lambda row: row.modify == "0",
        lambda row: row.modify == "1",
    ),
    Rule(
        "limited-use",
        lambda row: row.any_field == "0",
        lambda row: row.any_field == "1",
    ),
    Rule(
        "imposed-name",
        lambda row: row.no_naming == "0",
        lambda row: row.no_naming == "1",
    ),
    Rule(
        "copyleft",
        lambda row: bool(_STRONG.fullmatch(row.id)),
        lambda row: bool(row.use) and "share-alike" not in row.obligations,
    ),
)
"""In order: a part is told the first that holds for it."""

_BY_ID = {rule.id: rule for rule in RULES}


class _StatedLicence(NamedTuple):
    """The licence of a component, the evidence of the claim that says so, and whether more than a
    hint does.
    """

    value: str
    evidence: Evidence
    sure: bool


def conflicts(scan: Scan, ledger: Ledger, knowledge: Knowledge) -> Iterator[Claim]:
    """`licence.conflict` of parts that lie in the tree: a sentence that begins with the id of its
    rule; a dependency's is a hint.
    """
    named = {component.ref: component for component in scan.components}
    holders = holders_of(scan)
    for component in scan.components:
        if component.ref == scan.root or not _part(component, ledger):
            continue
        # What lies in a model or in a release of somebody else is held against who offers both.
        above = (named[ref] for ref in chain(component.ref, holders) if ref in named)
        offers = (one for one in above if not one.kinds & {"model", "release"})
        whole = next(offers, named[scan.root])
        if component.kinds & {"source", "model"}:  # what a project lacks is told of its code
            yield from _missing(component, scan, ledger, holders)
        yield from _against(component, whole, ledger, knowledge)
        if "source" in component.kinds:
            yield from _inside(component, whole, ledger, knowledge)
    for relation in scan.relations:
        if (
            relation.kind == "depends-on"
            and "project" in named[relation.source].kinds
            and relation.fact("group") == "runtime"
        ):
            yield from _claim_needed_copyleft(
                named[relation.source], named[relation.target], relation, ledger, knowledge
            )


def _part(component: Component, ledger: Ledger) -> bool:
    """Whether it lies in the tree, as code, a model or a project of its own, and is neither a test,
    an example nor documentation.
    """
    if not component.kinds & {"source", "project"} and (
        component.kind == "file" or "model" not in component.kinds
    ):
        return False
    places = {claim.value for claim in ledger.claims(component.ref, "path-role")}
    return not places or bool(places & set(_WHOLE))


def _missing(
    component: Component, scan: Scan, ledger: Ledger, holders: dict[str, str]
) -> Iterator[Claim]:
    """A claim of absence: only where neither the part nor anything that holds it states a licence,
    and all that could was read. What is described here without its content has its licence
    elsewhere.
    """
    described = "model" in component.kinds and not {"weights", "weight-data"} & component.kinds
    places = (component.ref, *chain(component.ref, holders), scan.root)
    if (
        described
        or any(ledger.is_examined(ref, LICENCE) for ref in places)
        or any(
            o.kind == "notice" for c in scan.components if c.ref in places for o in c.observations
        )
        or unread(scan, component)
        or _lies_beside_licensed(component, scan, ledger)
        or _lies_under_credits(component, scan)
    ):
        return
    seen = component.observations[0].evidence
    sentence, fact = say("no-licence", component.name, seen.at)
    words = (
        "nothing states a licence, and without one there is no right to use, change or pass it on"
    )
    evidence = Evidence("licence/missing", seen.technique, "medium", seen.at, words, (fact,))
    yield Claim(component.ref, ATTRIBUTE, sentence, (evidence,))


def _lies_beside_licensed(component: Component, scan: Scan, ledger: Ledger) -> bool:
    """Whether most of the project's own code lies in a folder of the first level with a licence:
    then the text there may be meant for what lies beside that folder, too. One further down came
    with what was copied there.
    """
    return "source" in component.kinds and any(
        other.kinds & {"source"}
        and "release" not in other.kinds
        and len(other.observations) > len(component.observations)
        and _is_product(other, ledger)
        and any(
            "/" not in e.at.folder and e.at.folder
            for name in LICENCES
            for claim in ledger.claims(other.ref, name)
            for e in claim.evidence
        )
        for other in scan.components
        if other.ref != component.ref
    )


def _lies_under_credits(component: Component, scan: Scan) -> bool:
    """Whether a file of credits lies in the folder of a file or above it: it holds the licences of
    others, and whose text is meant for what, only a reader can say.
    """
    folders = {
        o.evidence.at.folder
        for other in scan.components
        for o in other.observations
        if o.kind == "credit" and o.evidence.at.path.rpartition("/")[2].lower().startswith(_CREDITS)
    }
    return any(
        f"{o.evidence.at.folder}/".startswith(f"{folder}/" if folder else "")
        for o in component.observations
        for folder in folders
    )


def _is_product(component: Component, ledger: Ledger) -> bool:
    return any(claim.value == "product" for claim in ledger.claims(component.ref, "path-role"))


def _against(
    component: Component, whole: Component, ledger: Ledger, knowledge: Knowledge
) -> Iterator[Claim]:
    grants = next(_list_licences(whole, ledger), None)
    limits = ledger.answer(component.ref, "licence.restriction").values
    for stated in _list_licences(component, ledger):
        # What the project says of itself, repeated for its own code, cannot speak against it.
        if (
            grants is None
            or stated.value == grants.value
            or stated.evidence.by == "licence/project"
        ):
            continue
        rule = _rule(stated.value, grants.value, knowledge, RULES, limits)
        if rule:
            told = (component.name, stated.value, stated.evidence.at)
            sentence = say(rule.id, *told, whole.name, grants.value, grants.evidence.at)
            sure: Confidence = "medium" if stated.sure and grants.sure else "low"
            yield _claim(component, rule, sentence, (stated.evidence, grants.evidence), sure)


def _inside(
    component: Component, whole: Component, ledger: Ledger, knowledge: Knowledge
) -> Iterator[Claim]:
    """The same for a file or folder inside a part, under a licence of its own that is not the
    part's.
    """
    grants = next(_list_licences(whole, ledger), None)
    stated = {row.value for row in _list_licences(component, ledger)}
    for o in component.observations if grants else ():
        limits = o.get(RESTRICTS)
        name = custom(component, o, knowledge) if limits else ""
        if not name or grants is None or name in stated or o.fact("licence-part"):
            continue
        kinds = [row.kind for row in limits]
        if rule := _rule(name, grants.value, knowledge, RULES, kinds):
            at = Location(o.evidence.at.path, limits[0].line)
            told = (f"{at.path} ({component.name})", name, at)
            sentence = say(rule.id, *told, whole.name, grants.value, grants.evidence.at)
            seen = replace(o.evidence, at=at, excerpt=limits[0].words)
            sure: Confidence = "medium" if grants.sure else "low"
            yield _claim(component, rule, sentence, (seen, grants.evidence), sure)


def _claim_needed_copyleft(
    whole: Component, component: Component, relation: Relation, ledger: Ledger, knowledge: Knowledge
) -> Iterator[Claim]:
    """A dependency is not passed on with the project: whether its copyleft reaches the project is a
    question, not a finding.
    """
    grants = next(_list_licences(whole, ledger), None)
    stated = next(_list_licences(component, ledger), None)
    if grants and stated and _rule(stated.value, grants.value, knowledge, (_BY_ID["copyleft"],)):
        told = (component.name, stated.value, stated.evidence.at)
        own = (whole.name, grants.value, grants.evidence.at)
        sentence = say("copyleft-needed", *told, *own, relation.at)
        evidence = (stated.evidence, grants.evidence)
        yield _claim(component, _BY_ID["copyleft"], sentence, evidence, "low")


def _claim(
    component: Component,
    rule: Rule,
    said: tuple[str, tuple[str, str]],
    places: tuple[Evidence, Evidence],
    sure: Confidence,
) -> Claim:
    sentence, fact = said
    evidence = tuple(
        sorted(
            Evidence(
                "licence/conflict",
                e.technique,
                sure,
                e.at,
                f"{rule.id}: {e.excerpt}"[:200],
                tuple(sorted((*e.facts, fact))),
            )
            for e in set(places)
        )
    )
    return Claim(component.ref, ATTRIBUTE, sentence, evidence)


def _list_licences(component: Component, ledger: Ledger) -> Iterator[_StatedLicence]:
    """The licence that counts; where files of a code tree name several, each of them."""
    for attribute in LICENCES:
        answer = ledger.answer(component.ref, attribute)
        if answer.state == "agreed" or (
            answer.state == "contested" and attribute == "licence.observed"
        ):
            for value in answer.values:
                claim = next(c for c in answer.carried if c.value == value)
                yield _StatedLicence(value, claim.evidence[0], True)
            return
    for attribute in LICENCES:
        said = ledger.claims(component.ref, attribute)
        hints = [claim for claim in said if claim.value != UNKNOWN]
        if len({claim.value for claim in hints}) == 1:
            yield _StatedLicence(hints[0].value, hints[0].evidence[0], False)
            return


def _rule(
    part: str,
    whole: str,
    knowledge: Knowledge,
    rules: tuple[Rule, ...],
    limits: Sequence[str] = (),
) -> Rule | None:
    """The first rule that holds between two expressions. A choice (`OR`) in either leaves a way out
    that this does not weigh. `limits` are what a part of a licence of its own restricts.
    """
    if " OR " in f" {part} {whole} ":
        return None
    asks = [
        knowledge.terms(name) or (terms(name, limits) if name.startswith("LicenseRef-") else None)
        for name in identifiers(part)
    ]
    grants = [knowledge.terms(name) for name in identifiers(whole)]
    if not all(grants) or " WITH " in part:
        return None
    for rule in rules:
        if (
            any(row and rule.part(row) for row in asks)
            and grants
            and all(row and rule.whole(row) for row in grants)
        ):
            return rule
    return None
