"""Which format a document of another tool is in."""

from __future__ import annotations

from typing import Any

from aisbom.collect.sbom import cyclonedx, spdx2, spdx3
from aisbom.collect.sbom.foreign import Document, text
from aisbom.source.faults import shown_path
from aisbom.source.tree import Unreadable


def document(stated: Any) -> Document | None:
    """The document, or None where this JSON is no SBOM at all. Raises Unreadable for one in a
    format or version not read.
    """
    if not isinstance(stated, dict):
        return None
    if stated.get("bomFormat") == "CycloneDX" or (
        "bomFormat" not in stated and "cyclonedx" in text(stated, "$schema")
    ):
        version = text(stated, "specVersion")
        if version not in cyclonedx.VERSIONS:
            shown = shown_path(version) if version else "without a specVersion"
            raise Unreadable(f"CycloneDX {shown} is not read by this version")
        return cyclonedx.read(stated, version)
    spdx = text(stated, "spdxVersion")
    if spdx.startswith("SPDX-2."):
        return spdx2.read(stated, spdx)
    if spdx:
        raise Unreadable(f"{shown_path(spdx)} is not read by this version")
    return spdx3.read(stated) if "spdx.org" in str(stated.get("@context", ""))[:1000] else None
