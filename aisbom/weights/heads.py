"""Where a checkpoint keeps attention heads: the matrices of queries, keys, values and outputs of
each layer, and how many heads share them.

Shapes do not tell how many heads there are: the configuration beside the weights does, or the
metadata of a GGUF file. Layers of which nobody says it are left out, and so are models whose heads
differ by design (slopes of ALiBi, decays of retention): their order means something.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aisbom.weights.axes import MIN_WIDTH, Part, natural
from aisbom.weights.read import values

if TYPE_CHECKING:
    from aisbom.weights.read.reader import Checkpoint
    from aisbom.weights.read.stored import TensorInfo

MAX_CONFIG = 4 * 1024 * 1024
_TAIL = re.compile(r"[./](weight|kernel)$")
_QUERY = re.compile(r"(?:^|[./])(q_proj|query|wq|attn_q|to_q|q_lin|query_proj|q)$")
_KEY = re.compile(r"(?:^|[./])(k_proj|key|wk|attn_k|to_k|k_lin|key_proj|k)$")
_VALUE = re.compile(r"(?:^|[./])(v_proj|value|wv|attn_v|to_v|v_lin|value_proj|v)$")
_FUSED = re.compile(r"(?:^|[./])(qkv_proj|c_attn|attn_qkv|in_proj|qkv|Wqkv)$")
_OUT = re.compile(
    r"(?:^|[./])(o_proj|out_proj|wo|attn_output|to_out(?:[./]0)?|out_lin"
    r"|(?:attn|attention)[./](?:c_proj|proj|dense)|output[./]dense)$"
)
_PLACE = re.compile(r"attn|attention", re.IGNORECASE)
_CROSS = re.compile(r"encoder_attn|cross|EncDec|crossattention", re.IGNORECASE)
_OWN = re.compile(
    r"[./](self|output[./]dense|[qkv]_proj|[qkvo]|query|key|value|w[qkvo]|to_[qkv]|[qkv]_lin"
    r"|(?:query|key|value)_proj|qkv_proj|c_attn|in_proj|qkv|Wqkv|o_proj|out_proj|to_out(?:[./]0)?"
    r"|out_lin|c_proj|proj|dense|attn_(?:q|k|v|qkv|output))$"
)
_COUNTS = ("num_attention_heads", "n_head", "num_heads", "n_heads", "encoder_attention_heads")
_WIDTHS = ("hidden_size", "n_embd", "d_model", "dim", "embed_dim", "hidden_dim")
_ORDERED = frozenset({"bloom", "mpt", "baichuan", "retnet"})
"""Model types whose heads have slopes or decays of their own without saying so in a key."""


@dataclass(frozen=True, slots=True)
class Attention:
    """One layer: `heads` query heads of `size` values, of which `heads // groups` share a key and a
    value.
    """

    label: str
    index: tuple[int, ...]
    query: Part
    key: Part
    value: Part
    out: Part
    heads: int
    groups: int
    size: int

    @property
    def width(self) -> int:
        """The length of the vectors that it reads."""
        return self.query.across

    @property
    def together(self) -> int:
        """How many query heads share a key."""
        return self.heads // self.groups


def layers(tensors: Iterable[TensorInfo], counts: Mapping[int, int]) -> list[Attention]:
    """The attention of every layer whose number of heads is known, in natural order; `counts` gives
    it by width.
    """
    found = [_attention(*row, counts) for row in _places(tensors).items()]
    return sorted((row for row in found if row), key=lambda row: natural(row.label))


def unfit(tensors: Iterable[TensorInfo], counts: Mapping[int, int]) -> list[tuple[str, int]]:
    """Layers with all their matrices of a width whose number of heads is given, that cannot have so
    many heads, with that number.
    """
    found = []
    for place, kinds in sorted(_places(tensors).items()):
        first = kinds.get("fused") or kinds.get("query")
        whole = "out" in kinds and ("fused" in kinds or {"query", "key", "value"} <= kinds.keys())
        count = next((counts[n] for n in first.shape if n in counts), 0) if first else 0
        if whole and count and _attention(place, kinds, counts) is None:
            found.append((place, count))
    return found


def _places(tensors: Iterable[TensorInfo]) -> dict[str, dict[str, TensorInfo]]:
    """The matrices of attention by layer and by what they do."""
    places: dict[str, dict[str, TensorInfo]] = defaultdict(dict)
    for info in tensors:
        name = _TAIL.sub("", info.name)
        if len(info.shape) != 2 or _CROSS.search(name) or not values.readable(info):
            continue
        for kind, pattern in (
            ("fused", _FUSED),
            ("query", _QUERY),
            ("key", _KEY),
            ("value", _VALUE),
            ("out", _OUT),
        ):
            if pattern.search(name) and (_PLACE.search(name) or kind != "out"):
                places[_place(name)].setdefault(kind, info)
                break
    return places


def _place(name: str) -> str:
    """The layer that a matrix belongs to: its name without its own words."""
    shorter = _OWN.sub("", name)
    return _place(shorter) if shorter != name else name


def _attention(
    place: str, kinds: Mapping[str, TensorInfo], counts: Mapping[int, int]
) -> Attention | None:
    out = kinds.get("out")
    if out is None:
        return None
    fused = kinds.get("fused")
    if fused is not None:
        parts = _thirds(fused, out)
    elif {"query", "key", "value"} <= kinds.keys():
        parts = _apart(kinds["query"], kinds["key"], kinds["value"], out)
    else:
        return None
    if parts is None:
        return None
    (query, rows), (key, shared), value, written = parts
    heads = counts.get(query.across, 0)
    if heads < 1 or rows % heads or query.across < MIN_WIDTH:
        return None
    size = rows // heads
    if size < 2 or shared % size or heads % (shared // size):
        return None
    index = tuple(int(n) for n in re.findall(r"\d+", place))
    return Attention(place, index, query, key, value, written, heads, shared // size, size)


_Parts = tuple[tuple[Part, int], tuple[Part, int], Part, Part]


def _apart(query: TensorInfo, key: TensorInfo, value: TensorInfo, out: TensorInfo) -> _Parts | None:
    """Four matrices: rows are heads' in most formats, columns in Flax and TensorFlow."""
    if key.shape != value.shape:
        return None
    along = 1 if query.name.endswith("kernel") else 0
    width, rows = query.shape[1 - along], query.shape[along]
    if key.shape[1 - along] != width or _orient_shape(out.shape, along) != (width, rows):
        return None
    shared = key.shape[along]
    made = [
        Part(info, kind, 0, info.shape[0], info.shape[1], along)
        for info, kind in ((query, "query"), (key, "key"), (value, "value"))
    ]
    return (made[0], rows), (made[1], shared), made[2], _out(out, along)


def _thirds(fused: TensorInfo, out: TensorInfo) -> _Parts | None:
    """Queries, keys and values strung together in this order; GPT-2 stores them as columns."""
    along = 1 if re.search(r"c_attn|kernel", fused.name) else 0
    width, rows = _orient_shape(out.shape, along)
    if fused.shape[1 - along] != width or (fused.shape[along] - rows) % 2:
        return None
    shared = (fused.shape[along] - rows) // 2
    if shared <= 0:
        return None
    made = [
        Part(fused, kind, 0, fused.shape[0], fused.shape[1], along, first)
        for kind, first in (("query", 0), ("key", rows), ("value", rows + shared))
    ]
    return (made[0], rows), (made[1], shared), made[2], _out(out, along)


def _out(info: TensorInfo, along: int) -> Part:
    return Part(info, "out", 0, info.shape[0], info.shape[1], 1 - along)


def _orient_shape(shape: Sequence[int], along: int) -> tuple[int, int]:
    return (shape[0], shape[1]) if along == 0 else (shape[1], shape[0])


def beside(files: Sequence[Path], checkpoint: Checkpoint) -> dict[int, int]:
    """How many heads layers of a width have, from `config.json` beside the weights or the metadata
    of a GGUF file; empty where that is not said, or where heads differ by design.
    """
    if checkpoint.format == "gguf":
        return in_gguf(dict(checkpoint.metadata))
    path = files[0].parent / "config.json" if files else None
    if path is None or not path.is_file():
        return {}
    try:
        if path.stat().st_size > MAX_CONFIG:
            return {}
        return in_config(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return {}


def in_gguf(metadata: Mapping[str, str]) -> dict[int, int]:
    """From the keys of a GGUF file."""
    form = metadata.get("general.architecture", "")
    count = metadata.get(f"{form}.attention.head_count", "")
    width = metadata.get(f"{form}.embedding_length", "")
    slopes = metadata.get(f"{form}.attention.max_alibi_bias", "0")
    if form in _ORDERED or slopes not in ("0", "0.0") or not (count.isdigit() and width.isdigit()):
        return {}
    return {int(width): int(count)}


def in_config(config: Any) -> dict[int, int]:
    """From a configuration and those nested in it. A width with two answers has none."""
    found: dict[int, set[int]] = defaultdict(set)
    waiting = [config]
    while waiting:
        here = waiting.pop()
        if not isinstance(here, dict):
            continue
        if _by_design(here):
            return {}
        width, count = _first(here, _WIDTHS), _first(here, _COUNTS)
        if width and count:
            found[width].add(count)
        waiting += here.values()
    return {width: min(counts) for width, counts in found.items() if len(counts) == 1}


def _by_design(config: Mapping[str, Any]) -> bool:
    if config.get("model_type") in _ORDERED:
        return True
    return any(
        value == "alibi" or ("alibi" in str(key).lower() and value not in (False, None, 0))
        for key, value in config.items()
        if not isinstance(value, dict | list)
    )


def _first(config: Mapping[str, Any], names: Sequence[str]) -> int:
    return next(
        (n for name in names if type(n := config.get(name)) is int and 0 < n < 1 << 20),
        0,
    )
