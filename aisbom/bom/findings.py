"""What a reader has to know first: the findings of a bill, ranked.

One list for every form of the answer. A finding names the part, what was found, whose it is, where,
how sure that is, and what would settle it. What only tests, examples, documentation or evaluations
hold is no finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from aisbom.advisories.vex import EXCUSES
from aisbom.bom import Bom, Part
from aisbom.model import Claim, Confidence, Location
from aisbom.model.facts import SENTENCE, Sentence
from aisbom.model.path_roles import path_role
from aisbom.model.sentences import MOST, spell_sentence
from aisbom.model.vocabulary import BY_PUBLISHED, BY_VALUES

Kind = Literal[
    "foreign-part",
    "weights-from",
    "notice-replaced",
    "contradiction",
    "foreign-architecture",
    "fork",
    "notice-missing",
    "code-from",
    "vulnerable",
    "runs-code",
    "licence-conflict",
    "unknown-origin",
]

KINDS: tuple[Kind, ...] = (
    *("foreign-part", "weights-from", "notice-replaced", "contradiction", "foreign-architecture"),
    *("fork", "notice-missing", "code-from"),
    *("vulnerable", "runs-code", "licence-conflict", "unknown-origin"),
)
"""The gravest first."""

CLASSES = (
    *("backbone-weights", "encoder-weights", "adapter-weights", "tokenizer", "training-data"),
    *("model-code", "training-code"),
)
"""Classes in the order in which a reader asks for them."""

_ROLES = ("core", "undetermined", "peripheral", "tooling", "")
_ASIDE = frozenset({"test", "example", "docs", "benchmark"})
_STAGES = ("trained", "collected", "developed")
_ATTRIBUTES: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "contradiction": ("contradiction", ("contradiction",)),
    "runs-code": ("runs-code", ("runs-code", "runs-code.remote", "runs-code.loader")),
    "licence.conflict": ("licence-conflict", ("licence.conflict",)),
}
_GRAVE = ("critical", "high")
_SURE: tuple[Confidence, ...] = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `what` are the words of the claim, `sentence` the same in parts; `whose` is an
    organisation and `countries` its seat or words for it, empty where that is not known; `sources`
    are projects or files that it was made from; `claims` are the refs of the claims it rests on;
    `files` of a fork are how many files of the source are as they were, changed, and added.
    """

    kind: Kind
    part: str
    ref: str
    role: str
    what: str
    whose: str = ""
    countries: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    at: Location | None = None
    confidence: Confidence = "low"
    claims: tuple[str, ...] = ()
    sentence: Sentence | None = None
    files: tuple[int, int, int] | None = None


def findings(bom: Bom) -> tuple[Finding, ...]:
    """Every finding, ranked by kind, then by role, class and name."""
    said: dict[str, list[Claim]] = {}
    for claim in bom.claims:
        if claim.status != "withdrawn":
            said.setdefault(claim.subject, []).append(claim)
    classes = {part.ref: part.value("component.class") for part in bom.parts}
    found = list(_vulnerable(bom))
    own = _own_account(bom)
    for part in bom.parts:
        reader = _Reader(part, tuple(said.get(part.ref, ())), bom.sovereignty.home, own)
        if part.ref == bom.root:
            found += reader.fork(bom.parts)
        elif part.value("component.path_role") not in _ASIDE:
            found += reader.findings()
    return tuple(
        sorted(
            dict.fromkeys(found),
            key=lambda one: (
                KINDS.index(one.kind),
                _place_in(_ROLES, one.role),
                _place_in(CLASSES, classes.get(one.ref, "")),
                one.part,
                one.ref,
                one.what,
            ),
        )
    )


def _count_files(copy: Part) -> tuple[int, int, int]:
    same, changed, more = (
        int(copy.value(f"vendored.{key}") or 0) for key in ("identical", "modified", "added")
    )
    return same, changed, more


def by_kind(found: Sequence[Finding], least: int) -> list[tuple[Finding, ...]]:
    """The findings of each kind, the gravest kind first; where there are fewer kinds than `least`,
    those of one kind that tell of the same organisations, countries and sources; each on its own
    where there are no more than `least`.
    """
    if len(found) <= least:
        return [(one,) for one in found]
    kinds: dict[Kind, list[Finding]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one)
    if len(kinds) >= least:
        return [tuple(group) for group in kinds.values()]
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for one in found:
        key = (one.kind, one.whose, one.countries, one.sources)
        alike.setdefault(key, []).append(one)
    return [tuple(group) for group in alike.values()]


def _place_in(order: tuple[str, ...], word: str) -> int:
    return order.index(word) if word in order else len(order)


def _vulnerable(bom: Bom) -> Iterator[Finding]:
    """One finding for each part with grave known vulnerabilities, which are named."""
    grave: dict[str, list[str]] = {}
    for ref, one in bom.vulnerabilities:
        if one.level in _GRAVE and one.state not in EXCUSES:
            grave.setdefault(ref, []).append(one.id)
    for ref, ids in grave.items():
        part = bom.part(ref)
        if part.value("component.path_role") in _ASIDE:
            continue
        name = f"{part.name} {part.version}".strip()
        at = part.places[0].at if part.places else None
        role = part.value("component.role")
        yield Finding("vulnerable", name, ref, role, ", ".join(sorted(ids)), at=at)


def _own_account(bom: Bom) -> tuple[str, str]:
    """How the package URLs of models begin that the account of this repository publishes under the
    same name on the hub, and the first word of the repository's name; empty where the repository
    has no account.
    """
    root = next((part for part in bom.parts if part.ref == bom.root), None)
    kind, _, rest = root.purl.partition("/") if root else ("", "", "")
    owner, _, name = rest.partition("/")
    if kind != "pkg:github" or not name:
        return "", ""
    return f"pkg:huggingface/{owner.lower()}/", _letters(name)


def _letters(name: str) -> str:
    """The first word of a name, without numbers: `Norae2-70B-Chat` is of the project `Norae`."""
    found = re.match(r"[a-z]+", name.lower())
    return found[0] if found and len(found[0]) > 3 else ""


class _Reader:
    """The findings of one part, from its facts and the claims about it. `own` is how the package
    URLs of the repository's own models begin, and the first word of its name.
    """

    def __init__(
        self, part: Part, said: tuple[Claim, ...], home: tuple[str, ...], own: tuple[str, str]
    ) -> None:
        self._part, self._said, self._home, self._own = part, said, home, own

    def fork(self, parts: Iterable[Part]) -> Iterator[Finding]:
        """That the whole is somebody's fork of a project; among `parts` is the copy of that."""
        copies = {part.purl: part for part in parts if part.value("vendored.identical")}
        by = ", ".join(self._part.values("fork.by"))
        for of in self._part.values("fork.of"):
            found = self._finding("fork", by, "fork-of", value=of)
            whose = self._part.value("origin.developed.organisation")
            countries = self._part.values("origin.developed.country")
            files = _count_files(copies[of]) if of in copies else None
            yield replace(found, whose=whose, countries=countries, sources=(of,), files=files)

    def findings(self) -> Iterator[Finding]:
        """In no order."""
        part = self._part
        role = part.value("component.role")
        if role == "core" and not part.ref.startswith("weights:"):
            sources = list(self._find_sources())
            yield from self._origin(of_others=bool(sources))
            yield from sources
            yield from self._find_weights()
        for value in part.values("code-from.holder"):
            name, _, word = value.rpartition(" = ")
            if word in ("replaced", "missing"):
                kind: Kind = "notice-replaced" if word == "replaced" else "notice-missing"
                found = self._finding(kind, name, "code-from.holder", value=value)
                yield replace(found, whose=name, countries=self._seat(), sources=self._sources())
        for name, (kind, attributes) in _ATTRIBUTES.items() if role != "tooling" else ():
            for value in part.values(name):
                found = self._finding(kind, value, *attributes, value=value)
                # What only a test or an example of the part does, the product does not.
                if found.at is None or path_role(found.at.path) not in _ASIDE:
                    yield found

    def _origin(self, *, of_others: bool) -> Iterator[Finding]:
        """Whose a core part or its architecture is, where that is not at home; that nobody knows
        who trained it. Of code that was made from that `of_others`, the finding on its source says
        so: the heads that name them say nothing of who changed it.
        """
        foreign = False
        for stage in _STAGES:
            countries = self._part.values(f"origin.{stage}.country")
            if not countries:
                continue
            attributes = (f"origin.{stage}", f"origin.{stage}.organisation")
            foreign = self._is_foreign(countries)
            if foreign and not (of_others and stage == "developed"):
                found = self._finding("foreign-part", stage, *attributes)
                whose = self._part.value(f"origin.{stage}.organisation")
                yield replace(found, whose=whose, countries=countries)
            elif countries == ("ZZ",) and stage == "trained" and not self._is_own():
                found = self._finding("unknown-origin", stage, *attributes)
                yield replace(found, whose=self._find_hint(attributes[1]))
            break
        designers = self._part.values("origin.architecture.country")
        if not foreign and self._is_foreign(designers):
            designs = ", ".join(self._part.values("architecture-from"))
            found = self._finding(
                "foreign-architecture", designs, "architecture-from", "origin.architecture"
            )
            whose = self._part.value("origin.architecture.organisation")
            yield replace(found, whose=whose, countries=designers)

    def _find_hint(self, attribute: str) -> str:
        """What hints that are too weak to answer agree on, of who trained it or else of whose
        weights it has; `""` where they do not, or are none.
        """
        answered = bool(self._part.values("weights-from"))
        for one in (attribute,) if answered else (attribute, "weights-from"):
            hints = {said.value for said in self._said if said.attribute == one} - {"unknown"}
            if hints:
                return hints.pop() if len(hints) == 1 else ""
        return ""

    def _is_own(self) -> bool:
        """Whether the account that the repository is of publishes it, or a document names it by the
        name of the project itself: where that account sits may be open, and whose the model is, is
        not.
        """
        account, project = self._own
        name = self._part.name if not self._part.purl else ""
        return bool(account) and (
            self._part.purl.lower().startswith(account)
            or bool(name and project and _letters(name) == project)
        )

    def _is_foreign(self, countries: tuple[str, ...]) -> bool:
        """Whether it is from elsewhere as a whole: of a part that many wrote the score counts each
        share.
        """
        return bool(self._home and countries) and all(
            len(one) == 2 and one not in (*self._home, "ZZ") for one in countries
        )

    def _find_sources(self) -> Iterator[Finding]:
        """What core code was made from, where its notice is kept or names it: a family has no
        donor, and a lost notice is a finding of its own. What the maker of the tree made it from
        before is nobody's question.
        """
        part = self._part
        own = part.values("code-from.own")
        sources = tuple(one for one in part.values("code-from") if one not in own)
        bases = part.values("code-from.basis")
        lost = any(
            value.endswith((" = replaced", " = missing"))
            for value in part.values("code-from.holder")
        )
        if sources and not lost and set(bases) - {"family"}:
            basis = "declared" if set(bases) <= {"declared", "family"} else "derived"
            found = self._finding("code-from", basis, "code-from")
            countries = part.values("code-from.country")
            yield replace(found, countries=countries, sources=sources)

    def _find_weights(self) -> Iterator[Finding]:
        """Whose weights it holds or was trained on from: by its values, stated here, or published
        elsewhere alone.
        """
        for source in self._part.values("weights-from"):
            found = self._finding("weights-from", "stated", "weights-from", value=source)
            rules = {e.by for one in self._said if one.ref in found.claims for e in one.evidence}
            basis = "published" if rules == {BY_PUBLISHED} else "stated"
            basis = "compared" if BY_VALUES in rules else basis
            yield replace(found, what=basis, sources=(source,))

    def _sources(self) -> tuple[str, ...]:
        """What code was made from. Of several sources the one that was compared: what is said of
        its notice stands at the same place.
        """
        places = {
            e.at for one in self._said if one.attribute == "attribution" for e in one.evidence
        }
        sources = {
            one.value
            for one in self._said
            if one.attribute == "code-from" and any(e.at in places for e in one.evidence)
        }
        return tuple(sorted(sources)) or self._part.values("code-from")

    def _seat(self) -> tuple[str, ...]:
        """The country of a holder, where the part has one for all its holders."""
        countries = self._part.values("code-from.country")
        return countries if len(countries) == 1 else ()

    def _finding(self, kind: Kind, what: str, *attributes: str, value: str = "") -> Finding:
        """A finding with the place and the confidence of the claims that say it: a place of the
        product before one of its tests, the surest first.
        """
        part = self._part
        rows = [
            claim
            for claim in self._said
            if claim.attribute in attributes and (not value or claim.value == value)
        ]
        evidence = sorted(
            (e for claim in rows for e in claim.evidence),
            key=lambda e: (path_role(e.at.path) in _ASIDE, _SURE.index(e.confidence), e),
        )
        first = evidence[0] if evidence else None
        return Finding(
            kind,
            part.name or part.ref,
            part.ref,
            part.value("component.role"),
            what,
            at=first.at if first else (part.places[0].at if part.places else None),
            confidence=first.confidence if first else _SURE[-1],
            claims=tuple(sorted({claim.ref for claim in rows})),
            sentence=_sentence(rows) or self._find_declared(value),
        )

    def _find_declared(self, value: str) -> Sentence | None:
        """The sentence, where it is that files contradict a declaration: no claim says that."""
        for one in self._said:
            for other in self._said if one.status == "declared" else ():
                if other.status == "derived" and other.attribute == one.attribute:
                    first, second = one.evidence[0], other.evidence[0]
                    values = (one.value, first.at, second.by, other.value, second.at)
                    said = Sentence("declared", (one.attribute, *map(str, values)))
                    if spell_sentence(said) == value:
                        return said
        return None


def _sentence(claims: Sequence[Claim]) -> Sentence | None:
    """The sentence of claims, in parts, where these make the very words of the claim: a document
    may come from anywhere, and the claim is what counts.
    """
    for claim in claims:
        for e in claim.evidence:
            for found in e.get(SENTENCE):
                if spell_sentence(found)[:MOST] == claim.value:
                    return found
    return None
