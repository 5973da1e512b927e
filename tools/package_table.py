"""Make aisbom/knowledge/data/package_table.tsv: licences and repositories of packages of the Python
index.

    python tools/package_table.py distributions=TABLE.csv buildroot=CLONE gentoo-guru=CLONE \\
        openwrt=CLONE conda-forge=CLONE emscripten-forge=CLONE msys2=CLONE \\
        metadata=SITE-PACKAGES metadata=WHEELS    read these sources anew
    python tools/package_table.py           take over the rows written by hand
    python tools/package_table.py --check   exit 1 where the table is not what this program writes

What a source said before is replaced by what it says now; the statements of other sources stay. The
rows written by hand are tools/packages_by_hand.csv. Where a source lies, under which licence, and
when it was read: aisbom/knowledge/data/package_sources.csv.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from package_recipes import READERS
from package_sources import Statement, expression, family

from aisbom.knowledge import load, names
from aisbom.knowledge.package_table import COLUMNS, HAND, METADATA, TABLE

BY_HAND = Path(__file__).resolve().parent / "packages_by_hand.csv"


def main(arguments: list[str]) -> int:
    """Read the sources that are named and write the table, or check it."""
    knowledge = load()
    before = TABLE.read_text("utf-8") if TABLE.exists() else ""
    statements = [
        row._replace(value=expression(row.value, knowledge)) if row.what == "licence" else row
        for row in _stored(before)
        if names.package(row.name) == row.name.lower() and not row.name.startswith("$")
    ]
    check = arguments == ["--check"]
    read: list[Statement] = list(by_hand())
    anew = {HAND}
    for argument in [] if check else arguments:
        reader, _, folder = argument.partition("=")
        if reader not in READERS or not Path(folder).exists():
            print(f"{argument}: READER=FOLDER expected, READER one of {', '.join(READERS)}")
            return 2
        rows = list(READERS[reader](Path(folder), knowledge))
        if not rows:
            print(f"{argument}: nothing of this kind was read there")
            return 2
        anew |= {family(row.source) for row in rows} - {METADATA}
        read += rows
    kept = [row for row in statements if family(row.source) not in anew]
    text = render(merge([*kept, *read]))
    if check:
        print("the table is up to date" if text == before else "the table is not up to date")
        return int(text != before)
    TABLE.write_text(text, "utf-8")
    rows = [row.split("\t") for row in text.splitlines()[1:]]
    licensed = {row[0] for row in rows if row[1] == "licence"}
    print(f"{len({row[0] for row in rows})} packages, {len(licensed)} with a licence")
    return 0


def by_hand() -> Iterator[Statement]:
    """The rows of packages_by_hand.csv: several names in a cell share what follows."""
    knowledge = load()
    with BY_HAND.open(encoding="utf-8", newline="") as stream:
        lines = [line for line in stream if not line.startswith("#")]
    for row in csv.DictReader(lines):
        for word in row["names"].split():
            name = names.package(word)
            if row["licence"]:
                value = expression(row["licence"], knowledge)
                if not value:
                    raise SystemExit(f"packages_by_hand.csv: {row['licence']!r} is no licence")
                yield Statement(name, "licence", value, HAND, versions=row["versions"])
            if row["repository"]:
                yield Statement(name, "repository", row["repository"], HAND)


def merge(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Each statement once; of the metadata of several versions the newest speaks."""
    newest: dict[tuple[str, str], Statement] = {}
    rest: set[Statement] = set()
    for row in statements:
        if family(row.source) != METADATA:
            rest.add(row)
            continue
        at = (row.name, row.what)
        if at not in newest or _newer(row.source, newest[at].source):
            newest[at] = row
    yield from (*rest, *newest.values())


def _newer(one: str, two: str) -> bool:
    from packaging.version import InvalidVersion, Version

    try:
        return Version(one.rpartition(" ")[2]) >= Version(two.rpartition(" ")[2])
    except InvalidVersion:
        return False


def _stored(text: str) -> Iterator[Statement]:
    for line in text.splitlines()[1:]:
        name, what, value, versions, votes, source = line.split("\t")
        yield Statement(name, what, value, source, int(votes), versions)


def render(statements: Iterable[Statement]) -> str:
    """The text of the table: sorted, so that the rows of a package lie together."""
    rows = sorted(
        f"{row.name}\t{row.what}\t{row.value}\t{row.versions}\t{row.votes}\t{row.source}"
        for row in statements
    )
    return "\n".join(["\t".join(COLUMNS), *rows]) + "\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
