"""What is open, whom to ask, and the answers as claims.

What the tree or the tables answer is not asked again; which names may be sent to a registry is
decided beside it (`packages.py`, `hub.py`).
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

from aisbom.cache.store import Store
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Gap, redact
from aisbom.model.ledger import Ledger
from aisbom.online import hub, packages
from aisbom.online.fetch import Clock, FetchError
from aisbom.online.registry import NAME, Question, Registry, RegistryResponse, claims

SECONDS = 120.0
"""What all questions of one run may take together."""

AT_ONCE = 8
_TABLE = "answers (asked TEXT PRIMARY KEY, day TEXT, url TEXT, sha256 TEXT, data BLOB)"
_FRESH_DAYS = 7


@dataclass(frozen=True, slots=True)
class Answers:
    """What came back. `report` says, a line each, what was asked and what became of it."""

    claims: tuple[Claim, ...] = ()
    gaps: tuple[Gap, ...] = ()
    report: tuple[str, ...] = ()


class _Answer(NamedTuple):
    found: RegistryResponse
    day: str
    is_kept: bool


def answers(components: Sequence[Component], ledger: Ledger, knowledge: Knowledge) -> Answers:
    """Ask the index that pip is configured with, and the hub, about the components whose licence or
    maker is open.
    """
    clock = Clock(SECONDS)
    store = Store("online", 1, _TABLE)
    parts = [
        _answers(registry, clock, store, knowledge)
        for registry in (packages.registry(components, ledger), hub.registry(components, ledger))
    ]
    store.close()
    return Answers(
        tuple(sorted({claim for part in parts for claim in part.claims})),
        tuple(sorted(gap for part in parts for gap in part.gaps)),
        tuple(line for part in parts for line in part.report),
    )


def _answers(registry: Registry, clock: Clock, store: Store, knowledge: Knowledge) -> Answers:
    asked = registry.questions
    with ThreadPoolExecutor(AT_ONCE) as pool:
        came = list(pool.map(lambda question: _ask(registry, question, clock, store), asked))
    found: list[Claim] = []
    gaps: list[Gap] = []
    things = {"index": "packages", "hub": "repositories"}[registry.word]
    report = [f"{registry.word} {registry.address}: {len(asked)} {things} asked"]
    for question, answer in zip(asked, came, strict=True):
        if isinstance(answer, str):
            words = f"{question.label}: the {registry.word} {registry.address} {answer}"
            gaps.append(Gap(NAME, question.at, redact.text(words)))
            report.append(f"  {question.label}: no answer: the {registry.word} {answer}")
            continue
        found += claims(registry, question, answer.found, answer.day, knowledge)
        when = "kept since" if answer.is_kept else "asked on"
        report.append(f"  {question.label}: {answer.found.url} ({when} {answer.day})")
    return Answers(tuple(found), tuple(gaps), tuple(report))


def _ask(registry: Registry, question: Question, clock: Clock, store: Store) -> _Answer | str:
    asked = f"{registry.address} {question.name} {question.version}"
    today = datetime.datetime.fromtimestamp(time.time(), datetime.UTC).date()
    for day, url, digest, data in store.read(
        "SELECT day, url, sha256, data FROM answers WHERE asked = ?", (asked,)
    ):
        age = (today - datetime.date.fromisoformat(day)).days
        if question.fixed or age <= _FRESH_DAYS:
            return _Answer(RegistryResponse(url, digest, data), day, is_kept=True)
    try:
        found = registry.ask(question, clock)
    except FetchError as error:
        return str(error)
    row = (asked, today.isoformat(), found.url, found.sha256, found.data)
    store.write(("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", [row]))
    return _Answer(found, today.isoformat(), is_kept=False)
