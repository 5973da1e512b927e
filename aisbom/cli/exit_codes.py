"""Exit codes, and the error that names what to write instead."""

from __future__ import annotations

DONE, VIOLATED, USAGE, NOTHING, FAILED = 0, 1, 2, 3, 4


class UsageError(Exception):
    """Names the thing, the place and the fix, on one line."""
