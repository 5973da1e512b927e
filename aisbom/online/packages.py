"""Packages, and the index that pip is configured with.

Only names that a lock takes from an index are ever sent to that index: a name that stands in a
requirement alone, or is locked from elsewhere, may be private.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aisbom.collect.python.metadata import parse, read_metadata_facts
from aisbom.identify import origin
from aisbom.model import Component, Evidence, Observation, facts
from aisbom.model.ledger import Ledger
from aisbom.online import package_index
from aisbom.online.fetch import Clock
from aisbom.online.registry import NAME, Question, Registry, RegistryResponse, is_open


def registry(components: Iterable[Component], ledger: Ledger) -> Registry:
    """The index, and the packages whose licence or steward is open."""
    index = package_index.get_index_address()

    def ask(question: Question, clock: Clock) -> RegistryResponse:
        found = package_index.ask(index, question.name, question.version, clock)
        return RegistryResponse(package_index.redact_address(found.url), found.sha256, found.data)

    questions = sorted(_open(components, ledger, index), key=lambda one: (one.name, one.version))
    shown = package_index.redact_address(index)
    return Registry("index", shown, tuple(questions), ask, _read, origin.claim_developer)


def _open(components: Iterable[Component], ledger: Ledger, index: str) -> Iterator[Question]:
    for component in components:
        places = [o.evidence.at for o in component.observations if _locked_from(o, index)]
        if not places or not component.purl.startswith("pkg:pypi/"):
            continue
        if is_open(component, ledger, "origin.developed"):
            name = component.purl[9:].partition("@")[0].partition("?")[0]
            yield Question(component, name, component.version, min(places), bool(component.version))


def _locked_from(sighting: Observation, index: str) -> bool:
    """Whether a lock takes the package from this index: from the one that it names, or from PyPI
    where it names none.
    """
    if sighting.kind != "locked" or any(
        sighting.fact(key) for key in ("vcs-url", "url", "local", "path")
    ):
        return False
    stated = sighting.fact("index") or package_index.PYPI
    return package_index.redact_address(stated) == package_index.redact_address(index)


def _read(question: Question, data: bytes) -> Observation:
    """What the metadata file says, as that of an installed distribution would."""
    one = question.component
    evidence = Evidence(NAME, "manifest-analysis", "high", question.at)
    found = facts(*read_metadata_facts(parse(data)))
    return Observation("distribution", one.name, one.version, one.purl, evidence, found)
