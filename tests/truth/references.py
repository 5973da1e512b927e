"""References in real packages, labelled by hand: how many of those found are right, and how many of
the right ones are found.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from packaging.utils import canonicalize_name

from aisbom.collect.executors import Processes
from aisbom.collect.models import datasets
from aisbom.collect.references import notebook, python_references, scripts, settings
from aisbom.collect.run import gather
from aisbom.examine.hub_names import resolve_names
from aisbom.knowledge import load
from aisbom.merge.references import REFERENCE_KINDS
from aisbom.model import Observation
from aisbom.model.path_roles import path_role
from aisbom.source.tree import Tree

COLLECTORS = (
    datasets.COLLECTOR,
    notebook.COLLECTOR,
    python_references.COLLECTOR,
    scripts.COLLECTOR,
    scripts.MODELFILE_COLLECTOR,
    scripts.ENV_COLLECTOR,
    settings.COLLECTOR,
)


class Reference(NamedTuple):
    """A row of references.csv. `expect` is `yes` for a component, `no` for a trap: the name may not
    come out at that place.
    """

    package: str
    version: str
    file: str
    line: int
    id: str
    kind: str
    path_role: str
    expect: bool
    note: str

    @property
    def place(self) -> tuple[str, int, str]:
        """What a finding is compared with."""
        return self.file, self.line, self.id


class Found(NamedTuple):
    """How the references of one package came out, in product files."""

    package: str
    right: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]
    trapped: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Right ones among those found."""
        return self.right / (self.right + len(self.wrong)) if self.right or self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Right ones among those labelled."""
        return self.right / (self.right + len(self.missed)) if self.right or self.missed else 1.0


def references() -> list[Reference]:
    """All labelled references."""
    path = Path(__file__).parent / "references.csv"
    lines = [
        line for line in path.read_text("utf-8").split("\n") if line and not line.startswith("#")
    ]
    return [
        Reference(**{**row, "line": int(row["line"]), "expect": row["expect"] == "yes"})
        for row in csv.DictReader(lines, strict=True)
    ]


def packages(paths: Iterable[Path]) -> dict[str, Path]:
    """The labelled packages among these archives and folders: those whose name is that of the
    package, in the labelled version.
    """
    known = {(canonicalize_name(row.package), row.version): row.package for row in references()}
    found = {}
    for path in paths:
        name, _, rest = path.name.partition("-")
        for (package, version), label in known.items():
            if canonicalize_name(name) == package and rest.startswith(version):
                found[label] = path
    return found


def measured(package: str, path: Path) -> Found:
    """The figures of one package."""
    rows = [row for row in references() if row.package == package and row.path_role == "product"]
    labelled = {row.place for row in rows if row.expect}
    traps = {row.place for row in rows if not row.expect}
    seen = set()
    for row in resolve_names(gather((Tree(path),), COLLECTORS, Processes(2)).rows, load()):
        if (
            isinstance(row, Observation)
            and row.kind in REFERENCE_KINDS
            and path_role(row.evidence.at.path) == "product"
        ):
            seen.add((row.evidence.at.path, row.evidence.at.line, row.fact("service") or row.name))
    shown = [
        tuple(f"{file}:{line} {name}" for file, line, name in sorted(places))
        for places in (seen - labelled, labelled - seen, seen & traps)
    ]
    return Found(package, len(seen & labelled), *shown)


def report(paths: Iterable[Path]) -> str:
    """The figures of every labelled package that is given, and of all together."""
    rows = references()
    given = packages(paths)
    lines = [
        (
            f"references: {len(rows)} labelled in {len({r.package for r in rows})} packages,"
            f" {len(given)} of them given"
        )
    ]
    every = [measured(package, path) for package, path in sorted(given.items())]
    for found in every:
        lines.append(f"  {found.package:<22} {_figures(found)}")
        lines += [f"    wrong:  {text}" for text in found.wrong]
        lines += [f"    missed: {text}" for text in found.missed]
    if every:
        total = Found(
            "all",
            sum(f.right for f in every),
            *(tuple(t for f in every for t in f[n]) for n in (2, 3, 4)),
        )
        lines.append(f"  {'all':<22} {_figures(total)}; {len(total.trapped)} traps sprung")
    return "\n".join(lines)


def _figures(found: Found) -> str:
    asked, known = found.right + len(found.wrong), found.right + len(found.missed)
    return (
        f"precision {found.precision:.3f} ({found.right} of {asked}), recall {found.recall:.3f}"
        f" ({found.right} of {known})"
    )
