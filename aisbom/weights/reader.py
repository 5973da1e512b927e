"""Open any checkpoint: which reader a file needs is told by its content first, by its name second.

Only headers are read; nothing is executed, unpickled or imported, and memory follows what the headers hold, never what they declare.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from aisbom.weights.source import Disk, Source
from aisbom.weights.stored import Place, Stored, TensorInfo

__all__ = ["Checkpoint", "Place", "Stored", "TensorInfo", "open_checkpoint"]

Beside = Callable[[str], Source | None]
"""The file of that name in the same folder (or below it), None if there is none."""


class Checkpoint(Protocol):
    """The tensors of one model as they are stored, sorted by name; `notes` say what was odd or refused."""

    format: str
    tensors: tuple[TensorInfo, ...]
    metadata: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    def read(self, name: str, start: int = 0, count: int | None = None) -> bytes:
        """The bytes of elements `start` to `start + count` in stored order, for exact tensors.

        Raises ValueError (one line) where they cannot be had, KeyError for an unknown name.
        """
        ...

    def read_f32(self, name: str, start_row: int, rows: int) -> bytes:
        """`rows` rows of the last dimension as little-endian f32, dequantised where needed. Raises ValueError, KeyError as `read`."""
        ...

    def close(self) -> None:
        """Close the files behind it."""
        ...


def open_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint in a file, or the one that the shards in a folder (or named by an index) make up.

    Raises ValueError with a one-line reason.
    """
    source = Disk(path)
    try:
        return open_source(source, path.name, lambda _: None)
    except ValueError:
        source.close()
        raise


def open_source(source: Source, name: str, beside: Beside) -> Stored:  # noqa: ARG001
    """The checkpoint in `source`, which is closed with it. Raises ValueError with a one-line reason."""
    from aisbom.weights import safetensors

    if source.size == 0:
        raise ValueError("an empty file: no weights in it")
    return safetensors.opened(source)
