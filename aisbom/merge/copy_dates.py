"""Which of two files that agree was there first, by the days of the scanned history and those of
the index.

Days name a project only where it alone had the code before it came here: of two that had it, either
may be the source, unless one says itself that it is built on the other, or certainly had nothing of
it when the other had all that it has of it; and who has any file of the
tree from here may have all of them from here. The source may also be a third that no index holds,
so that nobody is accused by days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from aisbom.codeprint import days
from aisbom.codeprint.project import slug
from aisbom.lazy_module import Function
from aisbom.model import Observation
from aisbom.model.facts import CAME, MEMBER, Member

if TYPE_CHECKING:
    from aisbom.codeprint.index import Index


_HANDED_ON = Function("aisbom.codeprint.handed_on", "sources")

MOST = 0.9
NEXT = 0.75
"""What the older file has to hold of this one, and what share of that another may hold."""

THANKED = 0.6
"""What it has to hold where a README thanks its project: thanks alone say nothing, and days little
of a file that was changed so much, but both together do.
"""


class First(NamedTuple):
    """The member that was there before the file, and the words for it."""

    member: Member
    sentence: str


class CopyDates:
    """The days of members of an index beside those of the files that agree with them."""

    def __init__(self, index: Index | None, contents: Iterable[Observation] = ()) -> None:
        self._projects = {project.purl: project for project in index.projects} if index else {}
        self._takers: set[str] = set()
        self._first: dict[tuple[str, str], str] = {}
        for o in contents:
            here = next((came.path_least for came in o.get(CAME)), "")
            for member in o.get(MEMBER):
                if member.containment >= NEXT and self.younger(o, member):
                    self._takers.add(member.project)
                key = (member.project, member.path)
                self._first[key] = min(here, self._first.get(key, here))

    def younger(self, o: Observation, member: Member) -> bool:
        """Whether the member's project certainly had no such file yet when this one came here."""
        here = next((came.path_most for came in o.get(CAME)), "")
        return bool(here) and self._since(member).least > here

    def alone(self, o: Observation) -> Member | None:
        """The member that holds most of the file, if its project alone does: no other that may have
        had it before, none of those that have it from that project, nor one that has files of the
        scanned tree from here.
        """
        members = [m for m in o.get(MEMBER) if not self.younger(o, m)]
        if not members:
            return None
        most = max(m.containment for m in members)
        like = [m for m in members if m.containment >= NEXT * most]
        like = [m for m in like if not self._passed_on(m, like)]
        best = max(like, key=lambda m: (m.containment, -m.rank), default=members[0])
        alone = {m.project for m in like} == {best.project} and best.project not in self._takers
        return best if alone else None

    def older(self, o: Observation, thanked: Mapping[str, str]) -> First | None:
        """The member that holds most of the file and whose project alone had it before. `thanked`:
        the places where a README thanks a repository (`owner/name`, lower case).
        """
        here = next((came.path_least for came in o.get(CAME)), "")
        best = self.alone(o) if here else None
        if best is None:
            return None
        days_ = self._since(best)
        # Before this file another of the tree may have been made from it, or it from that one.
        first = self._first.get((best.project, best.path), here)
        project = self._projects.get(best.project)
        thanks = thanked.get(slug(project.repository), "") if project else ""
        least = THANKED if thanks else MOST
        if best.containment < least or not days_.most or days_.most >= first:
            return None
        came = o.get(CAME)[0].path_most
        words = (f"{thanks} thanks its project, and " if thanks else "") + (
            f"its project had it by {days_.most}, and it came into the history here on {came}; no"
            " other project that has it had it before"
        )
        return First(best, words)

    def _passed_on(self, member: Member, others: Sequence[Member]) -> bool:
        """Whether the member's project has the file from that of another, or says itself that it is
        built on it, or another had no less of the scanned file before it had a file of this name.
        """
        if _HANDED_ON(member.project, member.path) & {m.project for m in others}:
            return True
        least = self._since(member).least
        if any(
            other.project != member.project
            and other.containment >= member.containment
            and "" < self._since(other).most < least
            for other in others
        ):
            return True
        project = self._projects.get(member.project)
        theirs = {slug(p.repository) for m in others if (p := self._projects.get(m.project))}
        return project is not None and bool(theirs & days.built_on(project))

    def _since(self, member: Member) -> days.Since:
        project = self._projects.get(member.project)
        since = days.of_path(project, member.path) if project else days.UNKNOWN
        return since._replace(most=member.by) if member.by else since
