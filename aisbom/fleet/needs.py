"""What the fleet needs beside aisbom, with a message that names the extra where it is missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from aisbom.errors import UsageError

_EXTRA = "pip install 'aisbom[fleet]'"


def import_extra(module: str) -> Any:
    """The module of this name. Raises UsageError where it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        raise UsageError(f"a fleet needs {module.partition('.')[0]}: {_EXTRA}") from error
