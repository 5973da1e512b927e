"""The narrowest form that holds a tensor without loss, hashed and counted in one pass: bfloat16,
half precision, or 32 bits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights import histogram
from aisbom.weights.histogram import Counting, Histogram, Table
from aisbom.weights.read import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.read.reader import Checkpoint
    from aisbom.weights.read.stored import TensorInfo

BLOCK = 1 << 21
"""Elements that are read at a time."""

KEY_BYTES = 12


@dataclass(slots=True)
class Form:
    """One way to write the tensor down, and its hash."""

    label: str
    hash: hashlib._Hash

    @classmethod
    def of(cls, label: str) -> Form:
        """A form of which nothing has been hashed yet."""
        return cls(label, hashlib.sha256(label.encode() + b"|"))

    def flat(self) -> str:
        """The digest of type and bytes."""
        return self.hash.hexdigest()

    def compute_id(self, shape: tuple[int, ...]) -> str:
        """`id`: hashed over the digest of the bytes, so that the bytes are hashed once."""
        return cut(hashlib.sha256(_shape(shape) + b"|" + self.flat().encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Read:
    """The narrowest form that holds the tensor, how often its 16-bit codes occur (the upper halves
    of 32-bit ones), and all of them.
    """

    form: Form
    own: Table
    histogram: Histogram


def floats(checkpoint: Checkpoint, info: TensorInfo) -> Read:
    """Read until a block does not fit the narrowest form, then again for the next one: mostly the
    first block decides.
    """
    for label in ("bf16", "f16", "f32"):
        form, counting = Form.of(label), Counting()
        for block in blocks(checkpoint, info):
            bits = block.view(np.uint32)
            data = bits if label == "f32" else narrow(label, bits)
            if data is None:
                break
            form.hash.update(data.data)
            counting.add(bits)
        else:
            found = counting.done()
            return Read(form, found.halves("f16") if label == "f16" else found.high, found)
    raise AssertionError("every value fits 32 bits")


def narrow(label: str, bits: NDArray[np.uint32]) -> NDArray[np.uint16] | None:
    """The 16-bit codes of all values, None where one would change. Little is looked at before the
    whole block is.
    """
    for part in (bits[:1024], bits):
        if label == "bf16":
            if (part & np.uint32(0xFFFF)).any():
                return None
        else:
            if (part & np.uint32(0x0FFF)).any():
                return None
            halves = values.f16(part.view(np.float32))
            if not np.array_equal(halves.view(np.float16).astype(np.float32).view(np.uint32), part):
                return None
    return (bits >> np.uint32(16)).astype(np.uint16) if label == "bf16" else halves


def halves(checkpoint: Checkpoint, info: TensorInfo) -> Read:
    """Tensors stored in 16 bits: their bytes are hashed as they are, and their codes counted."""
    label = info.dtype.lower()
    form, counts = Form.of(label), np.zeros(65536, np.int64)
    for data in raw(checkpoint, info, 2):
        form.hash.update(data)
        histogram.count_halves(np.frombuffer(data, "<u2"), counts)
    at = np.flatnonzero(counts)
    codes = Table(at, counts[at])
    found = histogram.of_codes(label, codes)
    if label == "f16" and histogram.exact_in("f16", codes):
        narrow = Form.of("bf16")
        for data in raw(checkpoint, info, 2):
            narrow.hash.update(
                (np.frombuffer(data, "<f2").astype(np.float32).view(np.uint32) >> 16)
                .astype(np.uint16)
                .data
            )
        return Read(narrow, found.high, found)
    return Read(form, codes, found)


def raw(checkpoint: Checkpoint, info: TensorInfo, width: int) -> Iterator[bytes]:
    """Stored bytes, block after block, of elements of `width` bytes."""
    step = BLOCK * 4 // width // 8 * 8
    for start in range(0, info.numel, step):
        yield checkpoint.read(info.name, start, min(step, info.numel - start))


def blocks(checkpoint: Checkpoint, info: TensorInfo) -> Iterator[NDArray[np.float32]]:
    """Values as f32, block after block; quantised types in whole rows."""
    width = 1 if info.exact or not info.shape else info.shape[-1]
    step = max(1, BLOCK // width) * width
    for start in range(0, info.numel, step):
        yield np.ascontiguousarray(
            values.elements(checkpoint, info, start, min(step, info.numel - start))
        )


def _shape(shape: tuple[int, ...]) -> bytes:
    return ",".join(str(n) for n in shape if n != 1).encode()


def cut(digest: str) -> str:
    """A digest of KEY_BYTES, hex."""
    return digest[: 2 * KEY_BYTES]
