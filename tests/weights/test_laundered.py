"""Copies that were changed so as to compute the same: found, or not cleared; and independent models
under the same changes are never accused.
"""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.weights import anchored, sketch, units
from aisbom.weights.compare import compare
from aisbom.weights.products import describe, similarity
from aisbom.weights.recover import Agreement
from aisbom.weights.side import Plan, of_checkpoint
from tests.weights import launder
from tests.weights.arrays import Arrays, model

A = model(1)
WORDS = {f"word{at}": at for at in range(300)}
TURN = launder.orthogonal(32, 5)
FOUND = ("common-origin", "identical-after-transform", "quantised-copy", "identical")


def _side(tables, words=WORDS):
    side = of_checkpoint(Arrays(tables), "model")
    side.vocabulary = dict(words)
    return side


def _answer(b, a=A, **more):
    return compare(_side(a), _side(b, **more)).answer


CHANGES = {
    "rotated": lambda t: launder.rotate(t, TURN),
    "rotated by a Hadamard matrix": lambda t: launder.rotate(t, launder.hadamard(32, 6)),
    "gains folded": launder.fold,
    "channels and units rescaled": lambda t: launder.rescale(t, 7),
    "channels rescaled beyond all measure": lambda t: launder.rescale(t, 7, 4.0),
    "rotated, units in another order": lambda t: launder.permute(launder.rotate(t, TURN), 8),
    "rescaled, rotated, another order": lambda t: launder.permute(
        launder.rotate(launder.rescale(t, 7), TURN), 8
    ),
}

IN_PLACE = [name for name in CHANGES if "order" not in name]


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_a_laundered_copy_is_found(name, noise):
    answer = _answer(CHANGES[name](launder.noisy(A, noise, 9)))
    assert answer["verdict"] in FOUND
    assert answer["p_value"] < 1e-9


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("seed", [2, 3])
def test_an_independent_model_under_the_same_change_is_cleared(name, seed):
    answer = _answer(CHANGES[name](model(seed)))
    assert answer["verdict"] == "no-common-origin"
    assert {row["status"] for row in answer["symmetries"]} <= {"tested", "excluded", "assumed"}
    assert all(row.get("detectable_r", 0) <= 0.5 for row in answer["symmetries"])


def _described(tables, group):
    side = _side(tables)
    pairing, *_ = anchored.pairings(side, side)
    products = pairing.a.products(pairing.chosen_a)
    return [describe(products, axis, group, (0, axis.units)) for axis in pairing.a.axes]


@given(st.integers(0, 2**32 - 1), st.sampled_from(IN_PLACE), st.sampled_from(["in", "out"]))
@settings(max_examples=20, deadline=None)
def test_what_changes_nothing_leaves_the_products_fixed_to_rounding(seed, name, group):
    tables = model(seed % 1000)
    for x, y in zip(
        _described(tables, group), _described(CHANGES[name](tables), group), strict=True
    ):
        for kind in x.kinds:
            # A unit may have been scaled by a negative number: direction counts, sign does not.
            same = np.abs((x.kinds[kind] * y.kinds[kind]).sum(axis=1))
            assert same == pytest.approx(np.ones(same.size), abs=2e-3)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_relabelling_units_relabels_their_products_and_does_nothing_else(seed):
    """All that the exact bound needs, products and their evening-out included."""
    tables = model(seed % 1000)
    order = np.random.default_rng(seed).permutation(64)
    moved = {
        k: (v[:, order] if "down_proj" in k else v[order]) if ".mlp." in k else v
        for k, v in tables.items()
    }
    for group in ("in", "out"):
        for x, y in zip(_described(tables, group), _described(moved, group), strict=True):
            for kind in x.kinds:
                assert y.kinds[kind] == pytest.approx(x.kinds[kind][order], abs=1e-3)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=6, deadline=None)
def test_p_of_products_is_never_below_the_true_rate_under_resampled_nulls(seed):
    dice = np.random.default_rng(seed)
    left, right = _described(model(seed % 997), "in"), _described(model(seed % 997 + 1), "in")
    found = [
        units.matches(similarity(x, y), x.usable, y.usable)
        for x, y in zip(left, right, strict=True)
    ]
    totals = units.count_relabelled(found, 4000, dice)
    for k in range(1, 9):
        rate, p = float((totals >= k).mean()), 10 ** units.log10_hits(k, len(found))
        assert rate <= p + 4 * np.sqrt(p / 4000)


def _bare(tables):
    return {k: v for k, v in tables.items() if "embed" not in k and "lm_head" not in k}


def test_without_any_vocabulary_a_rotation_is_seen_through_by_units_of_other_layers():
    """Nobody could say what the labels mean, and nobody has to: the bound asks for nothing."""
    child = CHANGES["rotated"](launder.noisy(A, 0.2, 9))
    answer = _answer(_bare(child), _bare(A))
    assert answer["verdict"] == "common-origin"
    assert answer["p_is"].startswith("an exact bound")


def test_another_vocabulary_and_a_rotation_hide_nothing():
    child, other = CHANGES["rotated"](launder.noisy(A, 0.2, 9)), CHANGES["rotated"](model(2))
    words = ("model.embed_tokens.weight", "lm_head.weight")
    answer = _answer(child | {name: other[name] for name in words})
    assert answer["verdict"] == "common-origin"


def test_no_unit_is_a_label_for_itself():
    """What a unit reads and writes go together in any model: were it its own label, independent
    models would have all units in place.
    """

    def linked(seed):
        tables = model(seed)
        for layer in range(3):
            stem = f"model.layers.{layer}.mlp."
            tables[stem + "down_proj.weight"] = np.ascontiguousarray(
                tables[stem + "gate_proj.weight"].T
            )
        return tables

    placed = anchored.place(_side(linked(1)), _side(linked(2)), Plan("s", 64, 32, 32)).placed
    assert max(cell.hits for cell in placed.cells) < 8


def test_without_a_table_that_both_label_nobody_is_cleared():
    answer = _answer(_bare(model(2)), _bare(A))
    assert answer["verdict"] == "inconclusive"
    assert "hidden units in another order" in answer["summary"]
    assert "untested" in {row["status"] for row in answer["symmetries"]}


def test_convolutions_whose_channels_may_be_in_another_order_are_not_cleared():
    def network(seed):
        dice = np.random.default_rng(seed)
        return {
            f"conv{at}.weight": dice.standard_t(6, size=(64, 32, 3, 3)).astype(np.float32)
            for at in range(3)
        }

    answer = _answer(network(2), network(1), words={})
    assert answer["verdict"] == "inconclusive"
    assert "channels of convolutions in another order" in answer["summary"]


def test_a_normalisation_that_is_not_recognised_is_said():
    def renamed(tables):
        found = {k.replace("input_layernorm", "alpha_norm"): v for k, v in tables.items()}
        return found | {k.replace("input_layernorm", "beta_norm"): v for k, v in tables.items()}

    answer = _answer(renamed(model(2)), renamed(A))
    assert answer["verdict"] == "inconclusive"
    assert "gains of normalisations" in answer["summary"]


def test_tables_that_hold_no_numbers_are_survived_and_clear_nobody():
    broken = model(2)
    broken["model.embed_tokens.weight"] = np.full_like(broken["model.embed_tokens.weight"], np.nan)
    assert _answer(broken)["verdict"] == "inconclusive"


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=5, deadline=None)
def test_p_of_agreements_is_never_below_the_true_rate_under_resampled_nulls(seed):
    """Units matched by what feeds them and by what they feed, of models drawn independently."""
    dice, found = np.random.default_rng(seed), []
    for _ in range(200):
        alike = []
        for _ in range(2):
            (x,), ux = units.features([dice.normal(size=(64, 24))])
            (y,), uy = units.features([dice.normal(size=(64, 24))])
            s = units.similarity([x], [y])
            forth, back = units.matches(s, ux, uy), units.matches(s.T, uy, ux)
            alike.append(set(units.mutual(forth, back)))
        found.append(len(alike[0] & alike[1]))
    for count in range(1, 65):
        p = 10 ** Agreement("a", "b", count, 64, 0, 0.5).log10_p
        rate = np.mean(np.array(found) >= count)
        assert rate <= p + 4 * np.sqrt(p / 200)
    assert not any(Agreement("a", "b", count, 64, 0, 0.5).strong for count in found)


def test_the_search_for_laundered_units_counts_in_the_correction():
    placed = anchored.place(_side(A), _side(model(2)), Plan("s", 64, 32, 32)).placed
    assert placed.tests == len(placed.cells) == (3 * 3 + 2 * 2 + 1) * 2


@pytest.mark.parametrize("name", ["rotated", "channels rescaled beyond all measure"])
def test_sketches_see_through_what_leaves_units_in_place(name):
    def sketched(tables, words=WORDS):
        return sketch.read(sketch.write(_side(tables, words)))

    child = CHANGES[name](launder.noisy(A, 0.3, 9))
    pairs = [
        (sketched(A), sketched(child)),
        (_side(A), sketched(child)),
        (sketched(A), _side(child)),
    ]
    pairs.append((sketched(A, {}), _side(child)))
    for a, b in pairs:
        answer = compare(a, b).answer
        assert answer["verdict"] == "common-origin"
        assert answer["p_value"] < 1e-9
    assert (
        compare(sketched(A), sketched(CHANGES[name](model(2)))).answer["verdict"] == "inconclusive"
    )


def test_a_sketch_of_an_older_form_says_what_it_cannot_answer():
    table = json.loads(gzip.decompress(sketch.write(_side(A))))
    del table["tables"]
    old = sketch.read(gzip.compress(json.dumps(table | {"version": 2}).encode()))
    answer = compare(old, _side(model(2))).answer
    assert answer["verdict"] == "inconclusive"
    assert any("older form" in note for note in answer["notes"])


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_damaged_tables_of_a_sketch_are_refused(chance):
    table = json.loads(gzip.decompress(sketch.write(_side(A))))
    (row,) = table["tables"]
    row[chance.choice(["hashes", "numbers", "alike", "values"])] = chance.choice(["zz", [[1]]])
    with pytest.raises(ValueError, match="sketch"):
        sketch.read(gzip.compress(json.dumps(table).encode()))


def test_a_clearance_says_what_it_takes_for_granted_and_the_weakest_of_its_tests():
    answer = _answer(model(2))
    assert "taken for granted" in answer["summary"]
    weakest = max(row.get("detectable_r", 0) for row in answer["symmetries"])
    assert f"{weakest:.0%} or more" in answer["summary"]


def test_an_encoder_without_a_head_has_no_last_normalisation():
    def encoder(tables):
        return {k: v for k, v in tables.items() if k != "model.norm.weight"}

    answer = _answer(encoder(model(2)), encoder(A))
    assert answer["verdict"] == "no-common-origin"


def _renumbered(tables):
    order = np.random.default_rng(30).permutation(300)
    return {k: v[order] if "embed" in k or "lm_head" in k else v for k, v in tables.items()}


@pytest.mark.parametrize("words", [WORDS, {}])
def test_tokens_numbered_anew_hide_no_light_copy(words):
    """Rotated, units in another order, tokens too, and a tokenizer that lies about them or none."""
    child = _renumbered(CHANGES["rescaled, rotated, another order"](launder.noisy(A, 0.05, 9)))
    answer = _answer(child, words=words)
    assert answer["verdict"] == "common-origin"
    assert "empirical" in answer["found_by"]


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_pairing_tokens_by_what_models_make_of_them_accuses_nobody(seed):
    answer = _answer(_renumbered(model(seed)), words={})
    assert answer["p_value"] > 1e-3
    assert max(row["units"] for row in answer["recovered"]["agreements"]) < 8
