"""Which components a purl, a name, a path or a glob means."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from aisbom.model import Component, Scan


def select_components(scan: Scan, name: str) -> list[Component]:
    """The components that a purl, a name, a folder or a glob over paths means; files of a model
    speak for the model.
    """
    models = {c.ref for c in scan.components if c.kind == "machine-learning-model"}
    parts = {
        r.target for r in scan.relations if r.kind == "contains" and r.source in models
    } - models
    every = [c for c in scan.components if c.ref not in parts]
    path = name.removeprefix("./").rstrip("/") or "."
    if path == ".":
        return [scan.component(scan.root)]
    exact = [
        c for c in every if name in (c.ref, c.purl, c.purl.partition("@")[0]) or _place(c) == path
    ]
    if exact:
        return exact
    plain = _plain(name)
    titled = [c for c in every if _plain(c.name) == plain]
    if titled:
        return titled
    # A part inside the files of a model is named by itself, never by a glob over files.
    placed = [
        c for c in every if c.ref != scan.root and not (c.ref.startswith("model:") and "#" in c.ref)
    ]
    return [
        c
        for c in placed
        if fnmatchcase(_place(c), path)
        or any(fnmatchcase(o.evidence.at.path, path) for o in c.observations)
    ]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).casefold()


def _place(component: Component) -> str:
    """The folder that a model, a tokenizer or a code tree stands for; `""` for others."""
    kind, _, place = component.ref.partition(":")
    return place if kind in ("model", "tokenizer", "code") else ""


def find(scan: Scan, query: str) -> list[Component]:
    """The components that a purl, a name or a path means; exact matches before partial ones."""
    wanted = query.strip()
    lowered = wanted.lower()
    exact = [
        c
        for c in scan.components
        if wanted in (c.ref, c.purl) or c.purl.partition("@")[0] == wanted
    ]
    if exact:
        return exact
    named = [
        c
        for c in scan.components
        if lowered == c.name.lower()
        or lowered.replace("_", "-") == c.name.lower().replace("_", "-")
    ]
    if named:
        return named
    claimed = {claim.subject for claim in scan.claims if claim.ref == wanted}
    if claimed:
        return [c for c in scan.components if c.ref in claimed]
    path = wanted.removeprefix("./").rstrip("/")
    placed = [c for c in scan.components if any(o.evidence.at.path == path for o in c.observations)]
    if placed:
        return placed
    below = [
        c
        for c in scan.components
        if any(o.evidence.at.path.startswith(f"{path}/") for o in c.observations)
    ]
    return below or [c for c in scan.components if lowered in c.name.lower()]
