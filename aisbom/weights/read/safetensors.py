"""The header of a safetensors file: names, types and shapes of its tensors. No tensor is read.

Format: 8 bytes little-endian length, that many bytes of JSON, then the tensors without holes or
overlap.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, BinaryIO, NamedTuple, cast

from aisbom.weights.read.source import Reading, Source
from aisbom.weights.read.stored import BITS, Place, StoredCheckpoint, TensorInfo

MAX_HEADER = 100_000_000
"""Bytes; the limit that the format's own library sets."""

_CHUNK = 1024 * 1024
_PLACE = itemgetter(3, 4, 0)
_TOO_LARGE = 1 << 63
_MAX_DIMENSIONS = 64


class Tensor(NamedTuple):
    """One tensor; `begin` and `end` are bytes from the end of the header."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int

    @property
    def numel(self) -> int:
        """How many elements it has."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class Header:
    """`tensors` in the order of their bytes; `metadata` are the sorted pairs that the
    writer left.
    """

    tensors: tuple[Tensor, ...]
    metadata: tuple[tuple[str, str], ...]


def read_header(stream: BinaryIO, size: int) -> Header:
    """The header of a file of `size` bytes whose start `stream` stands at.

    Raises ValueError where it is truncated, larger than MAX_HEADER, malformed, or its tensors
    overlap, leave holes, do not fit their shapes or do not end where the file does. Memory follows
    the bytes that are there, never the lengths they declare.
    """
    prefix = stream.read(8)
    if len(prefix) < 8:
        raise ValueError("shorter than the length of its header")
    length = int.from_bytes(prefix, "little")
    if length > MAX_HEADER:
        raise ValueError(f"declares a header of {length:,} bytes; the format allows {MAX_HEADER:,}")
    if length < 2 or length > size - 8:
        raise ValueError(f"declares a header of {length:,} bytes in a file of {size:,}")
    text = _exactly(stream, length)
    if not text.startswith(b"{"):
        raise ValueError("the header is not a JSON object")
    try:
        table = _parse_header(text.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("the header is nested too deeply") from error
    # The format's own reader takes null for no metadata.
    metadata = table.pop("__metadata__", None) or {}
    if not isinstance(metadata, dict) or not all(
        isinstance(value, str) for value in metadata.values()
    ):
        raise ValueError("the metadata are not pairs of text")
    tensors = sorted((_tensor(name, entry) for name, entry in table.items()), key=_PLACE)
    _cover(tensors, size - 8 - length)
    return Header(tuple(tensors), tuple(sorted(metadata.items())))


def digest(tensors: Iterable[Tensor] | Iterable[TensorInfo]) -> str:
    """SHA-256 (hex) over the structure: the sorted lines `name|dtype|shape`, each ended by a
    newline, dimensions joined by commas.
    """
    lines = sorted(
        f"{t.name}|{t.dtype}|{','.join(map(str, t.shape))}\n".encode("utf-8", "surrogatepass")
        for t in tensors
    )
    return hashlib.sha256(b"".join(lines)).hexdigest()


def open_safetensors(source: Source) -> StoredCheckpoint:
    """The checkpoint in a safetensors file. Raises ValueError as `read_header` does."""
    header = read_header(cast(BinaryIO, Reading(source, MAX_HEADER)), source.size)
    start = source.size - (header.tensors[-1].end if header.tensors else 0)
    found = [
        (
            TensorInfo(t.name, t.dtype, t.shape, t.end - t.begin, t.dtype in BITS),
            Place(source, start + t.begin),
        )
        for t in header.tensors
    ]
    return StoredCheckpoint("safetensors", found, header.metadata, (), (source,))


def _exactly(stream: BinaryIO, length: int) -> bytes:
    chunks = []
    while length > 0:
        chunk = stream.read(min(length, _CHUNK))
        if not chunk:
            raise ValueError("the file ends inside its header")
        chunks.append(chunk)
        length -= len(chunk)
    return b"".join(chunks)


def _parse_header(text: str) -> dict[str, Any]:
    """The header as a table. Raises ValueError for the same name twice.

    Looking at every pair takes half the time of a large header. A repeated name shows in what is
    left: fewer braces and quotation marks than stand in the text. Where these do not add up, for
    whatever reason, every pair is looked at.
    """
    table = json.loads(text, parse_constant=_no_constant)
    metadata = table.get("__metadata__")
    braces, quotes = 1 + len(table), 10 * len(table)
    if isinstance(metadata, dict):
        quotes += 4 * len(metadata) - 8
    if "\\" not in text and text.count("{") == braces and text.count('"') == quotes:
        return cast(dict[str, Any], table)
    return cast(
        dict[str, Any], json.loads(text, object_pairs_hook=_table, parse_constant=_no_constant)
    )


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("the header has the same name twice")
    return table


def _no_constant(name: str) -> None:
    raise ValueError(f"the header holds {name}")


def _tensor(name: str, entry: Any) -> Tensor:
    if not isinstance(entry, dict):
        raise ValueError(f"tensor {name[:80]!r} is not described")
    dtype, shape, offsets = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if not isinstance(dtype, str) or not (
        dtype in BITS or re.fullmatch(r"[A-Z][A-Z0-9_]{0,30}", dtype)
    ):
        raise ValueError(f"tensor {name[:80]!r} has no type")
    if type(shape) is not list or len(shape) > _MAX_DIMENSIONS or not _naturals(shape):
        raise ValueError(f"tensor {name[:80]!r} has no shape")
    if (
        type(offsets) is not list
        or len(offsets) != 2
        or not _naturals(offsets)
        or offsets[0] > offsets[1]
    ):
        raise ValueError(f"tensor {name[:80]!r} has no place")
    begin, end = offsets
    # A type newer than this table is kept; what it takes in bytes is then not known.
    if dtype in BITS and math.prod(shape) * BITS[dtype] != (end - begin) * 8:
        raise ValueError(
            f"tensor {name[:80]!r} takes {end - begin:,} bytes, which its shape does not"
        )
    return Tensor(name, dtype, tuple(shape), begin, end)


def _naturals(values: list[Any]) -> bool:
    # A plain loop: most shapes have one or two dimensions. Not isinstance: true and false are no
    # numbers here.
    for value in values:  # noqa: SIM110
        if type(value) is not int or not 0 <= value < _TOO_LARGE:
            return False
    return True


def _cover(tensors: list[Tensor], size: int) -> None:
    """The tensors fill the rest of the file exactly. A hole could hide another file."""
    at = 0
    for tensor in tensors:
        if tensor.begin < at:
            raise ValueError(f"tensor {tensor.name[:80]!r} overlaps another one")
        if tensor.begin > at:
            raise ValueError(
                f"a hole of {tensor.begin - at:,} bytes before tensor {tensor.name[:80]!r}"
            )
        at = tensor.end
    if at > size:
        raise ValueError(f"the tensors end {at - size:,} bytes behind the file: truncated")
    if at < size:
        raise ValueError(f"{size - at:,} bytes behind the last tensor")
