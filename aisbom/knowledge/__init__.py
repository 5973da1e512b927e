"""Facts about the world, as data: who an organisation is and where it sits, which hosts say
nothing, what licence words mean.

Every row has a source and a date; `aisbom.knowledge.check` says what a row may not be. Nothing is
read before `load()`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from aisbom.knowledge import hub_table, names, package_table, text_table
from aisbom.knowledge.deferred import DeferredMapping
from aisbom.knowledge.globs import fits, is_glob
from aisbom.knowledge.read import DATA, Invalid, table
from aisbom.knowledge.rows import (
    FILES,
    AccountKind,
    CodeProject,
    CondaPackage,
    HubFamily,
    Licence,
    LicenceName,
    LoaderName,
    Membership,
    ModelFamily,
    NotOrigin,
    Organisation,
    Package,
    PackageIndex,
    PersonRun,
    Service,
    TableSource,
)
from aisbom.lazy_module import Function

__all__ = [
    "CondaPackage",
    "Invalid",
    "Knowledge",
    "Licence",
    "LicenceName",
    "ModelFamily",
    "NotOrigin",
    "Organisation",
    "Package",
    "PersonRun",
    "load",
]

_name_works = Function("aisbom.knowledge.works", "by_organisation")

OWN = "organisations.csv"
"""The table of a user's own folder."""

_SHARED = frozenset({"foundation", "community", "project"})
"""Kinds of organisation under whose roof many others work: who shares one is not the same."""

_MOST = 16 * 2**20

HOSTS = ("github", "gitlab", "gitee")
"""The code hosts on which an organisation may own an account."""


class LoaderNames(NamedTuple):
    """The bare names that the loaders of one space take: by name, and those that are globs in
    their order.
    """

    named: Mapping[str, LoaderName]
    globs: tuple[LoaderName, ...]


@dataclass(frozen=True)
class Knowledge:
    """What is known, and the ways to ask. `digest` names exactly these data (SHA-256 of the files'
    bytes).
    """

    digest: str
    countries: Mapping[str, str]
    organisations: Mapping[str, tuple[Organisation, ...]]
    """Every row of an organisation by id, oldest first."""
    groups: tuple[Membership, ...]
    families: Mapping[str, ModelFamily]
    packages: Mapping[str, Package]
    licences: Mapping[str, Licence]
    """What licences allow and ask, by identifier in lower case."""
    services: tuple[Service, ...]
    code_projects: Mapping[tuple[str, str], CodeProject]
    """What files call projects of code, by kind and key (`code_project`)."""
    sources: Mapping[tuple[str, str], TableSource]
    """Where statements come from, by the file of the table and the key that it gives a source."""
    loader_names: Mapping[str, LoaderNames]
    """Bare names that loaders take, by space."""
    _indexes: Mapping[str, PackageIndex] = field(repr=False)
    _prefixes: Mapping[str, Package] = field(repr=False)
    _domains: Mapping[str, str] = field(repr=False)
    _owners: Mapping[tuple[str, str], str] = field(repr=False)
    _names: Mapping[str, str] = field(repr=False)
    _silent: Mapping[tuple[str, str], str] = field(repr=False)
    _not_origin: Mapping[tuple[str, str], NotOrigin] = field(repr=False)
    _conda: Mapping[str, CondaPackage] = field(repr=False)
    _person_run: Mapping[tuple[str, str], PersonRun] = field(repr=False)
    _accounts: Mapping[tuple[str, str], AccountKind] = field(repr=False)
    _hub_families: Mapping[str, tuple[HubFamily, ...]] = field(repr=False)
    """By owner in lower case; the row that answers first of those that fit stands first."""
    _licences: Mapping[tuple[str, str], LicenceName] = field(repr=False)
    _pages: Mapping[str, Licence] = field(repr=False)
    _works: Mapping[str, frozenset[str]] = field(repr=False)
    day: str = ""
    """The day (YYYY-MM-DD) that organisations are asked for where a question names none; empty:
    now.
    """
    found_services: dict[tuple[str, str], Service | None] = field(
        default_factory=dict, repr=False, compare=False
    )
    """What was asked of the services before, by way and key (`references.service`): a scan asks for
    the same few a hundred times, and each question goes through all of them.
    """

    def at(self, day: str) -> Knowledge:
        """The same knowledge, with organisations as they were on a day."""
        return replace(self, day=day) if day != self.day else self

    def organisation(self, identity: str, on: str = "") -> Organisation | None:
        """The row of an organisation that is valid on a day, else the latest one; None if there is
        no such id.
        """
        rows = self.organisations.get(identity, ())
        on = on or self.day
        valid = [row for row in rows if row.valid(on)] if on and len(rows) > 1 else []
        return valid[-1]._replace(on=on) if valid else rows[-1] if rows else None

    def by_domain(self, host: str) -> Organisation | None:
        """The organisation whose domain this host is, or is a subdomain of."""
        for domain in _parents(host):
            if domain in self._domains:
                return self.organisation(self._domains[domain])
        return None

    def by_owner(self, host: str, owner: str) -> Organisation | None:
        """The organisation behind an account of `github`, `gitlab`, `gitee` or the model hub
        (`hub`); case does not count.
        """
        identity = self._owners.get((host, owner.casefold()))
        return self.organisation(identity) if identity else None

    def by_name(self, text: str) -> Organisation | None:
        """The organisation that signs with exactly this name, alias or holder spelling, legal form
        aside.
        """
        for name in (names.key(text), names.key(names.holder(text))):
            identity = self._names.get(name) or self._names.get(names.bare(name))
            if name and identity:
                return self.organisation(identity)
        return None

    def package(self, name: str) -> tuple[Package, Organisation] | None:
        """The row of a package of the Python index, and its steward."""
        name = names.package(name)
        row = self.packages.get(name) or next(
            (row for prefix, row in self._prefixes.items() if name.startswith(prefix)), None
        )
        steward = self.organisation(row.organisation) if row else None
        return (row, steward) if row and steward else None

    def code_project(self, kind: str, name: str) -> CodeProject | None:
        """The row of the project that files call so; kind is `name`, `module` or `notice`."""
        return self.code_projects.get((kind, names.code_project(kind, name)))

    def package_index(self, address: str) -> PackageIndex | None:
        """The row that says that what lies at this address is what the Python index has."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        place = [parts.hostname, *filter(None, parts.path.split("/"))]
        found = (
            self._indexes.get("/".join(place[:end])) for end in range(1, min(len(place), 4) + 1)
        )
        return next(filter(None, found), None)

    def conda_package(self, name: str) -> CondaPackage | None:
        """The row of a package of conda; None where it is called as in the Python index."""
        name = name.lower()
        if name in self._conda:
            return self._conda[name]
        prefixes = (name[:end] + "*" for end in range(len(name), 0, -1))
        return next((self._conda[one] for one in prefixes if one in self._conda), None)

    def person_run(self, where: str, key: str) -> PersonRun | None:
        """The row that says one person runs this package (`pypi`)."""
        return self._person_run.get((where, key.casefold()))

    def account(self, host: str, owner: str) -> AccountKind | None:
        """The row that says that an account is a person's or a community's; case does not count."""
        return self._accounts.get((host, owner.casefold()))

    def not_origin(
        self, owner: str, name: str = "", where: str = "huggingface"
    ) -> NotOrigin | None:
        """The row that says the owner of this model did not make it."""
        row = self._not_origin.get((where, owner.casefold()))
        if (
            row
            and row.names
            and not any(fits(name.casefold(), glob.casefold()) for glob in row.names)
        ):
            return None
        return row

    def hub_family(self, identity: str) -> HubFamily | None:
        """The row that speaks of a repository of the hub (`owner/name`): an exact one, else the
        longest glob that fits; case does not count.
        """
        return hub_table.fitting(self._hub_families, identity)

    def hub_ids(self, name: str) -> tuple[str, ...]:
        """The ids of the hub, `owner/name` in lower case, that bear a name behind their owner's, as
        far as a table has them.
        """
        wanted = f"/{name.casefold()}"
        own = (
            row.pattern.casefold()
            for rows in self._hub_families.values()
            for row in rows
            if row.exact
        )
        return (*hub_table.ids_of(name), *(one for one in own if one.endswith(wanted)))

    def list_parents(self, row: Organisation) -> Iterator[Organisation]:
        """The organisations that own this one, the nearest first. A shared roof, such as a
        foundation, owns nothing that is under it.
        """
        while (
            row.parent
            and (above := self.organisation(row.parent)) is not None
            and above.kind not in _SHARED
        ):
            yield above
            row = above

    def find_top(self, row: Organisation) -> Organisation:
        """The organisation at the top of the group that this one belongs to; itself in none."""
        return [row, *self.list_parents(row)][-1]

    def works(self, identity: str) -> frozenset[str]:
        """The names of the models and code projects of an organisation, without punctuation."""
        return self._works.get(identity, frozenset())

    def silent(self, use: str, host: str) -> str:
        """Why a host says nothing for a rule (`site`, `mail`): the class of its row, or `""`."""
        return next(
            (
                self._silent[use, domain]
                for domain in _parents(host)
                if (use, domain) in self._silent
            ),
            "",
        )

    def licence(self, kind: str, words: str) -> LicenceName | None:
        """The row for the words of a licence field; kind is `text`, `classifier`, `hub` or
        `name`.
        """
        return self._licences.get((kind, names.licence(words)))

    def terms(self, identifier: str) -> Licence | None:
        """What the licence of this identifier allows and asks."""
        return self.licences.get(identifier.casefold())

    def terms_at(self, link: str) -> Licence | None:
        """The licence whose text a page holds: the page is the source of its row."""
        return self._pages.get(_page(link))

    def members(self, group: str, on: str = "") -> frozenset[str]:
        """The country codes of a group (`EU`), on a day or now; empty for an unknown group."""
        return frozenset(
            row.member
            for row in self.groups
            if row.group == group
            and (not row.until if not on else row.since <= on and (not row.until or on < row.until))
        )


def load(extra: Path | None = None) -> Knowledge:
    """The shipped knowledge, and the rows of a user's own: a file of organisations, or a folder
    that holds it as organisations.csv.

    Raises Invalid for rows that fail the checks, and for a folder with other tables, which are not
    read from there.
    """
    if extra is None:
        return _load_shipped()
    if extra.is_dir():
        others = sorted(path.name for path in extra.glob("*.csv") if path.name != OWN)
        if others:
            raise Invalid(
                [f"{extra.name}/{others[0]}: a folder of your own may hold {OWN}, no other table"]
            )
        if not (extra / OWN).is_file():
            raise Invalid([f"{extra.name}: holds no {OWN}"])
        extra = extra / OWN
    if extra.stat().st_size > _MOST:
        raise Invalid([f"{extra.name}: larger than {_MOST // 2**20} MiB"])
    from aisbom.knowledge.check import check

    problems = check(extra)
    if problems:
        raise Invalid(problems)
    name = f"{extra.parent.name}/{extra.name}" if extra.parent.name else extra.name
    return _build(
        DATA,
        tuple(row._replace(own=name) for row in table(extra, Organisation)),
        extra.read_bytes(),
    )


@lru_cache(maxsize=1)
def _load_shipped() -> Knowledge:
    return _build(DATA, (), b"")


def _build(folder: Path, added: tuple[Organisation, ...], content: bytes) -> Knowledge:
    digest = hashlib.sha256()
    for name in sorted(FILES):
        digest.update(f"{name}\n".encode() + (folder / name).read_bytes())
    for path in (package_table.TABLE, hub_table.TABLE):
        digest.update(f"{path.name}\n".encode() + text_table.content(path))
    if content:
        digest.update(b"extra\n" + content)

    @cache
    def rows(name: str) -> tuple[Any, ...]:
        return table(folder / name, FILES[name])

    @cache
    def current() -> tuple[Organisation, ...]:
        return tuple(periods[-1] for periods in organisations.values())

    organisations = DeferredMapping(lambda: _periods((*rows("organisations.csv"), *added)))
    owners = DeferredMapping(
        lambda: {pair: row.id for row in current() for pair in names.owners(row)}
    )
    return Knowledge(
        digest=digest.hexdigest(),
        countries=DeferredMapping(lambda: {row.code: row.name for row in rows("countries.csv")}),
        organisations=organisations,
        groups=rows("country_groups.csv"),
        families=DeferredMapping(
            lambda: {row.model_type: row for row in rows("model_families.csv")}
        ),
        packages=DeferredMapping(lambda: {row.name: row for row in rows("packages.csv")}),
        services=rows("services.csv"),
        code_projects=DeferredMapping(
            lambda: {
                (row.kind, names.code_project(row.kind, row.name)): row
                for row in rows("code_projects.csv")
            }
        ),
        sources=DeferredMapping(
            lambda: {
                (path.name, row.key): row
                for path, name in (
                    (package_table.TABLE, "package_sources.csv"),
                    (hub_table.TABLE, "hub_sources.csv"),
                )
                for row in rows(name)
            }
        ),
        loader_names=DeferredMapping(lambda: _by_space(rows("loader_names.csv"))),
        licences=DeferredMapping(lambda: {row.id.casefold(): row for row in rows("licences.csv")}),
        _indexes=DeferredMapping(lambda: {row.address: row for row in rows("package_indexes.csv")}),
        _prefixes=DeferredMapping(
            lambda: {row.name[:-1]: row for row in rows("packages.csv") if row.name.endswith("*")}
        ),
        _domains=DeferredMapping(
            lambda: {domain: row.id for row in current() for domain in row.domains}
        ),
        _owners=owners,
        _names=DeferredMapping(
            lambda: {name: row.id for row in current() for name in names.signatures(row)}
        ),
        _silent=DeferredMapping(
            lambda: {(row.use, row.host): row.kind for row in rows("hosts.csv")}
        ),
        _not_origin=DeferredMapping(
            lambda: {(row.where, row.namespace.casefold()): row for row in rows("not_origin.csv")}
        ),
        _conda=DeferredMapping(lambda: {row.name: row for row in rows("conda_packages.csv")}),
        _person_run=DeferredMapping(
            lambda: {(row.where, row.key.casefold()): row for row in rows("person_run.csv")}
        ),
        _accounts=DeferredMapping(
            lambda: {(row.host, row.account.casefold()): row for row in rows("accounts.csv")}
        ),
        _hub_families=DeferredMapping(lambda: hub_table.of_owners(rows("hub_families.csv"))),
        _licences=DeferredMapping(
            lambda: {(row.kind, names.licence(row.words)): row for row in rows("licence_names.csv")}
        ),
        _pages=DeferredMapping(lambda: _pages(rows("licences.csv"))),
        _works=DeferredMapping(
            lambda: _name_works(rows("model_families.csv"), rows("code_projects.csv"), owners)
        ),
    )


def _by_space(rows: Iterable[LoaderName]) -> dict[str, LoaderNames]:
    found: dict[str, list[LoaderName]] = {}
    for row in rows:
        found.setdefault(row.space, []).append(row)
    return {
        space: LoaderNames(
            {row.name: row for row in reversed(held)},  # the first of a name speaks
            tuple(row for row in held if is_glob(row.name)),
        )
        for space, held in found.items()
    }


def _periods(rows: Iterable[Organisation]) -> dict[str, tuple[Organisation, ...]]:
    found: dict[str, tuple[Organisation, ...]] = {}
    for row in sorted(rows, key=lambda row: (row.id, row.valid_from)):
        found[row.id] = (*found.get(row.id, ()), row)
    return found


def _pages(rows: tuple[Licence, ...]) -> dict[str, Licence]:
    """The licences whose text a page of their own holds."""
    pages = Counter(_page(row.source) for row in rows)
    return {_page(row.source): row for row in rows if pages[_page(row.source)] == 1}


def _page(link: str) -> str:
    return (
        link.strip()
        .casefold()
        .removeprefix("https://")
        .removeprefix("http://")
        .removeprefix("www.")
        .rstrip("/")
        .removesuffix(".html")
    )


def _parents(host: str) -> Iterator[str]:
    labels = host.casefold().strip(".").split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])
