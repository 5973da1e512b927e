from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.weights import placing, sketch
from aisbom.weights.compare import compare
from aisbom.weights.plot import plot
from aisbom.weights.side import of_checkpoint
from aisbom.weights.verdict import VERDICTS
from tests.weights.arrays import Arrays, model

A = model(1)
INDEPENDENT = model(2)


def _side(tables, label="model", **more):
    return of_checkpoint(Arrays(tables, **more), label)


def _answer(b, a=None):
    return compare(_side(A if a is None else a, "A"), _side(b, "B")).answer


def _noisy(tables, share, seed=3):
    dice = np.random.default_rng(seed)
    return {
        k: (v + dice.normal(size=v.shape) * v.std() * share).astype(np.float32)
        for k, v in tables.items()
    }


def _relabelled(tables, seed=4):
    """The same function with its hidden units in another order."""
    dice, found = np.random.default_rng(seed), dict(tables)
    for layer in range(3):
        stem = f"model.layers.{layer}.mlp."
        order = dice.permutation(tables[stem + "gate_proj.weight"].shape[0])
        for name in ("gate_proj", "up_proj"):
            found[f"{stem}{name}.weight"] = tables[f"{stem}{name}.weight"][order]
        found[stem + "down_proj.weight"] = np.ascontiguousarray(
            tables[stem + "down_proj.weight"][:, order]
        )
    return found


def test_a_transposed_copy_is_found_by_keys_that_only_the_comparison_asks_for():
    turned = {name: np.ascontiguousarray(table.T) for name, table in A.items()}
    matrices = sum(table.ndim == 2 and table.size >= 2048 for table in A.values())
    for bf16 in (False, True):
        sides = [
            of_checkpoint(Arrays(tables, bf16), name, transposed=transposed)
            for transposed in (False, True)
            for name, tables in (("A", A), ("B", turned))
        ]
        assert not any(key.id_t for side in sides[:2] for key in side.keys)
        drawn = sketch.read(sketch.write(sides[0]))
        for a, b in (sides[:2], sides[2:], (drawn, sides[1]), (sides[1], drawn)):
            answer = compare(a, b).answer
            assert answer["verdict"] == "identical-after-transform"
            assert answer["tensors"]["equal"] == {"layout": matrices}
    reordered = {name: table[::-1] for name, table in A.items()}
    answer = compare(*(of_checkpoint(Arrays(t), "m", transposed=False) for t in (A, reordered)))
    assert set(answer.answer["tensors"]["equal"]) == {"permutation"}


def test_an_independent_model_is_cleared_and_the_power_is_stated():
    answer = _answer(INDEPENDENT)
    assert answer["verdict"] == "no-common-origin"
    assert answer["p_value"] > 1e-3
    assert answer["effect"]["detectable_r"] < 0.4
    low, high = answer["effect"]["interval"]
    assert low < answer["effect"]["r"] < high
    assert answer["evidential_share"] == 0


def test_the_cosine_of_norms_is_high_for_the_independent_and_after_shuffling():
    row = _answer({**INDEPENDENT})["not_evidence"]
    assert row["layernorm_cosine"] > 0.99
    assert row["layernorm_cosine_shuffled"] > 0.99
    assert abs(row["layernorm_pearson"]) < 0.3


def test_the_same_model_is_identical_under_other_names():
    renamed = {f"x{at}": v for at, v in enumerate(A.values())}
    for tables in (A, renamed):
        answer = _answer(tables)
        assert answer["verdict"] == "identical"
        assert answer["evidential_share"] == 1
        assert answer["p_value"] < 1e-9


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (lambda t: {k: v.astype(np.float16) for k, v in t.items()}, "identical-after-transform"),
        (
            lambda t: {k: np.ascontiguousarray(v.T) for k, v in t.items()},
            "identical-after-transform",
        ),
        (_relabelled, "identical-after-transform"),
        (lambda t: _noisy(t, 0.5), "common-origin"),
        (lambda t: _noisy(_relabelled(t), 0.2), "common-origin"),
    ],
)
def test_derived_models(change, verdict):
    answer = _answer(change(A))
    assert answer["verdict"] == verdict
    assert answer["p_value"] < 1e-9


def test_relabelled_units_of_a_noisy_copy_are_found_by_the_empirical_way_only():
    answer = _answer(_noisy(_relabelled(A), 0.2))
    assert "empirical" in answer["found_by"]
    assert "empirical" in answer["p_is"]
    assert all(
        row["a"] == "embedding columns" or row["log10_p"] > -3
        for row in answer["recovered"]["in_order"]
    )


def test_quantised_weights_are_told_from_retrained_ones():
    def grid(v):
        if v.ndim == 1:
            return v
        step = np.abs(v).max(axis=1, keepdims=True) / 7
        return (np.round(v / step) * step).astype(np.float32)

    answer = _answer({k: grid(v) for k, v in A.items()})
    assert answer["verdict"] == "quantised-copy"
    assert {row["shape"] for row in answer["residuals"]} == {"quantised"}


def test_layers_are_mapped_where_they_went():
    stacked = {k: v for k, v in A.items() if ".layers." not in k}
    for to, source in enumerate((0, 1, 1, 2)):
        stacked |= {
            k.replace(f".{source}.", f".{to}.", 1): v
            for k, v in A.items()
            if f".layers.{source}." in k
        }
    answer = _answer(_noisy(stacked, 0.3))
    assert {(r["b"][13], r["a"][13]) for r in answer["layer_map"]} == {
        ("0", "0"),
        ("1", "1"),
        ("2", "1"),
        ("3", "2"),
    }


def test_experts_made_of_a_dense_layer_are_found():
    mixture = {k: v for k, v in A.items() if ".mlp." not in k}
    for k, v in A.items():
        for expert in range(2):
            if ".mlp." in k:
                mixture[k.replace(".mlp.", f".mlp.experts.{expert}.")] = v
    answer = _answer(_noisy(mixture, 0.3))
    assert answer["verdict"] == "common-origin"
    assert len(answer["layer_map"]) == 6


def test_removed_units_leave_the_rest_in_order():
    kept = np.sort(np.random.default_rng(1).permutation(64)[:45])
    smaller = dict(A)
    for k, v in A.items():
        if "gate_proj" in k or "up_proj" in k:
            smaller[k] = v[kept]
        elif "down_proj" in k:
            smaller[k] = np.ascontiguousarray(v[:, kept])
    answer = _answer(_noisy(smaller, 0.2))
    assert answer["verdict"] == "common-origin"
    assert answer["p_value"] < 1e-9


def test_a_single_shared_layer_axis_is_no_accusation():
    """One tensor group alone: only the matrices that feed the units of one layer were copied, with
    noise.
    """
    mixed = dict(INDEPENDENT)
    mixed["model.layers.1.mlp.gate_proj.weight"] = _noisy(A, 0.3)[
        "model.layers.1.mlp.gate_proj.weight"
    ]
    mixed["model.layers.1.mlp.up_proj.weight"] = _noisy(A, 0.3)["model.layers.1.mlp.up_proj.weight"]
    assert _answer(mixed)["verdict"] == "inconclusive"


def test_a_shared_fourier_basis_is_no_sign_of_origin():
    phase = 2 * np.pi * np.outer(np.arange(33), np.arange(64)) / 64
    basis = (np.vstack([np.cos(phase), np.sin(phase)]) * np.hanning(65)[:64]).astype(np.float32)[
        :, None, :
    ]
    answer = compare(
        _side({**A, "stft.basis": basis}), _side({**INDEPENDENT, "stft.basis": basis})
    ).answer
    assert answer["verdict"] == "no-common-origin"
    assert answer["tensors"]["equal_but_no_evidence"] == {"a Fourier basis": 1}


def test_models_that_are_built_otherwise_are_not_compared():
    answer = _answer(model(5, width=48, units=40))
    assert answer["verdict"] == "not-comparable"


@given(st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_the_order_of_tensors_does_not_matter(chance):
    b = _noisy(A, 0.4)
    names = list(b)
    chance.shuffle(names)
    assert _answer({name: b[name] for name in names}) == _answer(b)


@given(st.integers(0, 10**6))
@settings(max_examples=8, deadline=None)
def test_seeds_do_not_depend_on_names(seed):
    dice = np.random.default_rng(seed)
    renamed = {f"n{at}": v for at, v in zip(dice.permutation(len(A)), A.values(), strict=True)}
    assert _side(renamed).digest == _side(A).digest


@given(st.sampled_from([np.nan, np.inf, 0.0, 1.0]), st.integers(0, 2))
@settings(max_examples=8, deadline=None)
def test_values_that_are_no_numbers_and_constants_are_survived(value, layer):
    broken = {
        k: np.full_like(v, value) if f"layers.{layer}." in k else v for k, v in INDEPENDENT.items()
    }
    answer = _answer(broken)
    assert answer["verdict"] == "no-common-origin"
    assert _answer(broken, broken)["verdict"] in ("identical", "common-origin")
    json.dumps(answer, allow_nan=False)


def test_the_answer_holds_what_the_contract_promises():
    answer = _answer(_noisy(A, 0.5))
    assert answer["verdict"] in VERDICTS
    for name in ("p_value", "evidential_share", "effect", "layer_map", "not_evidence", "summary"):
        assert name in answer
    assert set(answer["controls"]) == {"relabelled", "unrelated", "shifted", "factor", "seed"}
    assert answer["controls"]["relabelled"]["times"] == 1000
    assert (
        answer["controls"]["relabelled"]["most"] < answer["controls"]["relabelled"]["in_place"] / 4
    )
    assert answer["controls"]["shifted"]["most"] < 15
    assert isinstance(answer["controls"]["unrelated"], str)
    assert answer["summary"].count(". ") == 1
    assert any("seed" in doubt for doubt in answer["doubts"])
    assert any("Distillation" in doubt for doubt in answer["doubts"])


def test_unrelated_references_are_a_control():
    answer = compare(
        _side(A), _side(_noisy(A, 0.5)), [_side(model(seed), f"m{seed}") for seed in (7, 8, 9)]
    ).answer
    assert [row["reference"] for row in answer["controls"]["unrelated"]] == ["m7", "m8", "m9"]
    assert all(row["most_in_place"] < 10 for row in answer["controls"]["unrelated"])


def test_two_sketches_are_enough():
    def sketched(tables):
        return sketch.read(sketch.write(_side(tables)))

    assert compare(sketched(A), sketched(A)).answer["verdict"] == "identical"
    assert compare(sketched(A), sketched(_noisy(A, 0.5))).answer["verdict"] == "common-origin"
    assert compare(_side(A), sketched(_noisy(A, 0.5))).answer["verdict"] == "common-origin"
    assert compare(sketched(_noisy(A, 0.5)), _side(A)).answer["verdict"] == "common-origin"
    # A sketch holds too few units to see through a reordering, so that nobody is cleared by one.
    answer = compare(sketched(A), sketched(INDEPENDENT)).answer
    assert answer["verdict"] == "inconclusive"
    assert "in another order" in answer["summary"]
    assert "rotated" not in answer["summary"]


def test_the_drawing_is_sound_xml_and_the_same_twice():
    from lxml import etree

    found = compare(_side(A, "<a>"), _side(_noisy(A, 0.5), "b&c"))
    assert plot(found) == plot(compare(_side(A, "<a>"), _side(_noisy(A, 0.5), "b&c")))
    root = etree.fromstring(plot(found).encode())
    assert root.tag.endswith("svg")
    assert "&lt;a&gt;" in plot(found)


def test_every_cell_is_counted_in_the_correction():
    placed = placing.place(_side(A), _side(INDEPENDENT), placing.Plan("s", 64, 32, 32))
    assert placed.tests == len(placed.cells) == 3 * 3 * 2 + 1
