"""What walking a pickle leaves behind: names, records of calls, storages and views on them. Plain
data; nothing here does anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Global:
    """A class or function by name."""

    module: str
    name: str

    def __str__(self) -> str:
        name = f"{self.module}.{self.name}"
        # Letters that are no letters would steer a terminal, and say nothing.
        shown = name if name.isascii() and name.isprintable() else ascii(name)[1:-1]
        return shown if len(shown) <= 120 else f"{shown[:80]}...{shown[-37:]}"


@dataclass(slots=True, eq=False)
class CallRecord:
    """What a call, or the building of an object, would have given; `state` is what would have been
    set on it.

    `place` is where in the stream values of its own begin, -1 where there are none (joblib).
    """

    function: object
    arguments: object
    state: object = None
    place: int = -1


@dataclass(frozen=True, slots=True)
class Storage:
    """Bytes that several tensors may share; `dtype` in safetensors' words, `""` where not known;
    `count` in elements of it.
    """

    key: str
    dtype: str
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A view on a storage, in elements."""

    storage: Storage
    dtype: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


@dataclass
class PickleWalk:
    """What a pickle would give and do.

    `hazards` are the ways in which loading it can run code, in words, in their order; `unread` says
    what of it could not be followed. `storages` are those it refers to, each once. `nested` are
    bytes in it that begin as a pickle does, `loaded` those that loading hands to `torch.load`.
    `opcodes`: how many were followed, those of pickles before it in the same file included.
    """

    value: object = None
    hazards: dict[str, None] = field(default_factory=dict)
    unread: dict[str, None] = field(default_factory=dict)
    storages: dict[str, Storage] = field(default_factory=dict)
    nested: list[bytes] = field(default_factory=list)
    loaded: list[bytes] = field(default_factory=list)
    opcodes: int = 0


def fill_pairs(target: dict[Any, Any], items: Iterable[Any]) -> dict[Any, Any]:
    """Keys that are no texts or numbers (hashing a nested tuple can take for ever) become the place
    they came at.
    """
    every = list(items)
    for key, value in zip(every[::2], every[1::2], strict=False):
        target[key if isinstance(key, str | int | float | bytes) else f"#{len(target)}"] = value
    return target
