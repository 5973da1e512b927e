"""Value identity: which tensors of two checkpoints hold the same numbers, and whether that is evidence of anything.

A tensor is first typed down without loss (f32 that is bf16 or f16 in disguise), so that a cast up and back changes nothing. Its keys:

- `id`      SHA-256 of shape without dimensions of one, and of `flat`
- `id_t`    the same of its 2-D transpose (tensors up to TRANSPOSED bytes)
- `flat`    SHA-256 of type and bytes: any reshape
- `multiset` SHA-256 of how often each 16-bit code occurs: any transpose, layout, head or unit permutation. For values that need
  32 bits the code is the upper half, and an order-free sum over mixed 32-bit codes confirms the lower one.
- `magnitudes` the multiset without signs: sign flips of units or residual dimensions
- `cast_bf16`, `cast_f16` the multisets after rounding: a lossy cast of the same numbers

Each is cut to 96 bits. Blocks of BLOCK elements are read one after another: memory does not follow the tensor.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights import values
from aisbom.weights.regenerable import regenerable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.reader import Checkpoint
    from aisbom.weights.stored import TensorInfo

BLOCK = 1 << 22
TRANSPOSED = 64 * 1024 * 1024
KEY_BYTES = 12

MIN_ELEMENTS = 2048
MIN_ENTROPY = 4.0
MIN_CODES = 64
"""The evidence guard: fewer elements, bits per code, or distinct codes may coincide or be written down by anybody."""

_INTEGERS = frozenset({"I16", "U16", "I32", "U32", "I64", "U64", "BOOL", "C64", "C128"})


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one tensor (hex, `""` where not computed) and what they are worth.

    `entropy` is in bits per 16-bit code (8-bit for byte types). `why_not` says why equality would be no evidence, `""` if it is.
    `log10_chance` is the modelled log10 probability that an independent draw from the same distribution has the same multiset.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    id: str
    id_t: str
    flat: str
    multiset: str
    magnitudes: str
    cast_bf16: str
    cast_f16: str
    entropy: float
    distinct: int
    log10_chance: float
    why_not: str

    @property
    def numel(self) -> int:
        """How many elements it has."""
        return math.prod(self.shape)


def keys(checkpoint: Checkpoint, info: TensorInfo) -> Keys:
    """All keys of one tensor, in one pass over its bytes (a second one for `id_t` and for values that need 32 bits).

    Raises ValueError where its values cannot be read.
    """
    if not info.exact:
        return _quantised(checkpoint, info)
    if info.dtype in values.FLOATS:
        return _floats(checkpoint, info)
    return _bytes(checkpoint, info)


def every(checkpoint: Checkpoint, limit: int) -> tuple[list[Keys], list[str]]:
    """The keys of all tensors while at most `limit` bytes are read, smaller tensors first; and a sentence for each kind of omission."""
    found, notes, read, omitted = [], [], 0, 0
    for info in sorted(checkpoint.tensors, key=lambda t: (t.nbytes, t.name)):
        if read + info.nbytes > limit:
            omitted += 1
            continue
        read += info.nbytes
        try:
            found.append(keys(checkpoint, info))
        except ValueError as error:
            notes.append(f"not compared by value: {error}")
    if omitted:
        notes.append(f"the {omitted} largest tensors were not compared byte for byte (budget of {limit:,} bytes)")
    return sorted(found, key=lambda k: k.name), notes


@dataclass(slots=True)
class _Form:
    """One way to write the tensor down: its hash, while every block fits it."""

    label: str
    hash: hashlib._Hash

    @classmethod
    def of(cls, label: str) -> _Form:
        return cls(label, hashlib.sha256(label.encode() + b"|"))

    def flat(self) -> str:
        return self.hash.hexdigest()

    def shaped(self, shape: tuple[int, ...]) -> str:
        """`id`: hashed over the digest of the bytes, so that the bytes are hashed once."""
        return _cut(hashlib.sha256(_shape(shape) + b"|" + self.flat().encode()).hexdigest())


def _floats(checkpoint: Checkpoint, info: TensorInfo) -> Keys:
    forms = {label: _Form.of(label) for label in ("bf16", "f16", "f32")}
    counts = np.zeros((3, 65536), np.int64)  # upper half, rounded to bf16, rounded to f16
    for block in _blocks(checkpoint, info):
        bits = block.view(np.uint32)
        high = (bits >> 16).astype(np.uint16)
        halves = values.f16(block)
        if "bf16" in forms:
            if (bits & 0xFFFF).any():
                del forms["bf16"]
            else:
                forms["bf16"].hash.update(high.tobytes())
        if "f16" in forms:
            if not np.array_equal(halves.view(np.float16).astype(np.float32).view(np.uint32), bits):
                del forms["f16"]
            else:
                forms["f16"].hash.update(halves.tobytes())
        forms["f32"].hash.update(bits.data)
        counts[0] += np.bincount(high, minlength=65536)
        counts[1] += np.bincount(values.bf16(bits), minlength=65536)
        counts[2] += np.bincount(halves, minlength=65536)
    label = next(iter(forms))
    own = counts[2] if label == "f16" else counts[0]
    tail = _sums(checkpoint, info) if label == "f32" else [0, 0]
    chosen = forms[label]
    return _keys(
        info,
        chosen,
        own,
        _guard(checkpoint, info, own),
        multiset=_histogram(label, own, tail[0]),
        id_t=_transposed(checkpoint, info, label),
        magnitudes=_histogram(label + "-magnitude", own[:32768] + own[32768:], tail[1]),
        casts=(_histogram("bf16", counts[1], 0), _histogram("f16", counts[2], 0)),
    )


def _sums(checkpoint: Checkpoint, info: TensorInfo) -> list[int]:
    plain = signless = 0
    for block in _blocks(checkpoint, info):
        bits = block.view(np.uint32)
        plain = (plain + _mixed(bits)) % (1 << 64)
        signless = (signless + _mixed(bits & np.uint32(0x7FFFFFFF))) % (1 << 64)
    return [plain, signless]


def _mixed(bits: NDArray[np.uint32]) -> int:
    """An order-free sum: each code is mixed (the finaliser of SplitMix64), then all are added modulo 2**64."""
    z = bits.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return int((z ^ (z >> np.uint64(31))).sum(dtype=np.uint64))


def _bytes(checkpoint: Checkpoint, info: TensorInfo) -> Keys:
    """Integers, 8-bit floats and anything else that is stored plainly: its bytes are its codes."""
    form = _Form.of(info.dtype.lower())
    counts = np.zeros(65536, np.int64)
    for start in range(0, info.numel, BLOCK):
        data = checkpoint.read(info.name, start, min(BLOCK, info.numel - start))
        form.hash.update(data)
        counts += np.bincount(np.frombuffer(data, "u1"), minlength=65536)
    why_not = "integers that index or count" if info.dtype in _INTEGERS else _guard(checkpoint, info, counts)
    histogram = _histogram(form.label, counts, 0) if info.dtype not in _INTEGERS else ""
    return _keys(info, form, counts, why_not, multiset=histogram)


def _quantised(checkpoint: Checkpoint, info: TensorInfo) -> Keys:
    """Block types: identity of the values they stand for, row by row."""
    form = _Form.of(info.dtype.lower())
    counts = np.zeros(65536, np.int64)
    for block in _blocks(checkpoint, info):
        form.hash.update(block.tobytes())
        counts += np.bincount((block.view(np.uint32) >> 16).astype(np.uint16), minlength=65536)
    return _keys(info, form, counts, _guard(checkpoint, info, counts), multiset=_histogram(form.label, counts, 0))


def _blocks(checkpoint: Checkpoint, info: TensorInfo) -> Iterator[NDArray[np.float32]]:
    width = 1 if info.exact or not info.shape else info.shape[-1]
    step = max(1, BLOCK // width) * width
    for start in range(0, info.numel, step):
        yield np.ascontiguousarray(values.elements(checkpoint, info, start, min(step, info.numel - start)))


def _keys(
    info: TensorInfo,
    form: _Form,
    counts: NDArray[np.int64],
    why_not: str,
    *,
    multiset: str,
    id_t: str = "",
    magnitudes: str = "",
    casts: tuple[str, str] = ("", ""),
) -> Keys:
    seen = counts[counts > 0].astype(np.float64)
    share = seen / seen.sum() if seen.size else seen
    repeated = seen[seen >= 2]
    return Keys(
        info.name,
        info.dtype,
        info.shape,
        form.shaped(info.shape),
        id_t,
        _cut(form.flat()),
        multiset,
        magnitudes,
        *casts,
        round(float(-(share * np.log2(share)).sum()), 3) if seen.size else 0.0,
        int(seen.size),
        # Two Poisson counts of mean c agree with probability below 1 / sqrt(4 pi c).
        round(float(-0.5 * np.log10(4 * np.pi * repeated).sum()), 1),
        why_not,
    )


def _guard(checkpoint: Checkpoint, info: TensorInfo, counts: NDArray[np.int64]) -> str:
    """Why equality of this tensor would be no evidence; `""` if it would."""
    if info.numel < MIN_ELEMENTS:
        return f"fewer than {MIN_ELEMENTS:,} values"
    seen = counts[counts > 0]
    if seen.size < MIN_CODES:
        return f"fewer than {MIN_CODES} distinct values"
    share = seen / seen.sum()
    if float(-(share * np.log2(share)).sum()) < MIN_ENTROPY:
        return f"less than {MIN_ENTROPY:g} bits of information per value"
    return regenerable(checkpoint, info)


def _transposed(checkpoint: Checkpoint, info: TensorInfo, label: str) -> str:
    shape = tuple(n for n in info.shape if n != 1)
    if len(shape) != 2 or info.numel * 4 > TRANSPOSED:
        return ""
    matrix = values.elements(checkpoint, info, 0, info.numel).reshape(shape).T
    bits = np.ascontiguousarray(matrix).view(np.uint32)
    form = _Form.of(label)
    if label == "bf16":
        form.hash.update((bits >> 16).astype(np.uint16).data)
    elif label == "f16":
        form.hash.update(values.f16(bits.view(np.float32)).data)
    else:
        form.hash.update(bits.data)
    return form.shaped(shape[::-1])


def _histogram(label: str, counts: NDArray[np.int64], tail: int) -> str:
    codes = np.flatnonzero(counts)
    pairs = np.stack([codes, counts[codes]]).astype("<i8")
    return _cut(hashlib.sha256(label.encode() + b"|" + pairs.tobytes() + tail.to_bytes(8, "little")).hexdigest())


def _shape(shape: tuple[int, ...]) -> bytes:
    return ",".join(str(n) for n in shape if n != 1).encode()


def _cut(digest: str) -> str:
    return digest[: 2 * KEY_BYTES]
