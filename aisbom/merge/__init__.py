"""Observations of one thing become one component, which keeps every sighting; relations get refs;
the graph gets one root.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from aisbom.lazy_module import Function
from aisbom.merge import (
    credited_files,
    credited_folders,
    environment,
    forks,
    graph,
    hazards,
    licence_globs,
    local_packages,
    markers,
    models,
    notices,
    packages,
    references,
    released,
    submodels,
    trained_parts,
)
from aisbom.merge.copied_code import lineage
from aisbom.merge.owners import Owners, code_tree, find_root
from aisbom.model import (
    Component,
    Evidence,
    Gap,
    Location,
    Observation,
    Relation,
    Row,
    Scan,
    digest,
    facts,
)

_PACKAGES = frozenset({"requirement", "locked", "distribution", "bom-component"})
_TEXT = frozenset({"source", "notice", "credit", "format", "design"})
_METADATA = re.compile(r".*\.(?:dist-info|egg-info)(?=/)")


def merge(rows: Iterable[Row], name: str, pythons: dict[str, str] | None = None) -> Scan:
    """The scan of these rows. `name` is what the root is called where nothing in it says so.

    `pythons` gives the full Python version of an environment folder, where it is known from outside
    the rows.
    """
    (seen, of_files), relations, gaps = _by_type(rows)
    distributions = [o for o in seen if o.kind == "distribution"]
    # A wheel holds one distribution and is it; so does a folder into which a single one was
    # unpacked.
    scopes = Counter(find_root(o) for o in distributions)
    packed = {
        find_root(o): o
        for o in distributions
        if scopes[find_root(o)] == 1 and (not find_root(o) or not o.fact("installed"))
    }
    about: dict[str, list[Observation]] = {folder: [o] for folder, o in packed.items()}
    for sighting in seen:
        if sighting.kind in ("project", "repository"):
            about.setdefault(find_root(sighting), []).append(sighting)
    about.setdefault("", [])
    homes = submodels.homes(seen)
    text, titles = _titles([o for o in seen if o.kind in _TEXT], Owners(about), homes)
    for folder, titled in titles.items():
        about[folder] += titled

    root_facts = [
        Observation(
            "tree", name, "", "", Evidence("walk", "filename", "high", Location(""), sees="content")
        )
    ]
    projects = {
        folder: _project(folder, [*found, *(root_facts if not folder else [])])
        for folder, found in about.items()
    }
    projects = _distinct(projects)
    owners = Owners(projects)
    owned = {folder: component.ref for folder, component in projects.items()}
    root = projects[""]

    # A package that is itself an owner (the wheel that is scanned) is not also a dependency of
    # itself, nor is what an SBOM in a source tree says it is about: that is the project it lies in.
    aliases = {o.purl: owned[owners.of(o.evidence.at.folder)] for o in seen if _subject(o)}
    own = {id(o) for o in (*packed.values(), *filter(_subject, seen))}
    inside = [o for o in seen if o.kind in _PACKAGES and id(o) not in own]
    inside, here = local_packages.resolve_local(inside, owners.folders, owned)
    inside += _attach_licence_files([o for o in inside if o.kind == "distribution"], text)
    components = [*projects.values(), *_libraries(inside, projects.values())]
    contents = [o for o in seen if o.kind == "content"]
    copied = lineage(contents, text, about, owners, owned)
    text = [o for o in text if o.evidence.at.path not in copied.taken]
    examined = [
        o for o in contents if o.fact("examined") and o.evidence.at.path not in copied.taken
    ]
    trees, contains = _code(
        [*text, *(o for o in examined if o.fact("lineage"))], examined, owners, owned
    )
    # The licence beside a card or a config is the model's.
    beside = [o for o in text if o.kind == "notice" and o.evidence.at.folder in homes]
    found, parts = models.components(
        released.mark_unchanged(
            [*(o for o in seen if o.kind in (*models.MODEL_KINDS, "design")), *beside],
            copied.releases,
        ),
        root,
    )
    found = trained_parts.attach_training([o for o in seen if o.kind == "training"], found, parts)
    components += licence_globs.scope_licences(
        [*trees, *copied.components, *found], [o for o in seen if o.fact("file-kind") == "reuse"]
    )
    contains += [*copied.contains, *_place_models(found, parts, owners, owned)]
    referred = references.components(
        released.partition_sightings(
            [o for o in seen if o.kind in references.REFERENCE_KINDS], copied.releases, components
        ),
        components,
        relations,
        owners,
        owned,
    )
    known = {c.ref for c in referred.components}
    components = [*(c for c in components if c.ref not in known), *referred.components]
    components = forks.note_fork(
        notices.keep_notices(components, text, owners, owned), root.ref, copied.components
    )
    components = credited_files.attach_file_credits(
        credited_folders.note_folder_credits(components, seen), of_files
    )
    components, contains = hazards.attach_hazards(
        seen, notices.admit_later(components, seen), contains, owners, owned
    )
    edges, unmet = _environments(distributions, relations, pythons or {})
    for folder, component in projects.items():
        if folder:
            above = owned[owners.of(folder.rpartition("/")[0])]
            at = component.observations[0].evidence.at
            contains.append(Relation(above, component.ref, "contains", at))
    resolver = graph.Resolver(components, owners, owned, aliases, here)
    environments = {find_root(o) for o in distributions if o.fact("installed")}
    stated = [r for r in relations if r.fact("scope") not in environments or not r.fact("scope")]
    linked = sorted(
        {
            *graph.resolve_relations(stated + edges, resolver),
            *contains,
            *parts,
            *referred.relations,
            *graph.resolve_relations(_relate_bundled(distributions, seen, relations), resolver),
        }
    )
    linked += graph.find_missing_edges(root.ref, components, linked)
    return Scan(
        root.ref,
        tuple(sorted(local_packages.without_public_purl(components))),
        tuple(sorted(linked)),
        (),
        tuple(sorted([*gaps, *unmet, *copied.gaps])),
    )


_settle_shown = Function("aisbom.merge.shown_packages", "settle_shown")


def _by_type(
    rows: Iterable[Row],
) -> tuple[tuple[list[Observation], list[Observation]], list[Relation], list[Gap]]:
    """Sightings, with credits of single files apart; relations; gaps."""
    every = list(rows)
    if any(isinstance(row, Observation) and ("group", "shown") in row.facts for row in every):
        every = _settle_shown(every)
    return (
        credited_files.split_file_credits([row for row in every if isinstance(row, Observation)]),
        [row for row in every if isinstance(row, Relation)],
        [row for row in every if isinstance(row, Gap)],
    )


def _project(folder: str, sightings: list[Observation]) -> Component:
    """The component of an owned folder: named by its metadata first, its repository next, its
    folder last.
    """
    order = {"distribution": 0, "project": 1, "repository": 2, "tree": 3, "notice": 4, "credit": 5}
    ranked = sorted(
        sightings,
        key=lambda o: (
            order[o.kind],
            o.evidence.at.path.rpartition("/")[2] != "PKG-INFO",
            not o.version,
            o,
        ),
    )
    titled = [o for o in ranked if o.name]
    name = titled[0].name if titled else folder.rpartition("/")[2].rstrip("!")
    version = next((o.version for o in ranked if o.version and o.kind != "repository"), "") or next(
        (o.version for o in ranked if o.version), ""
    )
    purl = next(
        (
            o.purl
            for o in ranked
            if o.kind == "repository" and o.purl.startswith(("pkg:github/", "pkg:huggingface/"))
        ),
        "",
    )
    if not purl or not any(o.kind == "repository" for o in ranked):
        purl = (
            next((o.purl for o in ranked if o.purl and o.kind in ("distribution", "project")), "")
            or purl
        )
    ref = purl or f"project:{name}" + (f"@{version}" if version else "")
    return Component(
        ref,
        "application" if not folder else "library",
        name,
        version,
        purl,
        tuple(sorted(set(sightings))),
    )


def _subject(o: Observation) -> bool:
    return (
        o.kind == "bom-component"
        and o.fact("subject") == "yes"
        and not o.fact("owner")
        and o.purl.startswith("pkg:generic/")
    )


def _titles(
    sightings: Sequence[Observation], owners: Owners, homes: frozenset[str]
) -> tuple[list[Observation], dict[str, list[Observation]]]:
    """Notices that speak for a whole owner (its top LICENSE, or one in its metadata folder), apart
    from those deeper in its code.
    """
    deeper: list[Observation] = []
    titles: dict[str, list[Observation]] = {}
    for sighting in sightings:
        folder = sighting.evidence.at.folder
        owner = owners.of(folder)
        inner = folder[len(owner) :].strip("/").partition("/")[0]
        if (
            sighting.kind in ("notice", "credit")
            and folder not in homes
            and (not inner or inner.endswith((".dist-info", ".egg-info")) or _of_texts(inner))
        ):
            titles.setdefault(owner, []).append(sighting)
        else:
            deeper.append(sighting)
    return deeper, titles


def _of_texts(folder: str) -> bool:
    """Whether this folder of a project holds its licence texts."""
    return folder.lower() in ("licenses", "licences", "license", "licence")


def _attach_licence_files(
    distributions: Sequence[Observation], notices: Iterable[Observation]
) -> Iterator[Observation]:
    """The licence files in the metadata folders of installed distributions, as sightings of
    these.
    """
    of = {o.evidence.at.folder: o for o in distributions if o.purl}
    for notice in notices:
        folder = _METADATA.match(notice.evidence.at.path)
        owner = of.get(folder[0]) if folder else None
        if owner:
            yield replace(notice, purl=owner.purl, version=owner.version)


def _distinct(projects: dict[str, Component]) -> dict[str, Component]:
    """Two folders that say they are the same project stay two components: their refs name the
    folder.
    """
    counts: dict[str, int] = {}
    for component in projects.values():
        counts[component.ref] = counts.get(component.ref, 0) + 1
    return {
        folder: (
            replace(
                component,
                ref=f"{component.ref}#{folder}",
                purl=_with_subpath(component.purl, folder),
            )
            if folder and counts[component.ref] > 1
            else component
        )
        for folder, component in projects.items()
    }


def _with_subpath(purl: str, folder: str) -> str:
    return f"{purl.partition('#')[0]}#{folder}" if purl else ""


def _libraries(sightings: Sequence[Observation], projects: Iterable[Component]) -> list[Component]:
    """Packages as components. A requirement that a project of this tree meets (a workspace member)
    is that project.
    """
    local = {
        packages.base(o.purl)
        for c in projects
        for o in c.observations
        if o.purl and o.kind in ("project", "distribution")
    }
    result = []
    taken = {c.ref for c in projects}
    for package in packages.group(sightings):
        purl, found = package.purl, package.sightings
        exact = [o for o in found if o.kind in ("locked", "distribution", "bom-component")]
        if packages.base(purl) in local and not exact:
            continue
        if all(o.fact("group") == "constraint" for o in found):
            continue
        first = min(
            found, key=lambda o: (o.kind != "distribution", o.kind != "locked", not o.version, o)
        )
        ref = _ref_of(purl)
        if ref in taken:
            ref = f"{ref}#{digest([purl, package.inside])[:8]}"
        taken.add(ref)
        result.append(
            Component(ref, _type(found), first.name, first.version, purl, tuple(sorted(set(found))))
        )
    return result


def _ref_of(purl: str) -> str:
    """The ref of a package: its purl, without the escapes that readers refuse in a ref (cdxgen)."""
    return purl.replace("%40", "@").replace("%3A", ":").replace("%2F", "/")


def _type(found: Sequence[Observation]) -> str:
    """The type of a package; what an SBOM calls a model or a data set is one, unless a package of
    that name is here.
    """
    stated = {o.fact("type") if o.kind == "bom-component" else "" for o in found}
    kind = next(iter(stated)) if len(stated) == 1 else ""
    return kind if kind in ("machine-learning-model", "data") else "library"


def _code(
    sightings: Iterable[Observation],
    examined: Iterable[Observation],
    owners: Owners,
    owned: dict[str, str],
) -> tuple[list[Component], list[Relation]]:
    """Source files, and the notices among them, into one component a code tree; with how many of
    its files were compared with the index.
    """
    trees: dict[tuple[str, str], list[Observation]] = {}
    compared: dict[tuple[str, str], list[Observation]] = {}
    for every, into in ((sightings, trees), (examined, compared)):
        for sighting in every:
            folder = sighting.evidence.at.folder
            owner = owners.of(folder)
            into.setdefault((owner, code_tree(owner, folder)), []).append(sighting)
    components, contains = [], []
    for (owner, place), found in sorted(trees.items()):
        sources = [o for o in found if o.kind == "source"]
        if not sources:
            continue
        if rows := compared.get((owner, place)):
            found.append(
                Observation(
                    "examined",
                    sources[0].name,
                    "",
                    "",
                    min(sources).evidence,
                    facts(examined=len(rows)),
                )
            )
        name = place or "."
        ref = f"code:{place}" if place != owner else f"code:{place}/." if place else "code:."
        purl = ""
        components.append(Component(ref, "file", name, "", purl, tuple(sorted(found))))
        contains.append(Relation(owned[owner], ref, "contains", sources[0].evidence.at))
    return components, contains


def _place_models(
    models: Iterable[Component],
    parts: Iterable[Relation],
    owners: Owners,
    owned: dict[str, str],
) -> Iterator[Relation]:
    """Models and weights that are part of nothing else lie in the project whose folder is nearest,
    where that is not the whole.
    """
    inside = {relation.target for relation in parts if relation.kind == "contains"}
    for model in models:
        at = min(o.evidence.at for o in model.observations)
        if model.ref not in inside and (owner := owners.of(at.folder)):
            yield Relation(owned[owner], model.ref, "contains", at)


def _relate_bundled(
    distributions: Sequence[Observation],
    seen: Iterable[Observation],
    relations: Iterable[Relation],
) -> Iterator[Relation]:
    """What lies inside another's package folder (`setuptools/_vendor`) is a part of that one: a
    distribution, and what an SBOM lists there, but for what the SBOM itself puts into another part.
    """
    owners: dict[tuple[str, str], str] = {}
    for o in distributions:
        for package in o.all("import"):
            owners.setdefault((find_root(o), package), o.purl)
    scopes = sorted({find_root(o) for o in distributions}, key=len, reverse=True)
    held = {(r.target, r.at.path) for r in relations if r.kind == "contains"}
    whole = {o.purl for o in distributions}
    inside = [(o, find_root(o)) for o in distributions]
    inside += [
        (o, o.evidence.at.path)
        for o in seen
        if o.kind == "bom-component"
        and not o.fact("owner")
        and o.purl not in whole
        and (o.purl, o.evidence.at.path) not in held
    ]
    for o, place in inside:
        scope = next((scope for scope in scopes if place.startswith(f"{scope}/")), None)
        if scope is not None:
            holder = owners.get((scope, place[len(scope) + 1 :].partition("/")[0]))
            if holder and holder != o.purl:
                yield Relation(holder, o.purl, "contains", o.evidence.at)


def _environments(
    distributions: Sequence[Observation], relations: Sequence[Relation], pythons: dict[str, str]
) -> tuple[list[Relation], list[Gap]]:
    """The edges inside each environment of the tree, as pip itself would compute them."""
    asked: dict[str, set[str]] = {}
    for relation in relations:
        if not relation.fact("scope") and relation.target.startswith("pkg:pypi/"):
            asked.setdefault(packages.base(relation.target)[9:], set()).update(
                relation.all("extra")
            )
    wanted = {name: frozenset(extras) for name, extras in asked.items() if extras}
    edges: list[Relation] = []
    gaps: list[Gap] = []
    for scope in sorted({find_root(o) for o in distributions if o.fact("installed")}):
        members = [o for o in distributions if find_root(o) == scope]
        own = [r for r in relations if r.fact("scope") == scope]
        values = markers.markers_of(scope, members, pythons.get(scope, ""))
        held, unmet = environment.edges(members, own, wanted, values)
        edges += held
        gaps += unmet
    return edges, gaps
