"""A whole tree that is a copy of another project's release: said of the root, so that it can be
asked whose project it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from aisbom.model import Component, Evidence, Observation, facts
from aisbom.model.facts import COPY_OF, CopyOf

MOST = 0.5
"""Share of the files of a tree that a release has to have for the tree to be a copy of it."""


def note_fork(
    components: Iterable[Component], root: str, copied: Iterable[Component]
) -> list[Component]:
    """The components; the root says which release it is a copy of, where one fills most of it."""
    found = [o for c in copied for o in c.observations if _fills(o)]
    return [_with(c, found) if found and c.ref == root else c for c in components]


def _fills(o: Observation) -> bool:
    if o.kind != "release" or o.fact("root") or o.fact("single") or not o.fact("repository"):
        return False
    same = int(o.fact("identical") or 0)
    return same >= MOST * (same + int(o.fact("modified") or 0) + int(o.fact("added") or 0))


def _with(root: Component, found: list[Observation]) -> Component:
    rows = set(root.observations)
    for o in found:
        e = o.evidence
        evidence = Evidence("lineage", e.technique, e.confidence, e.at, e.excerpt, sees="content")
        copy = COPY_OF(CopyOf(o.fact("repository"), o.purl))
        rows.add(Observation("tree", "", "", "", evidence, facts(copy)))
    return replace(root, observations=tuple(sorted(rows)))
