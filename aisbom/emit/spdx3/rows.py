"""What every element of an SPDX 3 document is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aisbom.model import digest

Json = dict[str, Any]
CREATED = "_:creation"
NO_TIME = "1970-01-01T00:00:00Z"


def relationship(base: str, source: str, kind: str, targets: Sequence[str]) -> Json:
    """A relationship, with an id of what it relates."""
    return {
        "type": "Relationship",
        "spdxId": f"{base}relation/{digest([source, kind, *targets])[:16]}",
        "creationInfo": CREATED,
        "from": source,
        "relationshipType": kind,
        "to": list(targets),
    }
