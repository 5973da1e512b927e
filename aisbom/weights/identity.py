"""Value identity: which tensors of two checkpoints hold the same numbers, and whether that is
evidence of anything.

A tensor is first typed down without loss (f32 that is bf16 or f16 in disguise), so that a cast up
and back changes nothing. Its keys:

- `id`      BLAKE3 of shape without dimensions of one, and of `flat`
- `id_t`    the same of its 2-D transpose (`transposed`, where asked for)
- `flat`    BLAKE3 of type and bytes: any reshape
- `multiset` BLAKE3 of how often each code occurs: any transpose, layout, head or unit permutation.
  For values that need 32 bits the code is the upper 20, and an order-free sum over mixed 32-bit
  codes confirms the lower ones.
- `magnitudes` the multiset without signs: sign flips of units or residual dimensions
- `cast_bf16`, `cast_f16` the multisets after rounding: a lossy cast of the same numbers
- `total`   the order-free sum itself, which adds up: that of a fused matrix is that of its parts

Each is cut to 96 bits. Blocks are read one after another: memory does not follow the tensor.
Quantised types are compared by the values they stand for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aisbom.lazy_module import Module
from aisbom.weights import compiled, forms
from aisbom.weights.counting import CountedCodes
from aisbom.weights.histogram import Counts
from aisbom.weights.loops import NUMPY, Loops
from aisbom.weights.read import values
from aisbom.weights.regenerable import regenerable
from aisbom.weights.transposed import compute_transposed_id

if TYPE_CHECKING:
    import blake3

    from aisbom.weights.histogram import Places
    from aisbom.weights.read.reader import Checkpoint
    from aisbom.weights.read.stored import TensorInfo
else:
    blake3 = Module("blake3")

FORM = 4
"""Counts up whenever a key changes for the same values. Of form 3 `id`, `id_t`, `flat` and `total`
are today's, of form 2 `total` alone: keys over counts, and before that those over bytes, were
SHA-256 of something else.
"""

ORDERED = 3
"""The first form whose keys of values in their order are today's."""

MIN_ELEMENTS = 2048
MIN_ENTROPY = 4.0
MIN_CODES = 64
"""The evidence guard: fewer elements, bits per code, or distinct codes may coincide or be written
down by anybody.
"""

_HALVES = 1 << 16

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

    @property
    def content(self) -> str:
        """What stands for its values in whatever order, in every form: the order-free sum where
        there is one, else the multiset. It only chooses and excludes: a sum can be made to fit.
        """
        return self.total or self.multiset

    def tells_order(self, other: Keys) -> bool:
        """Whether keys of both say if their values stand in the same order."""
        return self.form == other.form or min(self.form, other.form) >= ORDERED


class _Worth(NamedTuple):
    """Entropy in bits per code, distinct codes, and `log10_chance` of `Keys`."""

    entropy: float
    distinct: int
    log10_chance: float


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
    form, codes = found.form, found.histogram
    worth = _weigh(codes.count_upper_halves())
    return _keys(
        info,
        form,
        worth,
        _guard(checkpoint, info, worth),
        multiset=digest(form.label, codes.codes, codes.total if form.label == "f32" else 0),
        id_t=compute_transposed_id(checkpoint, info, form.label, loops) if transposed else "",
        magnitudes=digest(form.label + "-magnitude", codes.drop_signs()),
        casts=(
            digest("bf16", codes.cast("bf16", loops)),
            digest("f16", codes.cast("f16", loops)),
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
    counted, last = CountedCodes(loops), np.zeros(256, np.uint64)
    for data in forms.raw(checkpoint, info, 1):
        form.hash.update(data)
        # Counted by twos, as 16-bit codes: half as many.
        counted.add(np.frombuffer(data, "<u2", len(data) // 2))
        if len(data) % 2:
            last[data[-1]] += np.uint64(1)
    counts = counted.count_bytes() + last
    worth = _weigh(counts)
    if info.dtype in _INTEGERS:
        return _keys(info, form, worth, "integers that index or count")
    found = Counts(np.zeros(1, np.intp), counts[None])
    return _keys(
        info,
        form,
        worth,
        _guard(checkpoint, info, worth),
        multiset=digest(form.label, found),
    )


def _small(info: TensorInfo, data: bytes) -> Keys:
    form = forms.Form.of("f32")
    form.hash.update(data)
    _, counts = np.unique(np.frombuffer(data, "<u4") >> 16, return_counts=True)
    return _keys(info, form, _weigh(counts), f"fewer than {MIN_ELEMENTS:,} values")


def _keys(  # noqa: PLR0913
    info: TensorInfo,
    form: forms.Form,
    worth: _Worth,
    why_not: str,
    *,
    multiset: str = "",
    id_t: str = "",
    magnitudes: str = "",
    casts: tuple[str, str] = ("", ""),
    total: str = "",
) -> Keys:
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
        round(worth.entropy, 3),
        worth.distinct,
        round(worth.log10_chance, 1),
        why_not,
    )


def _weigh(counts: Places) -> _Worth:
    """What equality would be worth of values whose codes occur so often."""
    often = counts.ravel().astype(np.int64)
    if often.max(initial=0) < _HALVES:
        # Few numbers of times: each is looked at once.
        codes = np.bincount(often)
        times = np.flatnonzero(codes[1:]) + 1
        codes = codes[times]
    else:
        times = often[often > 0]
        codes = np.ones(times.size, np.int64)
    logs, held = np.log2(times), times * codes
    total = max(1, int(held.sum()))
    repeated = times > 1
    # Two Poisson counts of mean c agree with probability below 1 / sqrt(4 pi c).
    chances = (math.log10(4 * math.pi) + math.log10(2) * logs) * codes
    return _Worth(
        max(0.0, math.log2(total) - float((held * logs).sum()) / total),
        int(codes.sum()),
        -0.5 * float(chances[repeated].sum()),
    )


def _guard(checkpoint: Checkpoint, info: TensorInfo, worth: _Worth) -> str:
    """Why equality of this tensor would be no evidence; `""` if it would."""
    if info.numel < MIN_ELEMENTS:
        return f"fewer than {MIN_ELEMENTS:,} values"
    if worth.distinct < MIN_CODES:
        return f"fewer than {MIN_CODES} distinct values"
    if worth.entropy < MIN_ENTROPY:
        return f"less than {MIN_ENTROPY:g} bits of information per value"
    return regenerable(checkpoint, info)


def digest(label: str, found: Counts, tail: int = 0) -> str:
    """The key of what is counted: rows in use, and their counts in as few bytes as hold the largest
    of them.
    """
    most, each = int(found.counts.max(initial=0)), found.counts.shape[1]
    width = next(n for n in (1, 2, 4, 8) if not most >> 8 * n)
    state = blake3.blake3(f"{label}|{each}|{width}|{found.rows.size}|".encode())
    state.update(found.rows.astype("<u2").view(np.uint8).data)
    state.update(found.counts.astype(f"<u{width}").view(np.uint8).data)
    state.update(tail.to_bytes(16, "little"))
    return forms.cut(state.hexdigest())
