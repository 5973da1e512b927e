"""How many numbers a checkpoint holds where several lie packed in one element, and by which method
they were packed.

Methods are told by the names and types of tensors that stand beside each other, the number of bits
by their shapes or by the configuration beside the file. Scales, zeros and tables of a method are no
parameters of the model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aisbom.collect.models.numbers import number
from aisbom.source.tree import File, Unreadable
from aisbom.weights.read.stored import TensorInfo

MAX_CONFIG = 1024 * 1024
_WIDTHS = {"U8": 8, "I8": 8, "I16": 16, "U16": 16, "I32": 32, "U32": 32, "I64": 64}

# What stands beside a packed tensor and belongs to the method: by the last words of its name.
_BESIDE = re.compile(
    r"\.(?:scales|biases|qzeros|g_idx|perm|absmax|quant_map|nested_absmax|nested_quant_map|SCB"
    r"|weight_format|quant_state\.\w+|weight\.(?:absmax|quant_map|nested_absmax|nested_quant_map"
    r"|quant_state\.\w+)|weight_(?:scale|scale_2|scale_inv|zero_point|shape|g_idx|global_scale)"
    r"|input_(?:scale|global_scale|zero_point)|[kvq]_scale|output_scale)$|_scales$"
)


@dataclass(frozen=True, slots=True)
class PackedParameters:
    """`parameters` is how many numbers the packed tensors stand for, with all others as they are;
    `method` is empty where nothing is packed.
    """

    parameters: int
    method: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Bits of a packed number, and how many of them share a scale; 0 where nothing says so."""

    bits: int = 0
    group: int = 0


def count(tensors: Iterable[TensorInfo], stated: Settings | None = None) -> PackedParameters:
    """The parameters of a checkpoint; `stated` is what its configuration says of packed numbers."""
    stated = stated or Settings()
    by_name = {tensor.name: tensor for tensor in tensors}
    methods: set[str] = set()
    total = 0
    for tensor in by_name.values():
        method, numbers = _one(tensor, by_name, stated)
        if method:
            methods.add(method)
            total += numbers
    if not methods:
        return PackedParameters(sum(tensor.numel for tensor in by_name.values()))
    for name, tensor in by_name.items():
        if not _one(tensor, by_name, stated)[0] and not _BESIDE.search(name):
            total += tensor.numel
    return PackedParameters(total, ", ".join(sorted(methods)))


def _one(tensor: TensorInfo, every: Mapping[str, TensorInfo], stated: Settings) -> tuple[str, int]:
    """(method, numbers) of a packed tensor; `("", 0)` for any other."""
    bits = stated.bits
    width = _WIDTHS.get(tensor.dtype, 0)
    base, _, last = tensor.name.rpartition(".")
    scales = every.get(f"{base}.scales")
    found = ("", 0)
    if not width:
        return found
    if last == "qweight" and scales is not None:
        found = _rows(tensor, scales, every.get(f"{base}.g_idx"), bits)
    elif last == "weight_packed" and f"{base}.weight_scale" in every:
        found = "compressed-tensors", tensor.numel * width // (bits or 4)
    elif last.endswith("_blocks") and f"{base}.{last.removesuffix('_blocks')}_scales" in every:
        found = "mxfp4", tensor.numel * width // 4
    elif last == "weight" and width == 32 and scales is not None:
        # Layers may have other numbers of bits than the settings say: the shapes know.
        per = _mlx_bits(tensor, scales, stated) or bits
        found = (f"mlx {per}-bit", tensor.numel * width // per) if per else found
    elif last == "weight" and width == 8:
        found = _bytes(tensor, base, every)
    return found


def _bytes(tensor: TensorInfo, base: str, every: Mapping[str, TensorInfo]) -> tuple[str, int]:
    """What bytes hold: two numbers each where a table of blocks stands beside them."""
    if f"{base}.weight_scale" in every and f"{base}.weight_scale_2" in every:
        return "nvfp4", tensor.numel * 2
    if f"{tensor.name}.absmax" in every:
        return "bitsandbytes 4-bit", tensor.numel * 2
    return ("bitsandbytes 8-bit", tensor.numel) if f"{base}.SCB" in every else ("", 0)


def _rows(
    tensor: TensorInfo, scales: TensorInfo, order: TensorInfo | None, bits: int
) -> tuple[str, int]:
    """GPTQ packs along the inputs, AWQ along the outputs; the scales have one column an output."""
    outputs = scales.shape[-1] if scales.shape else 0
    if len(tensor.shape) != 2 or not outputs:
        return "", 0
    if tensor.shape[1] != outputs:
        return "awq", tensor.shape[0] * outputs
    inputs = order.numel if order is not None else tensor.shape[0] * 32 // (bits or 4)
    return "gptq", inputs * outputs


def _mlx_bits(tensor: TensorInfo, scales: TensorInfo, stated: Settings) -> int:
    """The bits that fit the shapes with the stated size of groups; without one, those stated where
    some size fits them, else by groups of 64, the library's own default, then 32 and 128.
    """
    if not tensor.shape or not scales.shape or not scales.shape[-1]:
        return 0
    sizes = (stated.group,) if stated.group else (64, 32, 128)
    fits = [divmod(tensor.shape[-1] * 32, scales.shape[-1] * size) for size in sizes]
    found = [per for per, rest in fits if not rest and per in (2, 3, 4, 5, 6, 8)]
    return stated.bits if stated.bits in found else next(iter(found), 0)


_FILES = ("config.json", "quantize_config.json", "quant_config.json", "hf_quant_config.json")
_SETTINGS = frozenset({"quantization", "quantization_config", "compression_config"})


def settings(file: File) -> Settings:
    """What the configurations beside a weight file state of packed numbers, however deep; zeros
    where none does.
    """
    bits = group = 0
    for name in _FILES:
        config = file.sibling(name)
        try:
            table = json.loads(config.text(MAX_CONFIG)) if config is not None else None
        except (ValueError, Unreadable, RecursionError):
            continue
        # A file of its own is about nothing else; the configuration of a model has a table of it.
        held = list(_tables(table))
        asked = held if name != "config.json" else [row for one in held for row in _within(one)]
        bits = bits or _first(asked, ("bits", "num_bits", "w_bit"), 16)
        group = group or _first(asked, ("group_size", "q_group_size"), 4096)
    return Settings(bits, group)


def _within(table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The tables below the settings of a quantisation that a table holds."""
    for key in sorted(_SETTINGS & table.keys()):
        yield from _tables(table[key])


def _tables(value: Any) -> Iterator[Mapping[str, Any]]:
    """A table and those below it, outer ones first; bounded."""
    waiting = [value]
    for _ in range(500):
        if not waiting:
            return
        held = waiting.pop(0)
        if isinstance(held, dict):
            yield held
            waiting += list(held.values())[:200]


def _first(tables: Iterable[Mapping[str, Any]], keys: tuple[str, ...], most: int) -> int:
    for table in tables:
        for key in keys:
            stated = number(table.get(key))
            if stated and 0 < stated <= most:
                return stated
    return 0
