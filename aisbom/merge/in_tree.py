"""Files made from another file of the same tree: added to a copy of a release, or beside one.

Who holds a release in the tree has it from its publisher, and the file that agrees with one of its
files is no part of it: that is an order. The original lies in the tree, so that its notice can be
read as it stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from aisbom.codeprint.releases import Vendored
from aisbom.model import Observation
from aisbom.model.facts import IN_TREE, MEMBER, OfMember


def ordered(contents: Iterable[Observation], releases: Sequence[Vendored]) -> Iterator[Observation]:
    """Of these files the ones whose original lies in the tree, each with its place and with the
    order that follows. Others are left out.
    """
    whole = [found for found in releases if not found.single]
    identical = {id(found): frozenset(found.identical) for found in whole}
    inside = {path for found in whole for path in (*found.identical, *dict(found.modified))}
    for o in contents:
        path = o.evidence.at.path
        if o.fact("lineage") not in ("derived", "family") or path in inside:
            continue
        member = o.get(MEMBER)[0]
        for found in sorted(whole, key=lambda v: (path not in v.added, v.root)):
            original = _place(member.path, found) if found.project == member.project else ""
            if original in identical[id(found)]:
                yield _made_from(o, original, found)
                break


def _made_from(o: Observation, original: str, found: Vendored) -> Observation:
    release = found.version or found.tag or found.commit[:12]
    order = (
        f"{original} lies in the same tree as release {release} has it, and this file is no part of"
        " that release"
    )
    facts = [(key, value) for key, value in o.facts if key != "lineage"]
    facts += [("lineage", "derived"), ("order", order), IN_TREE(OfMember(0, original))]
    return replace(o, facts=tuple(sorted(set(facts))))


def _place(upstream: str, found: Vendored) -> str:
    """Where a path of the release lies in the tree, if nothing was moved."""
    inside = upstream
    if found.upstream:
        if not upstream.startswith(f"{found.upstream}/"):
            return ""
        inside = upstream[len(found.upstream) + 1 :]
    return f"{found.root}/{inside}" if found.root else inside
