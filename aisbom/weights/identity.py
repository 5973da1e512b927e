"""Value identity: which tensors of two checkpoints hold the same numbers, and whether that is
evidence of anything.

A tensor is first typed down without loss (f32 that is bf16 or f16 in disguise), so that a cast up
and back changes nothing. Its keys:

- `id`      BLAKE3 of shape without dimensions of one, and of `flat`
- `id_t`    the same of its 2-D transpose (`transposed`, where asked for)
- `flat`    BLAKE3 of type and bytes: any reshape
- `multiset` SHA-256 of how often each code occurs: any transpose, layout, head or unit permutation.
  For values that need 32 bits the code is the upper 20, and an order-free sum over mixed 32-bit
  codes confirms the lower ones.
- `magnitudes` the multiset without signs: sign flips of units or residual dimensions
- `cast_bf16`, `cast_f16` the multisets after rounding: a lossy cast of the same numbers
- `total`   the order-free sum itself, which adds up: that of a fused matrix is that of its parts

Each is cut to 96 bits. Blocks are read one after another: memory does not follow the tensor.
Quantised types are compared by the values they stand for.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights import compiled, forms, histogram
from aisbom.weights.counting import CountedCodes
from aisbom.weights.histogram import Table
from aisbom.weights.loops import NUMPY, Loops
from aisbom.weights.read import values
from aisbom.weights.regenerable import regenerable
from aisbom.weights.transposed import compute_transposed_id

if TYPE_CHECKING:
    from aisbom.weights.read.reader import Checkpoint
    from aisbom.weights.read.stored import TensorInfo

FORM = 3
"""Counts up whenever a key changes for the same values. Form 2 had SHA-256 for `id`, `id_t` and
`flat`: those do not compare with today's, the others do.
"""

MIN_ELEMENTS = 2048
MIN_ENTROPY = 4.0
MIN_CODES = 64
"""The evidence guard: fewer elements, bits per code, or distinct codes may coincide or be written
down by anybody.
"""

_INTEGERS = frozenset({"I16", "U16", "I32", "U32", "I64", "U64", "BOOL", "C64", "C128"})


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one tensor (hex, `""` where not computed) and what they are worth.

    `entropy` is in bits per 16-bit code (8-bit for byte types). `why_not` says why equality would
    be no evidence, `""` if it is. `log10_chance` is the modelled log10 probability that an
    independent draw from the same distribution has the same multiset. `form` is FORM, or what it
    was when a sketch was made.
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
    total: str
    entropy: float
    distinct: int
    log10_chance: float
    why_not: str
    form: int = FORM

    @property
    def numel(self) -> int:
        """How many elements it has."""
        return math.prod(self.shape)


def keys(
    checkpoint: Checkpoint, info: TensorInfo, transposed: bool = True, loops: Loops = NUMPY
) -> Keys:
    """All keys of one tensor, in one pass over its bytes (a second one for `id_t`, which one of two
    sides has to have).

    Raises ValueError where its values cannot be read.
    """
    if info.numel < MIN_ELEMENTS or (info.exact and info.dtype not in values.FLOATS):
        return _bytes(checkpoint, info, loops)
    found = (
        forms.halves(checkpoint, info, loops)
        if info.exact and info.dtype in ("BF16", "F16")
        else forms.floats(checkpoint, info, loops)
    )
    form, own, codes = found.form, found.own, found.histogram
    if form.label == "f32":
        multiset = _histogram("f32", codes.upper, codes.total)
        magnitudes = _histogram("f32-magnitude", _drop_signs(codes.upper, 1 << 19), 0)
    else:
        multiset = _histogram(form.label, own, 0)
        magnitudes = _histogram(form.label + "-magnitude", _drop_signs(own, 1 << 15), 0)
    return _keys(
        info,
        form,
        own,
        _guard(checkpoint, info, own),
        multiset=multiset,
        id_t=compute_transposed_id(checkpoint, info, form.label, loops) if transposed else "",
        magnitudes=magnitudes,
        casts=(
            _histogram("bf16", codes.halves("bf16"), 0),
            _histogram("f16", codes.halves("f16"), 0),
        ),
        total=f"{codes.total:024x}",
    )


def every(
    checkpoint: Checkpoint, limit: int | None = None, jobs: int = 1, transposed: bool = True
) -> tuple[list[Keys], list[str]]:
    """The keys of all tensors while at most `limit` bytes are read, smaller tensors first; and a
    sentence for each kind of omission.
    """
    chosen, omitted = within(checkpoint.tensors, limit)
    found, notes = of(checkpoint, chosen, jobs, transposed)
    if omitted:
        notes.append(
            f"the {omitted} largest tensors were not compared byte for byte (budget of {limit:,}"
            " bytes)"
        )
    return found, notes


def within(tensors: Iterable[TensorInfo], limit: int | None) -> tuple[list[TensorInfo], int]:
    """The smaller tensors that together take at most `limit` bytes, and how many are left out."""
    chosen, omitted, read = [], 0, 0
    for info in sorted(tensors, key=lambda t: (t.nbytes, t.name)):
        if limit is not None and (not limit or read + info.nbytes > limit):
            omitted += 1
            continue
        read += info.nbytes
        chosen.append(info)
    return chosen, omitted


def of(
    checkpoint: Checkpoint, tensors: Sequence[TensorInfo], jobs: int = 1, transposed: bool = True
) -> tuple[list[Keys], list[str]]:
    """The keys of these tensors by name, on as many threads as asked, and why others have none.
    Hashing and counting let go of the lock.
    """

    loops = compiled.choose(sum(info.nbytes for info in tensors))

    def one(info: TensorInfo) -> Keys | str:
        try:
            return keys(checkpoint, info, transposed, loops)
        except ValueError as error:
            return f"not compared by value: {error}"

    # Largest first, so that no thread is left with the longest alone at the end.
    order = sorted(tensors, key=lambda t: (-t.nbytes, t.name))
    if jobs > 1 and len(order) > 1:
        with ThreadPoolExecutor(jobs) as pool:
            answers = list(pool.map(one, order))
    else:
        answers = [one(info) for info in order]
    found = sorted((a for a in answers if isinstance(a, Keys)), key=lambda k: k.name)
    return found, sorted(a for a in answers if isinstance(a, str))


def _bytes(checkpoint: Checkpoint, info: TensorInfo, loops: Loops) -> Keys:
    """Integers, 8-bit floats and anything else that is stored plainly: its bytes are its codes.
    Small tensors have no other keys.
    """
    if not info.exact or (info.dtype in values.FLOATS and info.dtype != "F32"):
        # A few values in another type: as f32, so that casts up are seen through.
        data = np.ascontiguousarray(values.elements(checkpoint, info, 0, info.numel)).tobytes()
        return _small(info, data)
    if info.dtype == "F32":
        return _small(info, checkpoint.read(info.name))
    form = forms.Form.of(info.dtype.lower())
    counted, last = CountedCodes(loops), np.zeros(256, np.int64)
    for data in forms.raw(checkpoint, info, 1):
        form.hash.update(data)
        # Counted by twos, as 16-bit codes: half as many.
        counted.add(np.frombuffer(data, "<u2", len(data) // 2))
        if len(data) % 2:
            last[data[-1]] += 1
    own = histogram.table(np.arange(256), counted.count_bytes() + last)
    why_not = (
        "integers that index or count" if info.dtype in _INTEGERS else _guard(checkpoint, info, own)
    )
    return _keys(
        info,
        form,
        own,
        why_not,
        multiset=_histogram(form.label, own, 0) if info.dtype not in _INTEGERS else "",
    )


def _small(info: TensorInfo, data: bytes) -> Keys:
    form = forms.Form.of("f32")
    form.hash.update(data)
    found, counts = np.unique(np.frombuffer(data, "<u4") >> 16, return_counts=True)
    own = Table(found.astype(np.int64), counts.astype(np.int64))
    return _keys(info, form, own, f"fewer than {MIN_ELEMENTS:,} values")


def _keys(  # noqa: PLR0913
    info: TensorInfo,
    form: forms.Form,
    own: Table,
    why_not: str,
    *,
    multiset: str = "",
    id_t: str = "",
    magnitudes: str = "",
    casts: tuple[str, str] = ("", ""),
    total: str = "",
) -> Keys:
    repeated = own.counts[own.counts >= 2].astype(np.float64)
    return Keys(
        info.name,
        info.dtype,
        info.shape,
        form.compute_id(info.shape),
        id_t,
        forms.cut(form.flat()),
        multiset,
        magnitudes,
        *casts,
        total,
        round(_entropy(own), 3),
        int(own.codes.size),
        # Two Poisson counts of mean c agree with probability below 1 / sqrt(4 pi c).
        round(float(-0.5 * np.log10(4 * np.pi * repeated).sum()), 1),
        why_not,
    )


def _entropy(own: Table) -> float:
    share = own.counts / max(1, int(own.counts.sum()))
    return float(-(share * np.log2(share)).sum()) if share.size else 0.0


def _drop_signs(codes: Table, sign: int) -> Table:
    """The same without their signs."""
    return histogram.table(codes.codes & (sign - 1), codes.counts)


def _guard(checkpoint: Checkpoint, info: TensorInfo, own: Table) -> str:
    """Why equality of this tensor would be no evidence; `""` if it would."""
    if info.numel < MIN_ELEMENTS:
        return f"fewer than {MIN_ELEMENTS:,} values"
    if own.codes.size < MIN_CODES:
        return f"fewer than {MIN_CODES} distinct values"
    if _entropy(own) < MIN_ENTROPY:
        return f"less than {MIN_ENTROPY:g} bits of information per value"
    return regenerable(checkpoint, info)


def _histogram(label: str, codes: Table, tail: int) -> str:
    digest = hashlib.sha256(label.encode() + b"|")
    digest.update(codes.codes.astype("<i8").data)
    digest.update(codes.counts.astype("<i8").data)
    digest.update(tail.to_bytes(16, "little"))
    return forms.cut(digest.hexdigest())
