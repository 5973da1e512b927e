"""Precision, recall and the confusions, as figures and as text."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from aisbom.identify import identify
from aisbom.knowledge import load
from aisbom.licences import match
from aisbom.model.ledger import resolve
from aisbom.source.text import decode
from tests.truth.labelled import BLIND, Labelled, LicenceFile, distributions, licence_files

_LICENCE = re.compile(r"licen[cs]e|copying", re.IGNORECASE)


class Origins(NamedTuple):
    """How origins came out. `asserted` counts answers that are countries; `persons` those among
    them that a person runs.
    """

    rows: int
    asserted: int
    right: int
    answerable: int
    answered: int
    persons: tuple[str, ...]
    confusions: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Right countries among asserted ones."""
        return self.right / self.asserted if self.asserted else 1.0

    @property
    def recall(self) -> float:
        """Right countries among rows that have one and nothing else to say."""
        return self.answered / self.answerable if self.answerable else 1.0


class Licences(NamedTuple):
    """How licences came out: right, silent (which is no error) and wrong ones."""

    rows: int
    right: int
    silent: int
    confusions: tuple[str, ...]

    @property
    def share(self) -> float:
        """Right ones among all."""
        return self.right / self.rows if self.rows else 1.0


def answers(row: Labelled) -> tuple[str, str]:
    """(origin, concluded licence) of one distribution."""
    claims = list(identify(row.component(), load()))
    origin, licence = (
        resolve(c for c in claims if c.attribute == name).value
        for name in ("origin.developed", "licence.concluded")
    )
    return origin, licence


def origins(rows: Iterable[Labelled]) -> Origins:
    """The figures for these rows."""
    count = asserted = right = answerable = answered = 0
    persons, confusions = [], []
    for row in rows:
        count += 1
        said = answers(row)[0]
        codes = (
            frozenset(said.split(","))
            if all(len(code) == 2 for code in said.split(","))
            else frozenset()
        )
        fits = bool(codes) and codes <= row.countries
        answerable += row.answerable
        answered += row.answerable and fits
        asserted += bool(codes)
        right += fits
        if codes and "person" in row.origin:
            persons.append(row.name)
        if (codes and not fits) or (row.answerable and not fits):
            confusions.append(f"{row.name}: {'|'.join(row.origin)} expected, {said} said")
    return Origins(count, asserted, right, answerable, answered, tuple(persons), tuple(confusions))


def concluded(rows: Iterable[Labelled]) -> Licences:
    """The figures of concluded licences of these rows."""
    count = right = silent = 0
    confusions = []
    for row in rows:
        count += 1
        said = answers(row)[1]
        right += said in row.licences
        silent += said in ("unknown", "contested") and said not in row.licences
        if said not in row.licences:
            confusions.append(f"{row.name}: {'|'.join(row.licences)} expected, {said} said")
    return Licences(count, right, silent, tuple(confusions))


def files(found_here: Iterable[tuple[LicenceFile, str]]) -> Licences:
    """The figures of licence files that `present` found."""
    count = right = silent = 0
    confusions = []
    for row, text in found_here:
        count += 1
        found = match(text)
        said = found.found[0].id if found.found and not found.altered else "unknown"
        right += said in row.expected
        silent += said == "unknown" and said not in row.expected
        if said not in row.expected:
            confusions.append(
                f"{row.distribution} {row.path}: {'|'.join(row.expected)} expected, {said} said"
            )
    return Licences(count, right, silent, tuple(confusions))


def present(
    rows: Iterable[LicenceFile], folders: Iterable[Path] = (), *, below: bool = False
) -> Iterator[tuple[LicenceFile, str]]:
    """The labelled files that are here, byte for byte, with their texts; `below` looks beside
    metadata folders too.
    """
    wanted = {row.sha256: row for row in rows}
    for place in (Path(str(metadata.distribution("pytest").locate_file(""))), *folders):
        for file in (
            sorted(place.glob("*.dist-info/**/*")) if not below else sorted(place.rglob("*"))
        ):
            if not wanted:
                return
            if file.is_file() and _LICENCE.search(file.name):
                data = file.read_bytes()
                row = wanted.pop(hashlib.sha256(data).hexdigest(), None)
                if row:
                    yield row, decode(data)


def report(folders: Iterable[Path] = ()) -> str:
    """Everything, for both halves."""
    rows, texts, folders = distributions(), licence_files(), list(folders)
    lines = []
    for name, tuning in (("tuning half", True), ("reporting half", False)):
        mine = [row for row in rows if row.tuning is tuning]
        o = origins(mine)
        lines.append(f"{name}: {o.rows} distributions")
        lines.append(
            f"  origin   precision {o.precision:.3f}: {o.right} of {o.asserted} countries said are"
            " right"
        )
        lines.append(
            f"           recall {o.recall:.3f}: {o.answered} of {o.answerable} that have a country"
            " and nothing else to say"
        )
        lines.append(f"           countries said of projects that a person runs: {len(o.persons)}")
        lines += [f"           {line}" for line in o.confusions]
        c = concluded(mine)
        lines.append(
            f"  licence  {c.right} of {c.rows} right ({c.share:.3f}), {c.silent} left open,"
            f" {c.rows - c.right - c.silent} wrong"
        )
        lines += [f"           {line}" for line in c.confusions]
        for kind in ("single", "several"):
            labelled = [row for row in texts if row.tuning is tuning and row.kind == kind]
            f = files(present(labelled, folders))
            lines.append(
                f"  files    {kind}: {f.right} of {f.rows} right ({f.share:.3f}); {len(labelled)}"
                f" labelled, {f.rows} present here"
            )
            lines += [f"           {line}" for line in f.confusions]
    blind = list(present(licence_files(BLIND), folders, below=True))
    f = files(blind)
    lines.append(
        f"labelled blind: {f.right} of {f.rows} licence files right ({f.share:.3f}), {f.silent}"
        " left open"
    )
    lines += [f"           {line}" for line in f.confusions]
    lines.append(speed([text for _, text in (*present(texts, folders), *blind)]))
    return "\n".join(lines)


def speed(texts: Sequence[str]) -> str:
    """How many of these texts are matched in a second of one processor, once the references are
    loaded: a figure for the reader.
    """
    match("")
    start = time.process_time()
    for text in texts:
        match(text)
    took = time.process_time() - start
    return (
        f"speed: {len(texts) / took:,.0f} licence files a second ({len(texts)} files)"
        if texts
        else "speed: no file is here"
    )
