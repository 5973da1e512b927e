"""Exit codes, and the error that names what to write instead."""

from __future__ import annotations

DONE, USAGE, NOTHING, FAILED = 0, 2, 3, 4


class UsageError(Exception):
    """Names the thing, the place and the fix, on one line."""
