"""Packed numbers are counted by their bits, and what belongs to the method is no parameter."""

from __future__ import annotations

import json

import pytest

from aisbom.collect.models.packed import PackedParameters, Settings, count, settings
from aisbom.source.tree import File, Tree
from aisbom.weights.read.stored import TensorInfo
from tests.conftest import MakeTree


def tensor(name: str, dtype: str, *shape: int) -> TensorInfo:
    return TensorInfo(name, dtype, shape, 0, False)


NORM = tensor("norm.weight", "BF16", 64)


@pytest.mark.parametrize(
    ("tensors", "bits", "found"),
    [
        ([NORM, tensor("ids", "I32", 8)], 0, PackedParameters(72)),
        (
            [
                NORM,
                tensor("a.weight", "U32", 16, 8),
                tensor("a.scales", "BF16", 16, 1),
                tensor("a.biases", "BF16", 16, 1),
            ],
            0,
            PackedParameters(16 * 64 + 64, "mlx 4-bit"),
        ),
        (
            [tensor("a.weight", "U32", 16, 16), tensor("a.scales", "BF16", 16, 1)],
            8,
            PackedParameters(16 * 64, "mlx 8-bit"),
        ),
        (
            [
                NORM,
                tensor("a.weight", "U8", 16, 32),
                tensor("a.weight_scale", "F8_E4M3", 16, 4),
                tensor("a.weight_scale_2", "F32"),
                tensor("a.input_scale", "F32"),
            ],
            0,
            PackedParameters(16 * 64 + 64, "nvfp4"),
        ),
        (
            [
                tensor("e.up_proj_blocks", "U8", 2, 16, 2, 16),
                tensor("e.up_proj_scales", "U8", 2, 16, 2),
            ],
            0,
            PackedParameters(2 * 16 * 2 * 32, "mxfp4"),
        ),
        (
            [
                NORM,
                tensor("a.weight", "U8", 512, 1),
                tensor("a.weight.absmax", "F32", 16),
                tensor("a.weight.quant_map", "F32", 16),
                tensor("a.weight.quant_state.bitsandbytes__nf4", "U8", 80),
            ],
            0,
            PackedParameters(1024 + 64, "bitsandbytes 4-bit"),
        ),
        (
            [tensor("a.weight", "I8", 16, 64), tensor("a.SCB", "F32", 16)],
            0,
            PackedParameters(1024, "bitsandbytes 8-bit"),
        ),
        (
            [
                tensor("a.weight_packed", "I32", 16, 8),
                tensor("a.weight_scale", "BF16", 16, 1),
                tensor("a.weight_shape", "I64", 2),
            ],
            4,
            PackedParameters(1024, "compressed-tensors"),
        ),
        (
            [
                tensor("a.qweight", "I32", 64, 2),
                tensor("a.qzeros", "I32", 1, 2),
                tensor("a.scales", "F16", 1, 16),
            ],
            4,
            PackedParameters(1024, "awq"),
        ),
        (
            [
                tensor("a.qweight", "I32", 8, 16),
                tensor("a.qzeros", "I32", 1, 2),
                tensor("a.scales", "F16", 1, 16),
                tensor("a.g_idx", "I32", 64),
                tensor("a.bias", "F16", 16),
            ],
            4,
            PackedParameters(1024 + 16, "gptq"),
        ),
        # no scale beside it: nothing is known to be packed
        ([tensor("a.weight", "U8", 16, 64)], 0, PackedParameters(1024)),
        ([tensor("a.scales", "F32", 4)], 0, PackedParameters(4)),
    ],
)
def test_a_count(tensors: list[TensorInfo], bits: int, found: PackedParameters) -> None:
    assert count(tensors, Settings(bits)) == found


@pytest.mark.parametrize(
    ("config", "bits"),
    [
        ({"quantization": {"bits": 4, "group_size": 64}}, 4),
        ({"quantization_config": {"config_groups": {"group_0": {"weights": {"num_bits": 8}}}}}, 8),
        ({"quantization_config": {"bits": "4"}}, 0),
        ({"text_config": {"quantization_config": {"bits": 3}}}, 3),
        ({"llm": {"inner": {"quantization": {"group_size": 32, "bits": 6}}}}, 6),
        ({"bits": 4}, 0),
        ({"quantization_config": [1]}, 0),
        ({}, 0),
        ([], 0),
        (None, 0),
    ],
)
def test_bits_of_a_configuration(make_tree: MakeTree, config: object, bits: int) -> None:
    tree = Tree(make_tree({"m/config.json": json.dumps(config), "m/w.safetensors": "x"}))
    (entry,) = (one for one in tree.listing[0] if one.path.endswith("w.safetensors"))
    assert settings(File(tree, entry)).bits == bits


def test_layers_of_other_bits_than_the_settings_say() -> None:
    tensors = [
        tensor("a.weight", "U32", 16, 8),
        tensor("a.scales", "BF16", 16, 1),
        tensor("b.weight", "U32", 16, 16),
        tensor("b.scales", "BF16", 16, 1),
    ]
    found = count(tensors, Settings(4, 64))
    assert (found.parameters, found.method) == (2 * 16 * 64, "mlx 4-bit, mlx 8-bit")


def test_settings_in_a_file_of_their_own(make_tree: MakeTree) -> None:
    files = {"m/w.safetensors": "", "m/quantize_config.json": '{"bits": 8, "group_size": 128}'}
    tree = Tree(make_tree(files))
    file = tree.get("m/w.safetensors")
    assert file is not None
    assert settings(file) == Settings(8, 128)
