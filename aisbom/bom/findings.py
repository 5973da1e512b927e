"""What a reader has to know first: the findings of a bill, ranked.

One list for every form of the answer. A finding names the part, what was found, whose it is, where,
how sure that is, and what would settle it. What only tests, examples, documentation or evaluations
hold is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from aisbom.bom import Bom, Part
from aisbom.model import Claim, Confidence, Location

Kind = Literal[
    "foreign-part",
    "weights-from",
    "notice-replaced",
    "contradiction",
    "runs-code",
    "notice-missing",
    "licence-conflict",
    "unknown-origin",
]

KINDS: tuple[Kind, ...] = (
    *("foreign-part", "weights-from", "notice-replaced", "contradiction"),
    *("runs-code", "notice-missing", "licence-conflict", "unknown-origin"),
)
"""The gravest first."""

_ROLES = ("core", "undetermined", "peripheral", "tooling", "")
_ASIDE = frozenset({"test", "example", "docs", "benchmark"})
_STAGES = ("trained", "collected", "developed")
_ATTRIBUTES: dict[str, Kind] = {
    "contradiction": "contradiction",
    "runs-code": "runs-code",
    "licence.conflict": "licence-conflict",
}
_SURE: tuple[Confidence, ...] = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `what` are the words of the claim; `whose` is an organisation and `country` its
    seat, empty where that is not known; `claims` are the refs of the claims it rests on.
    """

    kind: Kind
    part: str
    ref: str
    role: str
    what: str
    whose: str = ""
    country: str = ""
    at: Location | None = None
    confidence: Confidence = "low"
    claims: tuple[str, ...] = ()


def findings(bom: Bom) -> tuple[Finding, ...]:
    """Every finding, ranked by kind, then by role, then by name."""
    said: dict[str, list[Claim]] = {}
    for claim in bom.claims:
        if claim.status != "withdrawn":
            said.setdefault(claim.subject, []).append(claim)
    found = [
        finding
        for part in bom.parts
        if part.ref != bom.root and part.value("component.path_role") not in _ASIDE
        for finding in _Reader(part, tuple(said.get(part.ref, ())), bom.sovereignty.home).findings()
    ]
    return tuple(
        sorted(
            dict.fromkeys(found),
            key=lambda one: (
                KINDS.index(one.kind),
                _ROLES.index(one.role) if one.role in _ROLES else len(_ROLES),
                one.part,
                one.ref,
                one.what,
            ),
        )
    )


class _Reader:
    """The findings of one part, from its facts and the claims about it."""

    def __init__(self, part: Part, said: tuple[Claim, ...], home: tuple[str, ...]) -> None:
        self._part, self._said, self._home = part, said, home

    def findings(self) -> Iterator[Finding]:
        """In no order."""
        part = self._part
        role = part.value("component.role")
        if role == "core" and not part.ref.startswith("weights:"):
            yield from self._origin()
            for source in part.values("weights-from"):
                yield self._finding("weights-from", source, "weights-from", source)
        for value in part.values("code-from.holder"):
            name, _, word = value.rpartition(" = ")
            if word in ("replaced", "missing"):
                kind: Kind = "notice-replaced" if word == "replaced" else "notice-missing"
                found = self._finding(kind, name, "code-from.holder", value)
                yield replace(found, whose=name, country=self._seat(name))
        for attribute, kind in _ATTRIBUTES.items() if role != "tooling" else ():
            for value in part.values(attribute):
                yield self._finding(kind, value, attribute, value)

    def _origin(self) -> Iterator[Finding]:
        """Whose a core part is, where that is not at home; that nobody knows, for weights."""
        for stage in _STAGES:
            countries = self._part.values(f"origin.{stage}.country")
            if not countries:
                continue
            foreign = [one for one in countries if len(one) == 2 and one not in (*self._home, "ZZ")]
            # The score counts the shares of a part that many wrote: it is not from elsewhere whole.
            if len(foreign) == len(countries) and self._home:
                found = self._finding("foreign-part", stage, f"origin.{stage}", "")
                whose = self._part.value(f"origin.{stage}.organisation")
                yield replace(found, whose=whose, country=", ".join(countries))
            elif countries == ("ZZ",) and stage == "trained":
                yield self._finding("unknown-origin", stage, "origin.trained", "")
            return

    def _seat(self, holder: str) -> str:
        """The country of a holder, where the part has one for all its holders."""
        countries = self._part.values("code-from.country")
        return countries[0] if len(countries) == 1 and holder else ""

    def _finding(self, kind: Kind, what: str, attribute: str, value: str) -> Finding:
        """A finding with the place and the confidence of the claims that say it."""
        part = self._part
        rows = [
            claim
            for claim in self._said
            if claim.attribute.startswith(attribute) and (not value or claim.value == value)
        ]
        evidence = sorted(e for claim in rows for e in claim.evidence)
        sures = [e.confidence for e in evidence] or [_SURE[-1]]
        sure = min(sures, key=_SURE.index)
        first = next((e for e in evidence if e.confidence == sure), None)
        return Finding(
            kind,
            part.name or part.ref,
            part.ref,
            part.value("component.role"),
            what,
            at=first.at if first else (part.places[0].at if part.places else None),
            confidence=sure,
            claims=tuple(sorted({claim.ref for claim in rows})),
        )
