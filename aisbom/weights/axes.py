"""Where a checkpoint keeps units that are exchangeable: hidden units of MLPs (also of experts) and
output channels of convolutions.

Found by names of the common architectures, checked by shapes; MLPs without telling names are found
by shapes alone. Left out, because their order means something or because independent models share
it: tokens, classes, pixels, positions, routers, recurrent matrices, and the rows of queries and
keys.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights.read import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.read.reader import Checkpoint
    from aisbom.weights.read.stored import TensorInfo

MIN_UNITS = 16
MIN_WIDTH = 8

_TAIL = re.compile(r"[./](weight|kernel|w_0|w)(:0)?$")
_GATE_UP = re.compile(r"(?:^|[./_])(gate_up_proj|w13|gate_and_up_proj)$")
_GATE = re.compile(r"(?:^|[./])(gate_proj|ffn_gate(?:_exps|_shexp)?|wi_0|w1)$")
_UP = re.compile(
    r"(?:^|[./])(up_proj|ffn_up(?:_exps|_shexp)?|wi_1|w3|wi|fc1|c_fc|dense_h_to_4h|intermediate[./]dense|lin1|linear1|fc_in|linear_fc1"
    r"|ff[./]net[./]0[./]proj|(?:mlp|ffn|ff|feed_forward)[./]0|w_1)$"
)
_DOWN = re.compile(
    r"(?:^|[./])(down_proj|ffn_down(?:_exps|_shexp)?|wo|w2|fc2|c_proj|dense_4h_to_h|output[./]dense|lin2|linear2|fc_out|linear_fc2"
    r"|ff[./]net[./]2|(?:mlp|ffn|ff|feed_forward)[./][1-4]|w_2)$"
)
_INVALID = re.compile(
    r"attn|attention|embed|lm_head|router|classifier|rotary|lstm|gru|rnn|weight_hh|weight_ih|recurrent|rel_pos|relative_position|pos_|position"
    r"|(?:^|[._/])[qkv]_?proj|qkv|shared_expert_gate|ffn_gate_inp|lora_|token",
    re.IGNORECASE,
)
_EMBEDDING = re.compile(
    r"(embed_tokens|word_embeddings|tok_embeddings|token_embd|wte|shared|embeddings?)([./](weight|kernel))?(:0)?$"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One matrix that an axis of units runs along: `height` x `length` values from element `base`
    of a tensor; `along` is the dimension (0 or 1) of the units, which begin at its index `first`.
    """

    tensor: TensorInfo
    kind: str
    base: int
    height: int
    length: int
    along: int
    first: int = 0

    @property
    def across(self) -> int:
        """How many values each unit has in this matrix."""
        return self.length if self.along == 0 else self.height


@dataclass(frozen=True, slots=True)
class Axis:
    """Units that may be relabelled together. `ins` are the matrices that feed them, `outs` those
    that they feed; `index` holds the numbers in the name (layer, expert).
    """

    label: str
    index: tuple[int, ...]
    units: int
    ins: tuple[Part, ...]
    outs: tuple[Part, ...]

    @property
    def signature(self) -> str:
        """Axes of equal signature can be compared, by the kinds of matrices that both have."""
        across = self.ins[0].across
        return (
            f"channels:{self.units}x{across}" if self.ins[0].kind == "channel" else f"mlp:{across}"
        )


def axes(tensors: Sequence[TensorInfo]) -> list[Axis]:
    """The axes of a checkpoint in the natural order of their names."""
    usable = [t for t in tensors if values.readable(t) and t.numel]
    found = _find_named_axes(usable)
    if not found:
        found = _find_shaped_axes(usable)
    found += _channels(usable)
    return sorted(found, key=lambda axis: (axis.index, natural(axis.label)))


def embedding(tensors: Iterable[TensorInfo]) -> TensorInfo | None:
    """The token embedding: tokens x width, the largest tensor of such a name."""
    fits = [
        t
        for t in tensors
        if len(t.shape) == 2
        and _EMBEDDING.search(t.name)
        and "pos" not in t.name
        and t.shape[0] >= 256
    ]
    return max(fits, key=lambda t: (t.numel, t.name), default=None)


def norms(tensors: Iterable[TensorInfo]) -> list[TensorInfo]:
    """The scales of normalisation layers, by name, in natural order."""
    fits = [
        t
        for t in tensors
        if len(t.shape) == 1
        and t.shape[0] >= 16
        and re.search(r"(norm|ln_?\w{0,200}+)[./](weight|gamma|scale)$", t.name, re.I)
    ]
    return sorted(fits, key=lambda t: natural(t.name))


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """A key that sorts `layer.10` behind `layer.9`."""
    return tuple(
        (0, int(part)) if part.isdecimal() else (1, part)
        for part in re.split(r"(\d+)", name)
        if part
    )


def read(
    checkpoint: Checkpoint, part: Part, start: int, count: int, columns: NDArray[np.int64]
) -> NDArray[np.float32]:
    """The values of units `start` to `start + count` at `columns`: an array units x columns. Reads
    only the rows it needs.

    Raises ValueError as the reader does.
    """
    if part.along == 0:
        block = values.elements(
            checkpoint,
            part.tensor,
            part.base + (part.first + start) * part.length,
            count * part.length,
        )
        return block.reshape(count, part.length)[:, columns]
    rows = [
        values.elements(
            checkpoint, part.tensor, part.base + int(row) * part.length + part.first + start, count
        )
        for row in columns
    ]
    return np.ascontiguousarray(np.stack(rows).T)


def layers(tensors: Iterable[TensorInfo]) -> dict[str, dict[str, TensorInfo]]:
    """The matrices of hidden layers that have telling names: by layer, then by what they do
    (`gate`, `up`, `gate_up`, `down`), whatever their shapes.
    """
    rows: dict[str, dict[str, TensorInfo]] = defaultdict(dict)
    for tensor in tensors:
        name = _TAIL.sub("", tensor.name)
        if len(tensor.shape) not in (2, 3):
            continue
        for kind, pattern in (("gate_up", _GATE_UP), ("gate", _GATE), ("up", _UP), ("down", _DOWN)):
            match = pattern.search(name)
            if match and not (_INVALID.search(name) and not re.search(r"ffn_(gate|up|down)", name)):
                rows[name[: match.start()]].setdefault(kind, tensor)
                break
    return rows


def _find_named_axes(tensors: list[TensorInfo]) -> list[Axis]:
    width = _width(tensors)
    biases = {t.name: t.shape[0] for t in tensors if len(t.shape) == 1}
    found = []
    for label, kinds in layers(tensors).items():
        if "up" not in kinds and "gate" in kinds and "gate_up" not in kinds:
            kinds["up"] = kinds.pop("gate")
        found += _block(label, kinds, width, biases)
    return found


def _block(
    label: str, kinds: dict[str, TensorInfo], width: int, biases: dict[str, int]
) -> list[Axis]:
    """The axes of one MLP: one, or one per expert where the experts are stacked in one tensor."""
    first = kinds.get("gate_up") or kinds.get("up")
    if first is None:
        return []
    experts = first.shape[0] if len(first.shape) == 3 else 0
    if any((t.shape[0] if len(t.shape) == 3 else 0) != experts for t in kinds.values()):
        return []
    a, b = first.shape[-2:]
    factor = 2 if "gate_up" in kinds else 1
    along = _along(first, kinds.get("down"), width, biases, factor)
    units, across = (a, b) if along == 0 else (b, a)
    if units % factor or units // factor < MIN_UNITS or across < MIN_WIDTH:
        return []
    units //= factor
    found = []
    for expert in range(experts or 1):
        base = expert * a * b
        if factor == 2:
            ins = [
                Part(first, kind, base, a, b, along, at * units)
                for at, kind in enumerate(("gate", "up"))
            ]
        else:
            ins = [
                Part(t, k, base, a, b, along)
                for k in ("gate", "up")
                if (t := kinds.get(k)) is not None and t.shape == first.shape
            ]
        outs = []
        down = kinds.get("down")
        if down is not None and down.shape[-2:] == (
            (across, units) if along == 0 else (units, across)
        ):
            outs = [
                Part(
                    down, "down", expert * across * units, down.shape[-2], down.shape[-1], 1 - along
                )
            ]
        index = tuple(int(n) for n in re.findall(r"\d+", label)) + ((expert,) if experts else ())
        found.append(
            Axis(label + (f"[{expert}]" if experts else ""), index, units, tuple(ins), tuple(outs))
        )
    return found


def _along(
    first: TensorInfo, down: TensorInfo | None, width: int, biases: dict[str, int], factor: int
) -> int:
    """Which dimension of the feeding matrix is the units': frameworks store weights as out x in or
    as in x out.
    """
    a, b = first.shape[-2:]
    bias = biases.get(re.sub(r"(weight|kernel)(:0)?$", r"bias\2", first.name))
    if bias is not None and a != b and bias in (a, b):
        return 0 if bias == a else 1
    if factor == 2 and down is not None:
        c, d = down.shape[-2:]
        if (a, b) == (2 * d, c):
            return 0
        if (a, b) == (c, 2 * d) or (a, b) == (d, 2 * c):
            return 1
    if a != b and width in (a, b):
        return 1 if width == a else 0
    return 1 if re.search(r"c_fc|kernel", first.name) else 0


def _width(tensors: Iterable[TensorInfo]) -> int:
    """The width of the residual stream: the length that most vectors, and most sides of matrices,
    have.
    """
    lengths = Counter(t.shape[0] for t in tensors if len(t.shape) == 1 and t.shape[0] >= MIN_WIDTH)
    if not lengths:
        lengths = Counter(n for t in tensors if len(t.shape) == 2 for n in set(t.shape))
    return min(lengths, key=lambda n: (-lengths[n], n), default=0)


def _find_shaped_axes(tensors: list[TensorInfo]) -> list[Axis]:
    """MLPs by shape alone: neighbours n x d and d x n, repeated; for each width the widest such
    pair, so that attention is not taken.
    """
    matrices = sorted(
        (t for t in tensors if len(t.shape) == 2 and not _INVALID.search(t.name)),
        key=lambda t: natural(t.name),
    )
    pairs = [
        (x, y)
        for x, y in itertools.pairwise(matrices)
        if x.shape == y.shape[::-1]
        and x.shape[0] != x.shape[1]
        and min(x.shape) >= MIN_WIDTH
        and max(x.shape) >= MIN_UNITS
    ]
    counted = Counter(tuple(sorted(x.shape)) for x, _ in pairs)
    widest: dict[int, int] = {}
    for (small, large), times in counted.items():
        if times > 1 and large <= 16 * small:
            widest[small] = max(widest.get(small, 0), large)
    found: list[Axis] = []
    used: set[str] = set()
    for x, y in pairs:
        small, large = sorted(x.shape)
        if widest.get(small) != large or {x.name, y.name} & used:
            continue
        used |= {x.name, y.name}
        along = 0 if x.shape[0] == large else 1
        ins = (Part(x, "up", 0, x.shape[0], x.shape[1], along),)
        found.append(
            Axis(
                x.name,
                (len(found),),
                large,
                ins,
                (Part(y, "down", 0, y.shape[0], y.shape[1], 1 - along),),
            )
        )
    return found


def _channels(tensors: list[TensorInfo]) -> list[Axis]:
    """Output channels of convolutions: the first dimension of 3-D to 5-D kernels."""
    found = []
    for t in sorted(tensors, key=lambda t: natural(t.name)):
        if (
            len(t.shape) not in (3, 4, 5)
            or _INVALID.search(t.name)
            or re.search(r"experts?[._/]|_exps", t.name)
        ):
            continue
        width = t.numel // t.shape[0]
        if (
            t.shape[0] >= MIN_UNITS
            and width >= MIN_WIDTH
            and max(t.shape[2:]) <= 64
            and t.dtype in values.FLOATS | {"I8", "U8"}
        ):
            index = tuple(int(n) for n in re.findall(r"\d+", t.name))
            found.append(
                Axis(t.name, index, t.shape[0], (Part(t, "channel", 0, t.shape[0], width, 0),), ())
            )
    return found


def columns(seed: str, across: int, most: int) -> NDArray[np.int64]:
    """Which of `across` columns are sampled, sorted: all, or `most` chosen by the seed."""
    if across <= most:
        return np.arange(across)
    return np.sort(generator(f"columns|{seed}|{across}").permutation(across)[:most])


def start(seed: str, units: int, count: int) -> int:
    """Where the block of `count` contiguous units begins, chosen by the seed."""
    return int(generator(f"start|{seed}|{units}").integers(0, units - count + 1))


def generator(seed: str) -> np.random.Generator:
    """A generator whose stream is fixed by a text: PCG64 keyed with its SHA-256."""
    return np.random.Generator(
        np.random.PCG64(int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big"))
    )
