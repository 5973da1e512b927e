"""Repositories labelled by id alone: which of the models, data sets and services that a reader
found are said, and which of those that are said he found, too.

`python -m tests.truth.by_id DOCUMENTS [--rounds 1,2] [--show]`: DOCUMENTS holds one bill a
repository, `OWNER+NAME.json`, made of the commit that `ids.csv` names. The labels of a round were
written before the program had read one of its repositories, and were corrected afterwards: the
history of the file has the first ones.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.truth import real

KINDS = ("model", "data", "service")
_CORE = "aisbom:component:role"


class Label(NamedTuple):
    """A row of ids.csv: `ids` are the spellings of one name. What is not `required` is right where
    it is said, and not missed where it is not. `role` is `product` or `tooling`, empty where
    either is right.
    """

    round: str
    repository: str
    commit: str
    kind: str
    ids: tuple[str, ...]
    role: str
    required: bool
    at: str


class Said(NamedTuple):
    """What a bill says of one kind: `shown` counts as said, all of `seen` as found."""

    seen: list[tuple[str, dict[str, Any] | None]]
    shown: list[tuple[str, dict[str, Any] | None]]


class Counts:
    """How one kind came out."""

    def __init__(self) -> None:
        self.found = self.labelled = self.right = self.said = 0

    def __str__(self) -> str:
        return f"found {self.found} of {self.labelled}, right {self.right} of {self.said}"


def labels(path: Path = Path(__file__).parent / "ids.csv") -> list[Label]:
    """All labels."""
    lines = [line for line in path.read_text("utf-8").split("\n") if not line.startswith("#")]
    return [
        Label(
            row["round"],
            row["repository"],
            row["commit"],
            row["kind"],
            tuple(row["id"].split("|")),
            row["role"],
            row["required"] == "yes",
            row["at"],
        )
        for row in csv.DictReader(filter(None, lines), strict=True)
    ]


def measure(folder: Path, rows: list[Label]) -> Iterator[tuple[str, str]]:
    """(what it is about, a line) for each difference, and the figures of each kind at the end."""
    counts = {kind: Counts() for kind in KINDS}
    roles = [0, 0]
    for repository in dict.fromkeys(row.repository for row in rows):
        path = folder / f"{repository.replace('/', '+', 1)}.json"
        if not path.exists():
            yield "missing", repository
            continue
        document = real.Document(json.loads(path.read_text("utf-8")))
        mine = [row for row in rows if row.repository == repository]
        for kind, said in zip(KINDS, _said(document), strict=True):
            told = [row for row in mine if row.kind == kind]
            for line in _differences(kind, told, said, counts[kind], roles):
                yield "difference", f"{repository} {line}"
    for kind, count in counts.items():
        yield "figures", f"{kind}: {count}"
    yield "figures", f"role of models: right {roles[0]} of {roles[1]}"


def _said(document: real.Document) -> Iterator[Said]:
    """Of models, data sets and services."""
    models = [
        (real.identifier(c), c)
        for c in document.components
        if c["type"] in ("machine-learning-model", "file")
    ]
    shown = [
        (name, c)
        for name, c in models
        if c["type"] == "machine-learning-model"
        and (c.get("purl") or real.values(c, "aisbom:reference:loader"))
    ]
    claimed = [
        (real.model_id(value), None)
        for attribute in ("weights-from", "base-model")
        for _, value, _ in document.claimed(attribute)
    ]
    released = [(name, None) for name, _ in document.of_releases("model")]
    yield Said([*models, *claimed, *released], [*shown])
    data = [(real.identifier(c), c) for c in document.components if c["type"] == "data"]
    both = [*data, *((name, None) for name, _ in document.of_releases("data set"))]
    yield Said([*both], [*both])
    services = [
        (f"{s['name']} {s.get('provider', {}).get('name', '')}", s)
        for s in document.services
        if "self-hosted" not in s["name"].lower()
    ]
    yield Said([*services], [*services])


def _differences(
    kind: str, labelled: list[Label], said: Said, counts: Counts, roles: list[int]
) -> Iterator[str]:
    for row in labelled:
        hits = [part for name, part in said.seen if _named(kind, name, row)]
        counts.labelled += row.required
        counts.found += row.required and bool(hits)
        if row.required and not hits:
            yield f"{kind} missed: {row.ids[0]} {row.at}"
        parts = [part for part in hits if part and part.get("type") == "machine-learning-model"]
        if parts and row.role:
            core = any("core" in real.values(part, _CORE) for part in parts)
            roles[1] += 1
            roles[0] += core == (row.role == "product")
            if core != (row.role == "product"):
                yield f"role wrong: {row.ids[0]} is of the {row.role}"
    for name, _ in said.shown:
        right = any(_named(kind, name, row) for row in labelled)
        counts.said += 1
        counts.right += right
        if not right:
            yield f"{kind} wrong: {name}"


def _named(kind: str, name: str, row: Label) -> bool:
    if kind == "service":
        return any(real._word(one) in real._word(name) for one in row.ids)
    return any(real._same(name, one) for one in row.ids)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--rounds", default="")
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    rounds = set(filter(None, given.rounds.split(",")))
    rows = [row for row in labels() if not rounds or row.round in rounds]
    for about, line in measure(given.documents, rows):
        if given.show or about != "difference":
            print(line)


if __name__ == "__main__":
    main()
