"""Which licences a text holds: recognised from digests of well-known texts, never from a copy of
them. Knows no components.
"""

from __future__ import annotations

from aisbom.licences.matcher import LicenceMatch, Match, match

__all__ = ["LicenceMatch", "Match", "match"]
