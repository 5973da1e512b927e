"""One rooted graph: the ends of relations resolved to refs, and every component reachable from the
root.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from aisbom.merge.owners import Owners, nearness
from aisbom.merge.packages import EXACT, base, carrier
from aisbom.merge.versions import admits
from aisbom.model import Component, Location, Relation


class Resolver:
    """From the keys that collectors use (`pkg:...`, `project:<folder>`) to the refs of
    components.
    """

    def __init__(
        self,
        components: Iterable[Component],
        owners: Owners,
        owned: Mapping[str, str],
        aliases: Mapping[str, str],
        here: Mapping[tuple[str, str], str],
    ) -> None:
        self._owners = owners
        self._owned = owned
        self._aliases = aliases
        self._here = here
        self._by_name: dict[str, list[Component]] = {}
        self._folders: dict[str, frozenset[str]] = {}
        components_ = list(components)
        for component in components_:
            if component.purl:
                self._by_name.setdefault(base(component.purl), []).append(component)
                self._folders[component.ref] = frozenset(
                    o.evidence.at.folder for o in component.observations
                )
        packed = [o for c in components_ for o in c.observations if o.kind == "distribution"]
        scopes = sorted({o.fact("scope") for o in packed if o.fact("installed")})
        self._inside = {c.ref: _carriers(c, scopes) for c in components_ if c.purl and scopes}

    def refs(self, key: str, relation: Relation) -> list[str]:
        """The refs that `key` stands for, seen from the file of `relation`; empty if there is no
        such component.
        """
        if key.startswith("project:"):
            return [self._owned[self._owners.of(key[8:])]]
        if found := self._here.get((relation.at.path, key)) or self._aliases.get(key):
            return [found]
        named = self._by_name.get(base(key), [])
        # A copy inside a package is a part of that package, and nobody else's dependency.
        named = [c for c in named if self._reachable(c, relation)]
        plain = key.partition("?")[0]
        exact = [c.ref for c in named if c.purl == key] or [
            c.ref for c in named if c.purl.partition("?")[0] == plain
        ]
        if plain == base(key) and "?" not in key:
            exact = []  # a name alone is met by whatever version is nearest
        if exact:
            return self._nearest(exact, relation)
        version = unquote(key.partition("?")[0].partition("@")[2])
        specifier = f"=={version}" if version else relation.fact("specifier")
        fitting = [c for c in named if admits(key, specifier, c.version)]
        if not fitting:
            return []
        return self._nearest([c.ref for c in fitting], relation)

    def _reachable(self, component: Component, relation: Relation) -> bool:
        """Whether the file of a relation lies where the component does: beside it in the package
        that carries it, or anywhere for one that stands for itself.
        """
        carriers = self._inside.get(component.ref, frozenset())
        place = f"{relation.at.folder}/"
        return "" in carriers or not carriers or any(place.startswith(f"{c}/") for c in carriers)

    def _nearest(self, refs: list[str], relation: Relation) -> list[str]:
        """Those of the components that lie nearest to the file of a relation."""
        if len(refs) < 2:
            return refs
        folder = relation.at.folder
        reach = {ref: max(nearness(folder, other) for other in self._folders[ref]) for ref in refs}
        best = max(reach.values())
        return sorted(ref for ref, value in reach.items() if value == best)


def _carriers(component: Component, scopes: list[str]) -> frozenset[str]:
    return frozenset(carrier(o, scopes) for o in component.observations if o.kind in EXACT)


def resolve_relations(relations: Iterable[Relation], resolver: Resolver) -> list[Relation]:
    """Relations between refs; those whose ends are not components, or that lead to themselves, are
    left out.
    """
    found = set()
    for relation in relations:
        for source in resolver.refs(relation.source, relation):
            for target in resolver.refs(relation.target, relation):
                if source != target:
                    found.add(Relation(source, target, relation.kind, relation.at, relation.facts))
    return sorted(found)


def find_missing_edges(
    root: str, components: Iterable[Component], relations: Iterable[Relation]
) -> list[Relation]:
    """The edges from the root that are missing: to each component that nothing reachable leads to.

    Such an edge says only that the part lies in the tree; its place is the part's first sighting.
    """
    out: dict[str, set[str]] = {}
    incoming: dict[str, set[str]] = {}
    for relation in relations:
        out.setdefault(relation.source, set()).add(relation.target)
        incoming.setdefault(relation.target, set()).add(relation.source)
    reached: set[str] = set()

    def reach(start: str) -> None:
        stack = [start]
        while stack:
            ref = stack.pop()
            if ref not in reached:
                reached.add(ref)
                stack.extend(out.get(ref, ()))

    reach(root)
    ordered = sorted(components)
    added = []
    # First those that nothing points to, then, for what is left (cycles), one of each.
    for only_sources in (True, False):
        for component in ordered:
            if component.ref in reached or (only_sources and incoming.get(component.ref)):
                continue
            at = component.observations[0].evidence.at if component.observations else Location("")
            added.append(
                Relation(root, component.ref, "depends-on", at, (("basis", "found in the tree"),))
            )
            reach(component.ref)
    return added
