"""The key of a fact: its name, its shape, who writes it and who reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar, cast

T = TypeVar("T")

Stage = Literal[
    "collect",
    "examine",
    "online",
    "merge",
    "identify",
    "classify",
    "judge",
    "bom",
    "fleet",
    "model",
    "pipeline",
    "cli",
]
"""`bom` stands for all that decides and spells the document, `emit` included."""


@dataclass(frozen=True, slots=True)
class Key(Generic[T]):
    """The key of a fact. `shape` is str, int, float, bool (`yes` or `no`) or a record."""

    name: str
    shape: type[T]
    written_by: tuple[Stage, ...]
    read_by: tuple[Stage, ...]
    meaning: str

    def __call__(self, value: T) -> tuple[str, str]:
        """The fact that says `value`."""
        return self.name, self.text(value)

    @property
    def record(self) -> bool:
        """Whether the fact has parts."""
        return issubclass(self.shape, tuple)

    def text(self, value: T) -> str:
        """The one text form of a value."""
        if self.record:
            return _array(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return str(value)

    def parse(self, text: str) -> T:
        """The value of a text that `text` made. Raises ValueError for any other text."""
        if self.record:
            return self._record(text)
        if self.shape is bool:
            return cast(T, text == "yes")
        return cast("Callable[[str], T]", self.shape)(text)

    def map_texts(self, text: str, change: Callable[[str], str]) -> str:
        """The text of a record with `change` applied to each text in it."""
        return _array(_map(json.loads(text), change))

    def _record(self, text: str) -> T:
        try:
            parts = json.loads(text)
        except ValueError:
            parts = None
        if not isinstance(parts, list) or len(parts) != len(cast(Any, self.shape)._fields):
            raise ValueError(f"fact {self.name!r}: not a {self.shape.__name__}: {text[:80]!r}")
        return self.shape(*(tuple(p) if isinstance(p, list) else p for p in parts))


def _array(parts: object) -> str:
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def _map(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_map(item, change) for item in value]
    return change(value) if isinstance(value, str) else value
