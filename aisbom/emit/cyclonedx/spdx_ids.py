"""The licence identifiers that the bundled CycloneDX schemas know; any other licence has a name
instead of an id.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources


@cache
def spdx_ids() -> frozenset[str]:
    """SPDX licence ids, in their own spelling."""
    text = (resources.files("cyclonedx.schema") / "_res" / "spdx.SNAPSHOT.schema.json").read_text(
        "utf-8"
    )
    return frozenset(json.loads(text)["enum"])
