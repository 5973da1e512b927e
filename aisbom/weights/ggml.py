"""The block types of GGML: how many values a block holds, how many bytes it takes, and its values as f32."""

from __future__ import annotations

BLOCKS: dict[str, tuple[int, int]] = {}


def floats(dtype: str, data: bytes) -> bytes:
    """Little-endian f32 of plain values or whole blocks of `dtype`. Raises ValueError for types it does not know."""
    if dtype == "F32":
        return data
    raise ValueError(f"values of {dtype} are not decoded")
