"""A checkpoint made of arrays, and small models with the shapes of real ones."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from aisbom.weights.read.stored import TensorInfo

_TYPES = {
    "float32": "F32",
    "float16": "F16",
    "float64": "F64",
    "int8": "I8",
    "uint8": "U8",
    "int64": "I64",
    "bool": "BOOL",
}


class Arrays:
    """What `reader.Checkpoint` describes, over arrays; those named in `bf16` are stored as
    bfloat16.
    """

    format = "arrays"

    def __init__(self, tables: Mapping[str, Any], bf16: bool = False) -> None:
        self._data: dict[str, bytes] = {}
        rows = []
        for name, table in tables.items():
            array = np.ascontiguousarray(table)
            dtype = _TYPES[array.dtype.name]
            data = array.tobytes()
            if bf16 and dtype == "F32":
                dtype = "BF16"
                data = (array.view(np.uint32) >> 16).astype("<u2").tobytes()
            self._data[name] = data
            rows.append(TensorInfo(name, dtype, tuple(array.shape), len(data), True))
        self.tensors = tuple(sorted(rows))
        self.metadata: tuple[tuple[str, str], ...] = ()
        self.notes: tuple[str, ...] = ()

    def read(self, name: str, start: int = 0, count: int | None = None) -> bytes:
        info = next(t for t in self.tensors if t.name == name)
        each = info.nbytes // max(1, info.numel)
        end = info.numel if count is None else start + count
        if not 0 <= start <= end <= info.numel:
            raise ValueError("outside")
        return self._data[name][start * each : end * each]

    def read_f32(self, name: str, start_row: int, rows: int) -> bytes:
        raise ValueError("not stored in blocks")

    def close(self) -> None:
        return None


def write(path: Path, tables: Mapping[str, Any]) -> None:
    """A safetensors file of f32 tables."""
    header: dict[str, Any] = {}
    data = b""
    for name, table in tables.items():
        raw = np.ascontiguousarray(table).tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(table.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def model(
    seed: int, layers: int = 3, width: int = 32, units: int = 64, tokens: int = 300
) -> dict[str, Any]:
    """The tensors of a small decoder with random values (not near any default initialisation)."""
    dice = np.random.default_rng(seed)

    def normal(*shape: int) -> Any:
        return (dice.standard_t(6, size=shape) * 0.05).astype(np.float32)

    tables: dict[str, Any] = {
        "model.embed_tokens.weight": normal(tokens, width),
        "model.norm.weight": 1 + normal(width),
    }
    for layer in range(layers):
        stem = f"model.layers.{layer}."
        tables[stem + "input_layernorm.weight"] = 1 + normal(width)
        for name in "qkvo":
            tables[f"{stem}self_attn.{name}_proj.weight"] = normal(width, width)
        tables[stem + "mlp.gate_proj.weight"] = normal(units, width)
        tables[stem + "mlp.up_proj.weight"] = normal(units, width)
        tables[stem + "mlp.down_proj.weight"] = normal(width, units)
    return tables
