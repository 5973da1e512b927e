"""How often the table of packages is right: its licences and stewards against what distributions
declare that it was not made from.

    python tools/package_accuracy.py FOLDER_OR_REPORT ...

A folder of wheels, a site-packages folder, or a report of `pip install --dry-run --report`, which
holds the metadata of everything that would be installed. Statements of the table that come from
such metadata are left out, and packages that have one are counted by themselves: what mended them
may have mended the others of their kind.

A licence is right where it names the same licences (a choice in another order, an expression
that also names what is bundled); one that sources contest is counted as open. A steward is right
where the repository is of the same owner or the owners have the same answer, and open where one of
two owners is unknown. Prints every disagreement, and the share that agrees with its 95 % interval
(Wilson).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from math import sqrt
from pathlib import Path

from package_sources import METADATA, Statement, family, metadata

from aisbom.identify.licence_agreement import agree
from aisbom.identify.package_table import holds, weightiest
from aisbom.knowledge import Knowledge, load, package_table

BAR = 0.98


def main(places: list[str]) -> int:
    """Print the disagreements and the shares; 1 where one of the unseen packages is below .98."""
    knowledge = load()
    said: dict[tuple[str, str], Statement] = {}
    for place in places:
        for row in metadata(Path(place), knowledge):
            said.setdefault((row.what, row.name), row)
    counts: Counter[tuple[str, str, str]] = Counter()
    for (what, name), row in sorted(said.items()):
        seen = any(family(one.source) == METADATA for one in package_table.statements(name))
        kind = "seen" if seen else "unseen"
        verdict, words = _licence(row) if what == "licence" else _steward(row, knowledge)
        counts[what, kind, verdict] += 1
        if verdict in ("wrong", "open"):
            print(
                f"{verdict} {what} ({kind}): {name}: declares {row.value}, the table says {words}"
            )
    below = False
    for what, kind in sorted({key[:2] for key in counts}):
        right, wrong = counts[what, kind, "right"], counts[what, kind, "wrong"]
        low, high = interval(right, right + wrong)
        print(
            f"{what} of {kind} packages: {right} of {right + wrong} right"
            f" ({right / max(1, right + wrong):.3f}, 95 % interval {low:.3f} to {high:.3f}),"
            f" {counts[what, kind, 'open']} open, {counts[what, kind, 'absent']} not in the table"
        )
        below |= kind == "unseen" and right < BAR * (right + wrong)
    return int(below)


def _licence(said: Statement) -> tuple[str, str]:
    version = said.source.removeprefix(METADATA).strip()
    rows = [row for row in _others(said) if holds(row, version)]
    best = weightiest(rows, version)
    words = f"{' or '.join(sorted(best))} ({rows[0].source})" if rows else ""
    fits = [agree(said.value, one) for one in best]
    if all(fits):
        return ("right" if fits else "absent"), words
    return ("open" if any(fits) else "wrong"), words


def _steward(said: Statement, knowledge: Knowledge) -> tuple[str, str]:
    rows = list(_others(said))
    if not rows:
        return "absent", ""
    one, two = said.value.casefold().split("/"), rows[0].value.casefold().split("/")
    theirs, ours = _kind(knowledge, one), _kind(knowledge, two)
    words = f"{rows[0].value}, {ours} instead of {theirs} ({rows[0].source})"
    if one[:2] == two[:2] or (ours == theirs != "unknown"):
        return "right", words
    return ("open" if "unknown" in (ours, theirs) else "wrong"), words


def _kind(knowledge: Knowledge, address: list[str]) -> str:
    host, owner = address[0].partition(".")[0], address[1]
    if organisation := knowledge.by_owner(host, owner):
        return organisation.origin
    row = knowledge.account(host, owner)
    return row.kind if row else "unknown"


def _others(said: Statement) -> Iterator[package_table.Statement]:
    for row in package_table.statements(said.name):
        if row.what == said.what and family(row.source) != METADATA:
            yield row


def interval(right: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, JASA 22, 1927), (0, 1) where nothing was seen."""
    if not whole:
        return 0.0, 1.0
    z, share = 1.959964, right / whole
    middle, wide = (
        share + z * z / (2 * whole),
        z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)),
    )
    scale = 1 + z * z / whole
    return (middle - wide) / scale, (middle + wide) / scale


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
