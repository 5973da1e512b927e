"""One file against the index of known code: the family it belongs to, and a donor only where
something shows the order.

Likeness has no direction: two files that share an ancestor look like parent and child. A donor is
named where the file itself names it: a kept notice, a comment, a declared inheritance. Otherwise
the answer is the family.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from aisbom.codeprint import credit, days, earlier_heads, inheritance, own_words
from aisbom.codeprint.candidates import (
    Candidates,
    corpus,
    count_agreeing_parts,
    day_of,
    find_near,
    place_of,
    standing_out,
)
from aisbom.codeprint.corpus import RARE, Corpus, Evidence, Same
from aisbom.codeprint.derivation import Basis, Derivation, Function, Member, Order
from aisbom.codeprint.fingerprints import Prints
from aisbom.codeprint.project import slug

if TYPE_CHECKING:
    from aisbom.codeprint.candidates import Place
    from aisbom.codeprint.index import Index

MEMBERS = 8
FUNCTIONS = 12

NEXT = 0.75
"""What another file has to hold, as a share of what the file that is most like this one holds."""

CALLED = 2
"""So many parts of two paths agree where one file is called as the other."""

_OF_A_PART = frozenset({"comment-below"})
_WORDS = frozenset({"comment", "comment-below"})
NOTHING = 0.05
MUCH = 0.4
"""Shares of a file: what may be in any, and what is more than a part."""

_NAMED_FOR_A_PART = 6

_COPIES = 2

_CONTRIBUTED = 3
"""Files of a project that name somebody who wrote for it."""


def derive(prints: Prints, index: Index) -> Derivation | None:
    """What the index knows of this file's code; None where nothing stands out from what unrelated
    files have in common, no file of its name is near, and the file names no source.
    """
    known = corpus(index)
    if not known.count:
        return None
    found = known.evidence(prints)
    seen = Candidates(index, known, found)
    standing = standing_out(prints, known, found)
    chosen: dict[Place, float] = {}
    for row, share in standing.items():
        chosen[seen.places[row]] = max(share, chosen.get(seen.places[row], 0.0))
    paths = [path for _, path in seen.places]
    close = {seen.places[row] for row in find_near(prints.path, found, paths, standing)} - {*chosen}
    signs = _find_signs(prints, index, seen, chosen, sorted(close, key=seen.rank))
    places = sorted(
        {*chosen, *signs},
        key=lambda p: (
            _strength(p, signs, seen, chosen),
            count_agreeing_parts(prints.path, p[1]) < CALLED,
            -chosen.get(p, 0.0),
            seen.rank(p),
            p[1],
        ),
    )
    places = _put_older_first(_leave_out_copies(places)[:MEMBERS], signs, seen)

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


def _leave_out_copies(places: Sequence[Place]) -> list[Place]:
    """The places without what a project holds more than twice under one name: copies of one file
    would leave no room for other projects.
    """
    seen: Counter[tuple[str, str]] = Counter()
    left = []
    for project, path in places:
        key = (project.purl, path.rpartition("/")[2])
        seen[key] += 1
        if seen[key] <= _COPIES:
            left.append((project, path))
    return left


def _identical(found: Evidence, seen: Candidates, known: Corpus, place: Place) -> bool:
    row = seen.row.get(place)
    return (
        row is not None
        and found.features[row, 0] == 1.0
        and found.shared[row] == found.total == known.total(seen.numbers[row])
    )


def _member(prints: Prints, known: Corpus, found: Evidence, row: int, place: Place) -> Member:
    if row < 0:
        later = earlier_heads.later_holders(*place, {})
        return Member(place[0].purl, place[1], 0.0, 0.0, (), later=later)
    path = int(found.paths[row])
    same = known.functions_at(prints, found.same, path)
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
        by=day_of(place[0], known.release(path)),
        later=earlier_heads.later_holders(*place, _functions_of_contents(known, found, path)),
    )


def _functions_of_contents(known: Corpus, found: Evidence, path: int) -> dict[int, set[int]]:
    """Which rare functions of the file (their numbers) each content of a path has, token for token,
    by the number of the release that had the content first.
    """
    same = found.same
    rare = (same.paths <= RARE) & ~same.renamed
    return {
        known.release(one): set(same.ours[rare & (same.path == one)].tolist())
        for one in known.same_path(path)
    }


def _find_signs(
    prints: Prints,
    index: Index,
    seen: Candidates,
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
    for path, sign in inheritance.find_declared_sources(prints, index, seen.known).items():
        if inheritance.names_model(sign.module):
            found.setdefault(place_of(index, seen.known, path), []).append(sign)
    for place in (*chosen, *close):
        found.setdefault(place, []).extend(
            (*inheritance.find_generated_sources(prints, place), *_notice(prints, place))
        )
    if len({id(project) for project, _ in chosen}) == 1:
        for place in chosen:
            found[place].extend((*_contributor(prints, place), *_imports(prints, place)))
    return {place: list(dict.fromkeys(signs)) for place, signs in found.items() if signs}


def _most_alike(
    places: Sequence[Place], chosen: Mapping[Place, float], seen: Candidates
) -> Place | None:
    """The first of ranked places, or one that stands out too and holds far more of the file."""
    if not places:
        return None
    most = max((p for p in places if p in chosen), key=seen.share, default=places[0])
    return most if seen.share(most) * NEXT > seen.share(places[0]) else places[0]


def _taken_over(named: Place, chosen: Mapping[Place, float], seen: Candidates) -> bool:
    """Whether words that name this place's project came with the code of another, which holds far
    more of the file and says itself that it is built on that project.
    """
    theirs = slug(named[0].repository)
    return any(
        theirs in days.built_on(project) and seen.share(named) < NEXT * seen.share((project, path))
        for project, path in chosen
    )


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


def _contributor(prints: Prints, place: Place) -> Iterator[Order]:
    """A notice of somebody whom this very file of the project names, and other files of it, too. In
    one file alone it may be that of a third, from whom both have it.
    """
    project, path = place
    theirs = project.notice(project.number[path])
    for holder in credit.holders(prints.data) if theirs and theirs.hidden else ():
        count = project.count_hidden(holder.name)
        if theirs and theirs.names(holder.name) and count >= _CONTRIBUTED:
            kept = f"keeps a notice that {count} files of {project.name} bear"
            yield Order(holder.line, "contributor", f"line {holder.line} {kept}", holder.name)


def _imports(prints: Prints, place: Place) -> Iterator[Order]:
    """An import of a module that lies beside this file in the project, by its full name: who writes
    such a file has the project.
    """
    _, path = place
    folder = path.rpartition("/")[0].removeprefix("src/").removeprefix("python/")
    if not path.endswith(".py") or folder.count("/") < 1:
        return
    module = re.escape(folder.replace("/", ".")).encode()
    match = re.search(rb"^(?:from|import)[ \t]+(" + module + rb"\.\w+)", prints.data, re.MULTILINE)
    if match:
        line = prints.data.count(b"\n", 0, match.start()) + 1
        words = f"line {line} imports {match[1].decode()}, which lies beside it in the project"
        yield Order(line, "imports", words)


def _strength(
    place: Place,
    signs: Mapping[Place, Sequence[Order]],
    seen: Candidates,
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
    if kinds - {"notice", "contributor", "imports", "inherits"} - (_OF_A_PART if little else set()):
        return 0
    return 1 + 2 * (not place[0].holders) + (not _bears_notice(place))


def _came_along(place: Place, seen: Candidates, chosen: Mapping[Place, float]) -> bool:
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
    seen: Candidates,
    chosen: Mapping[Place, float],
) -> bool:
    """Whether another place holds far more of the file than this one: then a comment above a part
    of the code names the source of that part, and not of the file.
    """
    most = max(map(seen.share, {*signs, *chosen}), default=0.0)
    return seen.share(place) < NEXT * most


def _bears_notice(place: Place) -> bool:
    project, path = place
    return project.notice(project.number[path]) is not None


def _put_older_first(
    places: Sequence[Place], signs: Mapping[Place, Sequence[Order]], seen: Candidates
) -> list[Place]:
    """The places; of those that a kept notice alone points at, the one that certainly had it before
    the first takes its place: who builds on an earlier project of theirs puts one line on both.
    """
    alike = [
        p
        for p in places
        if {sign.kind for sign in signs.get(p, ())} == {"notice"}
        and p[0].holders
        and _bears_notice(p)
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
