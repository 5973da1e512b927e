"""What the rest of a tree says of a place in it: whether it lies in somebody else's release or
checkout, in a demonstration, or among what only the tests load.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from aisbom.model import Component, Observation, Scan
from aisbom.model.path_roles import path_role
from aisbom.model.vocabulary import ONLY_SHOWN

NAMED = frozenset({"reference", "dataset", "service", "image"})
"""Kinds of sighting of what is only named, and not here."""


def only_named(o: Observation) -> bool:
    """Whether only the name or the design of a thing is here."""
    return o.kind in NAMED or o.evidence.sees == "reference" or o.fact("basis") == "network-file"


_DEMONSTRATES = frozenset({"gradio", "streamlit", "chainlit"})
_APP = re.compile(r"(?:^|[/_])app\.py$")
# A folder of checkouts that others made, where each of them is a project of its own; a folder of
# this name inside a package is the package's.
_CHECKOUTS = frozenset(
    (
        *("dependencies", "deps", "submodules", "subprojects", "packages_external"),
        *("repositories", "custom_nodes"),
    )
)
_MIN_COPIED = 3
"""Folders beside each other, each under the licence file of another holder, from which on they are
a collection of copies: two may be a fork and its addition.
"""
_SMALL_WORDS = frozenset({"tiny", "dummy", "toy", "mock", "fake", "random"})
_SMALL = 5_000_000
"""Parameters: what is called tiny and published as a model has more (whisper-tiny: 39 million)."""


@dataclass(frozen=True, slots=True)
class Tree:
    """`copies` are folders, with a slash at the end, that hold a release or a checkout of somebody
    else, `own` the names of the projects of the tree, `demos` the files and folders (with a slash)
    of demonstrations, `conversions` the scripts of others that convert weights. `forked`: the tree
    is somebody's fork of a project. `projects` are folders below the top whose licence file names
    another holder than that at the top. `offers` are the ids of models of its own that the README
    of a project without model code offers.
    """

    copies: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()
    demos: tuple[str, ...] = ()
    conversions: frozenset[str] = frozenset()
    forked: bool = False
    projects: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()


def tree(scan: Scan, forked: bool) -> Tree:
    """What is known of the places of this scan."""
    copies = set(_copies(scan.components))
    seen = [(c, o) for c in scan.components for o in c.observations]
    own = {
        o.name.lower().replace("-", "_")
        for c, o in seen
        if o.kind == "project" or (o.kind == "distribution" and c.ref == scan.root)
    }
    copies.update(_checkouts(o for _, o in seen if o.kind == "project"))
    copies.update(_collections(o for _, o in seen))
    demos = set(_demos(scan.components))
    conversions = frozenset(
        o.evidence.at.path for _, o in seen if o.kind == "content" and _converts(o)
    )
    found = Tree(
        tuple(sorted(copies)),
        frozenset(own),
        tuple(sorted(demos)),
        conversions,
        forked,
        frozenset(_projects([o for _, o in seen])),
    )
    root = next((c for c in scan.components if c.ref == scan.root), None)
    if root is not None:
        # The folder of a checkout is called as its owner likes: its repository has a name.
        own.update((root.name, root.purl.partition("@")[0].rpartition("/")[2]))
    return replace(found, offers=frozenset(_offers(seen, found, own)))


_HELD = frozenset({"model", "submodel", "weights", "weight-data"})
_README = re.compile(r"readme[^/]*", re.IGNORECASE)
_METRICS = ("metric.py", "metrics.py")
"""What a file of metrics loads measures the product, like what a folder of them does."""
_MODELS = frozenset({"reference", "model", "weights", "submodel"})
_MIN_NAME = 4


def _offers(
    seen: Iterable[tuple[Component, Observation]], around: Tree, projects: Iterable[str]
) -> Iterator[str]:
    """The models that the README of a project names and that bear the name of the project, where
    nothing else in it is a model: they are what it publishes. A base that it declares is another's.
    The name of a file says nothing of whose model it is part of.
    """
    names = tuple(name for one in projects if len(name := _plain(one)) >= _MIN_NAME)
    offered = []
    for component, o in seen:
        if o.kind not in _MODELS or o.fact("named-by") == "declared":
            continue
        if _README.fullmatch(o.evidence.at.path) and o.fact("named-by") in ONLY_SHOWN:
            if names and _plain(component.name.rpartition("/")[2]).startswith(names):
                offered.append(component.name)
        elif o.fact("named-by") != "file" and role(o, around) == "product":
            return
    yield from offered


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _converts(o: Observation) -> bool:
    """Whether this is a script of somebody else's that turns published weights into another format:
    what it names is what it can convert, and nothing that the product loads.
    """
    name = o.evidence.at.path.rpartition("/")[2]
    return name.startswith("convert") and o.fact("lineage") == "derived"


def _copies(components: Iterable[Component]) -> Iterator[str]:
    """Folders that are for the most part a release. A few copied files in a folder of the product
    are the product's: what they load, it loads.
    """
    for c in components:
        for o in c.observations:
            if o.kind == "release" and o.fact("root") and not o.fact("single"):
                known = int(o.fact("identical") or 0) + int(o.fact("modified") or 0)
                if known >= int(o.fact("added") or 0):
                    yield f"{o.fact('root')}/"


def _checkouts(projects: Iterable[Observation]) -> Iterator[str]:
    """Folders of projects directly in a folder that is called after dependencies."""
    for o in projects:
        folder = o.evidence.at.folder
        if folder.rpartition("/")[0].rpartition("/")[2].lower() in _CHECKOUTS:
            yield f"{folder}/"


def _collections(observations: Iterable[Observation]) -> Iterator[str]:
    """Folders of copies, one of each project: at least _MIN_COPIED folders in them bear the licence
    file of a holder of their own, and so do half of those that hold code.
    """
    coded: dict[str, set[str]] = {}
    licensed: dict[str, dict[str, str]] = {}
    for o in observations:
        folder = o.evidence.at.folder
        parent = folder.rpartition("/")[0]
        if o.kind == "notice" and o.fact("file-kind") == "licence" and parent:
            licensed.setdefault(parent, {})[folder] = o.fact("copyright-holder")
        elif o.kind == "source":
            while parent:
                coded.setdefault(parent, set()).add(folder)
                folder, parent = parent, parent.rpartition("/")[0]
    for parent, holders in licensed.items():
        folders = coded.get(parent, set())
        several = len({holder for holder in holders.values() if holder}) >= _MIN_COPIED
        if several and 2 * len(folders & set(holders)) >= len(folders):
            yield f"{parent}/"


def _projects(observations: Sequence[Observation]) -> Iterator[str]:
    """Folders below the top whose licence file names another holder, and that hold no model: what
    the README beside a model says, it says of that model.
    """
    models = {f"{o.evidence.at.folder}/" for o in observations if o.kind in _HELD}
    holders = {
        o.evidence.at.folder: _plain(o.fact("copyright-holder"))
        for o in observations
        if o.kind == "notice" and o.fact("file-kind") == "licence" and o.fact("copyright-holder")
    }
    top = holders.get("", "")
    if top:
        for folder, holder in holders.items():
            inside = f"{folder}/"
            if folder and holder != top and not any(one.startswith(inside) for one in models):
                yield folder


def _demos(components: Iterable[Component]) -> Iterator[str]:
    """`app.py` that draws a page is how a space of the hub shows a model: that file, and where it
    is the only program of a folder below the root, the folder.
    """
    programs: dict[str, list[Observation]] = {}
    for c in components:
        for o in c.observations:
            if o.kind == "source" and o.evidence.at.path.endswith(".py"):
                programs.setdefault(o.evidence.at.folder, []).append(o)
    for folder, found in programs.items():
        shows = [
            o.evidence.at.path
            for o in found
            if _APP.search(o.evidence.at.path) and _DEMONSTRATES & set(o.all("imports"))
        ]
        yield from shows
        if folder and len(shows) == len(found):
            yield f"{folder}/"


def role(o: Observation, around: Tree) -> str:
    """The role of the path; what a module of a package does when it is started by itself is a
    demonstration of it, wherever it lies, and what only a text names is documentation. What is only
    named in a release of somebody else is that release's.
    """
    path = o.evidence.at.path
    found = path_role(path, around.own)
    if found != "product":
        return found
    if _made_for_tests(o):
        return "test"
    copied = path.startswith(around.copies) or (around.forked and bool(o.fact("in-release")))
    # What the README of a project of others says, it says of that project.
    others = o.fact("named-by") == "declared" and o.evidence.at.folder in around.projects
    if others or ((copied or path in around.conversions) and only_named(o)):
        return "vendored"
    measures = o.fact("used-for") == "evaluation" or path.rpartition("/")[2] in _METRICS
    if _of_a_loss(o) or (o.kind == "reference" and measures):
        return "benchmark"
    if o.fact("named-by") in ONLY_SHOWN:
        return "product" if _README.fullmatch(path) and o.name in around.offers else "docs"
    shown = path in around.demos or path.startswith(tuple(_folders(around.demos)))
    return "example" if o.fact("main-guard") or (only_named(o) and shown) else found


def _folders(paths: Iterable[str]) -> Iterator[str]:
    return (path for path in paths if path.endswith("/"))


def _of_a_loss(o: Observation) -> bool:
    """Whether it is a network that a package brings and a loss measures with (VGG, LPIPS): it is
    no part of what is trained. A teacher has an id, and is no such network.
    """
    within = set(o.evidence.at.folder.lower().split("/"))
    return o.fact("space") == "package" and (
        o.fact("loader") == "lpips" or not within.isdisjoint(("loss", "losses"))
    )


def _made_for_tests(o: Observation) -> bool:
    """Weights of next to no parameters that are called so: what tests load in place of a model."""
    if o.kind not in ("weights", "submodel") or not o.fact("parameters"):
        return False
    words = set(re.split(r"[^a-z]+", "/".join(o.evidence.at.path.lower().split("/")[-2:])))
    return bool(words & _SMALL_WORDS) and int(o.fact("parameters")) < _SMALL
