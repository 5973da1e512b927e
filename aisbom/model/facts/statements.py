"""Facts about what a statement rests on, and what cards, notices and registries say."""

from __future__ import annotations

from typing import Any, NamedTuple

from aisbom.model.facts.key import Key


class Metric(NamedTuple):
    """A result in the `model-index` of a card: which metric, its value, and of what."""

    kind: str
    value: str
    of: str


class Emissions(NamedTuple):
    """What a card states of the energy and carbon dioxide that went into a model.

    `activity` is `training`, `fine-tuning` or `other`, as CycloneDX calls activities. `kwh` is
    energy in kilowatt-hours, `tonnes` the carbon dioxide equivalent in tonnes; None where the card
    does not state it. `source`, `place` and `hardware` are the card's words.
    """

    activity: str
    kwh: float | None
    tonnes: float | None
    source: str
    place: str
    hardware: str


class References(NamedTuple):
    """The reference models that values were held against: how many, and the digest of all."""

    number: int
    digest: str


class Words(NamedTuple):
    """The different words of a text, sorted."""

    words: tuple[str, ...]


class Citation(NamedTuple):
    """A row of organisations that a conclusion rests on.

    `on` is the day (ISO 8601) for which it was chosen, empty for today.
    """

    id: str
    on: str


class TableRow(NamedTuple):
    """A row of another table of the knowledge that a conclusion rests on: the table's file name,
    and the row's key, or the sources of the statement.
    """

    table: str
    key: str


class RegistryAnswer(NamedTuple):
    """What a registry was asked: the address, and the day (YYYY-MM-DD) on which it answered."""

    url: str
    day: str


class Sentence(NamedTuple):
    """A sentence of a finding (`model/sentences.py`): the key of its form, and what stands in its
    places.
    """

    key: str
    values: tuple[str, ...]


RESULT = Key("result", Metric, ("collect",), ("bom",), "an evaluation that a card states")
EMISSIONS = Key("emissions", Emissions, ("collect",), ("bom",), "energy and CO2 that a card states")
WEIGHTS_REFERENCES = Key(
    "weights-references",
    References,
    ("examine",),
    ("identify", "bom"),
    "the known models that the values were held against",
)
MENTIONS = Key("mentions", Words, ("collect",), ("identify",), "the words of a notice")
CITES = Key("cites", Citation, ("identify",), ("bom",), "evidence: the row that it rests on")
REGISTRY_ANSWER = Key(
    "registry-answer",
    RegistryAnswer,
    ("online",),
    ("bom",),
    "evidence: where and when a registry declared it",
)
CITES_ROW = Key(
    "cites-row", TableRow, ("identify",), ("bom",), "evidence: a row of another table, likewise"
)
SENTENCE = Key(
    "sentence", Sentence, ("identify",), ("bom",), "evidence: the sentence of a finding, in parts"
)

RECORDS: tuple[Key[Any], ...] = (
    RESULT,
    EMISSIONS,
    WEIGHTS_REFERENCES,
    MENTIONS,
    CITES,
    REGISTRY_ANSWER,
    CITES_ROW,
    SENTENCE,
)
