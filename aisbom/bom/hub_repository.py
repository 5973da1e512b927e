"""The model at the top of a repository of the hub: what the repository is about."""

from __future__ import annotations

from dataclasses import replace

from aisbom.bom import Link, Part

_HUB = "pkg:huggingface/"
_OTHERS = ("datasets/", "spaces/")
_TOP = "model:"
"""The ref of a model whose files lie at the top of the tree."""


def add_repository(parts: list[Part], root: str) -> list[Part]:
    """The parts, where the model at the top of a hub's repository has the commit, the host and the
    addresses of the repository, and its package URL: one of this type names the model.
    """
    whole = next(part for part in parts if part.ref == root)
    owner_and_name = whole.purl.removeprefix(_HUB).partition("@")[0]
    if not whole.purl.startswith(_HUB) or owner_and_name.startswith(_OTHERS):
        return parts
    page = Link("website", f"https://huggingface.co/{owner_and_name}")
    return [_of(part, whole, page) if part.ref == _TOP else part for part in parts]


def _of(model: Part, whole: Part, page: Link) -> Part:
    addresses = {(one.kind, one.url): one for one in (*whole.links, page, *model.links)}
    version = model.version or whole.version
    known = {("unknown", "purl"), *([("unknown", "version")] if version else [])}
    facts = (row for row in model.facts if row not in known)
    return replace(
        model,
        version=version,
        purl=model.purl or whole.purl,
        supplier=model.supplier or whole.supplier,
        links=tuple(addresses[key] for key in sorted(addresses)),
        facts=tuple(facts),
    )
