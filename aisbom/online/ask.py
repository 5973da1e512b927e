"""What is open, whom to ask, and the answers as claims.

Only names that a lock takes from an index are ever sent to that index: a name that stands in a
requirement alone, or is locked from elsewhere, may be private. What the tree or the tables answer
is not asked again.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

from aisbom.cache.store import Store
from aisbom.collect.python.metadata import described, parse
from aisbom.identify import licence, origin
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Evidence, Gap, Location, Observation, facts, redact
from aisbom.model.ledger import Ledger
from aisbom.online import package_index
from aisbom.online.fetch import Clock, Refused

NAME = "online"
SECONDS = 120.0
"""What all questions of one run may take together."""

AT_ONCE = 8
_TABLE = "answers (asked TEXT PRIMARY KEY, day TEXT, url TEXT, sha256 TEXT, data BLOB)"
_FRESH_DAYS = 7


class Question(NamedTuple):
    """One package of one index. `at` is where the lock names it."""

    ref: str
    name: str
    version: str
    at: Location


@dataclass(frozen=True, slots=True)
class Answers:
    """What came back. `report` says, a line each, what was asked and what became of it."""

    claims: tuple[Claim, ...] = ()
    gaps: tuple[Gap, ...] = ()
    report: tuple[str, ...] = ()


class _Told(NamedTuple):
    url: str
    sha256: str
    day: str
    data: bytes
    kept: bool


def answers(components: Iterable[Component], ledger: Ledger, knowledge: Knowledge) -> Answers:
    """Ask the index that pip is configured with about the packages of these components whose
    licence or steward is open.
    """
    index = package_index.configured()
    every = list(components)
    asked = list(open_questions(every, ledger, index))
    by_ref = {component.ref: component for component in every}
    clock = Clock(SECONDS)
    store = Store("online", 1, _TABLE)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(lambda question: _ask(index, question, clock, store), asked))
    store.close()
    claims: list[Claim] = []
    gaps: list[Gap] = []
    report = [f"index {package_index.shown(index)}: {len(asked)} packages asked"]
    for question, answer in zip(asked, told, strict=True):
        label = f"{question.name} {question.version}".strip()
        if isinstance(answer, str):
            host = package_index.shown(index)
            reason = redact.text(f"{label}: the index {host} {answer}")
            gaps.append(Gap(NAME, question.at, reason))
            report.append(f"  {label}: no answer: the index {answer}")
            continue
        claims += _claims(by_ref[question.ref], question, answer, knowledge)
        kept = "kept since" if answer.kept else "asked on"
        report.append(f"  {label}: {answer.url} ({kept} {answer.day})")
    return Answers(tuple(sorted(set(claims))), tuple(sorted(gaps)), tuple(report))


def open_questions(
    components: Iterable[Component], ledger: Ledger, index: str
) -> Iterator[Question]:
    """The packages to ask this index about, in the order of their names."""
    found: list[Question] = []
    for component in components:
        places = [o.evidence.at for o in component.observations if _locked_from(o, index)]
        if not places or not component.purl.startswith("pkg:pypi/"):
            continue
        licensed = ledger.licence(component.ref).state != "unknown"
        steward = ledger.answer(component.ref, "origin.developed").state != "unknown"
        if not (licensed and steward):
            name = component.purl[9:].partition("@")[0].partition("?")[0]
            found.append(Question(component.ref, name, component.version, min(places)))
    return iter(sorted(found, key=lambda question: (question.name, question.version)))


def _locked_from(sighting: Observation, index: str) -> bool:
    """Whether a lock takes the package from this index: from the one that it names, or from PyPI
    where it names none.
    """
    if sighting.kind != "locked" or any(
        sighting.fact(key) for key in ("vcs-url", "url", "local", "path")
    ):
        return False
    stated = sighting.fact("index") or package_index.PYPI
    return package_index.shown(stated) == package_index.shown(index)


def _ask(index: str, question: Question, clock: Clock, store: Store) -> _Told | str:
    asked = f"{package_index.shown(index)} {question.name} {question.version}"
    today = datetime.datetime.fromtimestamp(time.time(), datetime.UTC).date()
    for day, url, digest, data in store.read(
        "SELECT day, url, sha256, data FROM answers WHERE asked = ?", (asked,)
    ):
        # What a version states does not change; which version is the latest does.
        age = (today - datetime.date.fromisoformat(day)).days
        if question.version or age <= _FRESH_DAYS:
            return _Told(url, digest, day, data, True)
    try:
        found = package_index.ask(index, question.name, question.version, clock)
    except Refused as error:
        return str(error)
    url = package_index.shown(found.url)
    row = (asked, today.isoformat(), url, found.sha256, found.data)
    store.write(("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", [row]))
    return _Told(url, found.sha256, today.isoformat(), found.data, False)


def _claims(
    component: Component, question: Question, answer: _Told, knowledge: Knowledge
) -> Iterator[Claim]:
    """What the metadata declares, each claim with the address and the day as evidence."""
    headers = parse(answer.data)
    evidence = Evidence(NAME, "manifest-analysis", "high", question.at)
    stated = Observation(
        "distribution",
        component.name,
        component.version,
        component.purl,
        evidence,
        facts(*described(headers)),
    )
    alone = replace(component, observations=(stated,))
    source = redact.evidence(
        Evidence(
            "online/registry",
            "manifest-analysis",
            "low",
            question.at,
            f"declared by the registry: {answer.url} on {answer.day}, sha256 {answer.sha256[:16]}",
        )
    )
    for claim in (*licence.declared(alone, knowledge), *origin.developed(alone, knowledge)):
        if claim.value == "unknown" or claim.evidence[0].by == "origin/package-table":
            continue
        # What a registry declares was not looked at: medium at the most.
        said = {
            replace(e, confidence="medium") if e.confidence == "high" else e for e in claim.evidence
        }
        yield replace(claim, evidence=tuple(sorted({*said, source})))
