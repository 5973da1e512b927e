"""What the rows about the hub may not be: malformed, or contradicted by what a source says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aisbom.knowledge import text_table
from aisbom.knowledge.hub_table import COLUMNS, TABLE, Statement, fitting, of_owners
from aisbom.knowledge.rows import HubFamily

_PATTERN = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*\*?")
_ID = re.compile(r"(?:datasets/)?[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")


def families(rows: Sequence[HubFamily]) -> Iterator[str]:
    """Problems of hub_families.csv, among them statements of the table that contradict it: what
    differs from its family needs a row of its own, and that one names the source and says why.
    """
    for row in rows:
        where = f"hub_families.csv:{row.line}:"
        if not _PATTERN.fullmatch(row.pattern):
            yield f"{where} pattern {row.pattern!r} is neither owner/name nor owner/name*"
        if not _EXPRESSION.fullmatch(row.licence):
            yield f"{where} licence {row.licence!r} is no expression"
        if row.base and not _ID.fullmatch(row.base):
            yield f"{where} base {row.base!r} is not owner/name"
        if row.base.casefold() == row.pattern.casefold():
            yield f"{where} {row.base!r} is its own base"
    for row, statement in pair_statements(rows):
        if statement.value == row.licence or f"{statement.source} " in f"{row.note} ":
            continue
        says = f"{statement.source} says {statement.value} of {statement.id}"
        how = "its note must say why" if row.exact else "a row of its own must say which holds"
        yield f"hub_families.csv:{row.line}: {row.pattern} is {row.licence}, but {says}: {how}"


def pair_statements(rows: Sequence[HubFamily]) -> Iterator[tuple[HubFamily, Statement]]:
    """Each statement of the table about a licence, with the row that answers for its repository:
    what somebody entered beside what another source read from the card.
    """
    by_owner = of_owners(rows)
    for statement in statements():
        if statement.what == "licence" and (row := fitting(by_owner, statement.id)):
            yield row, statement


def table() -> Iterator[str]:
    """Problems of hub_table.tsv: its form and its order, on which finding a row rests."""
    lines = text_table.content(TABLE).decode().split("\n")
    if lines[0].split("\t") != list(COLUMNS) or lines[-1] != "":
        yield f"{TABLE.name}:1: the columns are {', '.join(COLUMNS)}, and the last line ends"
    body = lines[1:-1]
    if body != sorted(set(body)):
        yield f"{TABLE.name}:2: rows are sorted, each once: tools/hub_table.py writes them"
    for number, line in enumerate(body, 2):
        cells = line.split("\t")
        if len(cells) != len(COLUMNS) or not all(cells):
            yield f"{TABLE.name}:{number}: {len(COLUMNS)} cells expected, none of them empty"
        elif cells[0] != cells[0].casefold() or not _ID.fullmatch(cells[0]):
            yield f"{TABLE.name}:{number}: {cells[0]!r} is no id in lower case"
        elif cells[1] not in ("licence", "base"):
            yield f"{TABLE.name}:{number}: {cells[1]!r} is neither licence nor base"


def statements() -> Iterator[Statement]:
    """Every statement of the table."""
    for line in text_table.content(TABLE).decode().split("\n")[1:-1]:
        cells = line.split("\t")
        if len(cells) == len(COLUMNS):
            yield Statement(*cells)  # type: ignore[arg-type]
