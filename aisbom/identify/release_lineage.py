"""What is claimed of a release of a project of the index that lies in the tree, found by the
digests of its files: where it is from, who makes it, and whether its holders are still credited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aisbom.identify import declared_sources, urls
from aisbom.identify.attribution import Notices, Original, Verdict, claims, judge_holders
from aisbom.identify.cite import citations, describe_organisation
from aisbom.identify.holders import Holder, every, fold_name, same
from aisbom.knowledge import Knowledge, Organisation
from aisbom.model import Claim, Component, Evidence, Observation
from aisbom.model.facts import ORIGINAL_HOLDER

_NAMES_ITS_HOLDER = frozenset(
    {"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "BSD-4-Clause", "Zlib", "NCSA"}
)
"""Licences whose text opens with a copyright line, and which ask that it be kept. The text of
Apache-2.0, of the GPLs and of MPL-2.0 is the same for everybody.
"""

SMALL = 40
"""Of a release with so many files at the most, what its own comments name is told too."""


def claim_release(
    component: Component, around: Notices, beside: Mapping[str, Observation]
) -> Iterator[Claim]:
    """A release of a project of the index, found by the digests of its files. `beside` are the
    heads of the tree's other files, but of those that are from other releases, by their paths.
    """
    for o in component.observations:
        if o.kind != "release":
            continue
        alternatives = f"; as well as {', '.join(o.all('also'))}" if o.all("also") else ""
        evidence = Evidence(
            "lineage/identical-files",
            "hash-comparison",
            "high",
            o.evidence.at,
            f"{o.evidence.excerpt}{alternatives}"[:300],
        )
        yield Claim(component.ref, "code-from", o.purl, (evidence,))
        yield Claim(component.ref, "code-from.basis", "identical", (evidence,))
        if o.fact("upstream-licence"):
            words = f"the licence of {o.name} by the reference index: {o.fact('upstream-licence')}"
            e = Evidence("licence/upstream", "hash-comparison", "medium", o.evidence.at, words)
            yield Claim(component.ref, "licence.declared", o.fact("upstream-licence"), (e,))
        if int(o.fact("identical") or 0) <= SMALL:
            yield from declared_sources.claims(
                component, around.knowledge, around.scanned.repositories, hint=True
            )
        yield from _maker(component, o, around.knowledge)
        yield from _attribute_release(component, o, around, beside)


def _maker(component: Component, release: Observation, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.developed` of a release: whoever publishes the project."""
    row = _publisher(release.purl, release.fact("repository"), knowledge)
    if row is None:
        return
    words = f"{release.name} is published by {describe_organisation(row)}"
    evidence = (
        Evidence(
            "origin/upstream",
            "hash-comparison",
            "low" if row.confidence == "low" else "medium",
            release.evidence.at,
            words[:200],
            citations(row),
        ),
    )
    yield Claim(component.ref, "origin.developed", row.origin, evidence)
    yield Claim(component.ref, "origin.developed.organisation", row.name, evidence)


def _publisher(purl: str, repository: str, knowledge: Knowledge) -> Organisation | None:
    if purl.startswith("pkg:pypi/"):
        entry = knowledge.package(purl[9:].partition("@")[0].partition("#")[0])
        if entry:
            return entry[1]
    owner = urls.account(repository)
    return knowledge.by_owner(owner.host, owner.owner) if owner else None


def _attribute_release(
    component: Component,
    release: Observation,
    around: Notices,
    beside: Mapping[str, Observation],
) -> Iterator[Claim]:
    """Its own licence file or its headers keep the credit of a release; changed files that lost a
    line are judged one by one.
    """
    headers = {o.evidence.at.path: o for o in component.observations if o.kind == "source"}
    knowledge = around.knowledge
    theirs: dict[str, list[str]] = {}
    for original in release.get(ORIGINAL_HOLDER):
        theirs.setdefault(original.path, []).append(original.holder)
    found: list[Verdict] = []
    for path, lines in sorted(theirs.items()):
        if path in headers:
            of = Original(every(lines, knowledge), release.name, release.fact("repository"))
            found += judge_holders(headers[path], headers[path].evidence.at, of, around)
    yield from claims(component, [*_of_release(release, headers, around, beside), *found])


def _of_release(
    release: Observation,
    headers: Mapping[str, Observation],
    around: Notices,
    beside: Mapping[str, Observation],
) -> Iterator[Verdict]:
    """A verdict on each holder of the project as a whole, for all files that are as it has them.

    Nothing is missing from a part of a project: upstream may have had it from a third. Nor where
    the licence is one whose text names nobody: the files themselves are as upstream has them. Nor
    where other files of the folder that the copy lies in bear the holder's line.
    """
    unchanged = max(1, int(release.fact("identical") or 0))
    names = release.all("upstream-holder")
    own = around.beside(
        release.fact("root"), [*names, release.name], release.fact("upstream-licence")
    )
    for holder in every(names, around.knowledge):
        if around.is_own(holder):
            continue
        header = _find_header(headers, holder, around.knowledge)
        rows = citations(holder.row) if holder.row else ()
        if notice := own or header:
            yield Verdict(
                holder,
                "kept",
                Evidence(
                    "attribution/own-notice",
                    "source-code-analysis",
                    "medium",
                    notice.at,
                    notice.excerpt[:200],
                    rows,
                ),
                unchanged,
            )
        elif credited := around.naming(holder) or around.of([release.name]):
            words = f"credited for the whole repository: {credited.excerpt}"[:200]
            e = Evidence(
                "attribution/repository", "manifest-analysis", "medium", credited.at, words, rows
            )
            yield Verdict(holder, "repository-level", e, unchanged)
        elif line := _find_header(_lie_around(release, beside), holder, around.knowledge):
            words = f"another file of the same folder names {holder.name}: {line.excerpt}"[:200]
            e = Evidence(
                "attribution/repository", "source-code-analysis", "medium", line.at, words, rows
            )
            yield Verdict(holder, "repository-level", e, unchanged)
        elif fold_name(release.name) in fold_name(release.fact("root")):
            # A folder of the project's own name says openly whose it is.
            words = f"the folder {release.fact('root')} bears the name of {release.name}"[:200]
            at = release.evidence.at
            e = Evidence("attribution/folder", "filename", "medium", at, words, rows)
            yield Verdict(holder, "repository-level", e, unchanged)
        elif (
            release.fact("upstream-licence") in _NAMES_ITS_HOLDER
            and "/" not in release.fact("upstream-root")
            # A single file bears no notice at its source, either, and passes from hand to hand.
            and unchanged > 1
        ):
            words = (
                f"no licence file of {release.name} beside it, no header that names"
                f" {holder.description}, no notice of the repository"
            )
            e = Evidence(
                "attribution/none-found",
                "hash-comparison",
                "medium",
                release.evidence.at,
                words[:300],
                rows,
            )
            yield Verdict(holder, "missing", e, unchanged)


def _lie_around(
    release: Observation, beside: Mapping[str, Observation]
) -> Mapping[str, Observation]:
    """The files that lie in the folder which the folder of the release lies in; at the top of the
    tree those right there, since what lies below may have come from anywhere.
    """
    above = release.fact("root").rpartition("/")[0]
    return {
        path: o
        for path, o in sorted(beside.items())
        if (path.startswith(f"{above}/") if above else "/" not in path)
    }


def _find_header(
    headers: Mapping[str, Observation], holder: Holder, knowledge: Knowledge
) -> Evidence | None:
    """The first of these files whose head bears the line of a holder."""
    return next(
        (
            o.evidence
            for o in headers.values()
            if any(
                same(one, holder, knowledge) for one in every(o.all("copyright-holder"), knowledge)
            )
        ),
        None,
    )
