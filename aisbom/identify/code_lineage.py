"""Where code comes from and whether its author is still credited: claims `code-from`,
`code-from.basis` and `attribution`.

These are measurements. That a file holds the text of another does not say who took it from whom; a
donor is named alone only where something in the file shows the order. Nothing here says anything
about weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aisbom.identify import declared_sources, forks, urls, without_notice
from aisbom.identify.attribution import (
    Notices,
    Original,
    ScannedTree,
    Verdict,
    by_folder,
    claims,
    judge_holders,
    notices,
)
from aisbom.identify.cite import UNKNOWN, citations, describe_organisation
from aisbom.identify.declared_sources import repository
from aisbom.identify.holders import among, every, fold_name, same
from aisbom.knowledge import Knowledge, Organisation
from aisbom.model import Claim, Component, Evidence, Observation, Scan
from aisbom.model.facts import (
    IN_TREE,
    LATER_HOLDER,
    MEMBER,
    ORDER_SIGN,
    ORIGINAL_HOLDER,
    SAID_SOURCE,
    THEIR_HOLDER,
    THEIR_LICENCE,
    THEIR_REPOSITORY,
    Key,
    Member,
    OfMember,
)
from aisbom.model.ledger import Ledger

_PLACES = 12
_NAMES_ITS_HOLDER = frozenset(
    {"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "BSD-4-Clause", "Zlib", "NCSA"}
)
"""Licences whose text opens with a copyright line, and which ask that it be kept. The text of
Apache-2.0, of the GPLs and of MPL-2.0 is the same for everybody.
"""
_OWN_WORDS = frozenset({"inherits", "generated", "comment", "in-tree"})
WHOLE = _OWN_WORDS | {"credit"}
"""Signs that point at the original of a file as a whole: only then can a line be missing."""

SMALL = 40
"""Of a release with so many files at the most, what its own comments name is told too."""


MOST = 0.6
NEXT = 0.75
"""Where the file that agrees most holds so much, and no other more than this share of it, it alone
can be the original.
"""


def lineage(scan: Scan, ledger: Ledger, knowledge: Knowledge) -> Iterator[Claim]:
    """The claims about every component of code."""
    above = {r.target: r.source for r in scan.relations if r.kind == "contains"}
    by_ref = {c.ref: c for c in scan.components}
    whole = _describe_scanned(scan, ledger, knowledge)
    headers = {
        o.evidence.at.path: o for c in scan.components for o in c.observations if o.kind == "source"
    }
    for component in scan.components:
        copied = any(o.fact("lineage") in ("derived", "family") for o in component.observations)
        if "release" in component.kinds and not _is_itself(component, whole):
            yield from _release(component, notices(component, above, by_ref, knowledge, whole))
        elif copied:
            around = notices(component, above, by_ref, knowledge, whole)
            yield from _of_files(component, around, headers)
        elif component.kinds & {"source", "credit"} or _is_nested(component, scan.root, whole):
            yield from _own(component, scan.fact("index"), knowledge, whole)


def _describe_scanned(scan: Scan, ledger: Ledger, knowledge: Knowledge) -> ScannedTree:
    """Who made the scanned tree (the owner of its repository, or whom everything agrees on), and
    where it is published. A fork is made by whoever forked, and holds what is somebody else's.
    """
    answer = ledger.answer(scan.root, "origin.developed.organisation")
    names = {
        claim.value
        for claim in answer.carried
        if answer.state == "agreed"
        or any(e.by == "origin/repository-owner" for e in claim.evidence)
    }
    root = next((c for c in scan.components if c.ref == scan.root), None)
    if root is not None and (fork := forks.fork(root, knowledge)):
        row = knowledge.by_owner(*fork.by)
        names = {row.name if row else fork.by.owner}
    urls_ = [url for key in ("remote", "vcs-url") for url, _ in (root.facts(key) if root else ())]
    return ScannedTree(
        every(sorted(names), knowledge),
        frozenset(map(repository, urls_)) - {""},
        by_folder(scan.components),
    )


def _is_nested(component: Component, root: str, whole: ScannedTree) -> bool:
    """Whether this is a project of its own inside a tree of which it is known whose it is."""
    return component.ref != root and "project" in component.kinds and bool(whole.repositories)


def _is_itself(component: Component, whole: ScannedTree) -> bool:
    """Whether the release is one of the scanned project's own, found in its own repository."""
    return any(
        repository(o.fact("repository")) in whole.repositories
        for o in component.observations
        if o.kind == "release"
    )


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
        if int(o.fact("identical") or 0) <= SMALL:
            yield from declared_sources.claims(
                component, around.knowledge, around.scanned.repositories, hint=True
            )
        yield from _maker(component, o, around.knowledge)
        yield from _attribute_release(component, o, around)


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
    component: Component, release: Observation, around: Notices
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
    yield from claims(component, [*_of_release(release, headers, around), *found])


def _of_release(
    release: Observation, headers: Mapping[str, Observation], around: Notices
) -> Iterator[Verdict]:
    """A verdict on each holder of the project as a whole, for all files that are as it has them.

    Nothing is missing from a part of a project: upstream may have had it from a third. Nor where
    the licence is one whose text names nobody: the files themselves are as upstream has them.
    """
    unchanged = max(1, int(release.fact("identical") or 0))
    names = release.all("upstream-holder")
    own = around.beside(
        release.fact("root"), [*names, release.name], release.fact("upstream-licence")
    )
    for holder in every(names, around.knowledge):
        if around.is_own(holder):
            continue
        header = next(
            (
                o.evidence
                for o in headers.values()
                if any(
                    same(one, holder, around.knowledge)
                    for one in every(o.all("copyright-holder"), around.knowledge)
                )
            ),
            None,
        )
        rows = citations(holder.row) if holder.row else ()
        if beside := own or header:
            yield Verdict(
                holder,
                "kept",
                Evidence(
                    "attribution/own-notice",
                    "source-code-analysis",
                    "medium",
                    beside.at,
                    beside.excerpt[:200],
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


def _of_files(
    component: Component, around: Notices, headers: Mapping[str, Observation]
) -> Iterator[Claim]:
    """Files that agree with files of the index, in part or in changed form. A family has members
    and no donor, and nobody is judged by it.
    """
    found: dict[tuple[str, str], list[Evidence]] = {}
    verdicts: list[Verdict] = []
    bare: list[Claim] = []
    files = [o for o in component.observations if o.fact("lineage")]
    for o in files:
        basis = "family" if _names_us(o, around) else o.fact("lineage")
        e = Evidence(
            f"lineage/{basis}", "ast-fingerprint", "medium", o.evidence.at, _comparison_words(o)
        )
        found.setdefault(("code-from.basis", basis), []).append(e)
        if basis == "family":
            for member in o.get(MEMBER):
                found.setdefault(("code-from.member", member.purl), []).append(e)
            found.setdefault(("attribution", UNKNOWN), []).append(e)
            continue
        header = headers.get(o.evidence.at.path)
        original = _original(o, headers, around.knowledge)
        signs = {sign.kind for sign in o.get(ORDER_SIGN)}
        sibling = not signs & WHOLE and _of_a_sibling(header, original, around.knowledge)
        for member in o.get(MEMBER)[:1]:
            donor = member.project if sibling else member.purl
            found.setdefault(("code-from", donor), []).append(e)
        for licence in _texts_of(o, THEIR_LICENCE):
            words = f"what it agrees with is under {licence} by the reference index"
            found.setdefault(("licence.declared", licence), []).append(
                Evidence("licence/upstream", "ast-fingerprint", "low", o.evidence.at, words)
            )
        if not original.holders:
            bare += without_notice.credit(component.ref, o, header, original, around)
        judgement = judge_holders(header, o.evidence.at, original, around)
        sure = bool(signs & WHOLE) or ("notice" in signs and _one_original(o) and not sibling)
        later = {one.key for one in every(_texts_of(o, LATER_HOLDER), around.knowledge)}
        verdicts += [
            v
            for v in judgement
            if v.word in ("kept", "repository-level")
            or (sure and (original.at is not None or v.holder.key not in later))
        ]
    for (attribute, value), evidence in sorted(found.items()):
        yield Claim(component.ref, attribute, value, tuple(sorted(evidence)[:_PLACES]))
    told = {repository(row.text) for o in files for row in o.get(THEIR_REPOSITORY) if not row.rank}
    besides = around.scanned.repositories | (told if verdicts else set())
    theirs = {value for o in files for value in _taken_over_words(o, headers, around.knowledge)}
    said = [
        claim
        for claim in declared_sources.claims(component, around.knowledge, besides)
        if claim.value not in theirs
    ]
    yield from said
    if said:
        yield from (c for c in _declaration(component, said) if c.attribute == "code-from.basis")
    yield from claims(component, verdicts)
    yield from _together(bare)


def _together(found: Iterable[Claim]) -> Iterator[Claim]:
    """One claim a value, with the places of all."""
    by: dict[tuple[str, str, str], list[Evidence]] = {}
    for claim in found:
        by.setdefault((claim.subject, claim.attribute, claim.value), []).extend(claim.evidence)
    for (subject, attribute, value), evidence in sorted(by.items()):
        yield Claim(subject, attribute, value, tuple(sorted(evidence)[:_PLACES]))


def _taken_over_words(
    o: Observation, headers: Mapping[str, Observation], knowledge: Knowledge
) -> Iterator[str]:
    """What the comments of the original in the same tree name: words that were taken over with it
    speak of it.
    """
    for row in o.get(IN_TREE):
        original = headers.get(row.text)
        for said in original.get(SAID_SOURCE) if original and not row.rank else ():
            yield declared_sources.purl_of(said.source, knowledge)


def _of_a_sibling(header: Observation | None, original: Original, knowledge: Knowledge) -> bool:
    """Whether one line of the header names a holder of the original together with another: the
    line of a file beside it in that project, from which this one was made instead.
    """
    for text in header.all("copyright-holder") if header else ():
        named = every([text], knowledge)
        strangers = [one for one in named if among(one, original.holders, knowledge) is None]
        if strangers and len(strangers) < len(named):
            return True
    return False


def _names_us(o: Observation, around: Notices) -> bool:
    """Whether the notice of the file that it agrees with names nobody but the maker of the scanned
    tree: then that one came from here, whatever a notice of the repository credits.
    """
    theirs = every(_texts_of(o, THEIR_HOLDER), around.knowledge)
    signs = {sign.kind for sign in o.get(ORDER_SIGN)}
    return bool(theirs) and not signs & _OWN_WORDS and all(map(around.is_own, theirs))


def _one_original(o: Observation) -> bool:
    """Whether one file agrees so much more than all others that no other can be meant."""
    first, *others = o.get(MEMBER)
    return first.containment >= MOST and all(
        other.containment < NEXT * first.containment for other in others
    )


def _original(o: Observation, headers: Mapping[str, Observation], knowledge: Knowledge) -> Original:
    """The notice of the file that this one was made from: as it stands in the tree, or as the index
    keeps it.
    """
    there = next((row.text for row in o.get(IN_TREE) if row.rank == 0), "")
    header = headers.get(there)
    lines = header.all("copyright-holder") if header else _texts_of(o, THEIR_HOLDER)
    return Original(
        every(lines, knowledge),
        _project_name(o.get(MEMBER)),
        next((row.text for row in o.get(THEIR_REPOSITORY) if not row.rank), ""),
        header.evidence.at if header else None,
        there or next((m.path for m in o.get(MEMBER)), ""),
    )


def _comparison_words(o: Observation) -> str:
    """The comparison in words, with the number that unrelated files reach."""
    above = float(o.fact("percentile") or 0)
    order = o.get(ORDER_SIGN)
    direction = (
        f"; order: {order[0].sentence}"
        if order
        else "; which of them came first is not shown by the text"
    )
    return f"{o.evidence.excerpt}; {above:.3%} of unrelated pairs of files agree less{direction}"[
        :400
    ]


def _texts_of(o: Observation, key: Key[OfMember]) -> list[str]:
    """The texts that belong to the member that agrees most, each once."""
    return list(dict.fromkeys(row.text for row in o.get(key) if row.rank == 0))


def _project_name(members: Sequence[Member]) -> str:
    """The name of the project that agrees most, `""` if there is none."""
    return members[0].project.rpartition("/")[2].partition("@")[0] if members else ""


def _own(
    component: Component, coverage: str, knowledge: Knowledge, whole: ScannedTree
) -> Iterator[Claim]:
    """Code in which no comparison found anything: what comments, notices and classes declare, else
    `unknown`, from which no originality follows.
    """
    inherited: dict[str, list[Evidence]] = {}
    for o in component.observations:
        if o.fact("lineage") == "declared" and (members := o.get(MEMBER)):
            e = Evidence(
                "lineage/declared",
                "source-code-analysis",
                "medium",
                o.evidence.at,
                o.evidence.excerpt,
            )
            inherited.setdefault(members[0].purl, []).append(e)
    said = list(declared_sources.claims(component, knowledge, whole.repositories))
    rows = [
        *(Claim(component.ref, "code-from", p, tuple(sorted(e))) for p, e in inherited.items()),
        *said,
    ]
    yield from sorted(rows)
    if rows:
        yield from _declaration(component, rows)
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


def _declaration(component: Component, rows: Sequence[Claim]) -> Iterator[Claim]:
    """That something is declared, and, where comments in files say it, that they name the source;
    whose notice stood there is not known.
    """
    every_place = sorted({e for claim in rows for e in claim.evidence})
    yield Claim(component.ref, "code-from.basis", "declared", tuple(every_place[:_PLACES]))
    inside = [e for e in every_place if e.by != "lineage/credit"]
    if inside:
        words = f"named in {len(inside)} places: {inside[0].excerpt}"[:200]
        first = Evidence(
            "attribution/comment", "source-code-analysis", "medium", inside[0].at, words
        )
        yield Claim(component.ref, "attribution", "kept", (first,))
