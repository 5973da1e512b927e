"""Forks: a repository that lies in another account than the project it is a copy of.

That is known where the whole tree is a copy of a release of another project, where the project's
own metadata point to a repository of the same name in another account, or where its README says
that it is a fork, or that it is built on a project whose name it bears and whose branches its
history holds. Whose project it is, is then answered for the project that was forked; who forked it
stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from aisbom.identify import urls
from aisbom.identify.cite import SeenFact, cite, facts
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component
from aisbom.model.facts import COPY_OF

_REMOTE = ("vcs-url", "remote")
_STATED = ("project-url", "home-page")
_AUTHORS = ("author", "maintainer")
_MAILS = ("author-email", "maintainer-email")


class Fork(NamedTuple):
    """The account and the address of what was forked, where that is said, and the account of the
    fork.
    """

    account: urls.Account
    address: str
    seen: SeenFact
    by: urls.Account
    at: SeenFact


def fork(component: Component, knowledge: Knowledge) -> Fork | None:
    """What a repository is a fork of; None where it is none, or lies with the same organisation. A
    package that was fetched from somebody's account is nobody else's for that.
    """
    if "repository" not in component.kinds:
        return None
    remotes = [(url, seen) for seen in facts(component, *_REMOTE) if (url := seen.words)]
    for url, at in remotes:
        mine = urls.account(url)
        for address, account, seen in _upstreams(component, urls.repository(url)):
            if mine and account != mine and not _same(account, mine, knowledge):
                if seen.key in _STATED and (
                    _is_made_by(component, mine, knowledge) or not knowledge.by_owner(*account)
                ):
                    continue  # an account has another name now, or the project has moved
                return Fork(account, address, seen, mine, at)
    return None


def is_of_elsewhere(component: Component, knowledge: Knowledge) -> bool:
    """Whether every repository that the manifest of a repository states is another one, in an
    account of somebody else's.
    """
    mine = [account for seen in facts(component, *_REMOTE) if (account := urls.account(seen.words))]
    if "repository" not in component.kinds or not mine:
        return False
    stated = [urls.parse_labelled_url(seen.words)[1] for seen in facts(component, _STATED[0])]
    stated += [seen.words for seen in facts(component, _STATED[1])]
    accounts = [
        account for url in stated if urls.repository(url) and (account := urls.account(url))
    ]
    return bool(accounts) and not any(
        _same(account, own, knowledge) for account in accounts for own in mine
    )


def _upstreams(component: Component, name: str) -> Iterator[tuple[str, urls.Account, SeenFact]]:
    for copy, evidence in component.get(COPY_OF):
        if account := urls.account(copy.repository):
            yield copy.release, account, SeenFact("copy of", copy.release, evidence)
    for seen in facts(component, _STATED[0]):
        _, url = urls.parse_labelled_url(seen.words)
        if (account := urls.account(url)) and name and urls.repository(url) == name:
            yield url, account, seen
    for seen in facts(component, _STATED[1]):
        if (account := urls.account(seen.words)) and name and urls.repository(seen.words) == name:
            yield seen.words, account, seen
    for sighting in component.observations:
        said = sighting.fact("says-fork") and not sighting.evidence.at.folder
        shown = sighting.fact("merged-branches") or said
        if shown and (account := urls.account(sighting.name)):
            yield sighting.name, account, SeenFact("credit", sighting.name, sighting.evidence)


def _is_made_by(component: Component, account: urls.Account, knowledge: Knowledge) -> bool:
    """Whether a project's own metadata say that whoever holds this account made it."""
    row = knowledge.by_owner(*account)
    if row is None:
        return False
    names = [seen.words for seen in facts(component, *_AUTHORS)]
    for seen in facts(component, *_MAILS):
        for address in urls.addresses(seen.words):
            names.append(address.name)
            if knowledge.by_domain(address.domain) == row:
                return True
    return any(knowledge.by_name(name) == row for name in names if len(name) > 1)


def _same(one: urls.Account, two: urls.Account, knowledge: Knowledge) -> bool:
    if one.host == two.host and one.owner.casefold() == two.owner.casefold():
        return True
    first, second = knowledge.by_owner(*one), knowledge.by_owner(*two)
    return first is not None and second is not None and first.id == second.id


def claims(component: Component, found: Fork, knowledge: Knowledge) -> Iterator[Claim]:
    """`fork-of` and `fork-by`."""
    of = cite("origin/fork", "medium", found.seen, f"{found.address} in another account")
    yield Claim(component.ref, "fork-of", found.address, (of,))
    row = knowledge.by_owner(*found.by)
    name = row.name if row else f"{found.by.owner} ({found.by.host})"
    by = cite("origin/fork", "medium", found.at, name, *((row,) if row else ()))
    yield Claim(component.ref, "fork-by", name, (by,))
