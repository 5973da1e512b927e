"""Encoders without a vocabulary: pixels of a patch, bands of a spectrum and places are what both
sides label alike.
"""

from __future__ import annotations

import numpy as np
import pytest

from aisbom.weights import anchors, gains
from aisbom.weights.axes import axes
from aisbom.weights.compare import compare
from aisbom.weights.side import of_checkpoint
from tests.weights import launder
from tests.weights.arrays import Arrays

WIDTH, UNITS = 32, 64


def _dice(seed):
    dice = np.random.default_rng(seed)
    return lambda *shape: (dice.standard_t(6, size=shape) * 0.05).astype(np.float32)


def _layers(normal, norm):
    found = {}
    for layer in range(3):
        stem = f"visual.blocks.{layer}."
        for at in (1, 2):
            found[f"{stem}{norm}{at}.weight"] = 1 + normal(WIDTH)
            found[f"{stem}{norm}{at}.bias"] = normal(WIDTH)
        found[f"{stem}mlp.fc1.weight"] = normal(UNITS, WIDTH)
        found[f"{stem}mlp.fc2.weight"] = normal(WIDTH, UNITS)
    return found


def vision(seed, norm="norm"):
    normal = _dice(seed)
    return {"visual.patch_embed.proj.weight": normal(WIDTH, 3, 8, 8)} | _layers(normal, norm)


def audio(seed, norm="layer_norm"):
    normal = _dice(seed)
    return {
        "visual.conv1.weight": normal(WIDTH, 40, 3),
        "visual.conv2.weight": normal(WIDTH, WIDTH, 3),
    } | _layers(normal, norm)


def _turned(tables, seed):
    """Layer normalisations made into such as leave the mean alone, gains folded, everything turned,
    hidden units and the channels inside the stem in another order.
    """
    dice = np.random.default_rng(seed)
    q, inner = launder.orthogonal(WIDTH, seed), dice.permutation(WIDTH)
    orders = {str(layer): dice.permutation(UNITS) for layer in range(3)}
    found = {}
    for name, value in tables.items():
        if "norm" in name:
            if name.endswith("weight"):
                found[name] = np.ones(WIDTH, np.float32)
            continue
        if "fc1" in name:
            layer = name.split(".")[2]
            gain = tables[
                next(n for n in tables if f".{layer}." in n and "2.weight" in n and "norm" in n)
            ]
            moved = ((value * gain) @ q)[orders[layer]]
        elif "fc2" in name:
            moved = (q.T @ (value - value.mean(axis=0)))[:, orders[name.split(".")[2]]]
        elif "conv1" in name:
            moved = value[inner]
        else:
            flat = value.reshape(WIDTH, -1)
            moved = (q.T @ (flat - flat.mean(axis=0))).reshape(value.shape)
            moved = moved[:, inner] if "conv2" in name else moved
        found[name] = np.ascontiguousarray(moved, dtype=np.float32)
    return found


def _answer(a, b):
    return compare(of_checkpoint(Arrays(a), "a"), of_checkpoint(Arrays(b), "b")).answer


@pytest.mark.parametrize("encoder", [vision, audio])
def test_an_encoder_turned_and_reordered_is_found(encoder):
    answer = _answer(encoder(1), _turned(launder.noisy(encoder(1), 0.2, 3), 5))
    assert answer["verdict"] == "common-origin"
    assert answer["p_value"] < 1e-9


@pytest.mark.parametrize("encoder", [vision, audio])
def test_an_independent_encoder_is_not_accused(encoder):
    for other in (encoder(2), _turned(encoder(2), 5)):
        answer = _answer(encoder(1), other)
        assert answer["p_value"] > 1e-3
        assert answer["verdict"] in ("no-common-origin", "inconclusive")


def test_tables_are_found_by_what_they_are():
    kinds = [a.kind for a in anchors.anchors(Arrays(vision(1)).tensors)]
    assert kinds == ["pixels 3x8x8"]
    assert [a.kind for a in anchors.anchors(Arrays(audio(1)).tensors)] == ["bands 40"]


@pytest.mark.parametrize("norm", ["norm", "ln_", "layer_norm", "norm_"])
def test_normalisations_are_found_under_their_usual_names(norm):
    tables = vision(1, norm)
    checkpoint = Arrays(tables)
    axis = next(x for x in axes(checkpoint.tensors) if "blocks.1" in x.label and "mlp" in x.label)
    gain = gains.before(checkpoint, axis.label, axis.ins[0].across)
    assert gain.known
    assert gain.centred
    assert gain.values == pytest.approx(tables[f"visual.blocks.1.{norm}2.weight"])


def test_gains_stored_less_one_are_known_by_their_name():
    normal = _dice(4)
    tables = {
        "model.layers.0.pre_feedforward_layernorm.weight": normal(WIDTH),
        "model.layers.0.post_feedforward_layernorm.weight": normal(WIDTH),
        "model.layers.0.mlp.gate_proj.weight": normal(UNITS, WIDTH),
        "model.layers.0.mlp.up_proj.weight": normal(UNITS, WIDTH),
        "model.layers.0.mlp.down_proj.weight": normal(WIDTH, UNITS),
    }
    (axis,) = axes(Arrays(tables).tensors)
    gain = gains.before(Arrays(tables), axis.label, axis.ins[0].across)
    assert gain.values == pytest.approx(
        1 + tables["model.layers.0.pre_feedforward_layernorm.weight"]
    )
    del tables["model.layers.0.pre_feedforward_layernorm.weight"]
    assert gains.before(Arrays(tables), axis.label, axis.ins[0].across) == gains.NONE
