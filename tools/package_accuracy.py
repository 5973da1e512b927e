"""How often the table of packages is right: its licences against what installed or packed
distributions declare, without the rows that come from such metadata.

    python tools/package_accuracy.py FOLDER ...     site-packages, or folders of wheels

Right is the same licence, or one that names the same licences (a choice in another order, an
expression that also names what is bundled). Prints every disagreement.
"""

from __future__ import annotations

import sys
from pathlib import Path

from package_sources import METADATA, family, metadata

from aisbom.identify.licence_agreement import agree
from aisbom.knowledge import load
from aisbom.knowledge.package_table import statements


def main(folders: list[str]) -> int:
    """Print the disagreements and the share that agrees; 1 where it is below .98."""
    knowledge = load()
    right, wrong, absent = 0, 0, 0
    said = {
        row.name: row.value
        for folder in folders
        for row in metadata(Path(folder), knowledge)
        if row.what == "licence"
    }
    for name, value in sorted(said.items()):
        rows = [
            row
            for row in statements(name)
            if row.what == "licence" and family(row.source) != METADATA and not row.versions
        ]
        if not rows:
            absent += 1
        elif agree(value, rows[0].value):
            right += 1
        else:
            wrong += 1
            print(f"{name}: declares {value}, the table says {rows[0].value} ({rows[0].source})")
    share = right / max(1, right + wrong)
    print(
        f"{len(said)} distributions, {absent} not in the table, {right} right, {wrong} wrong:",
        end=" ",
    )
    print(f"{share:.3f}")
    return int(share < 0.98)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
