"""The rows of the data files, one frozen type a file. A field is a column, in order; a tuple is a
list with "; " between its parts.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

LINE = "line"

NOBODY = ("unknown", "person-undisclosed")
"""What stands for a designer where no organisation can: nothing is known, or it is one person's
work.
"""


class Organisation(NamedTuple):
    """A row of organisations.csv: an organisation in one period of its life."""

    id: str
    name: str
    kind: str
    scope: str
    legal_seat: str
    effective_seat: str
    parent: str
    ultimate_parent: str
    ultimate_parent_country: str
    aliases: tuple[str, ...]
    domains: tuple[str, ...]
    github: tuple[str, ...]
    gitlab: tuple[str, ...]
    gitee: tuple[str, ...]
    hub: tuple[str, ...]
    holders: tuple[str, ...]
    confidence: str
    source: str
    as_of: str
    valid_from: str
    valid_to: str
    note: str
    line: int = 0
    on: str = ""
    """No column: the day for which a row of several was asked, empty where no day is known and the
    latest row stands.
    """
    own: str = ""
    """No column: the user's file that the row is from, empty for the rows that come with the
    program.
    """

    @property
    def origin(self) -> str:
        """The answer to "developed where": a country code, `international`, `community` for people
        who are together under no seat, or `unknown` where no seat can be stated.
        """
        if self.scope == "international":
            return "international"
        if self.scope == "undetermined" and self.kind == "community":
            return "community"
        return (
            (self.effective_seat or self.legal_seat or "unknown")
            if self.scope == "national"
            else "unknown"
        )

    @property
    def seat(self) -> str:
        """Where the legal body of an international project sits, such as its foundation: a facet of
        its own, never the answer to "developed where". `""` for every other row.
        """
        return self.legal_seat if self.scope == "international" else ""

    def valid(self, on: str) -> bool:
        """Whether the row speaks for a day (YYYY, YYYY-MM or YYYY-MM-DD; shorter dates are compared
        as far as they go).
        """
        since, until = self.valid_from, self.valid_to
        return (not since or on[: len(since)] >= since[: len(on)]) and (
            not until or on[: len(until)] < until[: len(on)]
        )


class Country(NamedTuple):
    """A row of countries.csv."""

    code: str
    name: str
    line: int = 0


class Membership(NamedTuple):
    """A row of country_groups.csv: one country of a group, from a day until (not on) another."""

    group: str
    member: str
    since: str
    until: str
    source: str
    as_of: str
    line: int = 0


class NotOrigin(NamedTuple):
    """A row of not_origin.csv: a hub namespace that re-publishes other labs' weights; `names` are
    globs, none = all of it.
    """

    namespace: str
    where: str
    kind: str
    names: tuple[str, ...]
    why: str
    source: str
    as_of: str
    line: int = 0


class Host(NamedTuple):
    """A row of hosts.csv: a host that says nothing about who made a project; `use` is the rule that
    it is kept out of.
    """

    host: str
    use: str
    kind: str
    line: int = 0


class Package(NamedTuple):
    """A row of packages.csv: a package of the Python index and its steward; a trailing `*` stands
    for a prefix.
    """

    name: str
    organisation: str
    source: str
    as_of: str
    note: str
    line: int = 0


class CondaPackage(NamedTuple):
    """A row of conda_packages.csv: `python` is the package of the Python index that is the same
    project; of what is none, `licence` and the id of the `organisation`. Empty where it is not
    known. A trailing `*` of the name stands for a prefix.
    """

    name: str
    python: str
    licence: str
    organisation: str
    source: str
    as_of: str
    line: int = 0


class PackageIndex(NamedTuple):
    """A row of package_indexes.csv: an address (host and path) whose files are those of the Python
    index.
    """

    address: str
    kind: Literal["builds", "index", "mirror"]
    source: str
    as_of: str
    note: str
    line: int = 0


class PersonRun(NamedTuple):
    """A row of person_run.csv: a project that one person runs. It says nothing about the person."""

    where: str
    key: str
    source: str
    as_of: str
    note: str
    line: int = 0


class AccountKind(NamedTuple):
    """A row of accounts.csv: an account of a code host behind which no organisation with a seat
    stands.
    """

    host: str
    account: str
    kind: Literal["person", "community"]
    source: str
    as_of: str
    note: str
    line: int = 0


class ModelFamily(NamedTuple):
    """A row of model_families.csv: who designed the architecture that a `model_type` names.

    `organisations` are ids of organisations, several where they designed it together, or one of
    NOBODY alone.
    """

    model_type: str
    organisations: tuple[str, ...]
    basis: str
    source: str
    as_of: str
    note: str
    line: int = 0


class TableSource(NamedTuple):
    """A row of package_sources.csv or hub_sources.csv: where statements of that table come from,
    under which licence, and the day or month of the copy that was read.
    """

    key: str
    title: str
    url: str
    licence: str
    read: str
    line: int = 0


class HubFamily(NamedTuple):
    """A row of hub_families.csv: the licence of a repository of the hub, or of all those of one
    owner that fit a glob; and what it was trained on from, where its card says so.
    """

    pattern: str
    licence: str
    base: str
    source: str
    as_of: str
    note: str
    line: int = 0

    @property
    def exact(self) -> bool:
        """Whether it speaks of one repository alone."""
        return "*" not in self.pattern


class LicenceName(NamedTuple):
    """A row of licence_names.csv: words of a licence field and the SPDX expression that they stand
    for.
    """

    kind: str
    words: str
    expression: str
    confidence: Literal["low", "medium"]
    source: str
    as_of: str
    note: str
    line: int = 0


class Licence(NamedTuple):
    """A row of licences.csv: what a licence allows and asks. The freedoms are `1`, `0` or empty
    (not settled).
    """

    id: str
    name: str
    steward: str
    use: str
    modify: str
    share: str
    any_field: str
    no_naming: str
    obligations: tuple[str, ...]
    user_threshold: str
    source: str
    as_of: str
    note: str
    line: int = 0

    @property
    def freedom(self) -> float | None:
        """The share of the five freedoms that it grants; None where one of them is not settled."""
        cells = (self.use, self.modify, self.share, self.any_field, self.no_naming)
        return cells.count("1") / len(cells) if all(cells) else None


class LoaderName(NamedTuple):
    """A row of loader_names.csv: a bare name that a loader takes, and the repository of the hub
    that it stands for.
    """

    space: str
    name: str
    id: str
    source: str
    as_of: str
    note: str
    line: int = 0

    @property
    def table(self) -> str:
        """The table that knows the name: a row that stands in no line is made from another's."""
        return "loader_names.csv" if self.line else "hub_table.tsv"


class CodeProject(NamedTuple):
    """A row of code_projects.csv: what files call a project whose code they hold, and where it is
    published (`owner/name` on GitHub).
    """

    kind: Literal["name", "module", "notice", "sentence"]
    name: str
    repository: str
    source: str
    as_of: str
    note: str
    line: int = 0


class Service(NamedTuple):
    """A row of services.csv: a hosted service, who operates it, and by what its clients are
    known. `serves` is `tunnel`, `metrics`, `search` or `code`, or empty
    for models.
    """

    id: str
    name: str
    organisation: str
    url: str
    hosts: tuple[str, ...]
    classes: tuple[str, ...]
    env: tuple[str, ...]
    models: tuple[str, ...]
    serves: str
    source: str
    as_of: str
    note: str
    line: int = 0


Row = type[
    AccountKind
    | CodeProject
    | CondaPackage
    | Country
    | Membership
    | Host
    | HubFamily
    | Licence
    | LicenceName
    | LoaderName
    | ModelFamily
    | NotOrigin
    | Organisation
    | Package
    | PackageIndex
    | PersonRun
    | Service
    | TableSource
]

FILES: dict[str, Row] = {
    "accounts.csv": AccountKind,
    "code_projects.csv": CodeProject,
    "conda_packages.csv": CondaPackage,
    "countries.csv": Country,
    "country_groups.csv": Membership,
    "hosts.csv": Host,
    "hub_families.csv": HubFamily,
    "hub_sources.csv": TableSource,
    "licence_names.csv": LicenceName,
    "licences.csv": Licence,
    "loader_names.csv": LoaderName,
    "model_families.csv": ModelFamily,
    "not_origin.csv": NotOrigin,
    "organisations.csv": Organisation,
    "package_indexes.csv": PackageIndex,
    "package_sources.csv": TableSource,
    "packages.csv": Package,
    "person_run.csv": PersonRun,
    "services.csv": Service,
}
"""Every data file and the type of its rows."""


def columns(kind: Row) -> tuple[str, ...]:
    """The columns of a file, from the fields of its row type."""
    return tuple(name for name in kind._fields if name not in (LINE, "on", "own"))


def lists(kind: Row) -> frozenset[str]:
    """The columns that hold lists."""
    return frozenset(name for name, hint in kind.__annotations__.items() if "tuple" in str(hint))
