"""4,096 bits a model, so that every model of a catalogue can be held against every other one.

A bit is the sign of a random projection of hidden units as they stand, of eight layers, 512 bits
each. Two models whose units have correlation r in place differ in a share acos(r)/pi of the bits
(Goemans and Williamson 1995, lemma 3.2); unrelated ones in half of them, give or take 32. The bits
only choose whom to compare: they see neither reordered units nor dropped layers, and no word about
a model rests on them.
"""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights import axes as axes_of
from aisbom.weights import units
from aisbom.weights.side import SKETCHED, Side, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLOTS = 8
BITS = 512
BYTES = SLOTS * BITS // 8
TAKEN = 16
"""Units taken of each layer: as many as shipped references keep values of."""

DEVIATIONS = 6
"""Standard deviations below half of the bits from which a pair is compared: by chance alone
(normal approximation) one in 10^9 pairs."""

LIMIT = SLOTS * BITS // 2 - int(DEVIATIONS * math.sqrt(SLOTS * BITS) / 2)
"""The largest Hamming distance of a candidate: 1,856 of 4,096."""

_WIDEST = 128


def bits(side: Side) -> tuple[str, bytes]:
    """The signature and the bits of a checkpoint or sketch; both empty where it has no units that
    could be sampled. Raises ValueError as the reader does.
    """
    layers = [axis for axis in side.axes if axis.ins]
    if not layers:
        return "", b""
    chosen = spread(layers, SLOTS)
    signatures, packed = [], []
    for slot in range(SLOTS):
        axis = chosen[slot * len(chosen) // SLOTS]
        sample = side.sample(axis, axis.ins[0], SKETCHED, axis.units)[:TAKEN, :_WIDEST]
        rows, _ = units.features([sample])
        signatures.append(
            f"{axis.ins[0].kind}:{axis.ins[0].across}:{'x'.join(map(str, sample.shape))}"
        )
        seen = _projection(slot, sample.size) @ rows[0].ravel()
        packed.append(np.packbits(seen > 0).tobytes())
    return _short(signatures), b"".join(packed)


def distances(query: bytes, table: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The Hamming distances of a query to every row of a table (rows of 64 words of 64 bits)."""
    words = np.frombuffer(query, np.uint64)
    found: NDArray[np.int64] = np.empty(len(table), np.int64)
    for start in range(0, len(table), _BLOCK):
        block = table[start : start + _BLOCK]
        found[start : start + len(block)] = _count(block ^ words).sum(axis=1, dtype=np.uint16)
    return found


_BLOCK = 1024
"""Rows at once: half a megabyte, which stays in the caches of a processor."""


def table(rows: list[bytes]) -> NDArray[np.uint64]:
    """Bits of many models as the table that `distances` takes."""
    return np.frombuffer(b"".join(rows), np.uint64).reshape(len(rows), BYTES // 8)


def _count(words: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """How many bits are set in each word: numpy counts since 2.0, before that by masks (Warren,
    Hacker's Delight, 5-1).
    """
    if hasattr(np, "bitwise_count"):
        counted: NDArray[np.uint8] = np.bitwise_count(words)
        return counted
    x = words - ((words >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    total: NDArray[np.uint8] = (x * np.uint64(0x0101010101010101) >> np.uint64(56)).astype(np.uint8)
    return total


@lru_cache(maxsize=64)
def _projection(slot: int, size: int) -> NDArray[np.float32]:
    """Signs that a text fixes: the same on every machine."""
    drawn = axes_of.generator(f"fleet bits 1|{slot}|{size}").integers(0, 2, (BITS, size), np.int8)
    return (drawn * 2 - 1).astype(np.float32)


def _short(signatures: list[str]) -> str:
    if len(set(signatures)) == 1:
        return signatures[0]
    return hashlib.sha256("|".join(signatures).encode()).hexdigest()[:32]
