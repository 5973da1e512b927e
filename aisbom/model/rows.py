"""The frozen types that every stage reads and returns.

A stage never edits a component: it appends rows. Disagreement is kept, and what could not be looked
at is a row too.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from aisbom.model.facts import Key
from aisbom.model.sightings import Sighting

T = TypeVar("T")

Facts = tuple[tuple[str, str], ...]
"""Sorted (key, value) pairs of strings; a key may repeat. `model/facts/` lists every key."""

Confidence = Literal["low", "medium", "high"]

Technique = Literal[
    "source-code-analysis",
    "binary-analysis",
    "manifest-analysis",
    "ast-fingerprint",
    "hash-comparison",
    "filename",
    "attestation",
    "other",
]
"""The words of CycloneDX `evidence.identity.methods.technique`."""

Status = Literal["derived", "declared", "withdrawn"]

Sees = Literal["content", "statement", "reference"]
"""What a reader sees: the thing itself (a weight file, a header of a source file); that somebody
wrote it down (a manifest, a card, a licence); or only its name, where something uses it.
"""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in the scanned tree.

    `path` is relative and posix; a file inside an archive of the tree is `archive!/entry`. `line`
    counts from 1, 0 is the whole file. `member` names a part of a file that has no lines: a JSON
    pointer or a tensor name.
    """

    path: str
    line: int = 0
    member: str = ""

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        return f"{self.path or '.'}{line}" + (f"#{self.member}" if self.member else "")

    @property
    def folder(self) -> str:
        """The folder that holds the file, `""` for the root."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """Why to believe something, and where to look. `by` is the collector or rule; `excerpt` the
    words seen there; `facts` are what a later stage needs to know of it without reading the words.
    `sees` tells of a sighting what its reader sees.
    """

    by: str
    technique: Technique
    confidence: Confidence
    at: Location
    excerpt: str = ""
    facts: Facts = ()
    sees: Sees = "statement"

    def fact(self, key: str) -> str:
        """The first value of `key`, or `""`."""
        return _first(self.facts, key)

    def get(self, key: Key[T]) -> tuple[T, ...]:
        """Every value of `key`, sorted."""
        return _parse_facts(self.facts, key)

    @property
    def key(self) -> list[str | int]:
        """Its content as a flat list, what digests are made of. Facts are no part of it: they say
        the same as the words, and a citation must not change with what later stages ask for.
        """
        return [
            self.by,
            self.technique,
            self.confidence,
            self.at.path,
            self.at.line,
            self.at.member,
            self.excerpt,
        ]


@dataclass(frozen=True, slots=True, order=True)
class Observation:
    """One sighting by one collector, before merging.

    `kind` says what was seen (`model/sightings.py`).
    """

    kind: Sighting
    name: str
    version: str
    purl: str
    evidence: Evidence
    facts: Facts = ()

    def fact(self, key: str) -> str:
        """The first value of `key`, or `""`."""
        return _first(self.facts, key)

    def all(self, key: str) -> tuple[str, ...]:
        """Every value of `key`, in order."""
        return tuple(value for name, value in self.facts if name == key)

    def get(self, key: Key[T]) -> tuple[T, ...]:
        """Every value of `key`, sorted."""
        return _parse_facts(self.facts, key)


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """`source` depends on, or contains, `target`; `at` is the line that says so.

    Before merging both ends are keys: a purl (with or without version) or `project:<folder>`. After
    it they are refs. Facts of a dependency: `specifier`, `marker`, `extra` (repeatable, asked of
    the target), `group`.
    """

    source: str
    target: str
    kind: Literal["depends-on", "contains"]
    at: Location
    facts: Facts = ()

    def fact(self, key: str) -> str:
        """The first value of `key`, or `""`."""
        return _first(self.facts, key)

    def all(self, key: str) -> tuple[str, ...]:
        """Every value of `key`, in order."""
        return tuple(value for name, value in self.facts if name == key)


WEIGHT_FORMATS = (
    "safetensors",
    "pytorch",
    "pytorch-legacy",
    "torchscript",
    "keras",
    "hdf5",
    "gguf",
    "onnx",
)


@dataclass(frozen=True, slots=True, order=True)
class Component:
    """One part of the stack; keeps every sighting. `kind` is a CycloneDX component type; `ref` is
    stable between runs.
    """

    ref: str
    kind: str
    name: str
    version: str
    purl: str
    observations: tuple[Observation, ...]
    # Derived on first use and no part of the value: a code tree has thousands of sightings, and is
    # asked some thirty questions.
    _index: dict[str, set[tuple[str, Evidence]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _sorted: dict[str, tuple[tuple[str, Evidence], ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _kinds: list[frozenset[Sighting]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def facts(self, key: str) -> tuple[tuple[str, Evidence], ...]:
        """Every value that a sighting states for `key`, each with its evidence, sorted and without
        repeats.
        """
        if not self._index:
            self._index[""] = set()
            for observation in self.observations:
                for name, value in observation.facts:
                    self._index.setdefault(name, set()).add((value, observation.evidence))
        if key not in self._sorted:
            self._sorted[key] = tuple(sorted(self._index.get(key, ())))
        return self._sorted[key]

    def fact(self, key: str) -> str:
        """The first value for `key` over all sightings, or `""`."""
        found = self.facts(key)
        return found[0][0] if found else ""

    def get(self, key: Key[T]) -> tuple[tuple[T, Evidence], ...]:
        """Every value of `key` over all sightings, each with its evidence, in the order of the
        values.
        """
        return tuple((key.parse(text), evidence) for text, evidence in self.facts(key.name))

    @property
    def weights(self) -> tuple[Observation, ...]:
        """The sightings of weights that make up one copy of a model, none where what one of them
        holds is not known.

        Shards add up. The same model in a second format does not, nor does a file with the same
        tensor names and shapes in another precision: the format that comes first in WEIGHT_FORMATS
        stands for all. An index of shards is a table, no weights.
        """
        found = [
            o
            for o in self.observations
            if (o.kind == "weights" and not o.fact("format").endswith("-index")) or _tensors(o)
        ]
        if not found or not all(o.fact("parameters") for o in found):
            return ()
        order = {name: number for number, name in enumerate(WEIGHT_FORMATS)}
        first = min(
            (o.fact("format") for o in found), key=lambda form: (order.get(form, len(order)), form)
        )
        once = {
            o.fact("names-digest") or o.evidence.at.path: o
            for o in found
            if o.fact("format") == first
        }
        return tuple(sorted(once.values()))

    @property
    def kinds(self) -> frozenset[Sighting]:
        """The kinds of sighting behind this component."""
        if not self._kinds:
            self._kinds.append(frozenset([o.kind for o in self.observations]))
        return self._kinds[0]


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """An answer to one disputed question about one component. A claim without evidence cannot be
    made.

    Attributes are separate questions: `origin.<stage>`, `control`, `licence`, `code-from`,
    `weights-from`, `architecture-from`, `attribution`, `role`, `class`. A value `unknown` says that
    the question was examined.
    """

    subject: str
    attribute: str
    value: str
    evidence: tuple[Evidence, ...]
    status: Status = "derived"
    cited: str = ""
    # Derived on first use and no part of the value: every stage after the ledger names claims.
    _ref: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"a claim needs evidence: {self.attribute} of {self.subject}")

    @property
    def ref(self) -> str:
        """A citable name, e.g. `c-3f9a12d07b44`: a digest of the claim's content, in whatever order
        its evidence was found; `cited` where a document names the claim and left its evidence out.
        """
        if self.cited:
            return self.cited
        if not self._ref:
            evidence = self.evidence
            keys = [e.key for e in (sorted(set(evidence)) if len(evidence) > 1 else evidence)]
            content = [self.subject, self.attribute, self.value, self.status, keys]
            self._ref.append(f"c-{digest(content)[:12]}")
        return self._ref[0]


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """What could not be looked at. It counts as unknown, never as clean.

    `kind` is `crashed` where a file took its reader down with it, which need not happen again, and
    `unmet` where an environment lacks what a distribution in it needs.
    """

    by: str
    at: Location
    reason: str
    kind: Literal["", "crashed", "unmet"] = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """Everything known after a stage; a stage returns a longer one. `root` is the ref of the
    component that was scanned.
    """

    root: str
    components: tuple[Component, ...] = ()
    relations: tuple[Relation, ...] = ()
    claims: tuple[Claim, ...] = ()
    gaps: tuple[Gap, ...] = ()
    facts: Facts = ()

    def fact(self, key: str) -> str:
        """The first value of `key`, or `""`."""
        return _first(self.facts, key)

    def component(self, ref: str) -> Component:
        """The component with this ref; KeyError if there is none."""
        for component in self.components:
            if component.ref == ref:
                return component
        raise KeyError(ref)


def _first(facts: Facts, key: str) -> str:
    for name, value in facts:  # a hundred thousand times in a scan: no generator
        if name == key:
            return value
    return ""


def _parse_facts(facts: Facts, key: Key[T]) -> tuple[T, ...]:
    wanted = key.name
    found = [key.parse(value) for name, value in facts if name == wanted]
    return tuple(sorted(found)) if found else ()  # type: ignore[type-var]


def _tensors(o: Observation) -> bool:
    """Whether this is a part of a checkpoint, counted in its header."""
    return o.kind == "submodel" and o.fact("basis") == "tensors"


Row = Observation | Relation | Gap


def facts(*pairs: tuple[str, str | int | None], **named: str | int | None) -> Facts:
    """Sorted facts from pairs and keywords (`_` in a keyword reads `-`); empty and missing values
    are left out.
    """
    every = [*pairs, *((key.replace("_", "-"), value) for key, value in named.items())]
    return tuple(sorted({(key, str(value)) for key, value in every if value not in (None, "")}))


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: object) -> str:
    """SHA-256 (hex) of the canonical JSON (sorted keys, no spaces) of plain lists, dicts, texts and
    numbers.
    """
    text = _CANONICAL.encode(value)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
