"""What is made when it is first used. Modules are imported then: libraries of others, most of which
nine of every ten repositories need not at all, and readers of formats that a tree may not hold.
Patterns are compiled then: of those in the modules that a scan imports, it uses a third.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any, AnyStr, cast


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


class Pattern:
    """Stands for a regular expression, which is compiled when something of it is asked for."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._given = text, flags

    @cached_property
    def expression(self) -> re.Pattern[Any]:
        """The expression itself. Raises re.error where there is a mistake in it."""
        return re.compile(*self._given)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.expression, name)
        setattr(self, name, value)  # found without this function from now on
        return value

    def __reduce__(self) -> tuple[type[Pattern], tuple[str | bytes, int]]:
        return Pattern, self._given


def compile_later(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`re.compile` for a module of many expressions, few of which are used in one run. Only methods
    of the result are called: no function of `re` takes it.
    """
    return cast("re.Pattern[AnyStr]", Pattern(text, flags))
