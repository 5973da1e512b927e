"""Where code comes from and whether its author is still credited: claims `code-from`,
`code-from.basis` and `attribution`.

These are measurements. That a file holds the text of another does not say who took it from whom; a
donor is named alone only where something in the file shows the order. Nothing here says anything
about weights.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from aisbom.identify.attribution import Notices, judged, notices, worst
from aisbom.identify.cite import UNKNOWN, citations, known
from aisbom.knowledge import Knowledge, Organisation
from aisbom.model import Claim, Component, Evidence, Observation, Scan
from aisbom.model.facts import (
    KEPT_HOLDER,
    MEMBER,
    ORIGINAL_HOLDER,
    THEIR_HOLDER,
    THEIR_LICENCE,
    Key,
    Member,
    OfMember,
)
from aisbom.model.ledger import Ledger

_PLACES = 12
_GITHUB = re.compile(
    r"https?://(?:www\.)?(?:github\.com|raw\.githubusercontent\.com)/([\w.\-]+)/([\w.\-]+)"
)
_HUB = re.compile(
    r"https?://huggingface\.co/(?!datasets/|spaces/|docs/|papers/|blog/)([\w.\-]+)/([\w.\-]+)"
)


def lineage(scan: Scan, _: Ledger, knowledge: Knowledge) -> Iterator[Claim]:
    """The claims about every component of code."""
    above = {r.target: r.source for r in scan.relations if r.kind == "contains"}
    by_ref = {c.ref: c for c in scan.components}
    for component in scan.components:
        if component.kinds & {"release"}:
            yield from _release(component, notices(component, above, by_ref, knowledge))
        elif any(o.fact("lineage") in ("derived", "family") for o in component.observations):
            yield from _copied(component, notices(component, above, by_ref, knowledge))
        elif "source" in component.kinds:
            yield from _own(component, scan.fact("index"))


def _release(component: Component, around: Notices) -> Iterator[Claim]:
    """A release of a project of the index, found by the digests of its files."""
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
        yield from _maker(component, o, around.knowledge)
        yield from _kept(component, o, around)


def _maker(component: Component, release: Observation, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.developed` of a release: whoever publishes the project."""
    row = _publisher(release.purl, release.fact("repository"), knowledge)
    if row is None:
        return
    words = f"{release.name} is published by {known(row)}"
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
    owner = _GITHUB.match(repository)
    return knowledge.by_owner("github", owner[1]) if owner else None


def _kept(component: Component, release: Observation, around: Notices) -> Iterator[Claim]:
    """Its own licence file or its headers keep the credit; a changed file that lost its notice is
    listed.
    """
    headers = {o.evidence.at.path: o for o in component.observations if o.kind == "source"}
    names = release.all("upstream-holder")
    theirs: dict[str, list[str]] = {}
    for original in release.get(ORIGINAL_HOLDER):
        theirs.setdefault(original.path, []).append(original.holder)
    found = [
        judged(headers[path], headers[path].evidence.at, holders, release.name, around)
        for path, holders in sorted(theirs.items())
        if path in headers
    ]
    beside = around.beside(
        release.fact("root"), [*names, release.name], release.fact("upstream-licence")
    )
    header = next(
        (
            o.evidence
            for o in headers.values()
            if any(around.same(h, name) for h in o.all("copyright-holder") for name in names)
        ),
        None,
    )
    own = beside or header
    if own:
        found.append(
            (
                "kept",
                Evidence(
                    "attribution/own-notice",
                    "source-code-analysis",
                    "medium",
                    own.at,
                    own.excerpt[:200],
                ),
            )
        )
    elif credited := around.of([*names, release.name]):
        words = f"credited for the whole repository: {credited.excerpt}"[:200]
        found.append(
            (
                "repository-level",
                Evidence(
                    "attribution/repository", "manifest-analysis", "medium", credited.at, words
                ),
            )
        )
    else:
        whose = " or ".join(names[:3]) or "its holders"
        words = (
            f"no licence file of {release.name} beside it, no header that names {whose}, no notice"
            " of the repository"
        )
        found.append(
            (
                "missing",
                Evidence(
                    "attribution/none-found",
                    "hash-comparison",
                    "medium",
                    release.evidence.at,
                    words[:300],
                ),
            )
        )
    yield from worst(component, found)


def _copied(component: Component, around: Notices) -> Iterator[Claim]:
    """Files that agree with files of the index, in part or in changed form."""
    headers = {o.evidence.at.path: o for o in component.observations if o.kind == "source"}
    donors: dict[str, list[Evidence]] = {}
    bases: dict[str, list[Evidence]] = {}
    licences: dict[str, list[Evidence]] = {}
    found: list[tuple[str, Evidence]] = []
    for o in component.observations:
        basis = o.fact("lineage")
        if not basis:
            continue
        e = Evidence(f"lineage/{basis}", "ast-fingerprint", "medium", o.evidence.at, _measured(o))
        bases.setdefault(basis, []).append(e)
        members = o.get(MEMBER)
        if basis != "family":
            members = members[:1]
        for member in members:
            donors.setdefault(member.purl, []).append(e)
        ranks = {member.rank for member in members}
        holders = [*_texts_of(o, THEIR_HOLDER, ranks), *_texts_of(o, KEPT_HOLDER, ranks)]
        for licence in _texts_of(o, THEIR_LICENCE, ranks):
            words = f"what it agrees with is under {licence} by the reference index"
            licences.setdefault(licence, []).append(
                Evidence("licence/upstream", "ast-fingerprint", "low", o.evidence.at, words)
            )
        header = headers.get(o.evidence.at.path)
        found.append(judged(header, o.evidence.at, holders, _project_name(members), around))
    for value, evidence in sorted(donors.items()):
        yield Claim(component.ref, "code-from", value, tuple(sorted(evidence)[:_PLACES]))
    for value, evidence in sorted(bases.items()):
        yield Claim(component.ref, "code-from.basis", value, tuple(sorted(evidence)[:_PLACES]))
    for value, evidence in sorted(licences.items()):
        yield Claim(component.ref, "licence.declared", value, tuple(sorted(evidence)[:_PLACES]))
    yield from worst(component, found)


def _measured(o: Observation) -> str:
    """The comparison in words, with the number that unrelated files reach."""
    above = float(o.fact("percentile") or 0)
    order = o.all("order")
    direction = (
        f"; order: {order[0]}" if order else "; which of them came first is not shown by the text"
    )
    return f"{o.evidence.excerpt}; {above:.3%} of unrelated pairs of files agree less{direction}"[
        :400
    ]


def _texts_of(o: Observation, key: Key[OfMember], ranks: Collection[int]) -> list[str]:
    """The texts that belong to the members of these ranks, each once, the best member's first."""
    return list(dict.fromkeys(row.text for row in o.get(key) if row.rank in ranks))


def _project_name(members: Sequence[Member]) -> str:
    """The name of the project that agrees most, `""` if there is none."""
    return members[0].project.rpartition("/")[2].partition("@")[0] if members else ""


def _own(component: Component, coverage: str) -> Iterator[Claim]:
    """Code in which no comparison found anything: what comments and classes declare, else
    `unknown`, from which no originality follows.
    """
    declared: dict[str, list[Evidence]] = {}
    for o in component.observations:
        if o.fact("lineage") == "declared" and (members := o.get(MEMBER)):
            e = Evidence(
                "lineage/declared",
                "source-code-analysis",
                "medium",
                o.evidence.at,
                o.evidence.excerpt,
            )
            declared.setdefault(members[0].purl, []).append(e)
        for source in o.all("adapted-from") if o.kind == "source" else ():
            if purl := _purl(source):
                words = f"a comment says it comes from {source}"[:200]
                declared.setdefault(purl, []).append(
                    Evidence(
                        "lineage/comment", "source-code-analysis", "medium", o.evidence.at, words
                    )
                )
    for purl, evidence in sorted(declared.items()):
        yield Claim(component.ref, "code-from", purl, tuple(sorted(evidence)[:_PLACES]))
    if declared:
        every = sorted(e for evidence in declared.values() for e in evidence)
        yield Claim(component.ref, "code-from.basis", "declared", tuple(every[:_PLACES]))
        first = Evidence(
            "attribution/comment",
            "source-code-analysis",
            "medium",
            every[0].at,
            f"named in {len(every)} places: {every[0].excerpt}"[:200],
        )
        yield Claim(component.ref, "attribution", "kept", (first,))
        return
    examined = [o for o in component.observations if o.fact("examined")]
    if examined:
        count = examined[0].fact("examined")
        words = (
            f"{count} files agree with nothing in the reference index, which is no proof of"
            f" originality; it covers {coverage}"
        )
        e = Evidence(
            "lineage/examined", "ast-fingerprint", "low", examined[0].evidence.at, words[:400]
        )
        yield Claim(component.ref, "code-from", UNKNOWN, (e,))


def _purl(source: str) -> str:
    """A purl for an address that a comment states; `""` for what only a reader can resolve."""
    if found := _GITHUB.match(source):
        return f"pkg:github/{found[1].lower()}/{found[2].lower().removesuffix('.git')}"
    if found := _HUB.match(source):
        return f"pkg:huggingface/{found[1]}/{found[2]}"
    return ""
