"""Which normalisation stands before a hidden layer or before attention, and its gains: what can be
moved from there into the matrices behind it without any change of what the model computes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights.read import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.read.reader import Checkpoint
    from aisbom.weights.read.stored import TensorInfo

_NORM = re.compile(r"(?:norm|ln)_?\w{0,200}+[./](?:weight|gamma|scale)$", re.IGNORECASE)
_TAIL = re.compile(r"[./](weight|gamma|scale)$")
BEFORE_HIDDEN = re.compile(
    r"(pre_feedforward_layernorm|pre_mlp_layernorm|post_attention_layernorm|ffn_norm|mlp_norm|ln_mlp"
    r"|norm_?2|ln_?2|layer_norm_?2|layernorm_after|final_layer_norm)$"
)
BEFORE_HEADS = re.compile(
    r"(input_layernorm|attn_norm|attention_norm|self_attn_layer_norm|attn_ln|norm_?1|ln_?1|ln_attn"
    r"|layer_norm_?1|layernorm_before|pre_attention_layernorm)$"
)
_BEHIND = re.compile(
    r"(post_feedforward_layernorm|output[./]LayerNorm|post_ffw_norm|post_mlp_layernorm)$"
)
_LAST = re.compile(
    r"(?:^|[./])(norm|norm_f|ln_f|final_layer_?norm|final_norm|output_norm|post_layernorm|ln_post)$"
)
_PLUS_ONE = "pre_feedforward_layernorm"
"""Models with a normalisation of this name store gains less one (transformers: gemma2, gemma3)."""


@dataclass(frozen=True, slots=True)
class Gain:
    """`known` is False where no normalisation was recognised: then gains that were moved are not
    seen through. `values` is None where none stands there. `centred`: the mean is taken off too.
    """

    known: bool
    values: NDArray[np.float32] | None = None
    centred: bool = False

    def fold(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Labelled vectors (labels x width) as the units behind the normalisation see them."""
        x = vectors - vectors.mean(axis=1, keepdims=True) if self.centred else vectors
        return x if self.values is None else x * self.values


NONE = Gain(True)
UNKNOWN = Gain(False)


def before(
    checkpoint: Checkpoint, label: str, width: int, names: re.Pattern[str] = BEFORE_HIDDEN
) -> Gain:
    """That of the normalisation whose output the units called `label` read; `names` are what it may
    be called where several stand there. Raises ValueError as the reader does.
    """
    norms = _norms(checkpoint, width)
    for stem in _stems(label):
        here = {
            _TAIL.sub("", t.name[len(stem) + 1 :]): t
            for t in norms
            if t.name.startswith(stem) and t.name[len(stem) : len(stem) + 1] in (".", "/")
        }
        if not here:
            continue
        if any(_BEHIND.search(name) for name in here) and _PLUS_ONE not in here:
            return NONE
        telling = [t for name, t in here.items() if names.search(name)]
        first = [t for name, t in here.items() if name == _PLUS_ONE]
        if first and names is BEFORE_HIDDEN:
            telling = first
        if len(here) == 1 or len(telling) == 1:
            return _gain(checkpoint, (telling or list(here.values()))[0], less_one=bool(first))
        return UNKNOWN
    return UNKNOWN


def last(checkpoint: Checkpoint, width: int, head: bool) -> Gain:
    """That of the normalisation before the output head, which may be the token embedding again; an
    encoder has neither. Raises ValueError as the reader does.
    """
    found = [
        t
        for t in _norms(checkpoint, width)
        if _LAST.search(_TAIL.sub("", t.name)) and not _has_number(t.name)
    ]
    if not found and not head:
        return NONE
    return _gain(checkpoint, found[0]) if len(found) == 1 else UNKNOWN


def _norms(checkpoint: Checkpoint, width: int) -> list[TensorInfo]:
    return [
        t
        for t in checkpoint.tensors
        if t.shape == (width,) and _NORM.search(t.name) and values.readable(t)
    ]


def _gain(checkpoint: Checkpoint, info: TensorInfo, *, less_one: bool = False) -> Gain:
    gains = values.elements(checkpoint, info, 0, info.numel)
    if not np.isfinite(gains).all():
        return UNKNOWN
    if less_one:
        gains = gains + 1
    bias = re.sub(r"(weight|gamma|scale)$", "", info.name)
    centred = any(t.name in (bias + "bias", bias + "beta") for t in checkpoint.tensors)
    return Gain(True, gains.astype(np.float32), centred)


def _stems(label: str) -> Sequence[str]:
    """The folders above an axis, innermost first, down to the one that bears a number."""
    parts = re.split(r"([./])", label)
    found = ["".join(parts[:end]) for end in range(len(parts), 0, -2)]
    return [stem for stem in found if _has_number(stem)]


def _has_number(name: str) -> bool:
    return bool(re.search(r"\d", name))
