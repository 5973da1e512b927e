from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.weights.read.safetensors import MAX_HEADER, Tensor, digest, read_header


def written(table: Any, data: int, pad: int = 0) -> bytes:
    text = (table if isinstance(table, str) else json.dumps(table)).encode() + b" " * pad
    return len(text).to_bytes(8, "little") + text + bytes(data)


def entry(dtype: str, shape: list[int], begin: int, end: int) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def read(data: bytes) -> Any:
    return read_header(io.BytesIO(data), len(data))


def test_a_sound_header() -> None:
    data = written(
        {
            "__metadata__": {"format": "pt"},
            "b.w": entry("BF16", [2, 3], 4, 16),
            "a": entry("F32", [], 0, 4),
            "e": entry("I8", [0], 16, 16),
        },
        12 + 4,
        5,
    )
    header = read(data)
    assert header.metadata == (("format", "pt"),)
    assert header.tensors == (
        Tensor("a", "F32", (), 0, 4),
        Tensor("b.w", "BF16", (2, 3), 4, 16),
        Tensor("e", "I8", (0,), 16, 16),
    )
    assert [tensor.numel for tensor in header.tensors] == [1, 6, 0]
    assert digest(header.tensors) == hashlib.sha256(b"a|F32|\nb.w|BF16|2,3\ne|I8|0\n").hexdigest()


def test_an_empty_file_of_no_tensors() -> None:
    assert read(written({}, 0)).tensors == ()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "shorter"),
        (b"\1\2\3", "shorter"),
        ((2**63).to_bytes(8, "little") + b"{}", "the format allows"),
        ((MAX_HEADER).to_bytes(8, "little") + b"{}", "in a file of 10"),
        (written("[]", 0), "not a JSON object"),
        (written("{", 0, 3), "Expecting"),
        (written('{"a":' + "[" * 100_000, 0), "nested"),
        (written('{"a": NaN}', 0), "NaN"),
        (written({"a": 3}, 0), "not described"),
        (written({"a": entry("F32", [2], 0, 8)}, 4), "truncated"),
        (written({"a": entry("F32", [2], 0, 8)}, 9), "behind the last"),
        (written({"a": entry("F32", [2], 0, 4)}, 4), "its shape does not"),
        (written({"a": entry("F32", [2], 0, 8), "b": entry("F32", [2], 4, 12)}, 12), "overlaps"),
        (written({"a": entry("F32", [2], 0, 8), "b": entry("F32", [2], 12, 20)}, 20), "hole"),
        (written({"a": entry("F32", [-2], 0, 8)}, 8), "no shape"),
        (written({"a": entry("F32", [2**70], 0, 8)}, 8), "no shape"),
        (written({"a": entry("F32", [1] * 65, 0, 4)}, 4), "no shape"),
        (written({"a": {"dtype": "F32", "shape": [True], "data_offsets": [0, 4]}}, 4), "no shape"),
        (written({"a": entry("F32", [2], 8, 0)}, 8), "no place"),
        (written({"a": entry("f32", [2], 0, 8)}, 8), "no type"),
        (
            written(
                '{"a": {"dtype":"F32","shape":[1],"data_offsets":[0,4]}, "a":'
                ' {"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
                4,
            ),
            "twice",
        ),
        (written({"__metadata__": {"x": 3}}, 0), "metadata"),
        (written("{" + '"a":' + "9" * 5000 + "}", 0), "limit|digits|not described"),
    ],
)
def test_a_lying_header_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read(data)


def test_a_header_that_ends_early_costs_only_what_is_there() -> None:
    with pytest.raises(ValueError, match="ends inside"):
        read_header(io.BytesIO((90_000_000).to_bytes(8, "little") + b"{"), 10**12)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([("U8", 1), ("F16", 2), ("F64", 8)]),
            st.lists(st.integers(0, 4), max_size=3),
        ),
        max_size=6,
    )
)
def test_what_is_written_without_holes_is_read_back(
    layout: list[tuple[tuple[str, int], list[int]]],
) -> None:
    table, at = {}, 0
    for number, ((dtype, size), shape) in enumerate(layout):
        end = at + size
        for n in shape:
            end = at + (end - at) * n
        table[f"t{number}"] = entry(dtype, shape, at, end)
        at = end
    header = read(written(table, at))
    assert {tensor.name: (tensor.dtype, list(tensor.shape)) for tensor in header.tensors} == {
        n: (e["dtype"], e["shape"]) for n, e in table.items()
    }


@given(st.binary(max_size=200), st.integers(0, 2**64 - 1))
def test_any_bytes_give_a_header_or_a_value_error(data: bytes, length: int) -> None:
    for candidate in (
        data,
        length.to_bytes(8, "little") + data,
        len(data).to_bytes(8, "little") + data,
    ):
        try:
            read(candidate)
        except ValueError:
            continue
