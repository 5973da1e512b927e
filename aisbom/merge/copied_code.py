"""Copied code as components of its own: a release found inside the tree with what was changed in
it, and files made from known ones.

A release is one component, its tests and examples included, however many files it has; what was
added to it stays with the project that holds it. Files that agree with files of the index are
grouped by the code tree they lie in and the project they agree with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from aisbom.codeprint import days, releases
from aisbom.codeprint import index as indexes
from aisbom.codeprint.project import Project, slug
from aisbom.codeprint.releases import VendoredRelease
from aisbom.merge import copy_order
from aisbom.merge.owners import Owners, code_tree
from aisbom.merge.released import ReleaseFolder
from aisbom.model import Component, Evidence, Gap, Location, Observation, Relation, facts
from aisbom.model.facts import CAME, MEMBER, MODIFIED_FILE, ORIGINAL_HOLDER, FileHolder, FilePair

MAX_LISTED = 2000
"""More changed, added or missing files than this are counted, not listed."""


PART = 0.3
"""A changed file of which less is in its project was written anew."""

FEW = 12
"""Up to so many files of a code tree that were made from one project are components of their
own.
"""


class Lineage(NamedTuple):
    """Components of copied code, what holds them, and the paths that are theirs."""

    components: tuple[Component, ...] = ()
    contains: tuple[Relation, ...] = ()
    taken: frozenset[str] = frozenset()
    gaps: tuple[Gap, ...] = ()
    releases: tuple[ReleaseFolder, ...] = ()


def lineage(
    contents: Sequence[Observation],
    text: Iterable[Observation],
    about: Mapping[str, Sequence[Observation]],
    owners: Owners,
    owned: dict[str, str],
) -> Lineage:
    """`contents` are the sightings of text files by content, `text` those of sources and notices,
    and `about` those that speak for the project in a folder.
    """
    if not contents:
        return Lineage()
    index, notes = indexes.load()
    gaps = [Gap("lineage", Location(""), note) for note in notes]
    at = {o.evidence.at.path: o for o in contents}
    by_path: dict[str, list[Observation]] = {}
    for o in text:
        by_path.setdefault(o.evidence.at.path, []).append(o)
    components: list[Component] = []
    contains: list[Relation] = []
    taken: set[str] = set()
    held: list[ReleaseFolder] = []
    blobs = {path: bytes.fromhex(o.fact("blob")) for path, o in at.items()}
    plain = {path: bytes.fromhex(o.fact("blob-lf")) for path, o in at.items() if o.fact("blob-lf")}
    own = _find_public_slug(about.get("", ()))
    itself = {p.purl for p in index.projects if own and slug(p.repository) == own}
    try:
        came = {path: here.content_most for path, o in at.items() for here in o.get(CAME)}
        trees = releases.trees(blobs, index, plain, itself, came)
    except ValueError as error:
        trees = []
        gaps.append(Gap("lineage", Location(""), f"no release was looked for: {error}"))
    for found in sorted(trees, key=lambda v: v.root.count("/")):
        sighting = _release(found, at, index)
        mine = [*found.identical, *(path for path, _ in found.modified)]
        if found.root:
            # The licence and the notices of a copied folder speak for the copy, whatever else was
            # put beside it.
            mine += [
                p
                for p, rows in by_path.items()
                if p.startswith(f"{found.root}/") and all(o.kind != "source" for o in rows)
            ]
        mine = [path for path in mine if path not in taken]
        taken.update(mine)
        sources = [o for path in sorted(mine) for o in by_path.get(path, ())]
        place = found.identical[0] if found.single else found.root or "."
        ref = (
            f"vendored:{place}"
            if not any(c.ref == f"vendored:{place}" for c in components)
            else f"vendored:{place}:{sighting.name}"
        )
        components.append(
            Component(
                ref,
                "library",
                sighting.name,
                found.version,
                sighting.purl,
                tuple(sorted([sighting, *sources])),
            )
        )
        if not found.single:
            held.append(
                ReleaseFolder(
                    ref,
                    found.root,
                    frozenset(found.identical),
                    frozenset(path for path, _ in found.modified),
                    frozenset(found.added),
                )
            )
        holder = _around(found.root, components[:-1]) or owned[owners.of(found.root)]
        contains.append(Relation(holder, ref, "contains", sighting.evidence.at))
    texts = [o for rows in (*about.values(), *by_path.values()) for o in rows]
    manifests = {folder for folder, rows in about.items() if any(o.kind == "project" for o in rows)}
    around = Owners(manifests)

    def project(folder: str) -> str | None:
        place = around.of(folder)
        return place if place in manifests else None

    settled = list(copy_order.settle_order(at.values(), trees, texts, index, project))
    at.update((o.evidence.at.path, o) for o in settled)
    for group in _groups(at.values(), taken, owners):
        paths = [o.evidence.at.path for o in group.files]
        taken.update(paths)
        sources = [o for path in paths for o in by_path.get(path, ())]
        components.append(
            Component(
                group.ref, "library", group.name, "", "", tuple(sorted([*group.files, *sources]))
            )
        )
        holder = _around(group.place, components) or owned[group.owner]
        contains.append(Relation(holder, group.ref, "contains", group.files[0].evidence.at))
    return Lineage(tuple(components), tuple(contains), frozenset(taken), tuple(gaps), tuple(held))


def _find_public_slug(about: Iterable[Observation]) -> str:
    """`owner/name` of the repository at the top of the tree; `""` if there is none."""
    return next((slug(o.fact("vcs-url")) for o in about if o.kind == "repository"), "")


class _Group(NamedTuple):
    """Files that become one component."""

    ref: str
    name: str
    owner: str
    place: str
    files: tuple[Observation, ...]


def _groups(contents: Iterable[Observation], taken: set[str], owners: Owners) -> Iterator[_Group]:
    """Files that agree with a project of the index, by code tree and that project. Where few of a
    tree were made from one project, each is a component of its own: it has an answer of its own.
    """
    found: dict[tuple[str, str, str, bool], list[Observation]] = {}
    for o in sorted(contents):
        if o.fact("lineage") in ("derived", "family") and o.evidence.at.path not in taken:
            owner = owners.of(o.evidence.at.folder)
            place = code_tree(owner, o.evidence.at.folder)
            family = o.fact("lineage") == "family"
            found.setdefault((owner, place, o.get(MEMBER)[0].project, family), []).append(o)
    for (owner, place, project, family), files in sorted(found.items()):
        if not family and len(files) <= FEW:
            for o in files:
                name = o.evidence.at.path.rpartition("/")[2]
                yield _Group(f"derived:{o.evidence.at.path}", name, owner, place, (o,))
            continue
        kin = "family" if family else "derived"
        if len(files) == 1:
            name = files[0].evidence.at.path.rpartition("/")[2]
        else:
            name = f"{len(files)} files of {place}" if place else f"{len(files)} files at the top"
        yield _Group(f"{kin}:{place or '.'}:{project}", name, owner, place, tuple(files))


def _around(place: str, components: Iterable[Component]) -> str:
    """The ref of the innermost release found around a folder, `""` if there is none but one that is
    the whole tree.
    """
    inside = [
        c.ref
        for c in components
        if "release" in c.kinds
        and c.ref != "vendored:."
        and f"{place}/".startswith(f"{c.ref[9:]}/")
    ]
    return max(inside, key=len, default="")


def _release(
    found: VendoredRelease, at: dict[str, Observation], index: indexes.Index
) -> Observation:
    """The sighting of a release: what of it is here, and its lists (cut at MAX_LISTED)."""
    project = next(p for p in index.projects if p.purl == found.project)
    versions = {found.version, *found.also}
    agreeing = [release.date for release in project.releases if release.version in versions]
    pairs: list[tuple[str, str | int | None]] = [
        ("release", found.version),
        ("tag", found.tag),
        ("commit", found.commit),
        ("date", found.date),
        ("repository", project.repository),
        ("upstream-licence", days.licence_on(project, min(agreeing, default=""))),
        ("root", found.root),
        ("upstream-root", found.upstream),
        ("single", "yes" if found.single else ""),
        ("identical", len(found.identical)),
        ("modified", len(found.modified) or "0"),
        ("added", len(found.added) or "0"),
        ("missing", len(found.missing) or "0"),
    ]
    pairs += [("upstream-holder", holder) for holder in project.holders]
    pairs += [("also", version) for version in found.also]
    pairs += [MODIFIED_FILE(FilePair(*pair)) for pair in found.modified[:MAX_LISTED]]
    pairs += [("added-file", path) for path in found.added[:MAX_LISTED]]
    pairs += [("missing-file", path) for path in found.missing[:MAX_LISTED]]
    pairs += _notices(found, project, at, index)
    name = project.name
    total = len(found.identical) + len(found.modified)
    release = found.version or found.tag or found.commit[:12]
    dated = f" ({found.date})" if found.date else ""
    if not release:
        release = "before its first release that is known"
    words = (
        f"{len(found.identical)} of {total} files are byte for byte those of {name}"
        f" {release}{dated};"
        f" {len(found.modified)} differ, {len(found.added)} were added, {len(found.missing)} are"
        " missing"
    )
    if found.within:
        words += f"; of this release only {', '.join(found.within)} is known"[:300]
    purl = f"{found.project}@{found.version}" if found.version else found.project
    first = at[found.identical[0]].evidence.at if found.identical else Location(found.root)
    evidence = Evidence("lineage", "hash-comparison", "high", first, words, sees="content")
    return Observation("release", name, found.version, purl, evidence, facts(*pairs))


def _notices(
    found: VendoredRelease,
    project: Project,
    at: Mapping[str, Observation],
    index: indexes.Index,
) -> Iterator[tuple[str, str]]:
    """The holders whom the originals of changed files name, as far as the index knows the notice
    that this release had, or the first of those that agree equally well.

    Of a file that was emptied or written anew nothing was taken over, and nobody's line is lost;
    nor is it shown of one that is too short to be compared.
    """
    versions = {found.version, *found.also}
    agree = [n for n, release in enumerate(project.releases) if release.version in versions]
    for path, theirs in found.modified[:MAX_LISTED]:
        number = project.number.get(theirs, -1)
        if not _holds_some(at.get(path), project, theirs, index):
            continue
        for holder in project.holders_in(number, agree[0]) if agree else ():
            yield ORIGINAL_HOLDER(FileHolder(path, holder))


def _holds_some(o: Observation | None, project: Project, theirs: str, index: indexes.Index) -> bool:
    """Whether a good part of a file is in files of the project, as far as the index can tell."""
    if o is None or not o.fact("examined"):
        return False
    return any(
        member.project == project.purl and member.containment >= PART for member in o.get(MEMBER)
    ) or theirs not in _printed(index, project.purl)


@lru_cache(maxsize=8)
def _printed(index: indexes.Index, purl: str) -> frozenset[str]:
    """The paths of a project of which the index has fingerprints."""
    from aisbom.codeprint.candidates import corpus  # many arrays, and few trees ask

    return frozenset(
        index.projects[project].paths[number]
        for _, project, number in corpus(index).places()
        if index.projects[project].purl == purl
    )
