"""What the tables hold: rows, sources, age, and the share of what they list that has an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from aisbom.knowledge import Knowledge, hub_check, hub_table, package_table, text_table
from aisbom.knowledge.read import DATA, table
from aisbom.knowledge.rows import FILES

_CELL = 26


def stats(knowledge: Knowledge) -> str:
    """The figures as text, a section each: tables, packages, the hub, owners of accounts."""
    sections = (_tables(), _packages(knowledge), _hub(knowledge), _owners(knowledge))
    return "\n\n".join("\n".join(lines) for lines in sections)


def _tables() -> Iterator[str]:
    yield f"{'table':{_CELL}}{'rows':>7}  {'as of':21}{'checked':>8}  sources"
    for name, kind in FILES.items():
        rows = table(DATA / name, kind)
        days = sorted(row.as_of for row in rows if getattr(row, "as_of", ""))
        span = _span(days)
        # A full date says that somebody opened the source that day; a month does not.
        checked = sum(len(day) == 10 for day in days)
        hosts = {urlsplit(row.source).netloc for row in rows if getattr(row, "source", "")}
        where = f"{len(hosts)} hosts" if hosts else ""
        yield f"{name:{_CELL}}{len(rows):>7,}  {span:21}{checked or '':>8}  {where}".rstrip()


def _span(days: list[str]) -> str:
    return days[0] if days and days[0] == days[-1] else f"{days[0]} to {days[-1]}" if days else ""


def _statements(path_name: str, rows: list[list[str]], source: int) -> Iterator[str]:
    said = Counter(package_table.source_key(one) for row in rows for one in row[source].split("; "))
    listed = ", ".join(f"{key} {count:,}" for key, count in said.most_common())
    yield f"{path_name}: {len(rows):,} statements ({listed})"


def _cells(name: str) -> list[list[str]]:
    lines = text_table.content(DATA / name).decode().splitlines()[1:]
    return [line.split("\t") for line in lines]


def _packages(knowledge: Knowledge) -> Iterator[str]:
    rows = _cells(package_table.TABLE.name)
    yield from _statements(package_table.TABLE.name, rows, 5)
    names = {row[0] for row in rows}
    said = {
        name: [row for row in package_table.statements(name) if row.what == "licence"]
        for name in names
    }
    licensed = [found for found in said.values() if found and found[0].authority[0] >= 0]
    single = [found[0] for found in licensed if len(found) == 1 and found[0].votes < 2]
    by_hand = sum(row.source == package_table.HAND for row in single)
    hints = sum(bool(found) for found in said.values()) - len(licensed)
    placed = Counter(_steward(knowledge, name) for name in names)
    yield f"  {len(names):,} packages, {_share(len(licensed), len(names))} with a licence"
    yield f"  {len(single):,} of them by one source alone, {by_hand:,} by a row by hand"
    yield f"  {hints:,} with a hint from an old recipe"
    yield f"  steward: {_format_counts(placed, len(names))}"


def _steward(knowledge: Knowledge, name: str) -> str:
    if entry := knowledge.package(name):
        return _kind(entry[1].origin)
    if knowledge.person_run("pypi", name):
        return "person-undisclosed"
    for row in package_table.statements(name):
        if row.what == "repository":
            host, owner, _ = row.value.split("/", 2)
            return _account(knowledge, host.partition(".")[0], owner)
    return "unknown"


def _account(knowledge: Knowledge, host: str, owner: str) -> str:
    if host == "hub" and knowledge.not_origin(owner):
        return "not an origin"
    if organisation := knowledge.by_owner(host, owner):
        return _kind(organisation.origin)
    if row := knowledge.account(host, owner):
        return "person-undisclosed" if row.kind == "person" else "community"
    return "unknown"


def _kind(origin: str) -> str:
    return "a country" if len(origin) == 2 else origin


def _hub(knowledge: Knowledge) -> Iterator[str]:
    rows = _cells(hub_table.TABLE.name)
    yield from _statements(hub_table.TABLE.name, rows, 3)
    names = {row[0] for row in rows}
    models = {name for name in names if not name.startswith("datasets/")}
    owners = Counter(
        _account(knowledge, "hub", name.removeprefix("datasets/").partition("/")[0])
        for name in names
    )
    based = sum(1 for row in rows if row[1] == "base")
    yield f"  {len(models):,} models, {based:,} with a base; {len(names) - len(models):,} data sets"
    yield f"  owner: {_format_counts(owners, len(names))}"
    families = table(DATA / "hub_families.csv", FILES["hub_families.csv"])
    agree: set[str] = set()
    differ: set[str] = set()
    for row, statement in hub_check.pair_statements(families):
        (agree if row.licence == statement.value else differ).add(row.pattern)
    yield (
        f"hub_families.csv: {len(families):,} rows, {len(agree | differ):,} compared with what a"
        f" source says of such a repository: {len(agree - differ):,} agree, {len(differ):,} differ"
        " and say why"
    )


def _owners(knowledge: Knowledge) -> Iterator[str]:
    yield "owners of accounts"
    rows = [periods[-1] for periods in knowledge.organisations.values()]
    accounts = table(DATA / "accounts.csv", FILES["accounts.csv"])
    for host in ("github", "gitlab", "gitee", "hub"):
        kinds = Counter(_kind(row.origin) for row in rows for _ in getattr(row, host)) + Counter(
            row.kind for row in accounts if row.host == host
        )
        yield f"  {host:8} {sum(kinds.values()):>6,}: {_format_counts(kinds)}"


def _format_counts(found: Counter[str], whole: int = 0) -> str:
    return ", ".join(
        f"{word} {_share(count, whole) if whole else f'{count:,}'}"
        for word, count in found.most_common()
    )


def _share(part: int, whole: int) -> str:
    return f"{part:,} ({part / whole:.2f})" if whole else "0"
