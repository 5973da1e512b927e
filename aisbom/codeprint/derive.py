"""One file against the index of known code: the family it belongs to, and a donor only where
something shows the order.

Likeness has no direction: two files that share an ancestor look like parent and child. A donor is
named where the file itself names it: a kept notice, a comment, a declared inheritance. Otherwise
the answer is the family.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from aisbom.codeprint import (
    compiled,
    corpus_arrays,
    credit,
    days,
    inheritance,
    near,
    null,
    own_words,
)
from aisbom.codeprint.corpus import FEATURES, RARE, Corpus, Evidence, Same
from aisbom.codeprint.fingerprints import Prints
from aisbom.codeprint.order import Order
from aisbom.codeprint.project import slug

if TYPE_CHECKING:
    from aisbom.codeprint.index import Index
    from aisbom.codeprint.project import Project

    Place = tuple[Project, str]

Basis = Literal["declared", "identical", "derived", "family", "near"]

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
NEXT = 0.75
"""What an older file has to hold, as a share of what the file that is most like this one holds."""

CALLED = 2
"""So many parts of two paths agree where one file is called as the other."""

RENAMED = 3
"""So many rare functions alike in all but their names make a family without the score."""

# A class that inherits from a library's uses the library; only one that inherits from a model's
# says where a model is from.
_MODEL = re.compile(r"(?:\bmodels\.|modeling_|modular_)(?!utils|outputs|interfaces)\w")

_OF_A_PART = frozenset({"comment-below"})
_WORDS = frozenset({"comment", "comment-below"})
NOTHING = 0.05
MUCH = 0.4
"""Shares of a file: what may be in any, and what is more than a part."""

_NAMED_FOR_A_PART = 6
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
    fingerprints, plain and by weight. `percentile`: of unrelated pairs below this one. `by`: the
    day by which the project had this content; `""` if not known.
    """

    project: str
    path: str
    containment: float
    weighted: float
    functions: tuple[Function, ...]
    percentile: float = 0.0
    by: str = ""


@dataclass(frozen=True, slots=True)
class Derivation:
    """What is known of a file's code. `percentile`: of unrelated pairs below this one. `order`:
    what shows a direction, if anything. `near` are files like it of the same name, which say
    nothing by themselves; where nothing else is known, the basis is `near` and there are no
    members.
    """

    basis: Basis
    members: tuple[Member, ...]
    percentile: float
    order: tuple[Order, ...]
    tokens: int
    near: tuple[Member, ...] = ()
    examined: bool = True


def corpus(index: Index) -> Corpus:
    """The fingerprints of an index, put together once."""
    if index.digest not in _KEPT:
        _KEPT.clear()
        _KEPT[index.digest] = Corpus(compiled.arrays(index, "prints", corpus_arrays.of_index))
    return _KEPT[index.digest]


class _Candidates:
    """The paths of the index that a file has something in common with, and how much."""

    def __init__(self, index: Index, known: Corpus, found: Evidence) -> None:
        self.known, self._found = known, found
        self._score = null.score(found.features, FEATURES)
        self.places = [_place(index, known, path) for path in found.paths.tolist()]
        self.row: dict[Place, int] = {}
        for row, place in enumerate(self.places):
            # Of several contents of a path the one that is most like the file speaks for it.
            if self._score[row] > self._score[self.row.setdefault(place, row)]:
                self.row[place] = row
        self.numbers = found.paths.tolist()

    def percentile(self, place: Place) -> float:
        """Of unrelated pairs, how many in a hundred have less in common."""
        row = self.row.get(place)
        return null.percentile("score", float(self._score[row])) if row is not None else 0.0

    def share(self, place: Place) -> float:
        """The share of the file's fingerprints that the place holds."""
        row = self.row.get(place)
        return float(self._found.features[row, 0]) if row is not None else 0.0

    def by(self, place: Place) -> str:
        """The day by which the project had what the place holds; `""` if not known."""
        row = self.row.get(place)
        release = self.known.release(self.numbers[row]) if row is not None else -1
        return _day(place[0], release) or days.of_path(*place).most

    def rank(self, place: Place) -> int:
        """The place among those that have most in common."""
        return self.row.get(place, len(self.places))


def derive(prints: Prints, index: Index) -> Derivation | None:
    """What the index knows of this file's code; None where nothing stands out from what unrelated
    files have in common, no file of its name is near, and the file names no source.
    """
    known = corpus(index)
    if not known.count:
        return None
    found = known.evidence(prints)
    seen = _Candidates(index, known, found)
    standing = standing_out(prints, known, found)
    chosen: dict[Place, float] = {}
    for row, share in standing.items():
        chosen[seen.places[row]] = max(share, chosen.get(seen.places[row], 0.0))
    paths = [path for _, path in seen.places]
    close = {seen.places[row] for row in near.rows(prints.path, found, paths, standing)} - {*chosen}
    signs = _signs(prints, index, seen, chosen, sorted(close, key=seen.rank))
    places = sorted(
        {*chosen, *signs},
        key=lambda p: (
            _strength(p, signs, seen, chosen),
            near.agreement(prints.path, p[1]) < CALLED,
            -chosen.get(p, 0.0),
            seen.rank(p),
            p[1],
        ),
    )[:MEMBERS]
    places = _older_first(places, signs, seen)

    def member(place: Place) -> Member:
        share = chosen.get(place) or seen.percentile(place)
        return replace(
            _member(prints, known, found, seen.row.get(place, -1), place), percentile=share
        )

    others = tuple(map(member, sorted(close - set(places), key=seen.rank)))
    if not places:
        return Derivation("near", (), 0.0, (), prints.tokens, others) if others else None
    part = _strength(places[0], signs, seen, chosen) == _NAMED_FOR_A_PART
    order = () if part else signs.get(places[0], ())
    basis: Basis = "family"
    if _identical(found, seen, known, places[0]):
        basis = "identical"
    elif order:
        inherits = all(sign.kind == "inherits" for sign in order)
        related = any(place[0] is places[0][0] for place in chosen) and not inherits
        basis = "derived" if related or places[0] in {*chosen, *close} else "declared"
    members = tuple(map(member, places))
    percentile = max(one.percentile for one in members)
    return Derivation(basis, members, percentile, tuple(order), prints.tokens, others)


def _identical(found: Evidence, seen: _Candidates, known: Corpus, place: Place) -> bool:
    row = seen.row.get(place)
    return (
        row is not None
        and found.features[row, 0] == 1.0
        and found.shared[row] == found.total == known.total(seen.numbers[row])
    )


def _older_first(
    places: Sequence[Place], signs: Mapping[Place, Sequence[Order]], seen: _Candidates
) -> list[Place]:
    """The places; of those that a kept notice alone points at, the one that certainly had it before
    the first takes its place: who builds on an earlier project of theirs puts one line on both.
    """
    alike = [
        p
        for p in places
        if {sign.kind for sign in signs.get(p, ())} == {"notice"} and p[0].holders and _bears_one(p)
    ]
    if not alike or alike[0] != places[0]:
        return list(places)
    first, *others = alike
    least = days.of_path(*first).least
    older = [
        p for p in others if seen.share(p) >= NEXT * seen.share(first) and "" < seen.by(p) < least
    ]
    best = min(older, key=lambda p: (seen.by(p), -seen.share(p)), default=first)
    return [best, *(place for place in places if place != best)]


def _strength(
    place: Place,
    signs: Mapping[Place, Sequence[Order]],
    seen: _Candidates,
    chosen: Mapping[Place, float],
) -> int:
    """Members that the file itself names come first, those whose notice it keeps next, of the
    project's own holders first and in that very file.
    """
    kinds = {sign.kind for sign in signs.get(place, ())}
    if kinds and kinds <= _WORDS and _came_along(place, seen, chosen):
        return _NAMED_FOR_A_PART
    if kinds <= _OF_A_PART:
        if _holds_little(place, signs, seen, chosen) or not kinds:
            return (_NAMED_FOR_A_PART if chosen else 4) if kinds else 5
        return 0
    little = kinds & _OF_A_PART and _holds_little(place, signs, seen, chosen)
    if kinds - {"notice", "inherits"} - (_OF_A_PART if little else set()):
        return 0
    return 1 + 2 * (not place[0].holders) + (not _bears_one(place))


def _came_along(place: Place, seen: _Candidates, chosen: Mapping[Place, float]) -> bool:
    """Whether comments that name this place are likely to have come with the code of another: next
    to nothing of it is in the file, no file of its project stands out, and others hold much of it.
    """
    return (
        place not in chosen
        and seen.share(place) < NOTHING
        and all(project is not place[0] for project, _ in chosen)
        and max(map(seen.share, chosen), default=0.0) >= MUCH
    )


def _holds_little(
    place: Place,
    signs: Mapping[Place, Sequence[Order]],
    seen: _Candidates,
    chosen: Mapping[Place, float],
) -> bool:
    """Whether another place holds far more of the file than this one: then a comment above a part
    of the code names the source of that part, and not of the file.
    """
    most = max(map(seen.share, {*signs, *chosen}), default=0.0)
    return seen.share(place) < NEXT * most


def _bears_one(place: Place) -> bool:
    project, path = place
    return project.notice(project.number[path]) is not None


def _signs(
    prints: Prints,
    index: Index,
    seen: _Candidates,
    chosen: Mapping[Place, float],
    close: Sequence[Place],
) -> dict[Place, list[Order]]:
    """What in the file shows an order, by the path that it points at. What names a project alone
    points at the path of it that has most in common, of those that stand out or are `close`.
    """
    found: dict[Place, list[Order]] = {}
    ranked = (*sorted(chosen, key=lambda p: (-chosen[p], p[1])), *close)
    for source in own_words.sources(prints.path, prints.data, index):
        if source.path and not source.path.endswith("/"):
            if not _taken_over((source.project, source.path), chosen, seen):
                found.setdefault((source.project, source.path), []).append(source.sign)
            continue
        named = _most_alike([place for place in ranked if source.allows(*place)], chosen, seen)
        if named and not _taken_over(named, chosen, seen):
            found.setdefault(named, []).append(source.sign)
    for path, sign in _find_declared_sources(prints, index, seen.known).items():
        if _MODEL.search(sign.module):
            found.setdefault(_place(index, seen.known, path), []).append(sign)
    for place in (*chosen, *close):
        found.setdefault(place, []).extend(
            (*_find_generated_sources(prints, place), *_notice(prints, place))
        )
    return {place: list(dict.fromkeys(signs)) for place, signs in found.items() if signs}


def _most_alike(
    places: Sequence[Place], chosen: Mapping[Place, float], seen: _Candidates
) -> Place | None:
    """The first of ranked places, or one that stands out too and holds far more of the file."""
    if not places:
        return None
    most = max((p for p in places if p in chosen), key=seen.share, default=places[0])
    return most if seen.share(most) * NEXT > seen.share(places[0]) else places[0]


def _taken_over(named: Place, chosen: Mapping[Place, float], seen: _Candidates) -> bool:
    """Whether words that name this place's project came with the code of another, which holds far
    more of the file and says itself that it is built on that project.
    """
    theirs = slug(named[0].repository)
    return any(
        theirs in days.built_on(project) and seen.share(named) < NEXT * seen.share((project, path))
        for project, path in chosen
    )


def _place(index: Index, known: Corpus, path: int) -> Place:
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


def _member(prints: Prints, known: Corpus, found: Evidence, row: int, place: Place) -> Member:
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
        by=_day(place[0], known.release(int(found.paths[row]))),
    )


def _day(project: Project, release: int) -> str:
    return project.releases[release].date if 0 <= release < len(project.releases) else ""


def _find_declared_sources(prints: Prints, index: Index, known: Corpus) -> dict[int, Order]:
    """Paths that are the module of a class from which the file inherits, and the words for it.

    An absolute module has to be the end of the path, as a whole. A relative one speaks for itself
    only where its name repeats its folder's (`..olmo.modeling_olmo`): `.models.base` may be
    anybody's. A module that several paths could be is none.
    """
    if prints.family != "python":
        return {}
    found: dict[int, Order] = {}
    for one in inheritance.find_ancestors(prints.data):
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
        last = None
        for path, project, number in known.places():
            if (project, number) != last:
                whole = index.projects[project].paths[number]
                ends.setdefault("/".join(whole.split("/")[-2:]), []).append(path)
            last = project, number
        _ENDS[index.digest] = ends
    return _ENDS[index.digest]


def _notice(prints: Prints, place: Place) -> Iterator[Order]:
    """A notice of the project's own holders, which this file bears too. Of a third's notice both
    may have had it from the third.
    """
    project, path = place
    theirs = project.notice(project.number[path])
    publishers = (*project.holders, *own_words.owners(project)) if project.holders else ()
    own = {credit.key(name) for name in publishers or (theirs.holders if theirs else ())}
    borne = {key for name in theirs.holders for key in credit.keys(name)} if theirs else set()
    for holder in credit.holders(prints.data):
        mine = own & credit.keys(holder.name)
        if mine and (theirs is None or theirs.names(holder.name) or mine & borne):
            kept = f"keeps the notice of {holder.name}, a holder of {project.name}"
            yield Order(holder.line, "notice", f"line {holder.line} {kept}", holder.name)


def _find_generated_sources(prints: Prints, place: Place) -> Iterator[Order]:
    for one in inheritance.generated_from(prints.data):
        source = one.module.rpartition("/")[2]
        if place[1].rpartition("/")[2] in (source, source.replace("modular_", "modeling_", 1)):
            yield Order(one.line, "generated", f"line {one.line}: {one.what}")
