"""Of whom it can be said that a copy lost their line: only where the file was made from that very
original, as a whole, from a version that had the line, and no words name another source.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from aisbom.identify.attribution import Original, Verdict, names_project
from aisbom.identify.cite import citations
from aisbom.identify.declared_sources import repository
from aisbom.identify.holders import Holder, among, every
from aisbom.knowledge import Knowledge
from aisbom.model import Evidence, Observation
from aisbom.model.facts import LATER_HOLDER, MEMBER, ORDER_SIGN, SAID_SOURCE

OF_THE_FILE = frozenset({"inherits", "generated", "in-tree"})
"""Signs that lead to one file; a comment or a notice may name a project alone."""

_LEADS_TO_ONE = frozenset({"inherits", "generated"})
"""Those of them that the file itself gives. That a file like it lies in the same tree rests on how
much they agree in.
"""

OWN_WORDS = OF_THE_FILE | {"comment"}
WHOLE = OWN_WORDS | {"credit"}
"""Signs that point at the original of a file as a whole: only then can a line be missing."""

LOST = frozenset({"missing", "replaced"})

_PAPER = re.compile(r"\barxiv\.org/|\bdoi\.org/|openreview\.net/|aclanthology\.org/|/papers?/")
"""What a paper describes is no source of lines."""

MOST = 0.6
NEXT = 0.75
"""Where the file that agrees most holds so much, and no other more than this share of it, it alone
can be the original.
"""


def possible_losses(
    o: Observation,
    header: Observation | None,
    original: Original,
    headers: Mapping[str, Observation],
) -> frozenset[str]:
    """Which of `missing` and `replaced` can be said of this file. None is where it may be made from
    something else than the original as a whole, or words name another source. Where the original
    says the same words, they were taken over with it: who names its source so hides nothing, but
    may still stand in a holder's place.
    """
    signs = {sign.kind for sign in o.get(ORDER_SIGN)}
    led = bool(signs & _LEADS_TO_ONE) or is_named(header, original)
    whole = bool(signs & WHOLE) and (led or _most(o))
    if not whole and not ("notice" in signs and _one_original(o)):
        return frozenset()
    ours = _other_sources(header, original)
    theirs = _other_sources(headers.get(original.at.path) if original.at else None, original)
    if ours & theirs:
        return frozenset({"replaced"})
    if theirs or (ours and not signs & (OWN_WORDS - {"in-tree"})):
        return frozenset()
    return LOST


def _other_sources(header: Observation | None, original: Original) -> set[str]:
    """What words above all code name as the source, where they do not name the original or its
    project beside it.
    """
    said = {row.source for row in header.get(SAID_SOURCE) if row.whole} if header else set()
    said = {source for source in said if not _PAPER.search(source)}
    home = repository(original.repository)
    stem = original.path.rpartition("/")[2].partition(".")[0].casefold()
    itself = (
        names_project(source, original)
        or (home and repository(source) == home)
        # A name without an address may be that of the file itself.
        or ("://" not in source and stem in re.split(r"[^\w-]+", source.casefold()))
        for source in said
    )
    return set() if any(itself) else said


def earlier_versions(
    o: Observation, lost: Iterable[Holder], knowledge: Knowledge
) -> dict[Holder, Evidence]:
    """Of holders whose lines are gone, those who may have lost nothing, and why: the file may be of
    a version of the original that had no such line.
    """
    found: dict[Holder, Evidence] = {}
    rows = [row for row in o.get(LATER_HOLDER) if not row.rank]
    recorded = {one: row.recorded for row in rows for one in every([row.text], knowledge)}
    for holder in lost:
        later = among(holder, tuple(recorded), knowledge)
        if later is None:
            continue
        earlier = "earlier versions of it may have had no such line"
        if recorded[later]:
            earlier = "earlier versions of it had no such line"
        words = f"the original names {holder.description}; {earlier}"
        cited = citations(holder.row) if holder.row else ()
        found[holder] = Evidence(
            "attribution/earlier", "ast-fingerprint", "low", o.evidence.at, words, cited
        )
    return found


def keep_shown(
    judged: Iterable[Verdict], shown: Collection[str], earlier: Collection[Holder]
) -> Iterator[Verdict]:
    """The verdicts but for lost lines that are not `shown`, or of holders who were not named
    `earlier`.
    """
    for verdict in judged:
        if verdict.word not in LOST or (verdict.word in shown and verdict.holder not in earlier):
            yield verdict


def is_named(header: Observation | None, original: Original) -> bool:
    """Whether words above all code name this file of the project, and not the project alone."""
    stem = original.path.rpartition("/")[2].partition(".")[0].casefold()
    said = header.get(SAID_SOURCE) if header else ()
    return any(
        row.whole and stem in re.split(r"[^\w-]+", row.source.casefold()) for row in said if stem
    )


def _most(o: Observation) -> bool:
    """Whether most of the file is in the one that agrees most."""
    return any(member.containment >= MOST for member in o.get(MEMBER)[:1])


def _one_original(o: Observation) -> bool:
    """Whether one file agrees so much more than all others that no other can be meant."""
    first, *others = o.get(MEMBER)
    return first.containment >= MOST and all(
        other.containment < NEXT * first.containment for other in others
    )
