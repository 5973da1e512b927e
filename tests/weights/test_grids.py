from __future__ import annotations

import numpy as np
import pytest

from aisbom.weights import grids, near


def _values(seed=1, shape=(128, 64), scale=0.05):
    return (np.random.default_rng(seed).standard_t(6, size=shape) * scale).astype(np.float32)


def _nested(v, group, levels, scales, largest=256):
    """Groups of neighbours on an even grid, whose spacing is a small integer times one
    half-precision number for each 256 values.
    """
    x = v.reshape(-1, largest // group, group)
    step = np.abs(x).max(axis=2) / (levels / 2)
    d = (step.max(axis=1) / scales).astype(np.float16).astype(np.float32)[:, None]
    real = (d * np.round(step / d))[..., None]
    return (np.round(x / real) * real).reshape(v.shape).astype(np.float32)


def _even(v, bits, group):
    x = v.reshape(-1, group)
    low = x.min(axis=1, keepdims=True)
    step = (x.max(axis=1, keepdims=True) - low) / (2**bits - 1)
    return (np.round((x - low) / step) * step + low).reshape(v.shape).astype(np.float32)


def _bf16(v):
    return ((v.view(np.uint32) + 0x8000) & 0xFFFF0000).view(np.float32)


def _shape(b, a=None):
    found = near.residual(_values() if a is None else a, b, "F32")
    assert found is not None
    return found.shape


@pytest.mark.parametrize(("group", "levels", "scales"), [(16, 64, 127), (32, 32, 63), (32, 16, 63)])
def test_scales_under_one_scale_are_seen(group, levels, scales):
    b = _nested(_values(), group, levels, scales)
    found = grids.grid(b.astype(np.float64))
    assert found is not None
    assert (found.group, found.nested) == (group, True)
    assert found.levels <= levels + 1
    assert _shape(b) == "quantised"


@pytest.mark.parametrize("levels", [4, 8])
def test_a_few_levels_in_short_groups_are_seen(levels):
    assert _shape(_nested(_values(), 16, levels, 31)) == "quantised"


@pytest.mark.parametrize(("bits", "group"), [(8, 64), (4, 32), (4, 16), (2, 32)])
def test_scales_of_their_own_are_no_nested_ones(bits, group):
    b = _even(_values(), bits, group)
    found = grids.grid(b.astype(np.float64))
    assert found is not None
    assert not found.nested
    assert _shape(b) == "quantised"


@pytest.mark.parametrize("rounded", [_bf16, lambda v: v.astype(np.float16).astype(np.float32)])
def test_values_rounded_to_16_bits_afterwards_still_show_the_grid(rounded):
    assert _shape(rounded(_nested(_values(), 16, 64, 127))) == "quantised"


def _as_large(v):
    """What quantising took away, dealt out to other places."""
    rest = (_nested(v, 16, 64, 127) - v).ravel()
    return v + np.random.default_rng(2).permutation(rest).reshape(v.shape)


def _noise(v, kind):
    dice = np.random.default_rng(3)
    size = np.abs(_nested(v, 16, 64, 127) - v).max()
    draw = (
        dice.uniform(-size, size, size=v.shape)
        if kind == "uniform"
        else dice.normal(size=v.shape) * size
    )
    return (v + draw).astype(np.float32)


CONTROLS = {
    "what quantising takes away, elsewhere": _as_large,
    "uniform noise": lambda v: _noise(v, "uniform"),
    "normal noise": lambda v: _noise(v, "normal"),
    "retrained, kept as bfloat16": lambda v: _bf16(_noise(v, "normal")),
    "retrained, kept as half": lambda v: _noise(v, "normal").astype(np.float16).astype(np.float32),
    "80 % removed, the rest retrained": lambda v: np.where(
        np.abs(v) < np.quantile(np.abs(v), 0.8), 0, _noise(v, "normal")
    ),
    "half removed, the rest retrained": lambda v: np.where(
        np.abs(v) < np.quantile(np.abs(v), 0.5), 0, _noise(v, "normal")
    ),
}


@pytest.mark.parametrize("name", CONTROLS)
@pytest.mark.parametrize("seed", range(3))
def test_a_change_of_the_same_size_is_not_called_quantised(name, seed):
    a = _values(seed)
    b = CONTROLS[name](a)
    assert grids.grid(b.astype(np.float64)) is None
    assert _shape(b, a) != "quantised"


def test_a_quantised_original_is_no_sign_of_quantising():
    a = _nested(_values(), 16, 64, 127)
    assert _shape(_nested(a, 16, 32, 127), a) != "quantised"
