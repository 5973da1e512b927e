"""What the files around a copied one show of where it is from: one that is called as a project, one
that lies beside a file of that project as it does there, one of a tree that says of another of its
files that it is from there.

Each shows the project alone, and nobody is accused by it: a file may have come by way of a third.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from aisbom.codeprint.project import slug
from aisbom.merge.copy_dates import NEXT, THANKED, CopyDates
from aisbom.model import Observation
from aisbom.model.facts import (
    MEMBER,
    ORDER_SIGN,
    SAID_SOURCE,
    THEIR_REPOSITORY,
    Member,
    OrderSign,
)

LEAST = 0.5
"""What a project has to hold of a file that is called as it, or as one beside another of its files.
"""

SHORTEST = 4
"""Letters of a project's name that a file may be known by."""

_WEAK = frozenset({"folder", "dates", "beside"})
"""Signs that show a project, and no more: they lead to no further file."""


class Beside(NamedTuple):
    """The member that a file is from, and what shows it."""

    member: Member
    sign: OrderSign


class Company:
    """The files of a tree of which it is shown where they are from, and what its comments name."""

    def __init__(self, text: Iterable[Observation], project: Callable[[str], str | None]) -> None:
        """`text` are the sightings of sources; `project` tells in which folder the project around a
        folder has its manifest, if it has one.
        """
        self._project = project
        self._pairs: dict[tuple[str, str, str], str] = {}
        self._said: dict[tuple[str | None, str], str] = {}
        for o in text:
            for said in o.get(SAID_SOURCE):
                key = project(o.evidence.at.folder), slug(said.source)
                if key[1]:
                    place = f"{o.evidence.at.path}:{said.line}"
                    self._said[key] = min(place, self._said.get(key, place))

    def add(self, o: Observation) -> None:
        """One more file of which the order is known."""
        signs = {sign.kind for sign in o.get(ORDER_SIGN)}
        if o.fact("lineage") == "derived" and not signs <= _WEAK:
            member: Member = o.get(MEMBER)[0]
            key = (member.project, o.evidence.at.folder, _folder(member.path))
            self._pairs[key] = min(o.evidence.at.path, self._pairs.get(key, o.evidence.at.path))

    def settle(self, o: Observation, dates: CopyDates, *, alone: bool) -> Beside | None:
        """Where a file is from of which nothing else shows it. `alone`: its head names no source;
        who names one may have it from there, unless it lies as in a project that may say the same.
        """
        found = self._by_layout(o, dates)
        return found or ((self._by_name(o, dates) or self._by_words(o, dates)) if alone else None)

    def _by_layout(self, o: Observation, dates: CopyDates) -> Beside | None:
        """The project of a file beside this one, if both lie there as they do here."""
        members = [m for m in o.get(MEMBER) if not dates.younger(o, m)]
        most = max((m.containment for m in members), default=0.0)
        for member in members:
            other = self._pairs.get((member.project, o.evidence.at.folder, _folder(member.path)))
            if (
                other
                and member.containment >= max(NEXT * most, LEAST)
                and _name(member.path) == _name(o.evidence.at.path)
            ):
                words = f"it lies beside {other} as it does in the project that that file is from"
                return Beside(member, OrderSign(0, "beside", o.evidence.at.line, "", words))
        return None

    def _by_name(self, o: Observation, dates: CopyDates) -> Beside | None:
        """The project that the file is called as, if that alone holds most of it."""
        member = dates.alone(o)
        stem = _fold(_name(o.evidence.at.path).partition(".")[0])
        if member is None or len(stem) < SHORTEST or member.containment < LEAST:
            return None
        names = {member.project.rpartition("/")[2], _repository(o, member).rpartition("/")[2]}
        if stem not in map(_fold, names):
            return None
        words = "the file bears the name of the project that alone holds most of it"
        return Beside(member, OrderSign(0, "folder", o.evidence.at.line, "", words))

    def _by_words(self, o: Observation, dates: CopyDates) -> Beside | None:
        """The project that a comment in another file of the tree says that one is from, if it alone
        holds most of this one.
        """
        member = dates.alone(o)
        if member is None or member.containment < THANKED:
            return None
        around = self._project(o.evidence.at.folder)
        place = self._said.get((around, _repository(o, member)))
        if not place:
            return None
        words = f"{place} says that it is from {_repository(o, member)}, too"
        return Beside(member, OrderSign(0, "beside", o.evidence.at.line, "", words))


def _repository(o: Observation, member: Member) -> str:
    """`owner/name` of the repository of a member."""
    rows = o.get(THEIR_REPOSITORY)
    return next((slug(row.text) for row in rows if row.rank == member.rank), "")


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _fold(name: str) -> str:
    return name.casefold().replace("-", "_")
