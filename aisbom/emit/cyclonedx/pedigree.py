"""What a part was made from as CycloneDX's `pedigree`, and back."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote, unquote

from aisbom.bom import Parent, Pedigree
from aisbom.emit.cyclonedx.names import Json, facts_of, property_name

_RELATION = "model.base_model_relation"
_PATH = "component.path"


def write_pedigree(pedigree: Pedigree, spdx: Collection[str]) -> Json:
    """`ancestors`, `patches` and `notes`, as far as there are any."""
    row: Json = {}
    if pedigree.parents:
        row["ancestors"] = [_parent(parent, spdx) for parent in pedigree.parents]
    if pedigree.patches:
        row["patches"] = [
            {"type": "unofficial", "diff": {"url": quote(path)}} for path in pedigree.patches
        ]
    if pedigree.notes:
        row["notes"] = pedigree.notes
    return row


def read_pedigree(row: Json) -> Pedigree:
    """The pedigree that `write_pedigree` wrote."""
    return Pedigree(
        tuple(map(_read_parent, row.get("ancestors", []))),
        tuple(unquote(str(patch["diff"]["url"])) for patch in row.get("patches", [])),
        str(row.get("notes", "")),
    )


def _parent(parent: Parent, spdx: Collection[str]) -> Json:
    row: Json = {"type": parent.kind, "name": parent.name}
    for key, value in (
        ("group", parent.group),
        ("purl", parent.purl),
        ("version", parent.version),
    ):
        if value:
            row[key] = value
    if parent.licence:
        key = "id" if parent.licence in spdx else "name"
        row["licenses"] = [{"license": {key: parent.licence}}]
    if parent.repository:
        row["externalReferences"] = [
            {"type": "vcs", "url": parent.repository, "comment": parent.comment}
        ]
    said = [*((_RELATION, word) for word in parent.relations)]
    if parent.path:
        said.append((_PATH, parent.path))
    if said:
        row["properties"] = [{"name": property_name(name), "value": value} for name, value in said]
    return row


def _read_parent(row: Json) -> Parent:
    licence = row["licenses"][0]["license"] if row.get("licenses") else {}
    link = row["externalReferences"][0] if row.get("externalReferences") else {}
    facts = facts_of(row)
    return Parent(
        kind=str(row["type"]),
        name=str(row["name"]),
        group=str(row.get("group", "")),
        version=str(row.get("version", "")),
        purl=str(row.get("purl", "")),
        licence=str(licence.get("id") or licence.get("name") or ""),
        repository=str(link.get("url", "")),
        comment=str(link.get("comment", "")),
        relations=tuple(value for name, value in facts if name == _RELATION),
        path=next((value for name, value in facts if name == _PATH), ""),
    )
