"""STAGE 7: everything known, as one bill of materials that no file format shapes.

`build.build` makes a `Bom` of a scan and its judgement and decides all that a reader will see; the
files of `emit/` spell it, and read it back: `read(write(bom)) == bom`. Every tuple has one order,
so equal bills are written as equal bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from aisbom.model import Claim, Confidence, Gap, Location, Relation, Sees, Technique
from aisbom.model.facts import Emissions, Metric, Vulnerability
from aisbom.model.phrases import Phrase

Acknowledgement = Literal["", "declared", "concluded"]

_SINGLE = re.compile(r"[A-Za-z0-9.\-+]+")


@dataclass(frozen=True, slots=True)
class Maker:
    """An organisation. `country` is ISO 3166-1 alpha-2, empty where its seat is not agreed."""

    name: str
    country: str = ""
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """A digest: the algorithm by its usual name (`SHA-256`), and lower-case hex."""

    algorithm: str
    hex: str


@dataclass(frozen=True, slots=True)
class Licence:
    """An SPDX id, a name or an SPDX expression, and who says so; empty: observed in files.

    `text` is that of a licence of somebody's own.
    """

    value: str
    acknowledgement: Acknowledgement = ""
    text: str = ""

    @property
    def is_expression(self) -> bool:
        """Whether it is more than one id or name."""
        return not _SINGLE.fullmatch(self.value)


@dataclass(frozen=True, slots=True)
class Link:
    """Where more is to be found. `kind` is a word of CycloneDX: `vcs`, `website`, `log`."""

    kind: str
    url: str
    comment: str = ""
    digests: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """How a part was identified: by whom, by which technique, and the words seen there."""

    technique: Technique
    by: str
    confidence: Confidence
    words: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a part is as a whole, shown by equal digests: a purl or a name."""

    value: str
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part was seen, by whom, and the words there. `symbol` is a function at the place."""

    at: Location
    by: str
    words: str = ""
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Parent:
    """What a part was made from. `path` is where it is said; `relations` how (`finetune`)."""

    kind: str
    name: str
    group: str = ""
    version: str = ""
    purl: str = ""
    licence: str = ""
    repository: str = ""
    comment: str = ""
    relations: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Pedigree:
    """Parents of a part, the files that were changed in it, and what the comparison found."""

    parents: tuple[Parent, ...] = ()
    patches: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set that a model names, and the ref of the part that it is, where it is one."""

    name: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What the files of a model state of it; nothing of it is empty words."""

    approach: str = ""
    task: str = ""
    family: str = ""
    architecture: str = ""
    datasets: tuple[DataSet, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    metrics: tuple[Metric, ...] = ()
    users: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    limitations: tuple[str, ...] = ()
    tradeoffs: tuple[str, ...] = ()
    ethics: tuple[str, ...] = ()
    emissions: tuple[Emissions, ...] = ()


@dataclass(frozen=True, slots=True)
class Hosting:
    """Of a hosted service: who provides it, at which hosts, whether it is given a key, and whether
    what users send reaches it. `own`: a server that the user runs, behind no boundary.
    """

    provider: Maker | None = None
    hosts: tuple[str, ...] = ()
    authenticated: bool = False
    receives: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Log:
    """A file that tells of a training; `words` is empty where it is no log that could be read.
    `by` declares it, `started` and `ended` are ISO 8601.
    """

    path: str
    sha256: str = ""
    words: str = ""
    by: str = ""
    started: str = ""
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One component or service. `kind` is a CycloneDX component type, or `service`.

    `maker` made it, `supplier` is whom it comes from: a hub, its maker, or a package index.
    `authors` are names as the metadata of a package states them, without addresses.

    `facts` are what is decided of it beyond the fields, as (name, value) in the order of the
    document; schemas/properties.md lists them, with colons for the dots here. A name may repeat.
    """

    ref: str
    kind: str
    name: str
    version: str = ""
    purl: str = ""
    description: str = ""
    scope: str = ""
    maker: Maker | None = None
    supplier: Maker | None = None
    authors: tuple[str, ...] = ()
    digests: tuple[Digest, ...] = ()
    licences: tuple[Licence, ...] = ()
    links: tuple[Link, ...] = ()
    logs: tuple[Log, ...] = ()
    pedigree: Pedigree = Pedigree()
    card: Card = Card()
    hosting: Hosting | None = None
    methods: tuple[Method, ...] = ()
    identity: Identity | None = None
    places: tuple[Place, ...] = ()
    observed: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    def value(self, name: str) -> str:
        """The first value of the fact of this name, or `""`."""
        return next((value for key, value in self.facts if key == name), "")

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of the facts of this name, in order."""
        return tuple(value for key, value in self.facts if key == name)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement of the profile and how it came out. `claims` speak for it or leave it open,
    `counter` against it; `lowest` is the weakest confidence of the `rests` claims it rests on;
    `said` is `found` in parts, empty where a document does not carry them.
    """

    id: str
    title: str
    why: str
    settle: str
    leg: str
    severity: str
    verdict: Literal["pass", "fail", "unknown"]
    found: str
    claims: tuple[str, ...] = ()
    counter: tuple[str, ...] = ()
    lowest: Confidence | Literal[""] = ""
    rests: int = 0
    said: Phrase | str = ""


@dataclass(frozen=True, slots=True)
class Sovereignty:
    """What the judgement comes to. Intervals and shares lie in [0, 1], with four decimals.

    `totals` has `overall`, `core` and `peripheral`; `shares` are (role, country or word, share);
    `title`, `shipped` and `links` are the profile's own; `objectives` is None where it has none.
    """

    profile: str
    version: str
    digest: str
    home: tuple[str, ...]
    home_from: str
    totals: tuple[tuple[str, float, float], ...]
    coverage: float
    verdict: str
    objectives: tuple[float, float] | None = None
    overrides: tuple[str, ...] = ()
    shares: tuple[tuple[str, str, float], ...] = ()
    missing: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    title: str = ""
    shipped: bool = False
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Words about a part that are no finding; `ref` is citable."""

    ref: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Bom:
    """A bill of materials. `parts` are sorted by ref, `root` is the ref of what was scanned.

    `relations` say what is inside what (`contains`, one holder a part) and what needs what; what
    the root holds it needs. `judgements` are the classes and path roles that the program itself
    gives, `claims` all others but roles, which follow from them under a profile. `complete` are
    the refs whose needs are known to be all there.
    `vulnerabilities` are known ones, each with the ref of the part that has it.
    `readers` say who sees content or only names; the others see statements. `gap_count` counts
    all gaps, of which the first ones stand in `gaps`. `unapplied` is what the judged tree says of
    its own judgement, which does not count. `compact` bills lack routine claims
    (`compact.py`). `time` is ISO 8601, empty only in documents of earlier versions; `program` is
    the version of this program that made it; `phase` is `pre-build`, `post-build` or `operations`.
    """

    root: str
    parts: tuple[Part, ...]
    relations: tuple[Relation, ...]
    claims: tuple[Claim, ...]
    judgements: tuple[Claim, ...]
    gaps: tuple[Gap, ...]
    gap_count: int
    sovereignty: Sovereignty
    vulnerabilities: tuple[tuple[str, Vulnerability], ...] = ()
    notes: tuple[Note, ...] = ()
    complete: tuple[str, ...] = ()
    readers: tuple[tuple[Sees, str], ...] = ()
    files: str = "0"
    knowledge: str = ""
    index: str = ""
    unapplied: tuple[str, ...] = ()
    phase: str = "pre-build"
    time: str = ""
    program: str = ""
    compact: bool = False
    _by_ref: dict[str, Part] = field(default_factory=dict, init=False, repr=False, compare=False)

    def part(self, ref: str) -> Part:
        """The part with this ref. Raises KeyError where there is none."""
        if not self._by_ref:
            self._by_ref.update((part.ref, part) for part in self.parts)
        return self._by_ref[ref]
