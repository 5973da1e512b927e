"""Whether the author of copied code is still credited: in the file, for the repository as a whole,
not at all, or under another name.

Judged against the notice of the original. A file that never had a notice and one that lost it are
different findings: `missing` says that nobody is named, `replaced` that somebody else is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Evidence, Location, Observation

_ORDER = ("kept", "repository-level", "replaced", "missing")
_PLACES = 12


class Notices(NamedTuple):
    """What is said around a component: names in notices (lower case) and licence texts, each with
    its place.
    """

    rows: tuple[tuple[str, Evidence], ...]
    licences: tuple[tuple[str, Evidence], ...]
    knowledge: Knowledge

    def of(self, words: Iterable[str]) -> Evidence | None:
        """The first notice that names one of these."""
        for word in words:
            if len(word) > 2:
                pattern = _whole(word)
                found = next(
                    (evidence for text, evidence in self.rows if pattern.search(text)), None
                )
                if found:
                    return found
        return None

    def beside(self, folder: str, names: Iterable[str], licence: str) -> Evidence | None:
        """A notice in this folder itself that names one of these, or the text of this licence
        there.
        """
        held = self._replace(
            rows=tuple((text, e) for text, e in self.rows if e.at.folder == folder)
        )
        return held.of(names) or next(
            (e for value, e in self.licences if e.at.folder == folder and value == licence), None
        )

    def same(self, one: str, other: str) -> bool:
        """Whether two spellings of a holder are one: the same words, or the same organisation."""
        if _plain(one) == _plain(other):
            return True
        first, second = self.knowledge.by_name(one), self.knowledge.by_name(other)
        return first is not None and second is not None and first.id == second.id


def notices(
    component: Component,
    above: Mapping[str, str],
    by_ref: Mapping[str, Component],
    knowledge: Knowledge,
) -> Notices:
    """The notices of a component and of everything that holds it (`above`: ref to ref)."""
    rows: list[tuple[str, Evidence]] = []
    licences: list[tuple[str, Evidence]] = []
    ref = component.ref
    seen: set[str] = set()
    while ref and ref not in seen:
        seen.add(ref)
        for o in by_ref[ref].observations if ref in by_ref else ():
            if o.kind == "credit":
                rows.append((o.name.lower().replace("_", "-"), o.evidence))
            elif o.kind == "notice":
                rows += [
                    (holder.lower().replace("_", "-"), o.evidence)
                    for holder in o.all("copyright-holder")
                ]
                licences += [(value, o.evidence) for value in o.all("licence-guess")]
        ref = above.get(ref, "")
    return Notices(tuple(sorted(rows)), tuple(sorted(licences)), knowledge)


def judged(
    header: Observation | None, at: Location, theirs: Sequence[str], project: str, around: Notices
) -> tuple[str, Evidence]:
    """(attribution, evidence) of one file. `theirs` are the holders whom the header of the original
    names, `project` its project.
    """
    mine = header.all("copyright-holder") if header else ()
    sources = header.all("adapted-from") if header else ()
    place = header.evidence.at if header and (mine or sources) else at
    kept = next(
        (holder for holder in mine if any(around.same(holder, other) for other in theirs)), ""
    )
    if kept:
        return "kept", Evidence(
            "attribution/header", "source-code-analysis", "medium", place, f"names {kept}"
        )
    named = next(
        (
            source
            for source in sources
            if project and _whole(project).search(source.lower().replace("_", "-"))
        ),
        "",
    )
    if named:
        return "kept", Evidence(
            "attribution/comment",
            "source-code-analysis",
            "medium",
            place,
            f"says it comes from {named}"[:200],
        )
    credited = around.of([*theirs, project])
    if credited:
        words = f"not in the file, but in the repository: {credited.excerpt}"[:200]
        return "repository-level", Evidence(
            "attribution/repository", "manifest-analysis", "medium", credited.at, words
        )
    whose = " or ".join(theirs[:3]) or project
    if mine and theirs:
        words = (
            f"the header names {', '.join(mine[:3])}; that of what it agrees with names {whose},"
            " who is named nowhere here"
        )
        return "replaced", Evidence(
            "attribution/header", "source-code-analysis", "medium", place, words[:300]
        )
    words = f"neither the file nor a notice of the repository names {whose}"
    return "missing", Evidence(
        "attribution/none-found", "source-code-analysis", "medium", at, words[:300]
    )


def worst(component: Component, found: Sequence[tuple[str, Evidence]]) -> Iterator[Claim]:
    """One answer for the component: that of its worst file, with how many files there are
    of each.
    """
    if not found:
        return
    value = max((value for value, _ in found), key=_ORDER.index)
    evidence = sorted({e for one, e in found if one == value})[:_PLACES]
    if len(found) > 1:
        counts = ", ".join(
            f"{number} {one}" for one in _ORDER if (number := sum(v == one for v, _ in found))
        )
        evidence.append(
            Evidence(
                "attribution/files",
                "other",
                "low",
                evidence[0].at,
                f"of {len(found)} judgements: {counts}",
            )
        )
    yield Claim(component.ref, "attribution", value, tuple(sorted(evidence)))


def _plain(name: str) -> str:
    name = re.sub(
        r"\b(?:the|inc|llc|ltd|corp|corporation|co|team|authors?|and|contributors?|all rights"
        r" reserved)\b\.?",
        " ",
        name.lower(),
    )
    return " ".join(re.findall(r"\w+", name))


def _whole(word: str) -> re.Pattern[str]:
    """A name as a whole word, however it is cased and hyphenated."""
    return re.compile(rf"(?<![a-z0-9]){re.escape(word.lower().replace('_', '-'))}(?![a-z0-9])")
