"""Which of two files that agree came first, as far as the whole tree shows it: what one file alone
cannot know.

A notice that the scanned tree bears everywhere is its own, and shows no order. A file that agrees
with a file of a release in the same tree, and is no part of that release, was made from it: whoever
holds a release has it from its publisher. A project that the tree itself credits came first, and so
did one whose name the folder bears in which the file lies as it does there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from aisbom.codeprint import credit
from aisbom.codeprint.derivation import Kind
from aisbom.codeprint.project import slug
from aisbom.codeprint.releases import VendoredRelease
from aisbom.merge.copy_company import Company
from aisbom.merge.copy_dates import NEXT, CopyDates
from aisbom.model import Evidence, Observation
from aisbom.model.facts import (
    FUNCTION,
    IN_TREE,
    LATER_HOLDER,
    MEMBER,
    NEAR,
    ORDER_SIGN,
    SAID_SOURCE,
    THEIR_HOLDER,
    THEIR_LICENCE,
    THEIR_REPOSITORY,
    Key,
    LaterHolder,
    Member,
    NearFile,
    OfMember,
    OrderSign,
    SameFunction,
)

if TYPE_CHECKING:
    from aisbom.codeprint.index import Index

LEAST = 3
SHORTEST = 3
"""Letters of a project's name that a folder may be known by."""

SHARE = 0.3
"""A holder in so many files, and in this share of all that name any, is the tree's own."""

_OWN_WORDS = frozenset({"comment", "comment-below", "generated", "inherits", "in-tree"})
"""Signs that the file itself gives, which no date outweighs: what it names may have moved since."""

R = TypeVar("R", Member, SameFunction, OfMember, LaterHolder)

_RANKED: tuple[Key[Any], ...] = (
    MEMBER,
    FUNCTION,
    THEIR_HOLDER,
    THEIR_LICENCE,
    THEIR_REPOSITORY,
    LATER_HOLDER,
)


def settle_order(
    contents: Iterable[Observation],
    releases: Sequence[VendoredRelease],
    text: Iterable[Observation],
    index: Index | None = None,
    project: Callable[[str], str | None] = lambda _: None,
) -> Iterator[Observation]:
    """The files that agree with files of the index, each with the order that the tree and its
    history show; those of which nothing changes are left out.

    `contents` are the sightings of text files by content, `text` those of sources and notices;
    `project` tells in which folder the project around a folder has its manifest, if it has one.
    """
    contents = list(contents)
    dates = CopyDates(index, contents)
    whole = [found for found in releases if not found.single]
    upstream = {path for found in whole for path in (*found.identical, *dict(found.modified))}
    rows = [o for o in text if o.evidence.at.path not in upstream]
    own = _own_holders(rows)
    licensed = {
        _folder(o.evidence)
        for o in rows
        if o.fact("file-kind") == "licence" and o.evidence.at.folder
    }
    credits_ = _Credits(rows, project)
    beside = Company(rows, project)
    unsettled: list[tuple[Observation, Observation]] = []
    named = {o.evidence.at.path for o in rows if any(said.whole for said in o.get(SAID_SOURCE))}
    for o in contents:
        if o.evidence.at.path in upstream:
            continue
        if o.fact("lineage") not in ("derived", "family"):
            made = _near_one(o, credits_) if o.get(NEAR) else None
            if made is not None and not dates.younger(made, made.get(MEMBER)[0]):
                yield made
            continue
        signs = [
            sign
            for sign in o.get(ORDER_SIGN)
            if not sign.holder or not credit.keys(sign.holder) & own
        ]
        settled_ = (
            _in_tree(o, signs, whole)
            or _by_credit(o, signs, credits_)
            or _by_folder(o, signs)
            or _with(o, signs)
        )
        # What lies in a folder with a licence of its own came with that folder, and what names its
        # source itself is from there, whether the index holds it or not.
        path = o.evidence.at.path
        alone = path not in named and not any(path.startswith(folder) for folder in licensed)
        settled_ = _by_dates(settled_, dates, credits_, alone=alone)
        if settled_.fact("lineage") == "family":
            unsettled.append((o, settled_))
            continue
        beside.add(settled_)
        if settled_ != o:
            yield settled_
    for o, open_ in unsettled:
        found = beside.settle(open_, dates, alone=o.evidence.at.path not in named)
        made = _with(_put_first(open_, found.member.rank), [found.sign]) if found else open_
        if made != o:
            yield made


def _own_holders(text: Iterable[Observation]) -> frozenset[str]:
    """The holders whom the tree's own files name again and again, and those of its licence."""
    files: Counter[str] = Counter()
    bearing = 0
    found: set[str] = set()
    for o in text:
        keys = {key for name in o.all("copyright-holder") for key in credit.keys(name)}
        if o.kind == "source" and keys:
            bearing += 1
            files.update(keys)
        elif o.fact("file-kind") == "licence" and "/" not in o.evidence.at.path:
            found |= keys
    return frozenset(
        found | {key for key, count in files.items() if count >= LEAST and count > SHARE * bearing}
    )


class _Credits:
    """The repositories (`owner/name`, lower case) that notices and READMEs name, and where.

    What the README of a project with a manifest says is not said of another in it with its own.
    """

    def __init__(self, text: Iterable[Observation], project: Callable[[str], str | None]) -> None:
        self._project = project
        self._places: dict[str, list[Evidence]] = {}
        self._thanks: dict[str, list[Evidence]] = {}
        for o in text:
            if o.kind == "credit":
                places = self._thanks if o.fact("credit") == "thanks" else self._places
                for name in {slug(o.name), o.name.casefold()} - {""}:
                    places.setdefault(name, []).append(o.evidence)

    def sign(self, o: Observation, repository: str) -> OrderSign | None:
        """The sign that a notice or README of a folder above the file credits a repository."""
        above = self._above(o, self._places.get(slug(repository), ()))
        if not above:
            return None
        sentence = f"{min(above).at} credits {slug(repository)}"
        return OrderSign(0, "credit", o.evidence.at.line, "", sentence)

    def thanked(self, o: Observation) -> Mapping[str, str]:
        """Where a README of a folder above the file thanks each repository that it thanks."""
        found = {name: self._above(o, places) for name, places in self._thanks.items()}
        return {name: str(min(places).at) for name, places in found.items() if places}

    def _above(self, o: Observation, places: Iterable[Evidence]) -> list[Evidence]:
        own = self._project(o.evidence.at.folder)
        return [
            e
            for e in places
            if o.evidence.at.path.startswith(_folder(e))
            and self._project(e.at.folder) in (own, None)
        ]


def _by_credit(
    o: Observation, signs: Sequence[OrderSign], credits_: _Credits
) -> Observation | None:
    """The file as made from the first member whose project the tree credits, where the file itself
    points at none.
    """
    if any(not sign.holder for sign in signs):
        return None
    held = {member.rank: member.containment for member in o.get(MEMBER)}
    for row in o.get(THEIR_REPOSITORY):
        # A kept notice points at the first member: who has far less of the file is not meant.
        if signs and held[row.rank] < NEXT * held[0]:
            continue
        if sign := credits_.sign(o, row.text):
            return _with(_put_first(o, row.rank), [*signs, sign])
    return _near_one(o, credits_, signs)


def _folder(evidence: Evidence) -> str:
    return f"{evidence.at.folder}/" if evidence.at.folder else ""


def _near_one(
    o: Observation, credits_: _Credits, signs: Sequence[OrderSign] = ()
) -> Observation | None:
    """The file as made from one that it is near to, whose project the tree credits or whose folder
    bears the project's name.

    Where another project's file holds far more of it, that is where it is from; but it may have
    come through a project that has files of the other. Then that project alone is named.
    """
    first = next(iter(o.get(MEMBER)), None)
    for row in o.get(NEAR):
        if first and first.project != row.project and row.containment < NEXT * first.containment:
            sign = credits_.sign(o, row.repository)
            if sign and _may_have_handed_on(row.project, o):
                return _with(_with_near(o, _project_alone(row)), [*signs, sign])
            continue
        member = Member(0, row.project, row.path, row.containment, row.weighted)
        sign = credits_.sign(o, row.repository) or _named_folder(o, member, row.repository)
        if sign:
            return _with(_with_near(o, row), [*signs, sign])
    return None


def _by_dates(o: Observation, dates: CopyDates, credits_: _Credits, *, alone: bool) -> Observation:
    """The file with what its history shows: a project that had the code later is not where it is
    from, and one that alone had it before is, where the file came `alone`.
    """
    signs = list(o.get(ORDER_SIGN))
    if dates.younger(o, o.get(MEMBER)[0]):
        signs = [sign for sign in signs if sign.kind in _OWN_WORDS]
    if signs:
        return _with(o, signs)
    if alone and (first := dates.older(o, credits_.thanked(o))):
        sign = OrderSign(0, "dates", o.evidence.at.line, "", first.sentence)
        return _with(_put_first(o, first.member.rank), [sign])
    return _with(o, signs)


def _by_folder(o: Observation, signs: Sequence[OrderSign]) -> Observation | None:
    """The file as made from the first member whose project's name a folder of the file bears, where
    the file itself points at none.
    """
    if any(not sign.holder for sign in signs):
        return None
    repositories = {row.rank: row.text for row in o.get(THEIR_REPOSITORY)}
    for member in o.get(MEMBER):
        if sign := _named_folder(o, member, repositories.get(member.rank, "")):
            return _with(_put_first(o, member.rank), [*signs, sign])
    return None


def _named_folder(o: Observation, member: Member, repository: str) -> OrderSign | None:
    """The sign that the file lies in a folder with the project's name as it does in the project."""
    *ours, name = o.evidence.at.path.split("/")
    *theirs, their_name = member.path.split("/")
    names = {slug(repository).rpartition("/")[2], member.project.rpartition("/")[2]}
    folded = {one.casefold().replace("-", "_") for one in names if len(one) >= SHORTEST}
    for depth, folder in enumerate(theirs):
        inside = [*theirs[depth:], their_name]
        if (
            folder.casefold().replace("-", "_") in folded
            and [*ours, name][-len(inside) :] == inside
        ):
            sentence = (
                f"the folder {folder} bears the name of the project, and it lies there as here"
            )
            return OrderSign(0, "folder", o.evidence.at.line, "", sentence)
    return None


def _in_tree(
    o: Observation, signs: Sequence[OrderSign], releases: Sequence[VendoredRelease]
) -> Observation | None:
    """The file as made from one that lies in the tree as a release has it."""
    member: Member = o.get(MEMBER)[0]
    path = o.evidence.at.path
    for found in sorted(releases, key=lambda v: (path not in v.added, v.root)):
        original = _place(member.path, found) if found.project == member.project else ""
        if original and original in found.identical:
            release = found.version or found.tag or found.commit[:12] or "that is not known"
            sentence = (
                f"{original} lies in the same tree as release {release} has it, and this file is no"
                " part of that release"
            )
            kind: Kind = "in-tree"
            sign = OrderSign(0, kind, o.evidence.at.line, "", sentence)
            made = replace(o, facts=(*o.facts, IN_TREE(OfMember(0, original))))
            return _with(made, [*signs, sign])
    return None


def _with(o: Observation, signs: Sequence[OrderSign]) -> Observation:
    """The file with these signs, and with the basis that follows from them."""
    basis = "derived" if signs else "family"
    facts = [(key, value) for key, value in o.facts if key not in ("lineage", ORDER_SIGN.name)] + [
        ("lineage", basis),
        *(ORDER_SIGN(sign) for sign in signs),
    ]
    return replace(o, facts=tuple(sorted(set(facts))))


def _put_first(o: Observation, rank: int) -> Observation:
    """The file with the member of this rank first."""
    if not rank:
        return o
    new = {rank: 0, **{lower: lower + 1 for lower in range(rank)}}
    facts = [(key, value) for key, value in o.facts if key not in {key.name for key in _RANKED}]
    for key in _RANKED:
        facts += _renumber(o, key, new)
    return replace(o, facts=tuple(sorted(facts)))


def _with_near(o: Observation, near: NearFile) -> Observation:
    """The file with the one that it is near to as its first member."""
    new = {rank: rank + 1 for rank in range(len(o.get(MEMBER)))}
    left = {*(key.name for key in _RANKED), NEAR.name, "percentile"}
    rows = [(key, value) for key, value in o.facts if key not in left]
    for key in _RANKED:
        rows += _renumber(o, key, new)
    rows += [
        MEMBER(Member(0, near.project, near.path, near.containment, near.weighted)),
        THEIR_REPOSITORY(OfMember(0, near.repository)),
        *(THEIR_HOLDER(OfMember(0, holder)) for holder in near.holders),
        *(LATER_HOLDER(LaterHolder(0, holder, near.recorded)) for holder in near.later),
        ("percentile", f"{near.percentile / 100:.6f}"),
    ]
    if near.licence:
        rows.append(THEIR_LICENCE(OfMember(0, near.licence)))
    words = f"{near.containment:.0%} of its fingerprints are in {near.project}#{near.path}"[:200]
    if not near.path:
        words = f"it agrees with a file that {near.project} has from another project"[:200]
    e = o.evidence
    evidence = Evidence(e.by, "ast-fingerprint", "medium", e.at, words, sees=e.sees)
    return replace(o, facts=tuple(sorted(rows)), evidence=evidence)


def _may_have_handed_on(purl: str, o: Observation) -> bool:
    """Whether a project has files of the one that agrees most with this file, or is built on it."""
    from aisbom.codeprint import days, handed_on

    theirs = next((slug(row.text) for row in o.get(THEIR_REPOSITORY) if not row.rank), "")
    return o.get(MEMBER)[0].project in handed_on.givers(purl) or days.is_built_on(purl, theirs)


def _project_alone(near: NearFile) -> NearFile:
    return near._replace(path="", containment=0.0, weighted=0.0, holders=(), later=())


def _renumber(o: Observation, key: Key[R], new: Mapping[int, int]) -> Iterator[tuple[str, str]]:
    for row in o.get(key):
        yield key(row._replace(rank=new.get(row.rank, row.rank)))


def _place(upstream: str, found: VendoredRelease) -> str:
    """Where a path of the release lies in the tree, if nothing was moved."""
    inside = upstream
    if found.upstream:
        if not upstream.startswith(f"{found.upstream}/"):
            return ""
        inside = upstream[len(found.upstream) + 1 :]
    return f"{found.root}/{inside}" if found.root else inside
