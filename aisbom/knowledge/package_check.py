"""What package_table.tsv may not be: malformed, out of order, or at odds with itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from aisbom.knowledge import names, text_table
from aisbom.knowledge.package_table import COLUMNS, HAND, TABLE, source_key


def table(sources: Collection[str]) -> Iterator[str]:
    """Problems of the table: its form, its order, on which finding a row rests, sources that
    package_sources.csv does not describe, and two rows by hand that say different things.
    """
    lines = text_table.content(TABLE).decode().split("\n")
    if lines[0].split("\t") != list(COLUMNS) or lines[-1] != "":
        yield f"{TABLE.name}:1: the columns are {', '.join(COLUMNS)}, and the last line ends"
    body = lines[1:-1]
    if body != sorted(set(body)):
        yield f"{TABLE.name}:2: rows are sorted, each once: tools/package_table.py writes them"
    by_hand: dict[tuple[str, str, str], str] = {}
    for number, line in enumerate(body, 2):
        cells = line.split("\t")
        yield from (f"{TABLE.name}:{number}: {message}" for message in _row(cells, sources))
        if len(cells) == len(COLUMNS) and cells[5] == HAND:
            key = (cells[0], cells[1], cells[3])
            if by_hand.setdefault(key, cells[2]) != cells[2] and cells[1] == "licence":
                yield (
                    f"{TABLE.name}:{number}: {cells[0]} has two licences by hand for the same"
                    f" versions: {by_hand[key]} and {cells[2]}"
                )


def _row(cells: list[str], sources: Collection[str]) -> Iterator[str]:
    if len(cells) != len(COLUMNS):
        yield f"{len(cells)} cells, {len(COLUMNS)} expected"
        return
    name, what, value, versions, votes, source = cells
    if not name or name != names.package(name):
        yield f"the normalised name is {names.package(name)!r}"
    if what not in ("licence", "repository") or not value:
        yield f"{what!r} {value!r} is neither a licence nor a repository"
    if not votes.isdigit() or int(votes) < 1:
        yield f"votes {votes!r} is no number of distributions"
    try:
        SpecifierSet(versions)
    except InvalidSpecifier:
        yield f"versions {versions!r} is no range (PEP 440)"
    for one in source.split("; "):
        if source_key(one) not in sources:
            yield f"package_sources.csv has no source {one!r}"
