"""A checkpoint as every reader leaves it: tensors, where their bytes lie, and what was odd. No
tensor is read before it is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from operator import itemgetter
from pathlib import Path
from typing import Literal, NamedTuple

from aisbom.weights.read.source import Source

BITS: Mapping[str, int] = {
    **dict.fromkeys(
        ("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8
    ),
    **dict.fromkeys(("U16", "I16", "F16", "BF16"), 16),
    **dict.fromkeys(("U32", "I32", "F32"), 32),
    **dict.fromkeys(("U64", "I64", "F64", "C64"), 64),
    "C128": 128,
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    **dict.fromkeys(("F4", "I4", "U4"), 4),
}
"""Bits of one element, for the types that are plain values."""


class Note(str):
    """A remark on a file that is more than a remark: `about` is `absent` for values that could not
    be looked at.
    """

    __slots__ = ("about",)
    about: Literal["absent"]

    def __new__(cls, words: str, about: Literal["absent"]) -> Note:
        """The words, and what they are about."""
        note = super().__new__(cls, words)
        note.about = about
        return note

    def __reduce__(self) -> tuple[type[Note], tuple[str, str]]:
        """What a copy is made from, in this process or another."""
        return Note, (str(self), self.about)


def about(notes: Iterable[str], what: Literal["absent"]) -> list[str]:
    """Those of these notes that are about absent values."""
    return [note for note in notes if isinstance(note, Note) and note.about == what]


MAX_TENSORS = 1_000_000
MAX_NOTES = 200
_MAX_DIMENSIONS = 64


class TensorInfo(NamedTuple):
    """One tensor. `shape` is row-major, the usual order of the frameworks; `exact` says that the
    stored bytes are its elements in that order, little-endian, of type `dtype` (the words of
    safetensors, or a quantised GGML type such as `Q4_K`).
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    nbytes: int
    exact: bool

    @property
    def numel(self) -> int:
        """How many elements it has."""
        return math.prod(self.shape)


class Place(NamedTuple):
    """Where the bytes of a tensor begin."""

    source: Source
    offset: int


class StoredCheckpoint:
    """What `reader.Checkpoint` describes. Owns its sources: `close` closes them. `files` are those
    it was opened from, if on disk.
    """

    def __init__(
        self,
        form: str,
        found: Iterable[tuple[TensorInfo, Place | None]],
        metadata: Iterable[tuple[str, str]] = (),
        notes: Iterable[str] = (),
        sources: Iterable[Source] = (),
    ) -> None:
        rows = sorted(found, key=itemgetter(0))
        self.format = form
        self.tensors = tuple(info for info, _ in rows)
        self.metadata = tuple(sorted(metadata))
        self.notes = tuple(notes)
        self.sources = tuple(sources)
        self.files: tuple[Path, ...] = ()
        self._rows = {row[0].name: row for row in rows}
        if len(self._rows) != len(rows):
            raise ValueError("two tensors have the same name")

    def info(self, name: str) -> TensorInfo:
        """The tensor of this name; KeyError if there is none."""
        return self._rows[name][0]

    def has_place(self, name: str) -> bool:
        """Whether it is known where the bytes of a tensor lie."""
        return self._rows[name][1] is not None

    def place(self, name: str) -> Place:
        """Where its bytes begin. Raises ValueError where that is not known, KeyError if there is no
        such tensor.
        """
        place = self._rows[name][1]
        if place is None:
            raise ValueError(f"{name[:80]}: where its values lie is not known")
        return place

    def read(self, name: str, start: int = 0, count: int | None = None) -> bytes:
        """The bytes of elements `start` to `start + count` (to the end without `count`) in stored
        order.

        Raises ValueError for a tensor that is not exact, a range outside it or a file that ends
        early; KeyError for an unknown name.
        """
        info = self.info(name)
        if not info.exact:
            raise ValueError(f"{name[:80]}: {info.dtype} is not stored as plain values")
        count = info.numel - start if count is None else count
        if start < 0 or count < 0 or start + count > info.numel:
            raise ValueError(f"{name[:80]}: has {info.numel:,} elements, not {start + count:,}")
        bits = BITS[info.dtype]
        if start * bits % 8 or count * bits % 8:
            raise ValueError(
                f"{name[:80]}: elements of {bits} bits do not begin or end on a byte there"
            )
        place = self.place(name)
        return place.source.read_at(place.offset + start * bits // 8, count * bits // 8)

    def read_f32(self, name: str, start_row: int, rows: int) -> bytes:
        """`rows` rows (of the last dimension) from `start_row` as little-endian f32, dequantised
        where the type needs it.

        Raises ValueError for types that are not numbers of a known coding, or a range outside the
        tensor; KeyError for an unknown name.
        """
        from aisbom.weights.read.ggml import BLOCKS, floats

        info = self.info(name)
        width = info.shape[-1] if info.shape else 1
        height = math.prod(info.shape[:-1])
        if start_row < 0 or rows < 0 or start_row + rows > height:
            raise ValueError(f"{name[:80]}: has {height:,} rows, not {start_row + rows:,}")
        if info.exact:
            return floats(info.dtype, self.read(name, start_row * width, rows * width))
        if info.dtype not in BLOCKS:
            raise ValueError(f"{name[:80]}: values of {info.dtype} are not decoded")
        each, size = BLOCKS[info.dtype]
        place = self.place(name)
        return floats(
            info.dtype,
            place.source.read_at(
                place.offset + start_row * width // each * size, rows * width // each * size
            ),
        )

    def close(self) -> None:
        """Close the files behind it."""
        for source in self.sources:
            source.close()


def plain(name: str, dtype: str, shape: tuple[int, ...]) -> TensorInfo:
    """A tensor whose bytes are its values. Raises ValueError for a type that is not in BITS."""
    check_shape(name, shape)
    if dtype not in BITS:
        raise ValueError(f"tensor {name[:80]!r} has the unknown type {dtype[:30]!r}")
    return TensorInfo(name, dtype, shape, (math.prod(shape) * BITS[dtype] + 7) // 8, True)


def check_shape(name: str, shape: tuple[int, ...]) -> None:
    """Raises ValueError for a shape that no tensor has."""
    if (
        len(shape) > _MAX_DIMENSIONS
        or any(not 0 <= n < 2**63 for n in shape)
        or math.prod(shape) >= 2**63
    ):
        raise ValueError(f"tensor {name[:80]!r} has no possible shape")


def apart(form: str, rows: Iterable[tuple[TensorInfo, Place]]) -> None:
    """Raises ValueError where a tensor's bytes do not lie inside its source, or overlap another
    one's.
    """
    ends: dict[int, tuple[int, str]] = {}
    for info, place in sorted(
        rows, key=lambda row: (id(row[1].source), row[1].offset, row[1].offset + row[0].nbytes)
    ):
        if not info.nbytes:
            continue
        if place.offset + info.nbytes > place.source.size:
            missing = place.offset + info.nbytes - place.source.size
            raise ValueError(
                f"tensor {info.name[:80]!r} ends {missing:,} bytes behind the {form} file:"
                " truncated"
            )
        end, before = ends.get(id(place.source), (0, ""))
        if place.offset < end:
            raise ValueError(f"tensor {info.name[:80]!r} overlaps {before[:80]!r}")
        ends[id(place.source)] = (place.offset + info.nbytes, info.name)


def text(data: bytes) -> str:
    """A name from a file: UTF-8. Raises ValueError for anything else."""
    return data.decode("utf-8")
