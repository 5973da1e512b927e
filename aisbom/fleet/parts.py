"""Rows as Parquet and documents as zstd: the same bytes for the same rows and the same pyarrow."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from aisbom.fleet import schema
from aisbom.fleet.needs import import_extra

_LEVEL = 9


def part(table: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The rows of one table, sorted, as a Parquet file."""
    pa = import_extra("pyarrow")
    return pack_table(
        pa.Table.from_pylist(sorted(map(_clean, rows), key=_order), schema.arrow(table))
    )


def pack_table(table: Any) -> bytes:
    """An Arrow table as a Parquet file."""
    parquet = import_extra("pyarrow.parquet")
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd", compression_level=_LEVEL)
    return out.getvalue()


def compress(data: bytes) -> bytes:
    """Bytes as one zstd frame."""
    packed: bytes = import_extra("pyarrow").Codec("zstd", _LEVEL).compress(data, asbytes=True)
    return packed


def decompress(data: bytes) -> bytes:
    """What `compress` was given."""
    pa = import_extra("pyarrow")
    with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
        read: bytes = stream.read()
    return read


def _clean(row: Mapping[str, Any]) -> dict[str, Any]:
    """Half surrogates, which names of files may hold, have no place in UTF-8."""
    return {
        key: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for key, value in row.items()
    }


def _order(row: Mapping[str, Any]) -> list[tuple[bool, Any]]:
    return [(value is None, 0 if value is None else value) for value in row.values()]
