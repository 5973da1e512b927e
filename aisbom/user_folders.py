"""Where a user's own files lie, on every platform: what is cached, and what was added."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_APPLICATION = "aisbom"


def cache_folder() -> Path | None:
    """Where caches live: `AISBOM_CACHE_DIR`, else the platform's cache folder. None where there is
    none: a user without a home.
    """
    given = os.environ.get("AISBOM_CACHE_DIR")
    return Path(given) if given else _absolute(platformdirs.user_cache_path(_APPLICATION, False))


def data_folder() -> Path | None:
    """Where indexes and references that the user added live, None for a user without a home."""
    return _absolute(platformdirs.user_data_path(_APPLICATION, False))


def is_home(path: Path) -> bool:
    """Whether this is the user's home folder, whose name is nobody's business."""
    try:
        return path == Path.home()
    except RuntimeError:  # neither a variable nor a password entry says where it is
        return False


def _absolute(path: Path) -> Path | None:
    # Without a home `~` stays as it is: a folder of that name must not be made where we stand.
    return path if path.is_absolute() else None
