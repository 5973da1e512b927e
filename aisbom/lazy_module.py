"""Modules that are imported when they are first used: libraries of others, most of which nine of
every ten repositories need not at all, and readers of formats that a tree may not hold.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Function:
    """Stands for a function of a module, which is imported when the function is first called."""

    module: str
    name: str

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """What the function returns."""
        return self.resolve()(*arguments, **named)

    def resolve(self) -> Any:
        """The function itself. Raises ImportError or AttributeError where there is none."""
        return getattr(import_module(self.module), self.name)
