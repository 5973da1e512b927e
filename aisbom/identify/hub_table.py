"""What is known of a repository of the hub of which only the name is here: its licence, and what it
was trained on from.

Never of a model that lies in the tree: that one answers for itself, and what it leaves open stays
open.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.identify.cite import SeenFact, cite
from aisbom.identify.purls import parse
from aisbom.knowledge import Knowledge, hub_table
from aisbom.model import Claim, Component, Confidence, Evidence
from aisbom.model.facts import TableRow

RULE = "licence/hub-table"
_HERE = frozenset({"model", "submodel", "project", "distribution"})


def find_hub_id(component: Component) -> SeenFact | None:
    """The id of a repository of the hub, `owner/name` or `datasets/owner/name`, and where it is
    named; None for anything else.
    """
    purl = parse(component.purl)
    if (
        purl is None
        or purl.type != "huggingface"
        or not purl.namespace
        or component.kinds & _HERE
        or not component.observations
    ):
        return None
    evidence = min(o.evidence for o in component.observations)
    return SeenFact("purl", f"{purl.namespace}/{purl.name}", evidence)


def licences(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`licence.concluded` of what is only named here. A row of its own is medium and makes what the
    sources say a hint; else the family and the sources each say theirs.
    """
    seen = find_hub_id(component)
    if seen is None:
        return
    row = knowledge.hub_family(seen.words)
    found: dict[str, list[Evidence]] = {}
    if row:
        words = f"{row.licence} [{row.pattern}, {row.as_of}]"
        cited = TableRow("hub_families.csv", row.pattern)
        found[row.licence] = [cite(RULE, "medium", seen, words, cited)]
    sure: Confidence = "low" if row and row.exact else "medium"
    for one in hub_table.statements(seen.words):
        if one.what == "licence":
            cited = TableRow(hub_table.TABLE.name, one.source)
            evidence = cite(RULE, sure, seen, f"{one.value} (stated by {one.source})", cited)
            found.setdefault(one.value, []).append(evidence)
    for value, rests_on in sorted(found.items()):
        yield Claim(component.ref, "licence.concluded", value, tuple(sorted(rests_on)))


def bases(component: Component, knowledge: Knowledge) -> Iterator[SeenFact]:
    """The models that this one was trained on from, as far as that is known."""
    seen = find_hub_id(component)
    if seen is None or seen.words.startswith("datasets/"):
        return
    row = knowledge.hub_family(seen.words)
    said = {row.base} if row and row.base else set()
    if not said:
        said = {one.value for one in hub_table.statements(seen.words) if one.what == "base"}
    for base in sorted(said):
        yield SeenFact("base-model", base, seen.evidence)
