"""One component as a part: its fields, and then the facts that no field has a place for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from aisbom.bom import (
    Card,
    Hosting,
    Identity,
    Maker,
    Method,
    Part,
    Pedigree,
    Place,
    answers,
    lineage,
    models,
    sightings,
    training,
)
from aisbom.bom.answers import Answers
from aisbom.bom.links import digests, links
from aisbom.bom.suppliers import authors, supplier
from aisbom.identify.weights_from import entire
from aisbom.model import Component, Location, Observation
from aisbom.model.facts import LICENCE_TEXT, STATES_LICENCE

_NOT_IDENTITY = frozenset({"values", "match"})
"""Kinds of sighting that say something of a file without saying what it is."""

_MAX_METHODS = 12
_MAX_OBSERVED = 50
_A_NAME = 12
"""Words of the longest names of licences; what has more is a text."""

_MAX_HOLDERS = 200


def part(subject: Component, found: Answers, data: Mapping[str, str]) -> Part:
    """The part. `found` are the answers about it, `data` see `models.data_refs`."""
    own, admitted = digests(subject)
    model = subject.kind == "machine-learning-model"
    maker = answers.maker(found)
    logs = training.logs_of(subject, answers.declared_claims(found)) if model else ()
    whole = Part(
        ref=subject.ref,
        kind=subject.kind,
        name=subject.name or "unnamed",
        version=subject.version,
        purl=subject.purl,
        description=subject.fact("summary"),
        scope=_scope(subject, found),
        maker=maker,
        supplier=supplier(subject, maker),
        authors=authors(subject),
        digests=own,
        licences=answers.licences(found, _licence_texts(subject)),
        links=links(subject, own, admitted),
        logs=logs,
        pedigree=_pedigree(subject, found),
        card=models.card(subject, data) if model else Card(),
        methods=_methods(subject),
        identity=_identity(subject),
        places=_places(subject),
        observed=_list_observed(subject),
        holders=tuple(sorted({v for v, _ in subject.facts("copyright-holder")}))[:_MAX_HOLDERS],
    )
    rows = [*_facts(subject, found, _unknown(whole)), *training.log_facts(logs, subject)]
    return _with_facts(whole, rows)


def service(subject: Component, found: Answers) -> Part:
    """A hosted service. `authenticated` is true where a client is given a key, else not: nothing
    says that there is none.
    """
    hosts = {v for v, _ in subject.facts("endpoint")} or {
        v for v, _ in subject.facts("service-host")
    }
    # What a client sends is its users' words or files, and what comes back is used: that much every
    # such client does.
    receives = any(value in ("class", "model") for value, _ in subject.facts("how"))
    own = all(value == "own" for value, _ in subject.facts("how"))
    places = sorted(
        {Place(o.evidence.at, o.evidence.by, o.evidence.excerpt) for o in subject.observations},
        key=lambda place: (str(place.at), place.by, place.words),
    )
    asked = sorted({v for v, _ in subject.facts("model")})
    rows = [
        *_facts(subject, found, ()),
        ("service.id", subject.ref.removeprefix("service:")),
        *(("service.model", value) for value in asked),
    ]
    whole = Part(
        ref=subject.ref,
        kind="service",
        name=subject.name,
        hosting=Hosting(
            _provider(subject, found),
            () if own else tuple(sorted(hosts)),
            bool(subject.facts("authenticated")),
            receives,
            own,
        ),
        places=tuple(places[: sightings.MAX_PLACES]),
    )
    return _with_facts(whole, rows)


def _with_facts(whole: Part, rows: Iterable[tuple[str, str]]) -> Part:
    """Each fact once, in this order."""
    return replace(whole, facts=tuple(dict.fromkeys(rows)))


def _unknown(whole: Part) -> list[str]:
    """The minimum elements that are not known. Files of a component need no name of their own."""
    named = whole.kind != "file"
    missing = (
        ("manufacturer", named and whole.maker is None),
        ("version", named and not whole.version),
        ("hash", whole.kind != "application" and not whole.digests),
        ("licence", named and not whole.licences),
        ("purl", named and not whole.purl),
    )
    return [name for name, absent in missing if absent]


def _facts(subject: Component, found: Answers, unknown: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Everything in the order of the document."""
    for value, _ in subject.facts("extra"):
        yield "required-extra", value
    yield from models.model_facts(subject)
    yield from answers.judgements(found)
    yield from sightings.paths(subject)
    yield from answers.origins(found)
    yield from answers.control(found)
    yield from answers.sources(found)
    yield from lineage.figures(subject)
    yield from answers.findings(found)
    yield from sightings.scopes(subject)
    yield from answers.conflicts(found)
    yield from answers.code_that_runs(found)
    yield from sightings.requirements(subject)
    yield from sightings.sizes(subject)
    yield from sightings.list_examined(subject)
    yield from sightings.references(subject)
    places = len(sightings.seen_paths(subject))
    if places > sightings.MAX_PLACES:
        yield "evidence.occurrences", str(places)
    for name in unknown:
        yield "unknown", name


def _scope(subject: Component, found: Answers) -> str:
    """`required` if anything needs it to run, `optional` for extras, `excluded` for what only
    builds, tests or documents.
    """
    groups = {
        value
        for o in subject.observations
        if o.kind in ("requirement", "locked")
        for value in o.all("group")
    } - {"constraint"}
    if not groups or "distribution" in subject.kinds:
        return ""
    if answers.judgement(found, "role") == "tooling":
        return "excluded"
    if "runtime" in groups:
        return "required"
    return "optional" if any(group.startswith("extra:") for group in groups) else "excluded"


def _pedigree(subject: Component, found: Answers) -> Pedigree:
    if subject.kind == "machine-learning-model":
        return models.parents(subject, found.get("weights-from"))
    return lineage.pedigree(subject)


def _sightings(subject: Component) -> list[Observation]:
    return [o for o in subject.observations if o.kind not in _NOT_IDENTITY]


def _methods(subject: Component) -> tuple[Method, ...]:
    """The first sighting of each reader and technique."""
    rows: dict[tuple[str, str], Method] = {}
    for o in _sightings(subject):
        e = o.evidence
        if len(rows) < _MAX_METHODS:
            method = Method(e.technique, e.by, e.confidence, e.excerpt)
            rows.setdefault((e.technique, e.by), method)
    return tuple(rows[key] for key in sorted(rows))


def _identity(subject: Component) -> Identity | None:
    """A model or file all of whose values are those of a known model."""
    match = entire(subject) if _sightings(subject) else None
    if match is None:
        return None
    return Identity(match.fact("weights-from"), match.evidence.by, match.evidence.excerpt)


def _places(subject: Component) -> tuple[Place, ...]:
    """By file and line alone: a part of a file has no place in an occurrence."""
    rows = {
        (o.evidence.at.path, o.evidence.at.line, o.evidence.excerpt, o.evidence.by)
        for o in _sightings(subject)
    }
    places = [Place(Location(path, line), by, words) for path, line, words, by in sorted(rows)]
    return (*places[: sightings.MAX_PLACES], *lineage.functions(subject))


def _list_observed(subject: Component) -> tuple[str, ...]:
    keys = ("spdx", "licence-guess", "licence-other")
    values = {value for key in keys for value, _ in subject.facts(key)}
    values |= {row.name for row, _ in subject.get(STATES_LICENCE)}
    return tuple(sorted(values)[:_MAX_OBSERVED])


def _licence_texts(subject: Component) -> list[str]:
    """The texts of licences of its own, as its licence files or its manifest hold them."""
    texts = {"\n".join(row.lines) for row, _ in subject.get(LICENCE_TEXT)}
    # A word in a licence field (`other`) names a licence, and is no text of one.
    stated = {value for value, _ in subject.facts("license") if len(value.split()) > _A_NAME}
    return sorted(texts or stated)


def _provider(subject: Component, found: Answers) -> Maker | None:
    urls = tuple(sorted({value for value, _ in subject.facts("service-url")}))
    known = answers.organisation(found, "operated")
    if known is not None:
        return replace(known, urls=urls)
    stated = min((value for value, _ in subject.facts("supplier")), default="")
    return Maker(stated or subject.name, urls=urls) if urls or stated else None
