"""What a text file is, by content: its git blob identity and, where no release of the reference
index holds it, what it is made from.

The index is a table of digests (`codeprint/`); which organisation is behind a project it names is
for later stages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from aisbom.codeprint import days, handed_on, identity
from aisbom.codeprint.contents import LARGE, size_class
from aisbom.codeprint.derivation import Derivation, Member
from aisbom.codeprint.derive import derive
from aisbom.codeprint.fingerprints import of_file
from aisbom.codeprint.known import holders, key_of
from aisbom.codeprint.project import Notice, Project
from aisbom.codeprint.tokens import reads
from aisbom.collect.ownership.code_index import NAME, index
from aisbom.model import Evidence, Facts, Gap, Observation, Row
from aisbom.model.facts import (
    FUNCTION,
    LATER_HOLDER,
    MEMBER,
    NEAR,
    ORDER_SIGN,
    THEIR_HOLDER,
    THEIR_LICENCE,
    THEIR_REPOSITORY,
    LaterHolder,
    NearFile,
    OfMember,
    OrderSign,
    SameFunction,
)
from aisbom.model.facts import Member as MemberFact
from aisbom.source.tree import File

MAX_READ = 1024 * 1024
MAX_DATA = 64 * 1024 * 1024
MAX_MEMBERS = 6
MAX_FUNCTIONS = 12

SAME = 0.9
"""The share of its fingerprints that a short file has to have in common with one of another name.
"""

SHORT = 150
"""Tokens below which a file says something by its functions alone."""


def collect(file: File, own: str = "") -> Iterator[Row]:
    """The git identity of a file, and what it was made from where the index knows it."""
    if file.size > MAX_READ and not reads(file.path):
        if (
            file.size <= MAX_DATA
        ):  # data and prose have no fingerprints: all there is to compare is their identity
            with file.open() as stream:
                digest = identity.blob_of(stream, file.size)
            evidence = Evidence(NAME, "hash-comparison", "high", file.at(), identity.swhid(digest))
            yield Observation(
                "content", file.name, "", "", evidence, _sort_facts([("blob", digest.hex())])
            )
        return
    if file.size > MAX_READ:
        yield Gap(
            NAME,
            file.at(),
            f"larger than {MAX_READ:,} bytes: not compared with the reference index",
        )
        return
    data = file.read(MAX_READ)
    blob, plain = identity.blob(data), identity.with_plain_lines(data)
    pairs = [("blob", blob.hex()), ("blob-lf", plain.hex() if plain else "")]
    evidence = Evidence(NAME, "hash-comparison", "high", file.at(), identity.swhid(blob))
    known = index(own)
    projects = max(holders(known, blob), holders(known, plain) if plain else 0)
    pairs.append(("known", "yes" if projects else ""))
    if projects != 1 or size_class(len(data)) != LARGE or handed_on.is_known(key_of(blob)):
        # One project has it, from nobody else that is known, and it is no short file that anybody
        # may have: the content alone tells whose it is (`codeprint/releases.py`). What several have
        # can be from any of them, and is compared like a changed file.
        prints = of_file(file.path, data)
        if prints is not None:
            pairs.append(("examined", "yes"))
            found = derive(prints, known)
            if found is not None and projects:
                found = _date_content(found, frozenset(key_of(one) for one in (blob, plain) if one))
            if found is not None and _says(found):
                pairs += _list_comparison_facts(found)
                at = min((f.line for m in found.members for f in m.functions), default=_line(found))
                evidence = Evidence(NAME, "ast-fingerprint", "medium", file.at(at), _words(found))
            elif found is not None:
                alike = [m for m in found.members if _alike(m, file)]
                found = replace(found, near=(*alike, *found.near), members=())
            pairs += _near(found) if found is not None else ()
    yield Observation("content", file.name, "", "", evidence, _sort_facts(pairs))


def _date_content(found: Derivation, keys: frozenset[int]) -> Derivation:
    """The comparison, with the days by which projects had this very content: that of which
    fingerprints are kept may be a later one that is alike.
    """
    members = []
    for member in found.members:
        project, _ = _upstream(member)
        day = days.of_content(project, member.path, keys) if project else ""
        earlier = day and (not member.by or day < member.by)
        members.append(replace(member, by=day) if earlier else member)
    return replace(found, members=tuple(members))


def _says(found: Derivation) -> bool:
    """Whether a comparison is worth telling: a short file (a table of exports) is alike everywhere
    unless whole functions are.
    """
    if found.basis in ("declared", "near"):
        return found.basis == "declared"
    if any(sign.kind not in ("notice", "contributor") for sign in found.order):
        return True
    return found.tokens >= SHORT or any(len(member.functions) >= 2 for member in found.members)


def _alike(member: Member, file: File) -> bool:
    """Whether a short file may be this one: all but the same, or of the same name."""
    return member.containment >= SAME or member.path.rpartition("/")[2] == file.name


def _list_comparison_facts(found: Derivation) -> Iterator[tuple[str, str]]:
    """The comparison as facts.

    Equal fingerprints of unequal bytes are a copy in another layout: which of the two came first
    has to be shown like any other order.
    """
    yield (
        "lineage",
        found.basis if found.basis != "identical" else "derived" if found.order else "family",
    )
    yield "percentile", f"{found.percentile / 100:.6f}"
    yield "tokens", str(found.tokens)
    for rank, member in enumerate(found.members[:MAX_MEMBERS]):
        yield MEMBER(
            MemberFact(
                rank,
                member.project,
                member.path,
                round(member.containment, 2),
                round(member.weighted, 2),
                member.by,
            )
        )
        for f in member.functions[:MAX_FUNCTIONS]:
            yield FUNCTION(
                SameFunction(rank, f.line, f.end, f.name, f.their_path, f.their_line, f.their_name)
            )
        yield from _upstream_facts(rank, member)
    for sign in found.order:
        holder = sign.module if sign.kind in ("notice", "contributor") else ""
        yield ORDER_SIGN(OrderSign(0, sign.kind, sign.line, holder, sign.sentence))


def _near(found: Derivation) -> Iterator[tuple[str, str]]:
    """The files that it is near to; what is told of it already is left out."""
    for rank, member in enumerate(found.near[:MAX_MEMBERS]):
        project, notice = _upstream(member)
        if project is not None:
            yield NEAR(
                NearFile(
                    rank,
                    member.project,
                    member.path,
                    round(member.containment, 2),
                    round(member.weighted, 2),
                    member.percentile,
                    project.repository,
                    days.licence_on(project, _by(project, member)),
                    notice.holders,
                    member.later,
                    bool(notice.since),
                )
            )


def _upstream_facts(rank: int, member: Member) -> Iterator[tuple[str, str]]:
    """Repository and licence of what a file agrees with, and the holders whom the index names."""
    project, notice = _upstream(member)
    if project:
        yield THEIR_REPOSITORY(OfMember(rank, project.repository))
    if project and (licence := days.licence_on(project, _by(project, member))):
        yield THEIR_LICENCE(OfMember(rank, licence))
    for holder in notice.holders:
        yield THEIR_HOLDER(OfMember(rank, holder))
    for holder in member.later:
        yield LATER_HOLDER(LaterHolder(rank, holder, bool(notice.since)))


def _by(project: Project, member: Member) -> str:
    """The day by which the project had what the file agrees with."""
    return member.by or days.of_path(project, member.path).most


def _upstream(member: Member) -> tuple[Project | None, Notice]:
    """The project of the file that this one agrees with, and what that file's header says."""
    project = next((p for p in index().projects if p.purl == member.project), None)
    number = project.number.get(member.path, -1) if project else -1
    return project, (project.notice(number) if project else None) or Notice()


def _line(found: Derivation) -> int:
    """The line of the first sign of an order, 0 for none."""
    return found.order[0].line if found.order else 0


def _words(found: Derivation) -> str:
    if found.basis == "declared":
        return found.order[0].sentence[:200]
    first = found.members[0]
    if not first.containment and found.order:
        return f"{found.order[0].sentence}; it agrees with files of {first.project}"[:200]
    shared = f", {len(first.functions)} identical rare functions" if first.functions else ""
    return (
        f"{first.containment:.0%} of its fingerprints are in {first.project}#{first.path}{shared}"[
            :200
        ]
    )


def _sort_facts(pairs: Iterable[tuple[str, str]]) -> Facts:
    return tuple(sorted({(key, value) for key, value in pairs if value}))
