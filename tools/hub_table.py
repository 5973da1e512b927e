"""Make aisbom/knowledge/data/hub_table.tsv: licences and base models of repositories of the hub.

    python tools/hub_table.py mteb=CLONE timm=CLONE fastembed=CLONE ecosystem-graphs=CLONE
    python tools/hub_table.py --check   exit 1 where the table is not what this program writes

What a source said before is replaced by what it says now; the statements of other sources stay.
Where a source lies, under which licence, and when it was read:
aisbom/knowledge/data/hub_sources.csv.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from hub_sources import READERS

from aisbom.knowledge import load
from aisbom.knowledge.hub_table import COLUMNS, TABLE, Statement


def main(arguments: list[str]) -> int:
    """Read the sources that are named and write the table, or check it."""
    before = TABLE.read_text("utf-8") if TABLE.exists() else ""
    stored = [Statement(*line.split("\t")) for line in before.splitlines()[1:]]  # type: ignore[arg-type]
    if arguments == ["--check"]:
        same = render(stored) == before
        print(f"the table is {'' if same else 'not '}up to date")
        return int(not same)
    read: list[Statement] = []
    anew = set()
    for argument in arguments:
        reader, _, folder = argument.partition("=")
        if reader not in READERS or not Path(folder).is_dir():
            print(f"{argument}: READER=FOLDER expected, READER one of {', '.join(READERS)}")
            return 2
        anew.add(reader)
        read += READERS[reader](Path(folder), load())
    text = render([*(row for row in stored if row.source not in anew), *read])
    TABLE.write_text(text, "utf-8")
    print(f"{len({line.split(chr(9))[0] for line in text.splitlines()[1:]})} repositories")
    return 0


def render(statements: Iterable[Statement]) -> str:
    """The text of the table: sorted, so that the rows of a repository lie together. A source that
    says two things of one repository says neither.
    """
    said: dict[tuple[str, str, str], set[str]] = {}
    for row in statements:
        said.setdefault((row.id.casefold(), row.what, row.source), set()).add(row.value)
    rows = sorted(
        f"{identity}\t{what}\t{values.pop()}\t{source}"
        for (identity, what, source), values in said.items()
        if len(values) == 1
    )
    return "\n".join(["\t".join(COLUMNS), *rows]) + "\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
