"""What a registry is to `--online`: an address, the questions that are open to it, and a way to
read its answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from aisbom.identify import licence
from aisbom.identify.identifier import Identifier
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Evidence, Location, Observation, facts, redact
from aisbom.model.facts import REGISTRY_ANSWER, RegistryAnswer
from aisbom.model.ledger import Ledger
from aisbom.online.fetch import Clock

NAME = "online"


class Question(NamedTuple):
    """One version of one thing, the latest where none is given. `at` is where the tree names it.

    `fixed`: what is said of this version does not change, so that an answer may be kept for ever.
    """

    component: Component
    name: str
    version: str
    at: Location
    fixed: bool

    @property
    def label(self) -> str:
        """Name and version for a reader."""
        return f"{self.name} {self.version}".strip()


class RegistryResponse(NamedTuple):
    """What a registry answered: the bytes, the address without secrets, and their SHA-256."""

    url: str
    sha256: str
    data: bytes


@dataclass(frozen=True)
class Registry:
    """A registry, with the questions that are open to it.

    `ask` fetches the answer to one and raises Refused for one that is not of its form. `read` makes
    of it the sighting that a file with the same words would be. `origins` says who made the thing.
    """

    word: str
    address: str
    questions: tuple[Question, ...]
    ask: Callable[[Question, Clock], RegistryResponse]
    read: Callable[[Question, bytes], Observation]
    origins: Identifier


def is_open(component: Component, ledger: Ledger, origin: str) -> bool:
    """Whether the licence or this origin of a component has no answer."""
    answers = (ledger.licence(component.ref), ledger.answer(component.ref, origin))
    return any(answer.state == "unknown" for answer in answers)


def claims(
    registry: Registry, question: Question, found: RegistryResponse, day: str, knowledge: Knowledge
) -> Iterator[Claim]:
    """What an answer of a day declares. Every claim has its address and day as evidence."""
    alone = replace(question.component, observations=(registry.read(question, found.data),))
    said = f"declared by the registry: {found.url} on {day}, sha256 {found.sha256[:16]}"
    source = redact.evidence(
        Evidence(
            "online/registry",
            "manifest-analysis",
            "low",
            question.at,
            said,
            facts(REGISTRY_ANSWER(RegistryAnswer(found.url, day))),
        )
    )
    for claim in (
        *licence.claim_declared_licence(alone, knowledge),
        *registry.origins(alone, knowledge),
    ):
        if claim.value == "unknown" or claim.evidence[0].by == "origin/package-table":
            continue
        # What a registry declares was not looked at: medium at the most.
        rows = {
            replace(e, confidence="medium") if e.confidence == "high" else e for e in claim.evidence
        }
        yield replace(claim, evidence=tuple(sorted({*rows, source})))
