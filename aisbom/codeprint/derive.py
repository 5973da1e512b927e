"""One file against the index of known code: the family it belongs to, and a donor only where
something shows the order.

Likeness has no direction: two files that share an ancestor look like parent and child. A donor is
named where the file itself names it: a kept notice, a comment, a declared inheritance. Otherwise
the answer is the family.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aisbom.codeprint import credit, inheritance, null
from aisbom.codeprint.corpus import FEATURES, RARE, Corpus, Evidence, Same, of_index
from aisbom.codeprint.fingerprints import Prints
from aisbom.codeprint.order import Order
from aisbom.licences import adapted_from

if TYPE_CHECKING:
    from aisbom.codeprint.index import Index
    from aisbom.codeprint.project import Project

MEMBERS = 8
FUNCTIONS = 12

CERTAIN = 99.99
"""Percentile of the score among unrelated pairs from which a file is said to be of a family by the
score alone.
"""

LIKELY = 99.95
"""The same where several functions agree besides: INDEPENDENT rare ones alike, or COVERED held for
the most part.
"""

INDEPENDENT = 2
COVERED = 3
RENAMED = 3
"""So many rare functions alike in all but their names make a family without the score."""

_LONG = 30
_KEPT: dict[str, Corpus] = {}
_ENDS: dict[str, dict[str, list[int]]] = {}


@dataclass(frozen=True, slots=True)
class Function:
    """A function alike on both sides; lines from 1."""

    name: str
    line: int
    end: int
    their_path: str
    their_name: str
    their_line: int


@dataclass(frozen=True, slots=True)
class Member:
    """A path of the index with which the file has code in common: the share of the file's
    fingerprints, plain and by weight.
    """

    project: str
    path: str
    containment: float
    weighted: float
    functions: tuple[Function, ...]


@dataclass(frozen=True, slots=True)
class Derived:
    """What is known of a file's code. `percentile`: of unrelated pairs below this one. `order`:
    what shows a direction, if anything.
    """

    basis: Literal["declared", "identical", "derived", "family"]
    members: tuple[Member, ...]
    percentile: float
    order: tuple[Order, ...]
    tokens: int
    examined: bool = True


def corpus(index: Index) -> Corpus:
    """The fingerprints of an index, put together once."""
    if index.digest not in _KEPT:
        _KEPT.clear()
        _KEPT[index.digest] = of_index(index)[0]
    return _KEPT[index.digest]


def derive(prints: Prints, index: Index) -> Derived | None:
    """What the index knows of this file's code; None where nothing stands out from what unrelated
    files have in common.
    """
    known = corpus(index)
    if not known.count:
        return None
    found = known.evidence(prints)
    row = {path: number for number, path in enumerate(found.paths.tolist())}
    chosen = {
        int(found.paths[number]): share
        for number, share in standing_out(prints, known, found).items()
    }
    declared = _declared(prints, index, known)
    paths = sorted(
        {*chosen, *declared},
        key=lambda p: (p not in chosen, -chosen.get(p, 0.0), row.get(p, len(row)), p),
    )[:MEMBERS]
    if not paths:
        return None
    places = {path: _place(index, known, path) for path in paths}
    order = {path: _order(prints, *places[path]) for path in paths}
    paths.sort(key=lambda path: not order[path])
    members = tuple(
        _member(prints, known, found, row.get(path, -1), places[path]) for path in paths
    )
    signs = tuple(
        dict.fromkeys(
            [
                *(declared[p] for p in paths if p in declared),
                *(what for p in paths for what in order[p]),
            ]
        )
    )
    score = null.score(found.features, FEATURES)
    percentile = max(
        (
            chosen[p]
            if p in chosen
            else null.percentile("score", float(score[row[p]]))
            if p in row
            else 0.0
        )
        for p in paths
    )
    first = row.get(paths[0], -1)
    if (
        first >= 0
        and found.features[first, 0] == 1.0
        and found.shared[first] == found.total == known.total(paths[0])
    ):
        return Derived("identical", members, percentile, signs, prints.tokens)
    if paths[0] in declared or not chosen:
        return Derived("declared", members, percentile, signs, prints.tokens)
    return Derived("derived" if signs else "family", members, percentile, signs, prints.tokens)


def _place(index: Index, known: Corpus, path: int) -> tuple[Project, str]:
    project, number = known.place(path)
    return index.projects[project], index.projects[project].paths[number]


def standing_out(prints: Prints, known: Corpus, found: Evidence) -> dict[int, float]:
    """Rows of the evidence that have more in common with the file than unrelated files have, with
    their percentile.
    """
    import numpy as np

    chosen = {}
    score = null.score(found.features, FEATURES)
    certain, likely = null.threshold("score", CERTAIN), null.threshold("score", LIKELY)
    rare = (found.same.paths <= RARE) & ~found.same.renamed
    long = np.array([f.tokens >= _LONG for f in prints.functions], bool)
    bare = (
        (found.same.paths <= RARE) & found.same.renamed & long[found.same.ours]
        if len(long)
        else rare[:0]
    )
    several = np.bincount(found.same.path[rare], minlength=known.count)
    renamed = np.bincount(found.same.path[bare], minlength=known.count)
    covered = np.expm1(found.features[:, FEATURES.index("covered")]).round()
    for row, path in enumerate(found.paths.tolist()):
        if score[row] >= certain or (
            score[row] >= likely and (several[path] >= INDEPENDENT or covered[row] >= COVERED)
        ):
            chosen[row] = null.percentile("score", float(score[row]))
        elif renamed[path] + several[path] >= RENAMED and renamed[path]:
            chosen[row] = null.percentile("renamed", float(renamed[path]))
    return chosen


def _member(
    prints: Prints, known: Corpus, found: Evidence, row: int, place: tuple[Project, str]
) -> Member:
    if row < 0:
        return Member(place[0].purl, place[1], 0.0, 0.0, ())
    same = known.functions_at(prints, found.same, int(found.paths[row]))
    best: list[Same] = sorted(
        same, key=lambda one: (one.paths > RARE, one.renamed, -one.ours.tokens)
    )[:FUNCTIONS]
    functions = tuple(
        Function(one.ours.name, one.ours.line, one.ours.end, place[1], one.name, one.line)
        for one in sorted(best, key=lambda one: one.ours.line)
        if one.paths <= RARE
    )
    return Member(
        place[0].purl,
        place[1],
        round(float(found.features[row, 0]), 4),
        round(float(found.features[row, 1]), 4),
        functions,
    )


def _declared(prints: Prints, index: Index, known: Corpus) -> dict[int, Order]:
    """Paths that are the module of a class from which the file inherits, and the words for it.

    An absolute module has to be the end of the path, as a whole. A relative one speaks for itself
    only where its name repeats its folder's (`..olmo.modeling_olmo`): `.models.base` may be
    anybody's. A module that several paths could be is none.
    """
    if prints.family != "python":
        return {}
    found: dict[int, Order] = {}
    for one in inheritance.declared(prints.data):
        parts = one.module.lstrip(".").split(".")
        if len(parts) < 2 or (
            one.module.startswith(".") and (len(parts[-2]) < 3 or parts[-2] not in parts[-1])
        ):
            continue
        whole = "/".join(parts) + ".py"
        paths = [
            path
            for path in _tails(index, known).get("/".join(parts[-2:]) + ".py", [])
            if _ends(index, known, path, whole)
        ]
        if len(paths) == 1:
            found.setdefault(
                paths[0],
                Order(one.line, "inherits", f"line {one.line}: {one.what}", one.module),
            )
    return found


def _ends(index: Index, known: Corpus, path: int, end: str) -> bool:
    return f"/{_place(index, known, path)[1]}".endswith(f"/{end}")


def _tails(index: Index, known: Corpus) -> dict[str, list[int]]:
    """The paths of the index by their last two parts."""
    if index.digest not in _ENDS:
        _ENDS.clear()
        ends: dict[str, list[int]] = {}
        for path in range(known.count):
            ends.setdefault("/".join(_place(index, known, path)[1].split("/")[-2:]), []).append(
                path
            )
        _ENDS[index.digest] = ends
    return _ENDS[index.digest]


def _order(prints: Prints, project: Project, path: str) -> tuple[Order, ...]:
    """What in the file names this project, or this path of it, as the earlier one."""
    return (*_notice(prints, project, path), *_said(prints, project, path))


def _notice(prints: Prints, project: Project, path: str) -> Iterator[Order]:
    theirs = project.notice(project.number[path])
    wanted = {credit.key(name) for name in project.holders}
    for holder in credit.holders(prints.data):
        if credit.key(holder.name) in wanted or (theirs is not None and theirs.names(holder.name)):
            kept = f"keeps the notice of {holder.name}, a holder of {project.name}"
            yield Order(holder.line, "notice", f"line {holder.line} {kept}")
            return


def _said(prints: Prints, project: Project, path: str) -> Iterator[Order]:
    """Comments that say where the code is from, where they name this project: its address, or its
    name and this path's file or folder.
    """
    slug = (
        project.repository.removesuffix(".git")
        .removesuffix("/")
        .partition("github.com/")[2]
        .casefold()
    )
    parts = {part for part in re.split(r"[/.]", path.casefold()) if len(part) > 3}
    for line, _, source in adapted_from.found(prints.data, prints.data.lower()):
        told = source.casefold()
        words = set(re.split(r"[/.\s:#]", told))
        if (slug and slug in told) or (
            project.name.casefold() in words and (words & parts or len(words) <= 2)
        ):
            yield Order(line, "comment", f"line {line} says the code is from {source}")
    for one in inheritance.generated_from(prints.data):
        source = one.module.rpartition("/")[2]
        if path.rpartition("/")[2] in (source, source.replace("modular_", "modeling_", 1)):
            yield Order(one.line, "generated", f"line {one.line}: {one.what}")
