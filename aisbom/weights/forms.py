"""The narrowest form that holds a tensor without loss, hashed and counted in one pass: bfloat16,
half precision, or 32 bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aisbom.lazy_module import Module
from aisbom.weights import histogram
from aisbom.weights.counting import CountedBits, CountedCodes
from aisbom.weights.histogram import Histogram
from aisbom.weights.loops import Loops, widen_halves
from aisbom.weights.read import values

if TYPE_CHECKING:
    import blake3
    from numpy.typing import NDArray

    from aisbom.weights.read.reader import Checkpoint
    from aisbom.weights.read.stored import TensorInfo
else:
    blake3 = Module("blake3")

BLOCK = 1 << 17
"""Values of 32 bits that are read at a time: a block and the tables that it is counted in fit the
second-level cache of a core.
"""

_GLANCE = 1024
"""Values that are looked at before a whole block is."""

KEY_BYTES = 12


@dataclass(slots=True)
class Form:
    """One way to write the tensor down, and its hash."""

    label: str
    hash: blake3.blake3

    @classmethod
    def of(cls, label: str) -> Form:
        """A form of which nothing has been hashed yet."""
        return cls(label, blake3.blake3(label.encode() + b"|"))

    def add(self, codes: NDArray[np.unsignedinteger[Any]]) -> None:
        """Hash these codes, which lie one behind the other, too."""
        self.hash.update(codes.view(np.uint8).data)

    def flat(self) -> str:
        """The digest of type and bytes."""
        return self.hash.hexdigest()

    def compute_id(self, shape: tuple[int, ...]) -> str:
        """`id`: hashed over the digest of the bytes, so that the bytes are hashed once."""
        return cut(blake3.blake3(_shape(shape) + b"|" + self.flat().encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Read:
    """The narrowest form that holds the tensor, and how often its codes occur."""

    form: Form
    histogram: Histogram


def floats(checkpoint: Checkpoint, info: TensorInfo, loops: Loops) -> Read:
    """Read until a block does not fit the narrowest form, then again for the next one: mostly the
    first values decide.
    """
    first = _read_bits(checkpoint, info, 0, min(_GLANCE, info.numel))
    for label in ("bf16", "f16"):
        if loops.narrow(label, first) is None:
            continue
        form, counted = Form.of(label), CountedCodes(loops)
        for block in blocks(checkpoint, info):
            codes = loops.narrow(label, block)
            if codes is None:
                break
            form.add(codes)
            counted.add(codes)
        else:
            return Read(form, histogram.of_codes(label, counted.done()))
    form, bits = Form.of("f32"), CountedBits(loops)
    for block in blocks(checkpoint, info):
        form.add(block)
        bits.add(block)
    return Read(form, bits.done())


def halves(checkpoint: Checkpoint, info: TensorInfo, loops: Loops) -> Read:
    """Tensors stored in 16 bits: their bytes are hashed as they are, and their codes counted."""
    label = info.dtype.lower()
    form, counted = Form.of(label), CountedCodes(loops)
    for data in raw(checkpoint, info, 2):
        form.hash.update(data)
        counted.add(np.frombuffer(data, "<u2"))
    found = histogram.of_codes(label, counted.done())
    narrower = histogram.narrow(found, loops) if label == "f16" else None
    if narrower is None:
        return Read(form, found)
    form = Form.of("bf16")
    upper = (widen_halves() >> np.uint32(16)).astype(np.uint16)
    for data in raw(checkpoint, info, 2):
        form.add(upper[np.frombuffer(data, "<u2")])
    return Read(form, narrower)


def raw(checkpoint: Checkpoint, info: TensorInfo, width: int) -> Iterator[bytes]:
    """Stored bytes, block after block, of elements of `width` bytes."""
    step = max(8, BLOCK * 4 // width // 8 * 8)
    for start in range(0, info.numel, step):
        yield checkpoint.read(info.name, start, min(step, info.numel - start))


def blocks(checkpoint: Checkpoint, info: TensorInfo) -> Iterator[NDArray[np.uint32]]:
    """The bits of values as f32, block after block; quantised types in whole rows."""
    if info.exact and info.dtype == "F32":
        for data in raw(checkpoint, info, 4):
            yield np.frombuffer(data, "<u4")
        return
    width = 1 if info.exact or not info.shape else info.shape[-1]
    step = max(1, BLOCK // width) * width
    for start in range(0, info.numel, step):
        yield _read_bits(checkpoint, info, start, min(step, info.numel - start))


def _read_bits(
    checkpoint: Checkpoint, info: TensorInfo, start: int, count: int
) -> NDArray[np.uint32]:
    return np.ascontiguousarray(values.elements(checkpoint, info, start, count)).view(np.uint32)


def _shape(shape: tuple[int, ...]) -> bytes:
    return ",".join(str(n) for n in shape if n != 1).encode()


def cut(digest: str) -> str:
    """A digest of KEY_BYTES, hex."""
    return digest[: 2 * KEY_BYTES]
