"""What a row of the knowledge may not be. Every message names the file and the line, and says what
to change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from aisbom.knowledge import hub_check, names, package_check
from aisbom.knowledge.read import DATA, table
from aisbom.knowledge.rows import FILES, NOBODY, Organisation

_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_URL = re.compile(r"https?://[^\s/]+\.[^\s/]+\S*")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9._-]*\.[a-z]{2,}")  # buckets may have an underscore
_HUB_ID = re.compile(r"[\w.-]+/(?:[\w.-]+|\{name\})")
_OWNED = {
    "loader_names.csv": ("id", _HUB_ID),
    "code_projects.csv": ("repository", re.compile(r"[\w.-]+/[\w.-]+")),
}
"""The columns that hold owner/name."""
_ACCOUNT = re.compile(r"[\w.-]+")
_KEYS: dict[str, tuple[str, ...]] = {
    "accounts.csv": ("host", "account"),
    "code_projects.csv": ("kind", "name"),
    "conda_packages.csv": ("name",),
    "countries.csv": ("code",),
    "country_groups.csv": ("group", "member"),
    "hosts.csv": ("use", "host"),
    "hub_families.csv": ("pattern",),
    "hub_sources.csv": ("key",),
    "licence_names.csv": ("kind", "words"),
    "licences.csv": ("id",),
    "loader_names.csv": ("space", "name"),
    "model_families.csv": ("model_type",),
    "not_origin.csv": ("where", "namespace"),
    "package_indexes.csv": ("address",),
    "package_sources.csv": ("key",),
    "packages.csv": ("name",),
    "person_run.csv": ("where", "key"),
    "services.csv": ("id",),
}
OBLIGATIONS = frozenset(
    {
        "acceptable-use",
        "attribution",
        "field-of-use",
        "naming",
        "no-competing-model",
        "no-derivatives",
        "no-redistribution",
        "non-commercial",
        "notice",
        "registration",
        "research-only",
        "revenue-threshold",
        "share-alike",
        "territory",
        "user-threshold",
    }
)
"""What a licence may ask: to keep a notice, to credit (`attribution`), to bear a name (`naming`),
not to exceed a number of users, ...
"""

_FREEDOMS = ("use", "modify", "share", "any_field", "no_naming")
_LICENCE = re.compile(r"LicenseRef-[A-Za-z0-9.\-]+|[A-Za-z0-9.\-+]+")
_WORDS: dict[tuple[str, str], frozenset[str]] = {
    ("organisations.csv", "kind"): frozenset(
        {"company", "university", "lab", "government", "foundation", "community", "project"}
    ),
    ("organisations.csv", "scope"): frozenset({"national", "international", "undetermined"}),
    ("organisations.csv", "confidence"): frozenset({"low", "medium", "high"}),
    ("hosts.csv", "use"): frozenset({"site", "mail"}),
    ("licence_names.csv", "kind"): frozenset({"text", "classifier", "hub", "name"}),
    ("licence_names.csv", "confidence"): frozenset({"low", "medium"}),
    ("model_families.csv", "basis"): frozenset({"curated", "header", "checkpoint"}),
    ("not_origin.csv", "where"): frozenset({"github", "huggingface", "modelscope"}),
    ("not_origin.csv", "kind"): frozenset({"mirror", "converter", "quantiser", "test", "mixed"}),
    ("loader_names.csv", "space"): frozenset(
        {
            "hub",
            "clip",
            "nemo",
            "dataset",
            "sentence-transformers",
            "timm",
            "open-clip",
            "whisper",
            "faster-whisper",
            "spacy",
            "file",
            "github-file",
            "folder",
            "package",
            "github-package",
        }
    ),
    ("code_projects.csv", "kind"): frozenset({"name", "module", "notice", "sentence"}),
    ("person_run.csv", "where"): frozenset({"pypi"}),
    ("package_indexes.csv", "kind"): frozenset({"index", "mirror", "builds"}),
    ("accounts.csv", "host"): frozenset({"github", "gitlab", "gitee", "bitbucket", "hub"}),
    ("accounts.csv", "kind"): frozenset({"person", "community"}),
}


def check(extra: Path | None = None, folder: Path = DATA) -> list[str]:
    """Every problem of the data files in `folder`, and of a user's own file of organisations beside
    them; empty if all is well.
    """
    problems: list[str] = []
    tables = {name: table(folder / name, kind, problems) for name, kind in FILES.items()}
    mine: tuple[Organisation, ...] = table(extra, Organisation, problems) if extra else ()
    codes = {row.code for row in tables["countries.csv"]}
    organisations = [("organisations.csv", row) for row in tables["organisations.csv"]]
    if extra:
        organisations += [(extra.name, row) for row in mine]
    problems.extend(_organisations(organisations, codes, tables["not_origin.csv"]))
    problems.extend(_accounts(tables["accounts.csv"], tables["organisations.csv"]))
    problems.extend(hub_check.families(tables["hub_families.csv"]))
    if folder == DATA:
        problems.extend(hub_check.table())
        problems.extend(package_check.table({row.key for row in tables["package_sources.csv"]}))
    known = {row.id for _, row in organisations}
    for name, rows in tables.items():
        problems.extend(_common(name, rows))
        problems.extend(
            f"{name}:{row.line}: {message}"
            for row in rows
            for message in _one(name, row, known, codes)
        )
    if extra:
        problems.extend(_words(extra.name, "organisations.csv", mine))
        problems.extend(_check_dates(extra.name, mine))
    return sorted(set(problems), key=_place)


def _one(name: str, row: Any, known: set[str], codes: set[str]) -> Iterator[str]:
    """What is wrong with one row, by the table that it is of."""
    if name == "packages.csv":
        yield from _package(row, known)
    elif name == "conda_packages.csv":
        yield from _conda_package(row, known)
    elif name == "model_families.csv":
        yield from _designers(row, known)
    elif name == "licences.csv":
        yield from _licence(row, known)
    elif name == "services.csv":
        yield from _service(row, known)
    elif name in ("hub_sources.csv", "package_sources.csv"):
        yield from _source(row)
    elif name in _OWNED and not _OWNED[name][1].fullmatch(getattr(row, _OWNED[name][0])):
        yield f"{_OWNED[name][0]} {getattr(row, _OWNED[name][0])!r} is not owner/name"
    elif name == "country_groups.csv" and row.member not in codes:
        yield f"unknown country code {row.member!r}"


def _source(row: Any) -> Iterator[str]:
    if not row.title or not _URL.fullmatch(row.url):
        yield "a source has a title and an address"
    if not _DATE.fullmatch(row.read):
        yield f"read {row.read!r} is no date (YYYY, YYYY-MM or YYYY-MM-DD)"


def _package(row: Any, known: set[str]) -> Iterator[str]:
    if row.organisation not in known:
        yield f"no organisation has the id {row.organisation!r}"
    name = row.name.rstrip("*")
    if name != names.package(name):
        yield f"the normalised name is {names.package(row.name)!r}"


def _conda_package(row: Any, known: set[str]) -> Iterator[str]:
    if row.python and (row.licence or row.organisation):
        yield "a package of the Python index has its licence and steward there"
    if row.python != names.package(row.python):
        yield f"the normalised name is {names.package(row.python)!r}"
    if row.organisation and row.organisation not in known:
        yield f"no organisation has the id {row.organisation!r}"


def _accounts(rows: Sequence[Any], organisations: Sequence[Organisation]) -> Iterator[str]:
    """An account is an organisation's, or one of those that have no seat: not both."""
    owners = {pair: row for row in organisations for pair in names.owners(row)}
    for row in rows:
        if held := owners.get((row.host, row.account.casefold())):
            yield (
                f"accounts.csv:{row.line}: the {row.host} account {row.account!r} is taken by"
                f" organisations.csv:{held.line}"
            )


def _service(row: Any, known: set[str]) -> Iterator[str]:
    if row.organisation and row.organisation not in known:
        yield f"no organisation has the id {row.organisation!r}"
    if not row.hosts or not all(_DOMAIN.fullmatch(host) for host in row.hosts):
        yield "hosts must name one host or more, in lower case"
    for variable in row.env:
        if not re.fullmatch(r"[A-Z][A-Z0-9_]+", variable):
            yield f"{variable!r} is no name of a variable"


def _designers(row: Any, known: set[str]) -> Iterator[str]:
    if not row.organisations:
        yield f"no organisation; {' or '.join(NOBODY)} says that there is none"
    for one in row.organisations:
        if one in NOBODY and len(row.organisations) > 1:
            yield f"{one!r} stands alone"
        elif one not in NOBODY and one not in known:
            yield f"no organisation has the id {one!r}"


def _licence(row: Any, known: set[str]) -> Iterator[str]:
    if not _LICENCE.fullmatch(row.id):
        yield f"id {row.id!r} is neither an SPDX identifier nor LicenseRef-*"
    if row.steward and row.steward not in known:
        yield f"no organisation has the id of the steward {row.steward!r}"
    for column in _FREEDOMS:
        if getattr(row, column) not in ("0", "1", ""):
            yield f"{column} is {getattr(row, column)!r}, not 1, 0 or empty"
    for word in row.obligations:
        if word not in OBLIGATIONS:
            yield f"unknown obligation {word!r}: one of {', '.join(sorted(OBLIGATIONS))}"
    if row.user_threshold and not (row.user_threshold.isascii() and row.user_threshold.isdigit()):
        yield f"user_threshold {row.user_threshold!r} is no number"
    elif bool(row.user_threshold) != ("user-threshold" in row.obligations):
        yield "user_threshold and the obligation user-threshold go together"
    for column, obligation in (("no_naming", "naming"), ("any_field", "non-commercial")):
        if getattr(row, column) == "1" and obligation in row.obligations:
            yield f"{column} is granted although {obligation} is asked"


def _common(name: str, rows: Sequence[Any]) -> Iterator[str]:
    yield from _words(name, name, rows)
    if hasattr(FILES[name], "as_of"):
        yield from _check_dates(name, rows)
    keys = _KEYS.get(name)
    seen: dict[tuple[str, ...], int] = {}
    for row in rows if keys else ():
        key = tuple(
            names.licence(value) if part == "words" else value.casefold()
            for part in keys or ()
            for value in (getattr(row, part),)
        )
        if not all(key):
            yield f"{name}:{row.line}: {' and '.join(keys or ())} may not be empty"
        elif key in seen:
            yield (
                f"{name}:{row.line}: the same {' and '.join(keys or ())} as line {seen[key]}:"
                f" {', '.join(key)}"
            )
        seen.setdefault(key, row.line)


def _words(name: str, form: str, rows: Iterable[Any]) -> Iterator[str]:
    for (file, column), words in _WORDS.items():
        for row in rows if file == form else ():
            value = getattr(row, column)
            if value not in words:
                yield (
                    f"{name}:{row.line}: {column} is {value!r}, not one of"
                    f" {', '.join(sorted(words))}"
                )


def _check_dates(name: str, rows: Iterable[Any]) -> Iterator[str]:
    for row in rows:
        if not row.source:
            yield f"{name}:{row.line}: no source"
        elif not _URL.fullmatch(row.source):
            yield f"{name}:{row.line}: source {row.source!r} is no URL"
        if not row.as_of:
            yield f"{name}:{row.line}: no as_of"
        for column in ("as_of", "valid_from", "valid_to", "since", "until"):
            value = getattr(row, column, "")
            if value and not _DATE.fullmatch(value):
                yield (
                    f"{name}:{row.line}: {column} {value!r} is no date (YYYY, YYYY-MM or"
                    " YYYY-MM-DD)"
                )


def _organisations(
    rows: Sequence[tuple[str, Organisation]], codes: set[str], not_origin: Sequence[Any]
) -> Iterator[str]:
    ids: dict[str, list[tuple[str, Organisation]]] = {}
    for file, row in rows:
        ids.setdefault(row.id, []).append((file, row))
        yield from (f"{file}:{row.line}: {message}" for message in _row(row, codes))
    for identity, periods in ids.items():
        ordered = sorted(periods, key=lambda pair: pair[1].valid_from)
        for (_, before), (file, after) in pairwise(ordered):
            if not after.valid_from or not before.valid_to or before.valid_to > after.valid_from:
                yield (
                    f"{file}:{after.line}: the id {identity!r} has another row at line"
                    f" {before.line} whose period overlaps"
                )
    current = {
        identity: max(periods, key=lambda pair: pair[1].valid_from)[1]
        for identity, periods in ids.items()
    }
    for file, row in rows:
        if row.parent and row.parent not in current:
            yield f"{file}:{row.line}: no organisation has the id of the parent {row.parent!r}"
        elif current[row.id] is row:
            yield from (f"{file}:{row.line}: {message}" for message in _chain(row, current))
    yield from _check_ownership(rows, not_origin)


def _row(row: Organisation, codes: set[str]) -> Iterator[str]:
    if not _ID.fullmatch(row.id):
        yield f"the id {row.id!r} is not made of a-z, 0-9, - and _"
    if not row.name:
        yield "no name"
    yield from _seats(row, codes)
    for domain in row.domains:
        if not _DOMAIN.fullmatch(domain):
            yield f"{domain!r} is no domain in lower case"
    for _, account in names.owners(row):
        if not _ACCOUNT.fullmatch(account.removeprefix("modelscope:")):
            yield f"{account!r} is no account name"
    if row.valid_from and row.valid_to and row.valid_from >= row.valid_to:
        yield f"valid_from {row.valid_from} is not before valid_to {row.valid_to}"


def _seats(row: Organisation, codes: set[str]) -> Iterator[str]:
    for column in ("legal_seat", "effective_seat", "ultimate_parent_country"):
        code = getattr(row, column)
        if code and code not in codes:
            yield f"unknown country code {code!r} in {column}"
    if row.scope == "national" and not (row.legal_seat or row.effective_seat):
        yield "a national row needs a legal_seat or an effective_seat"
    if row.scope == "international" and row.effective_seat:
        yield "a row of scope international has no effective_seat: its work is done in many places"
    if row.scope == "undetermined" and (row.legal_seat or row.effective_seat):
        yield "a row of scope undetermined has no seat"


def _chain(row: Organisation, current: dict[str, Organisation]) -> Iterator[str]:
    seen = [row.id]
    while (parent := current.get(current[seen[-1]].parent)) is not None:
        if parent.id in seen:
            yield f"the parents form a circle: {' -> '.join([*seen, parent.id])}"
            return
        seen.append(parent.id)
    top = current[seen[-1]]
    if top is not row and row.ultimate_parent_country != top.ultimate_parent_country:
        end = f"{top.id!r} ({top.ultimate_parent_country!r})"
        yield (
            f"ultimate_parent_country is {row.ultimate_parent_country!r}, but the parents end at"
            f" {end}"
        )


def _check_ownership(
    rows: Sequence[tuple[str, Organisation]], not_origin: Sequence[Any]
) -> Iterator[str]:
    """One domain, account or name, one organisation."""
    held: dict[tuple[str, str], tuple[str, Organisation]] = {}
    for row in not_origin:
        if row.kind != "mixed" and row.where == "huggingface":
            held["hub", row.namespace.casefold()] = ("not_origin.csv", row)
    for file, row in rows:
        pairs = (
            [("domain", domain) for domain in row.domains]
            + list(names.owners(row))
            + [("name", name) for name in names.signatures(row)]
        )
        if row.valid_to:
            pairs = []  # history carries no names: they are looked up in the latest row
        for pair in pairs:
            other_file, other = held.setdefault(pair, (file, row))
            if other_file == "not_origin.csv" or other.id != row.id:
                kind = pair[0] if pair[0] in ("domain", "name") else f"{pair[0]} account"
                yield (
                    f"{file}:{row.line}: the {kind} {pair[1]!r} is taken by"
                    f" {other_file}:{other.line}"
                )


def _place(message: str) -> tuple[str, int, str]:
    file, _, rest = message.partition(":")
    number = rest.partition(":")[0]
    return (file, int(number) if number.isdigit() else 0, message)
