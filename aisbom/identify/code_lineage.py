"""Where code comes from and whether its author is still credited: claims `code-from`,
`code-from.basis` and `attribution`.

These are measurements. That a file holds the text of another does not say who took it from whom; a
donor is named alone only where something in the file shows the order. Nothing here says anything
about weights.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.identify import forks
from aisbom.identify.attribution import ScannedTree, by_folder, notices
from aisbom.identify.declared_sources import claim_declared, repository
from aisbom.identify.holders import every
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Scan
from aisbom.model.facts import SAID_SOURCE
from aisbom.model.ledger import Ledger


def lineage(scan: Scan, ledger: Ledger, knowledge: Knowledge) -> Iterator[Claim]:
    """The claims about every component of code."""
    above = {r.target: r.source for r in scan.relations if r.kind == "contains"}
    by_ref = {c.ref: c for c in scan.components}
    whole = _describe_scanned(scan, ledger, knowledge)
    headers = {
        o.evidence.at.path: o for c in scan.components for o in c.observations if o.kind == "source"
    }
    beside = {
        o.evidence.at.path: o
        for c in scan.components
        if "release" not in c.kinds
        for o in c.observations
        if o.kind == "source" and o.all("copyright-holder")
    }
    for component in scan.components:
        copied = any(o.fact("lineage") in ("derived", "family") for o in component.observations)
        if "release" in component.kinds and not _is_itself(component, whole):
            from aisbom.identify.own_projects import claim_own_projects  # few trees hold one
            from aisbom.identify.release_lineage import claim_release

            around = notices(component, above, by_ref, knowledge, whole)
            found = claim_release(component, around, beside)
            yield from claim_own_projects(found, whole, knowledge)
        elif copied:
            from aisbom.identify.file_lineage import claim_files
            from aisbom.identify.own_projects import claim_own_projects

            around = notices(component, above, by_ref, knowledge, whole)
            yield from claim_own_projects(claim_files(component, around, headers), whole, knowledge)
        elif component.kinds & {"source", "credit"} or _is_nested(component, scan.root, whole):
            yield from claim_declared(
                component, scan.fact("index"), knowledge, whole.repositories, whole.folders
            )


def _describe_scanned(scan: Scan, ledger: Ledger, knowledge: Knowledge) -> ScannedTree:
    """Who made the scanned tree (the owner of its repository, or whom everything agrees on), and
    where it is published. A fork is made by whoever forked, and holds what is somebody else's.
    """
    developed = ledger.answer(scan.root, "origin.developed")
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
    published = frozenset(map(repository, urls_)) - {""}
    return ScannedTree(
        every(sorted(names), knowledge),
        published | _find_earlier_addresses(scan, published, knowledge),
        by_folder(scan.components),
        frozenset(
            folder.lower()
            for component in scan.components
            for o in component.observations
            if o.kind == "source"
            for folder in o.evidence.at.folder.split("/")
        )
        - {""}
        | {component.name.lower() for component in scan.components if "project" in component.kinds},
        developed.value if developed.state == "agreed" else "",
    )


def _find_earlier_addresses(
    scan: Scan, published: frozenset[str], knowledge: Knowledge
) -> frozenset[str]:
    """The repositories that files name which bear the name of the scanned one and lie in another
    account of the same group: the project has moved. A fork bears that name, too, in the account of
    somebody else.
    """
    if not published:
        return frozenset()
    from aisbom.identify.own_projects import find_group

    def group(one: str) -> str:
        return find_group(one.partition("/")[0], knowledge)

    ours = {one.partition("/")[2]: group(one) for one in published}
    told = {
        repository(row.source)
        for component in scan.components
        for o in component.observations
        for row in o.get(SAID_SOURCE)
    }
    return frozenset(
        one for one in told if (top := ours.get(one.partition("/")[2])) and group(one) == top
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
