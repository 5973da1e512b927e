"""Libraries of others that are imported when they are first used: of every ten repositories nine
need most of them not at all.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Module:
    """Stands for a module until something of it is asked for.

    if TYPE_CHECKING:
        import yaml
    else:
        yaml = Module("yaml")
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        value = getattr(import_module(self._name), name)
        setattr(self, name, value)
        return value
