"""The types: a requirement, what it is about, and the verdict on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from aisbom.model import Location
from aisbom.model.phrases import Phrase, join, phrase, spell

Word = Literal["pass", "fail", "unknown"]

HOME = "home"
"""In a list of countries: whatever the home jurisdiction is."""


@dataclass(frozen=True, slots=True)
class About:
    """Which components a rule is about: each non-empty tuple must hold the component's own word.

    `having` are attributes that must have a value; `foreign` leaves out what is known to be ours
    (weights trained, data collected, a service operated, anything else developed in the home
    jurisdiction).
    """

    classes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    path_roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    having: tuple[str, ...] = ()
    foreign: bool = False

    def describe(self) -> Phrase | str:
        """What it is about, in words."""
        rows = [
            join("or", (phrase(kind, word) for word in words))
            for kind, words in (
                ("class", self.classes),
                ("role", self.roles),
                ("path-role", self.path_roles),
                ("type", self.kinds),
            )
            if words
        ]
        named = join("list", rows or [phrase("any-part")])
        for attribute in self.having:
            named = phrase("with", named, phrase("attribute", attribute))
        return phrase("not-ours", named) if self.foreign else named


@dataclass(frozen=True, slots=True)
class Condition:
    """One test. `kind` is the key that states it; `values`, `least`, `role` and `leg` are what it
    is measured by.

    `undecided` are globs of values that would fail it but decide nothing.
    """

    kind: str
    attribute: str = ""
    values: tuple[str, ...] = ()
    least: float = 0.0
    role: str = ""
    leg: str = ""
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A requirement. `message` says why it matters, `help` what evidence would settle it; `none` is
    the answer when nothing is in scope.
    """

    id: str
    leg: str
    title: str
    message: str
    help: str
    severity: str
    about: About
    condition: Condition
    every: bool
    none: Word


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer for one component (`ref` is empty for a rule about the whole): what was found,
    resting on which claims, where; and what the component is to the product.
    """

    ref: str
    name: str
    purl: str
    verdict: Word
    said: Phrase | str
    claims: tuple[str, ...]
    places: tuple[Location, ...]
    role: str = ""
    path_role: str = ""

    @property
    def description(self) -> str:
        """What was found, in English."""
        return spell(self.said)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a rule. `said` is about all of it; `why` and `settle` are the rule's own
    words.
    """

    id: str
    leg: str
    title: str
    severity: str
    verdict: Word
    said: Phrase | str
    why: str
    settle: str
    every: bool
    findings: tuple[Finding, ...] = field(default=())

    @property
    def description(self) -> str:
        """What was found, in English."""
        return spell(self.said)

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The findings that made the verdict: those that share it."""
        return tuple(f for f in self.findings if f.verdict == self.verdict)

    @property
    def components(self) -> tuple[str, ...]:
        """Refs of the deciding components."""
        return tuple(dict.fromkeys(f.ref for f in self.deciding if f.ref))

    @property
    def claims(self) -> tuple[str, ...]:
        """Refs of the claims that the verdict rests on."""
        return tuple(dict.fromkeys(ref for f in self.deciding for ref in f.claims))

    @property
    def places(self) -> tuple[Location, ...]:
        """Where to look."""
        return tuple(dict.fromkeys(at for f in self.deciding for at in f.places))

    @property
    def message(self) -> str:
        """What was found, where, why it matters and what evidence would settle it; only the first
        two where it holds.
        """
        if self.verdict == "pass":
            return self.description
        return " ".join(
            text
            for text in (
                self.description,
                self.why,
                f"What would settle it: {self.settle}" if self.settle else "",
            )
            if text
        )
