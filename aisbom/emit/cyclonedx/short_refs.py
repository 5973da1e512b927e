"""Short references for what only SBOMs inside their holders list: hundreds of parts, each named by
its package URL many times over.

In a compact document such a part has the first digits of a digest as its `bom-ref`; its `purl`
stands beside it, and gives the reference of the bill back.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aisbom.bom import Part
from aisbom.emit.cyclonedx.names import Json

_DIGITS = 6
"""Of the digest of a package URL. Where two share them, both keep their own names."""

_OWN = re.compile(rf"[0-9a-f]{{{_DIGITS}}}")
_LIES = re.compile("[0-9a-f]{8}")
"""What the merge adds to a package URL that lies at several places."""

_ONE = frozenset({"bom-ref", "ref", "target"})
_SEVERAL = frozenset({"dependsOn", "dependencies", "assemblies", "subjects"})


def short_refs(listed: Iterable[Part], others: Iterable[str]) -> dict[str, str]:
    """The short form of each reference that has one. One that another part has, too, is none."""
    found = {part.ref: short for part in listed if (short := _shorten(part.ref, part.purl))}
    counts = Counter((*found.values(), *others))
    return {ref: short for ref, short in found.items() if counts[short] == 1}


def _shorten(ref: str, purl: str) -> str:
    """The digits that tell where a part lies, where its reference ends with them; else those of a
    digest of the package URL.
    """
    if not purl:
        return ""
    own = hashlib.sha256(purl.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    if ref == purl:
        return own
    more = ref.removeprefix(f"{purl}#")
    return more if ref == f"{purl}#{more}" and _LIES.fullmatch(more) else ""


def long_refs(rows: Iterable[Json]) -> dict[str, str]:
    """The references of the bill by the short ones of components."""
    found = {}
    for row in rows:
        short, purl = str(row["bom-ref"]), str(row.get("purl", ""))
        if purl and _OWN.fullmatch(short):
            found[short] = purl
        elif purl and _LIES.fullmatch(short):
            found[short] = f"{purl}#{short}"
    return found


def rename(document: Json, names: Mapping[str, str]) -> Json:
    """A document whose references are replaced wherever they stand."""
    renamed: Json = _rename(document, lambda ref: names.get(ref, ref))
    return renamed


def _rename(value: Any, name: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_rename(one, name) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _in_field(key, one, name) for key, one in value.items()}


def _in_field(key: str, value: Any, name: Callable[[str], str]) -> Any:
    if key in _ONE and isinstance(value, str):
        return name(value)
    if key in _SEVERAL and isinstance(value, list):
        return [name(one) if isinstance(one, str) else _rename(one, name) for one in value]
    return _rename(value, name)
