from __future__ import annotations

import struct
from pathlib import Path

import pytest

from aisbom.weights.read.reader import open_checkpoint
from tests.weights.read.test_safetensors import entry, written


def test_the_values_of_a_safetensors_file(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    values = struct.pack("<6f", *range(6))
    path.write_bytes(
        written({"w": entry("F32", [3, 2], 2, 26), "b": entry("BF16", [1], 0, 2)}, 0)
        + b"\x80\x3f"
        + values
    )
    opened = open_checkpoint(path)
    assert [(t.name, t.dtype, t.shape, t.nbytes, t.exact) for t in opened.tensors] == [
        ("b", "BF16", (1,), 2, True),
        ("w", "F32", (3, 2), 24, True),
    ]
    assert opened.read("w", 2, 3) == values[8:20]
    assert opened.read("w") == values
    assert opened.read_f32("w", 1, 1) == values[8:16]
    for start, count in ((-1, 1), (0, 7), (6, 1), (2, -1)):
        with pytest.raises(ValueError, match="has 6 elements"):
            opened.read("w", start, count)
    with pytest.raises(KeyError):
        opened.read("x")
    opened.close()


def test_what_is_no_file_is_a_value_error(tmp_path: Path) -> None:
    (tmp_path / "empty.safetensors").write_bytes(b"")
    for name, reason in (("empty.safetensors", "empty"), ("none.safetensors", "no regular file")):
        with pytest.raises(ValueError, match=reason):
            open_checkpoint(tmp_path / name)
