"""Who develops a component, and where that organisation sits: from its metadata alone, and never
from a person's name.

Rules (each is medium; two that agree are high): the account that owns the repository, the site, the
names and the company addresses of authors and maintainers, the first holder in the licence file,
and a short table of packages. Where nothing is known the claim says `unknown`; where a row says
that one person runs the project, it says `person-undisclosed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from aisbom.identify import forks, package_table, urls
from aisbom.identify.cite import (
    COMMUNITY,
    UNDISCLOSED,
    UNKNOWN,
    Rule,
    SeenFact,
    cite,
    facts,
    of_organisation,
    unknown,
)
from aisbom.identify.purls import parse
from aisbom.knowledge import Knowledge, Organisation, names
from aisbom.model import Claim, Component, Confidence, Evidence
from aisbom.model.facts import HOLDER_LINE, TableRow
from aisbom.model.licence_names import is_plain

_EXAMINED = frozenset({"project", "distribution", "repository", "bom-component"})
_MAIL = ("author-email", "maintainer-email")
_NAMES = ("author", "maintainer", "publisher", "manufacturer")
_BY_AUTHOR = frozenset({"origin/author-name", "origin/mail-domain"})
_REMOTE = ("vcs-url", "remote", "repository")
_LICENCE_FILE = re.compile(r"(?:licen[cs]e|copying|copyright|notice)", re.IGNORECASE)
# The FSF holds the copyright of the GPL's own text, whoever uses that licence.
_HOLDERS_OF_TEXTS = frozenset({"fsf"})
_PURL_HOSTS = {
    "github": "github",
    "gitlab": "gitlab",
    "bitbucket": "bitbucket",
    "huggingface": "hub",
}


class Match(NamedTuple):
    """A rule that led from a fact to an organisation."""

    rule: str
    organisation: Organisation
    seen: SeenFact
    confidence: Confidence = "medium"


class Owner(NamedTuple):
    """An account that a repository lies in. `rank` says how directly the metadata names it: 0 is
    most, 4 only the table of packages.
    """

    rank: int
    account: urls.Account
    seen: SeenFact

    @property
    def rule(self) -> str:
        """The rule that leads from it to an organisation."""
        return "origin/package-table" if self.rank == 4 else "origin/repository-owner"


def claim_developer(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.developed`, `origin.developed.organisation` and `control` of anything that is no
    model, data set or service.
    """
    if component.kinds & {"model", "reference", "dataset", "service"}:
        return
    owners = _owners(component, knowledge)
    if forked := forks.fork(component, knowledge):
        yield from forks.claims(component, forked, knowledge)
        owners = [Owner(0, forked.account, forked.seen)]
    people = list(_people(component, knowledge, owners))
    matches = [
        *_repository(owners, knowledge),
        *_names(component, knowledge),
        *_sites(component, knowledge),
    ]
    matches += _table(component, knowledge)
    remote = "repository" in component.kinds and any(
        match.rule == "origin/repository-owner" for match in matches
    )
    said = {match.organisation.origin for match in matches} - {UNKNOWN}
    matches += _beside(_holders(component, knowledge), said, remote=remote)
    settled = {match.organisation.origin for match in matches} - {UNKNOWN} | {
        claim.value for claim in people
    }
    matches += _mail(component, knowledge, bool(owners), settled)
    matches = list(_filter_foundations(matches, owners, knowledge))
    matches = list(_doubt_copied_manifests(matches, component, owners, knowledge))
    if any(map(_is_of_university, matches)):
        people = [_as_hint(claim) for claim in people]
    grouped: dict[tuple[str, Confidence, Organisation], list[SeenFact]] = {}
    for match in matches:
        grouped.setdefault((match.rule, match.confidence, match.organisation), []).append(
            match.seen
        )
    answered = any(e.confidence != "low" for claim in people for e in claim.evidence)
    yield from people
    for (rule, confidence, row), seen in sorted(grouped.items()):
        by = Rule(rule, confidence)
        if rule == "origin/package-table":
            by = by._replace(rows=tuple(package_table.rows(component, knowledge, row.id)))
        for claim in of_organisation(component, "developed", by, row, seen):
            answered |= (
                claim.attribute == "origin.developed"
                and claim.value != UNKNOWN
                and claim.evidence[0].confidence != "low"
            )
            yield claim
    looked = sorted(_looked_at(component, owners))
    if looked and not answered:
        yield unknown(
            component,
            "origin.developed",
            "origin/examined",
            looked[0],
            "no organisation with a known seat stands behind it",
        )


def _is_of_university(match: Match) -> bool:
    """Whether a university holds the copyright: the account of one of its members that a repository
    lies in is a hint beside that.
    """
    held = match.rule == "origin/copyright-holder" and match.confidence != "low"
    return held and match.organisation.kind == "university"


def _as_hint(claim: Claim) -> Claim:
    return replace(claim, evidence=tuple(replace(e, confidence="low") for e in claim.evidence))


def _looked_at(component: Component, owners: list[Owner]) -> Iterator[SeenFact]:
    """What was examined: metadata that says who stands behind a component, or the owner of the
    repository it comes from.
    """
    if component.kinds & _EXAMINED:
        yield from facts(component, "project-url", "home-page", *_NAMES, *_MAIL, "copyright-holder")
    yield from (owner.seen for owner in owners)


def _owners(component: Component, knowledge: Knowledge) -> list[Owner]:
    """The accounts in the most direct place that names one: where it was fetched from, source link,
    home page, tracker.
    """
    found = [
        Owner(0, owner, seen)
        for seen in facts(component, *_REMOTE)
        if (owner := urls.account(seen.words))
    ]
    purl = parse(component.purl)
    if purl and purl.type in _PURL_HOSTS and purl.namespace and component.observations:
        owner = urls.Account(_PURL_HOSTS[purl.type], purl.namespace.split("/")[0])
        found.append(
            Owner(0, owner, SeenFact("purl", component.purl, component.observations[0].evidence))
        )
    for observation in component.observations:
        if observation.kind == "repository":
            for url in observation.all("url"):
                if owner_ := urls.account(url):
                    found.append(Owner(0, owner_, SeenFact("url", url, observation.evidence)))
    if component.kinds & _EXAMINED:
        ranks = {"source": 1, "home": 2, "tracker": 3}
        for seen in facts(component, "project-url"):
            role, url = urls.parse_labelled_url(seen.words)
            if role in ranks and (owner := urls.account(url)):
                found.append(Owner(ranks[role], owner, seen))
        found += [
            Owner(2, owner, seen)
            for seen in facts(component, "home-page")
            if (owner := urls.account(seen.words))
        ]
    if not found:
        found = [
            Owner(4, owner, seen)
            for url, seen in package_table.repositories(component, knowledge)
            if (owner := urls.account(url))
        ]
    best = min((owner.rank for owner in found), default=0)
    return [owner for owner in found if owner.rank == best]


def _repository(owners: list[Owner], knowledge: Knowledge) -> Iterator[Match]:
    for owner in owners:
        row = knowledge.by_owner(*owner.account)
        if row and not (owner.account.host == "hub" and knowledge.not_origin(owner.account.owner)):
            yield Match(owner.rule, row, owner.seen)


def _people(component: Component, knowledge: Knowledge, owners: list[Owner]) -> Iterator[Claim]:
    """Projects of which a row says that one person runs them, or a community that has no seat."""
    found: dict[str, list[Evidence]] = {}
    name, seen = package_table.find_indexed_package(component, knowledge)
    run = knowledge.person_run("pypi", name) if name else None
    if run and seen:
        words = f"run by one person [{run.key}, {run.as_of}] -> {UNDISCLOSED}"
        cited = TableRow("person_run.csv", f"{run.where}/{run.key}")
        found[UNDISCLOSED] = [cite("origin/person-run", "medium", seen, words, cited)]
    for owner in owners if not run else ():
        row = knowledge.account(*owner.account)
        if row is None:
            continue
        value = UNDISCLOSED if row.kind == "person" else COMMUNITY
        rule = "origin/person-run" if row.kind == "person" else "origin/community"
        words = f"{row.kind}'s account [{row.account}, {row.as_of}] -> {value}"
        cited = TableRow("accounts.csv", f"{row.host}/{row.account}")
        found.setdefault(value, []).append(cite(rule, "medium", owner.seen, words, cited))
    for value, evidence in sorted(found.items()):
        yield Claim(component.ref, "origin.developed", value, tuple(sorted(evidence)))


def _names(component: Component, knowledge: Knowledge) -> Iterator[Match]:
    """Authors and maintainers that are organisations: an exact match, so that a personal name finds
    nothing.
    """
    if not component.kinds & _EXAMINED:
        return
    for seen in facts(component, *_NAMES):
        yield from _match_name(seen, seen.words, knowledge)
    for seen in facts(component, *_MAIL):
        for address in urls.addresses(seen.words):
            yield from _match_name(seen, address.name, knowledge)


def _match_name(seen: SeenFact, name: str, knowledge: Knowledge) -> Iterator[Match]:
    for text in dict.fromkeys((name, name.partition(" (")[0])):
        row = knowledge.by_name(text.removeprefix("Organization: ")) if len(text) > 1 else None
        if row:
            yield Match("origin/author-name", row, seen)
            return


def _sites(component: Component, knowledge: Knowledge) -> Iterator[Match]:
    """The project's own site on an organisation's domain; hosts where anybody may have pages say
    nothing.
    """
    if not component.kinds & _EXAMINED:
        return
    pages = [(seen, seen.words) for seen in facts(component, "home-page")]
    for seen in facts(component, "project-url"):
        role, url = urls.parse_labelled_url(seen.words)
        if role == "home":
            pages.append((seen, url))
    for seen, url in pages:
        host = urls.site(url)
        row = knowledge.by_domain(host) if host and not knowledge.silent("site", host) else None
        # A university's host carries the pages of its members.
        if row and row.kind != "university":
            yield Match("origin/site-domain", row, seen)


def _holders(component: Component, knowledge: Knowledge) -> Iterator[Match]:
    """The first holder of the top licence or notice file. Later lines of such files are third
    parties' notices, and so is every file beside a plain `LICENSE` (`LICENSE_norae`, `NOTICE`).
    """
    files: dict[str, list[SeenFact]] = {}
    for named, evidence in component.get(HOLDER_LINE):
        if _LICENCE_FILE.match(_last(evidence.at.path)):
            at = replace(evidence, at=replace(evidence.at, line=named.line))
            seen = SeenFact("copyright-holder", named.holder, at)
            files.setdefault(evidence.at.path, []).append(seen)
    if not files:
        return
    top = min(path.count("/") for path in files)
    files = {path: lines for path, lines in files.items() if path.count("/") == top}
    # A plain one that names nobody is the project's all the same, and the others are not.
    if any(
        o.evidence.at.path.count("/") == top and is_plain(_last(o.evidence.at.path))
        for o in component.observations
    ):
        files = {path: seen for path, seen in files.items() if is_plain(_last(path))}
    for _, lines in sorted(files.items()):
        first = min(seen.evidence.at.line for seen in lines)
        rows = {
            (row, seen)
            for seen in lines
            if seen.evidence.at.line == first and (row := knowledge.by_name(seen.words))
        }
        if len({row.id for row, _ in rows} - _HOLDERS_OF_TEXTS) == 1:
            yield from (
                Match("origin/copyright-holder", row, seen)
                for row, seen in sorted(rows)
                if row.id not in _HOLDERS_OF_TEXTS
            )


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _beside(holders: Iterator[Match], said: set[str], *, remote: bool) -> Iterator[Match]:
    """A university that holds the copyright of what a package wraps does not outweigh who publishes
    the package; nor does a holder in a checkout outweigh the known account it was fetched from.
    """
    for match in holders:
        doubtful = (
            (remote or match.organisation.kind == "university")
            and said
            and match.organisation.origin not in said
        )
        yield match._replace(confidence="low") if doubtful else match


def _filter_foundations(
    matches: Iterable[Match], owners: list[Owner], knowledge: Knowledge
) -> Iterator[Match]:
    """A foundation that authors are named after keeps a project where its repository lies with the
    foundation.

    Projects leave foundations and keep the old author line; who holds the repository now may be
    nobody that is known.
    """
    held = {row.id for owner in owners if (row := knowledge.by_owner(*owner.account))}
    for match in matches:
        row = match.organisation
        left = (
            row.kind == "foundation" and match.rule in _BY_AUTHOR and owners and row.id not in held
        )
        yield match._replace(confidence="low") if left else match


def _doubt_copied_manifests(
    matches: Iterable[Match], component: Component, owners: list[Owner], knowledge: Knowledge
) -> Iterator[Match]:
    """An author that a repository's manifest states is a hint where the manifest may have come with
    copied code: it names a package that the repository is not called after, and the repository lies
    in an account that is not known to be the author's.
    """
    remotes = [owner for owner in owners if owner.seen.key in _REMOTE]
    held = {row.id for owner in remotes if (row := knowledge.by_owner(*owner.account))}
    called = {names.package(urls.repository(owner.seen.words)) for owner in remotes}
    other = {
        o.evidence.at.path
        for o in component.observations
        if o.kind == "project" and names.package(o.name) not in called
    }
    for match in matches:
        copied = (
            bool(remotes)
            and match.rule in _BY_AUTHOR
            and match.organisation.id not in held
            and match.seen.evidence.at.path in other
        )
        yield match._replace(confidence="low") if copied else match


def _table(component: Component, knowledge: Knowledge) -> Iterator[Match]:
    name, seen = package_table.find_indexed_package(component, knowledge)
    entry = knowledge.package(name) if name else None
    if entry and seen:
        yield Match("origin/package-table", entry[1], seen)
    conda = package_table.find_conda_package(component, knowledge)
    row = knowledge.organisation(conda[0].organisation) if conda else None
    if conda and row:
        yield Match("origin/package-table", row, conda[1])


def _mail(
    component: Component, knowledge: Knowledge, repository: bool, settled: set[str]
) -> Iterator[Match]:
    """Company addresses. A role's address speaks for the project; an employee's only where nothing
    speaks against it.
    """
    if not component.kinds & _EXAMINED:
        return
    found: list[tuple[SeenFact, urls.Address, Organisation]] = []
    for seen in facts(component, *_MAIL):
        for address in urls.addresses(seen.words):
            row = (
                None
                if knowledge.silent("mail", address.domain)
                else knowledge.by_domain(address.domain)
            )
            if row and row.kind != "university":
                found.append((seen, address, row))
    employers = {row.id for _, _, row in found}
    for seen, address, row in found:
        confidence: Confidence = "medium"
        if settled:
            confidence = "medium" if row.origin in settled else "low"
        elif not address.role(component.name, row.id, *row.github):
            confidence = "low" if repository or len(employers) > 1 else "medium"
        yield Match("origin/mail-domain", row, seen, confidence)
