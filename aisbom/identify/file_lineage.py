"""What is claimed of files that agree with files of the index, in part or in changed form: the
donor where an order is shown, the family where none is, and what became of the original's notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from aisbom.identify import declared_sources, without_notice
from aisbom.identify.attribution import (
    Notices,
    Original,
    Verdict,
    claims,
    judge_holders,
)
from aisbom.identify.cite import UNKNOWN
from aisbom.identify.declared_sources import PLACES, repository, say_declared
from aisbom.identify.holders import among, every
from aisbom.identify.lost_lines import (
    OF_THE_FILE,
    OWN_WORDS,
    WHOLE,
    earlier_versions,
    is_named,
    keep_shown,
    possible_losses,
)
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Evidence, Observation
from aisbom.model.facts import (
    IN_TREE,
    MEMBER,
    ORDER_SIGN,
    SAID_SOURCE,
    THEIR_HOLDER,
    THEIR_LICENCE,
    THEIR_REPOSITORY,
    Key,
    Member,
    OfMember,
)

_SITE = re.compile(r"^https?://[^/]+/")
_OF_A_FILE = re.compile(r"\w\.\w+\.\w|/[\w.\-]+\.(?:py|pyx|cuh?|cc?|cpp|hh?|rs|ts|js)\b")
"""A class or function behind its module, a file behind its folder."""

LITTLE = 0.3
"""With less of a file in the one that agrees most, any file of the project may be the original,
unless words name one.
"""


def claim_files(
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
        sibling = _names_another(header, original) or (
            not signs & WHOLE and _of_a_sibling(header, original, around.knowledge)
        )
        named = bool(signs & OF_THE_FILE) or is_named(header, original)
        for member in o.get(MEMBER)[:1]:
            any_file = sibling or not (named or member.containment >= LITTLE)
            donor = member.project if any_file else member.purl
            found.setdefault(("code-from", donor), []).append(e)
        for licence in _texts_of(o, THEIR_LICENCE):
            words = f"what it agrees with is under {licence} by the reference index"
            found.setdefault(("licence.declared", licence), []).append(
                Evidence("licence/upstream", "ast-fingerprint", "low", o.evidence.at, words)
            )
        if not original.holders:
            bare += without_notice.credit(component.ref, o, header, original, around)
        judged = list(judge_holders(header, o.evidence.at, original, around))
        shown = frozenset() if sibling else possible_losses(o, header, original, headers)
        lost = [verdict.holder for verdict in judged if verdict.word in shown]
        earlier = earlier_versions(o, lost, around.knowledge)
        bare += (Claim(component.ref, "attribution", UNKNOWN, (e,)) for e in earlier.values())
        verdicts += keep_shown(judged, shown, earlier)
    for (attribute, value), evidence in sorted(found.items()):
        yield Claim(component.ref, attribute, value, tuple(sorted(evidence)[:PLACES]))
    told = {repository(row.text) for o in files for row in o.get(THEIR_REPOSITORY) if not row.rank}
    besides = around.scanned.repositories | (told if verdicts else set())
    theirs = {value for o in files for value in _taken_over_words(o, headers, around.knowledge)}
    said = [
        claim
        for claim in declared_sources.claims(
            component, around.knowledge, besides, folders=around.scanned.folders
        )
        if claim.value not in theirs
    ]
    yield from said
    if said:
        yield from (c for c in say_declared(component, said) if c.attribute == "code-from.basis")
    yield from claims(component, verdicts)
    yield from _together(bare)


def _together(found: Iterable[Claim]) -> Iterator[Claim]:
    """One claim a value, with the places of all."""
    by: dict[tuple[str, str, str], list[Evidence]] = {}
    for claim in found:
        by.setdefault((claim.subject, claim.attribute, claim.value), []).extend(claim.evidence)
    for (subject, attribute, value), evidence in sorted(by.items()):
        yield Claim(subject, attribute, value, tuple(sorted(evidence)[:PLACES]))


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


def _names_another(header: Observation | None, original: Original) -> bool:
    """Whether comments name files or classes of the project, and this file is none of them: it has
    what it agrees in from the same place (`Copied from norae.models.sori.modeling_sori.mask`).
    """
    stem = original.path.rpartition("/")[2].partition(".")[0].casefold()
    project = original.repository.rstrip("/").rpartition("/")[2].removesuffix(".git").casefold()
    told = [
        re.split(r"[^\w-]+", words)
        for row in (header.get(SAID_SOURCE) if header and stem and project else ())
        if _OF_A_FILE.search(words := _SITE.sub("", row.source.casefold()))
    ]
    ours = [words for words in told if project in words or project.replace("-", "_") in words]
    return bool(ours) and not any(stem in words for words in ours)


def _names_us(o: Observation, around: Notices) -> bool:
    """Whether the notice of the file that it agrees with names nobody but the maker of the scanned
    tree: then that one came from here, whatever a notice of the repository credits.
    """
    theirs = every(_texts_of(o, THEIR_HOLDER), around.knowledge)
    signs = {sign.kind for sign in o.get(ORDER_SIGN)}
    return bool(theirs) and not signs & OWN_WORDS and all(map(around.is_own, theirs))


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
