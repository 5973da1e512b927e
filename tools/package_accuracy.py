"""How often the table of packages is right: its licences and stewards against what distributions
declare that it was not made from.

    python tools/package_accuracy.py FOLDER_OR_REPORT ...
    python tools/package_accuracy.py READER=CLONE

A folder of wheels, a site-packages folder, a report of `pip install --dry-run --report`, which
holds the metadata of everything that would be installed, or a source that a reader of
package_recipes.py reads. Statements of the table that come from the same source are left out.
Packages are counted in three groups: those that have metadata in the table (what mended them may
have mended the others of their kind), those of which only a row by hand speaks, and the rest.

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

from package_recipes import READERS
from package_sources import Statement, family

from aisbom.identify.licence_agreement import agree
from aisbom.identify.package_table import holds, weightiest
from aisbom.knowledge import Knowledge, load, package_table
from aisbom.knowledge.package_table import HAND, METADATA

BAR = 0.98


def main(places: list[str]) -> int:
    """Print the disagreements and the shares; 1 where one of the unseen packages is below .98."""
    knowledge = load()
    said: dict[tuple[str, str], Statement] = {}
    for place in places:
        reader, _, folder = place.rpartition("=")
        for row in READERS[reader or "metadata"](Path(folder), knowledge):
            said.setdefault((row.what, row.name), row)
    counts: Counter[tuple[str, str, str]] = Counter()
    for (what, name), row in sorted(said.items()):
        sources = {family(one.source) for one in package_table.statements(name) if one.what == what}
        alone = sources - {family(row.source)} == {HAND}
        kind = "seen" if METADATA in sources else "unseen by hand" if alone else "unseen"
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
        below |= kind != "seen" and right < BAR * (right + wrong)
    return int(below)


def _licence(said: Statement) -> tuple[str, str]:
    version = package_table.read_of(said.source)[1]
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
        if row.what == said.what and family(row.source) != family(said.source):
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
