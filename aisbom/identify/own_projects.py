"""Which of the projects that code was compared with are the scanned tree's own maker's: claims
`code-from.own`, and who developed what is from these alone.

What a maker took over from an earlier project of theirs is nobody else's. Whose a project is, the
account says in which it lies: the one that publishes the scanned tree, or another one of the same
organisation. A project that only a comment names may hold anything, and is not among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aisbom.identify.attribution import ScannedTree
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Evidence

_COMPARED = frozenset({"lineage/derived", "lineage/identical-files"})


def claim_own_projects(
    claims: Iterable[Claim], scanned: ScannedTree, knowledge: Knowledge
) -> Iterator[Claim]:
    """These claims about the code of one part, with `code-from.own` for each source of the scanned
    tree's own maker. Where all are, the part was developed where the tree was.
    """
    given = list(claims)
    yield from given
    accounts = {one.partition("/")[0] for one in scanned.repositories}
    groups = {find_group(account, knowledge) for account in accounts} - {""}
    sources = [claim for claim in given if claim.attribute == "code-from"]
    own = [
        claim
        for claim in sources
        if any(e.by in _COMPARED for e in claim.evidence)
        and _is_own(claim.value, accounts, groups, knowledge)
    ]
    for claim in own:
        yield Claim(claim.subject, "code-from.own", claim.value, claim.evidence)
    elsewhere = {"code-from.member", "origin.developed"}
    if not own or own != sources or any(claim.attribute in elsewhere for claim in given):
        return
    if scanned.origin:
        words = f"{own[0].value} lies in an account of the scanned tree's maker"
        first = own[0].evidence[0]
        evidence = Evidence("origin/own-project", first.technique, "medium", first.at, words[:200])
        yield Claim(own[0].subject, "origin.developed", scanned.origin, (evidence,))


def find_group(account: str, knowledge: Knowledge) -> str:
    """The group that has this account on GitHub, by the organisation at its top, else `""`."""
    row = knowledge.by_owner("github", account)
    return knowledge.find_top(row).id if row else ""


def _is_own(purl: str, accounts: set[str], groups: set[str], knowledge: Knowledge) -> bool:
    kind, _, rest = purl.removeprefix("pkg:").partition("/")
    name = rest.partition("#")[0].partition("@")[0].casefold()
    if kind == "github":
        account = name.partition("/")[0]
        return account in accounts or find_group(account, knowledge) in groups
    entry = knowledge.package(name) if kind == "pypi" else None
    return entry is not None and knowledge.find_top(entry[1]).id in groups
