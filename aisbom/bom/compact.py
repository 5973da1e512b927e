"""A bill without the routine claims about what only surrounds the core.

Of an ordinary dependency the answers stand in its part: licence, origin, class, role. Where the
claims behind them say nothing beyond, a document leaves them out unless `--claims all` asks for
them, and `answers_of` makes claims of the answers again: what is decided from the document stays
the same. What is core, contested, declared by somebody or by a registry, cited by a requirement,
or a finding keeps all of its claims.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aisbom.bom import Bom, Part, Place
from aisbom.model import Claim, Confidence, Evidence, Location
from aisbom.model.facts import REGISTRY_ANSWER
from aisbom.model.ledger import Ledger
from aisbom.model.vocabulary import STAGES

RULE = "document"
"""Who makes the claims that are made of a document's answers."""

SAYS = "as the document says"
"""What they rest on."""

UNDECLARED = ("licence.undeclared", "true")
"""The fact of a part of which no metadata declares a licence."""

_ROLES = frozenset({"peripheral", "tooling"})
_CLASSES = frozenset({"dependency", "build-tool"})
_REFS = "claims.left_out"
_METADATA = ("METADATA", "PKG-INFO")
"""The files of an installed distribution that say what it is."""

_LINKS = ("website", "vcs", "distribution")
"""Kinds of links of an ordinary dependency that a document keeps."""

_LISTS = ("CycloneDX", "SPDX")
"""Formats of files that list parts."""

_DERIVED = frozenset({"component.role_rule", "origin.cdx2_origins"})
"""Facts that follow from other facts of the part, or say which rule gave one."""

_JUDGED = {"class": "component.class", "path-role": "component.path_role"}
_LEFT_OUT = frozenset({"component.path", "format", "unknown"})
_COUNTRY = "origin.developed.country"
_USUAL = {
    "component.class": "dependency",
    "component.path_role": "product",
    _COUNTRY: "ZZ",
}
"""What most parts are that an SBOM inside its holder lists: left out where it is so."""
_CONFIDENCES: dict[str, Confidence] = {"low": "low", "medium": "medium", "high": "high"}


def compact(bom: Bom) -> Bom:
    """The bill without routine claims; the same where there are none, or where it is done."""
    if bom.compact:
        return bom
    ledger, judged = Ledger(bom.claims), Ledger(bom.judgements)
    cited = {ref for row in bom.sovereignty.requirements for ref in (*row.claims, *row.counter)}
    holders = {r.target: r.source for r in bom.relations if r.kind == "contains"}
    gone: set[Claim] = set()
    parts = []
    for whole in bom.parts:
        if not _is_routine(whole) or whole.ref == bom.root:
            parts.append(whole)
            continue
        declared = ledger.is_examined(whole.ref, "licence.declared")
        part = whole if declared else replace(whole, facts=(*whole.facts, UNDECLARED))
        answers = {claim.attribute: claim for claim in answers_of(part)}
        if not {*answers} - {*_JUDGED} <= {*ledger.attributes(part.ref)}:
            parts.append(whole)  # an answer that nobody gave must not come of it
            continue
        routine = _routine(part, answers, ledger, cited)
        gone |= routine
        gone |= {
            claim
            for attribute in _JUDGED
            if judged.list_judgements(part.ref, attribute) == _values(answers, attribute)
            for claim in judged.claims(part.ref, attribute)
        }
        parts.append(_without_details(part, routine, part.ref in holders))
    return replace(
        bom,
        parts=tuple(parts),
        claims=tuple(claim for claim in bom.claims if claim not in gone),
        judgements=tuple(claim for claim in bom.judgements if claim not in gone),
        compact=True,
    )


def answers_of(part: Part) -> Iterator[Claim]:
    """The answers that stand in a part, as claims about it."""
    at = min((place.at for place in part.places), default=Location(""))

    left_out: dict[str, list[str]] = {}
    for word in part.value(_REFS).split():
        attribute, _, ref = word.partition("=")
        left_out.setdefault(attribute, []).append(ref)

    def claims(attribute: str, value: str, confidence: Confidence) -> Iterator[Claim]:
        seen = Evidence(RULE, "other", confidence, at, SAYS)
        for ref in left_out.get(attribute, [""]):
            yield Claim(part.ref, attribute, value, (seen,), cited=ref)

    if is_listed(part):
        usual = (row for row in _USUAL.items() if not part.value(row[0]))
        part = replace(part, facts=(*part.facts, *usual))
    for attribute, value, confidence in _origins(part):
        yield from claims(attribute, value, confidence)
    for country in part.values("control.country"):
        yield from claims("control", country, "high")
    for word, value in _licences(part):
        yield from claims(f"licence.{word}", value, "high")
    for attribute, fact in _JUDGED.items():
        for value in part.values(fact):
            yield from claims(attribute, value, "high")


def _origins(part: Part) -> Iterator[tuple[str, str, Confidence]]:
    """Countries, organisations and seats of the stages of a part, with their confidence."""
    for stage in STAGES:
        name = f"origin.{stage}"
        countries = part.values(f"{name}.country")
        confidence = _CONFIDENCES.get(part.value(f"{name}.confidence"), "low")
        if countries:
            yield name, "unknown" if countries == ("ZZ",) else ",".join(countries), confidence
        for facet in ("organisation", "seat"):
            for value in part.values(f"{name}.{facet}"):
                yield f"{name}.{facet}", value, confidence


def _licences(part: Part) -> Iterator[tuple[str, str]]:
    """What is concluded, declared and observed of the licence of a part."""
    stated = {one.acknowledgement: one.value for one in part.licences if one.acknowledgement}
    if UNDECLARED not in part.facts and "concluded" in stated:
        stated.setdefault("declared", stated["concluded"])  # they stand once where they agree
    yield from sorted(stated.items())
    if len(part.observed) == 1:
        yield "observed", part.observed[0]


def is_short(part: Part) -> bool:
    """Whether the claims about a part of a compact bill were left out: the rule of its role was."""
    return (
        part.kind == "library"
        and part.value("component.role") in _ROLES
        and not part.value("component.role_rule")
    )


LISTED_CONFIDENCE = ("origin.developed.confidence", "medium")
"""How sure the country of such a part is, where a document says the country alone."""


def with_usual_confidence(part: Part) -> Part:
    """The part with the confidence that its document leaves out, beside the country."""
    name, _ = LISTED_CONFIDENCE
    if not part.value(_COUNTRY) or part.value(name):
        return part
    before = (_COUNTRY, "origin.developed.organisation")
    last = max(at for at, (fact, _) in enumerate(part.facts, 1) if fact in before)
    return replace(part, facts=(*part.facts[:last], LISTED_CONFIDENCE, *part.facts[last:]))


def usual_role(bom: Bom) -> str:
    """The role that all parts have which only SBOMs inside their holders list, so that a document
    need not say it of each; `""` where they have not one role, or anything else is not as usual.
    """
    listed = [part for part in bom.parts if bom.compact and is_listed(part)]
    roles = {part.facts[:1] for part in listed}
    (name, value), *_ = next(iter(roles), ()) or (("", ""),)
    acknowledged = all(one.acknowledgement for part in listed for one in part.licences)
    said = all(with_usual_confidence(part) == part for part in listed)
    usual = len(roles) == 1 and name == "component.role" and acknowledged and said
    return value if usual else ""


def is_listed(part: Part) -> bool:
    """Whether only an SBOM inside its holder lists the part, in a compact bill."""
    return part.kind == "library" and not part.places


def _is_routine(part: Part) -> bool:
    return (
        part.kind == "library"
        and part.value("component.role") in _ROLES
        and part.value("component.class") in _CLASSES
    )


def _values(answers: Mapping[str, Claim], attribute: str) -> tuple[str, ...]:
    return (answers[attribute].value,) if attribute in answers else ()


def _routine(
    part: Part, answers: Mapping[str, Claim], ledger: Ledger, cited: set[str]
) -> set[Claim]:
    """The claims about a part which its answers stand for."""
    found: set[Claim] = set()
    for attribute in ledger.attributes(part.ref):
        claims = ledger.claims(part.ref, attribute)
        spoken = {claim.value for claim in claims}
        plain = all(
            claim.status == "derived"
            and claim.ref not in cited
            and not any(e.get(REGISTRY_ANSWER) for e in claim.evidence)
            for claim in claims
        )
        if plain and attribute in answers and spoken <= {answers[attribute].value}:
            found.update(claims)
    return found


def _without_details(part: Part, gone: set[Claim], held: bool) -> Part:
    """The part without what only leads to claims that are gone. Of what an SBOM inside its holder
    lists, neither the place nor the reader is repeated for each.
    """
    refs = {claim.ref for claim in gone}
    facts = tuple(
        (name, value)
        for name, value in part.facts
        if name not in _DERIVED and not (name.endswith(".claim") and value in refs)
    )
    if held and part.value("format").startswith(_LISTS):
        facts = tuple(
            (name, value)
            for name, value in facts
            if name not in _LEFT_OUT and _USUAL.get(name) != value
        )
        supplier = part.supplier and replace(part.supplier, urls=())
        return replace(part, facts=facts, places=(), methods=(), links=(), supplier=supplier)
    if gone:
        named = sorted(f"{claim.attribute}={claim.ref}" for claim in gone)
        facts = (*facts, (_REFS, " ".join(named)))
    first = next((row for row in facts if row[0] == "component.path"), None)
    stands = bool(part.places) and first == ("component.path", part.places[0].at.path)
    facts = tuple(
        row for row in facts if row[0] != "component.path" or (row == first and not stands)
    )
    places = tuple(replace(place, words="") for place in _telling(part.places))
    return replace(
        part,
        facts=facts,
        places=places,
        methods=tuple(replace(method, words="") for method in part.methods[:1]),
        links=tuple(replace(link, comment="") for link in part.links if link.kind in _LINKS),
        supplier=part.supplier and replace(part.supplier, urls=()),
    )


def _telling(places: Sequence[Place]) -> Iterator[Place]:
    """Of the files of an installed distribution only its metadata, which names the others."""
    folders = tuple(
        f"{place.at.path.rpartition('/')[0]}/" for place in places if _is_metadata(place)
    )
    for place in places:
        if _is_metadata(place) or not place.at.path.startswith(folders):
            yield place


def _is_metadata(place: Place) -> bool:
    folder, _, name = place.at.path.rpartition("/")
    return name in _METADATA and folder.endswith((".dist-info", ".egg-info"))
