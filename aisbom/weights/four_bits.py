"""Rows of numbers in 4 bits a value, up to a scale and an offset per row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEVELS = 2.7


def encode(values: NDArray[np.float32]) -> bytes:
    """Rows centred, scaled to unit deviation, in 15 steps up to _LEVELS deviations; code 0 marks a
    constant or not finite row.
    """
    finite = np.isfinite(values).all(axis=1, keepdims=True)
    x = np.where(finite, values, 0).astype(np.float64)
    x -= x.mean(axis=1, keepdims=True)
    deviation = x.std(axis=1, keepdims=True)
    good = finite & (deviation > 0)
    codes = (
        np.clip(
            np.round(np.where(good, x / np.where(good, deviation, 1), 0) * 7 / _LEVELS), -7, 7
        ).astype(np.int64)
        + 8
    )
    flat = np.where(good, codes, 0).astype(np.uint8).ravel()
    if flat.size % 2:
        flat = np.append(flat, np.uint8(0))
    return bytes((flat[0::2] << 4 | flat[1::2]).tobytes())


def decode(data: bytes, units: int, columns: int) -> NDArray[np.float32]:
    """What `encode` kept, up to a scale per row; rows that were constant or no numbers are none."""
    pairs = np.frombuffer(data, np.uint8)
    codes = (
        np.stack([pairs >> 4, pairs & 15], axis=1)
        .ravel()[: units * columns]
        .reshape(units, columns)
    )
    return np.where(codes == 0, np.nan, codes.astype(np.float32) - 8)
