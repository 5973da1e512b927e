"""Attention heads by what they compute: turned, scaled or reordered ones are matched, independent
ones and those whose order is given by design are not.
"""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.weights import circuits, heads, units
from aisbom.weights.anchored import pairings
from aisbom.weights.circuits import Alike
from aisbom.weights.compare import compare
from aisbom.weights.side import Plan, of_checkpoint
from tests.program import run
from tests.weights import launder
from tests.weights.arrays import Arrays, model, write

WIDTH, LAYERS, HEADS, SIZE = 32, 6, 8, 4
WORDS = {f"word{at}": at for at in range(300)}
PLAN = Plan("s", 64, 32, 32)
PROJECTIONS = [f"{word}_proj" for word in "qkvo"]


def decoder(seed, groups=HEADS):
    """A decoder whose query heads share `groups` keys and values."""
    tables = model(seed, LAYERS, WIDTH)
    for name in list(tables):
        if "k_proj" in name or "v_proj" in name:
            tables[name] = tables[name][: groups * SIZE]
    return tables


def _side(tables, words=WORDS, count=HEADS):
    side = of_checkpoint(Arrays(tables), "model")
    side.vocabulary, side.heads = dict(words), {WIDTH: count}
    return side


def _each(tables, change):
    """`change` of queries, keys, values and outputs (rows are heads') of every layer."""
    found = dict(tables)
    for layer in range(LAYERS):
        names = [f"model.layers.{layer}.self_attn.{word}.weight" for word in PROJECTIONS]
        q, k, v, o = (tables[name].astype(np.float64) for name in names)
        q, k, v, o = change(q, k, v, o.T)
        for name, value in zip(names, (q, k, v, o.T), strict=True):
            found[name] = np.ascontiguousarray(value, np.float32)
    return found


def _cut(rows):
    return rows.reshape(-1, SIZE, rows.shape[-1])


def inside(tables, seed):
    """Any invertible matrix between queries and keys, and between values and outputs, of a group."""
    dice = np.random.default_rng(seed)

    def change(q, k, v, o):
        q, k, v, o = (_cut(x).copy() for x in (q, k, v, o))
        together = len(q) // len(k)
        for group in range(len(k)):
            both = slice(group * together, (group + 1) * together)
            for back, forth in ((q, k), (o, v)):
                m = np.linalg.qr(dice.normal(size=(SIZE, SIZE)))[0] * np.exp(dice.normal())
                m = m @ np.diag(np.exp(dice.normal(size=SIZE)))
                back[both] = np.linalg.inv(m).T @ back[both]
                forth[group] = m @ forth[group]
        return (x.reshape(-1, WIDTH) for x in (q, k, v, o))

    return _each(tables, change)


def pairs_turned(tables, seed):
    """What rotary positions allow: turns within pairs of queries and keys alike."""
    dice = np.random.default_rng(seed)

    def change(q, k, v, o):
        angles = dice.uniform(0, 6, size=SIZE // 2)
        turn = np.zeros((SIZE, SIZE))
        for at, angle in enumerate(angles):
            c, s = np.cos(angle), np.sin(angle)
            turn[np.ix_([at, at + SIZE // 2], [at, at + SIZE // 2])] = [[c, -s], [s, c]]
        return (turn @ _cut(q)).reshape(-1, WIDTH), (turn @ _cut(k)).reshape(-1, WIDTH), v, o

    return _each(tables, change)


def pairs_interleaved(tables, seed):
    """Pairs of rotary positions stored side by side, as GGUF files have them."""
    del seed
    order = np.arange(SIZE).reshape(2, -1).T.ravel()
    return _each(
        tables,
        lambda q, k, v, o: (
            _cut(q)[:, order].reshape(-1, WIDTH),
            _cut(k)[:, order].reshape(-1, WIDTH),
            v,
            o,
        ),
    )


def reordered(tables, seed, groups=HEADS):
    """Groups in another order, and query heads within each."""
    dice = np.random.default_rng(seed)

    def change(q, k, v, o):
        order = dice.permutation(groups)
        mine = np.arange(HEADS).reshape(groups, -1)[order]
        mine = dice.permuted(mine, axis=1).ravel()
        q, k, v, o = _cut(q)[mine], _cut(k)[order], _cut(v)[order], _cut(o)[mine]
        return (x.reshape(-1, WIDTH) for x in (q, k, v, o))

    return _each(tables, change)


def attention_of(tables, other):
    """A model whose attention is that of the first, and all else of the second."""
    words = ("self_attn", "input_layernorm", "embed_tokens", "model.norm")
    return {k: (tables if any(w in k for w in words) else other)[k] for k in tables}


TURN = launder.orthogonal(WIDTH, 5)
SYMMETRIES = {
    "turned and scaled inside": inside,
    "rotary pairs turned": pairs_turned,
    "rotary pairs side by side": pairs_interleaved,
    "residual stream rotated": lambda t, seed: launder.rotate(t, launder.orthogonal(WIDTH, seed)),
    "gains folded": lambda t, seed: launder.fold(t),
    "all of it": lambda t, seed: launder.rotate(
        inside(pairs_turned(t, seed), seed), launder.orthogonal(WIDTH, seed)
    ),
}


def _circuits(tables):
    side = _side(tables)
    pairing, *_ = pairings(side, side)
    products = pairing.a.products(pairing.chosen_a)
    rows = heads.layers(side.checkpoint.tensors, side.heads)
    assert len(rows) == LAYERS
    return [circuits.circuits(side, products, row) for row in rows]


@given(st.integers(0, 2**32 - 1), st.sampled_from(list(SYMMETRIES)), st.sampled_from([8, 4, 2]))
@settings(max_examples=4, deadline=None)
def test_what_changes_nothing_leaves_the_circuits_fixed_to_rounding(seed, name, groups):
    tables = decoder(seed % 1000, groups)
    for x, y in zip(_circuits(tables), _circuits(SYMMETRIES[name](tables, seed)), strict=True):
        for group in circuits.GROUPS:
            assert np.abs(y[group] - x[group]).max() < 2e-3


@given(st.integers(0, 2**32 - 1), st.sampled_from([8, 2]))
@settings(max_examples=2, deadline=None)
def test_relabelling_heads_relabels_their_circuits_and_does_nothing_else(seed, groups):
    """All that the exact bound needs, evening-out included."""
    tables = decoder(seed % 1000, groups)
    moved = reordered(tables, seed, groups)
    for x, y in zip(_circuits(tables), _circuits(moved), strict=True):
        for group in circuits.GROUPS:
            rows = {row.tobytes() for row in np.round(x[group][:, :50], 2) + 0.0}
            assert rows == {row.tobytes() for row in np.round(y[group][:, :50], 2) + 0.0}


def test_the_bound_for_units_that_stand_together_holds_for_every_map_of_two_groups_of_two():
    """P(F >= k) <= [x**k] of the sum of (e_2(x) - 1)**r / r!, over the eight relabellings that keep
    groups whole.
    """
    orders = [
        np.array([*first, *second])
        for groups in ([(0, 1), (2, 3)], [(2, 3), (0, 1)])
        for first in itertools.permutations(groups[0])
        for second in itertools.permutations(groups[1])
    ]
    for found in itertools.product([-1, 0, 1, 2, 3], repeat=4):
        match = np.array(found)
        held = match >= 0
        hits = np.array([(o[match[held]] == np.arange(4)[held]).sum() for o in orders])
        for k in range(1, 5):
            assert (hits >= k).mean() <= 10 ** units.log10_grouped(k, 1, 2, 2) + 1e-12


@pytest.mark.parametrize(
    ("axes", "groups", "together"), [(1, 4, 2), (6, 4, 2), (32, 8, 4), (3, 12, 1)]
)
def test_all_units_in_place_are_as_unlikely_as_the_one_relabelling_that_puts_them_there(
    axes, groups, together
):
    ways = math.lgamma(groups + 1) + groups * math.lgamma(together + 1)
    found = units.log10_grouped(axes * groups * together, axes, groups, together)
    assert found == pytest.approx(-axes * ways / math.log(10), rel=0.01)
    assert found >= -axes * ways / math.log(10) - 1e-9


@given(st.integers(0, 2**32 - 1), st.sampled_from([8, 2]))
@settings(max_examples=2, deadline=None)
def test_p_of_heads_is_never_below_the_true_rate_under_resampled_nulls(seed, groups):
    left, right = (_side(decoder(seed % 997 + at, groups)) for at in range(2))
    found = circuits.compare(left, right, pairings(left, right), PLAN)
    dice = np.random.default_rng(seed)
    for group in circuits.GROUPS:
        same = [c.match for c in found.placed.cells if c.paired and c.group == group and c.through]
        totals = units.count_relabelled(same, 2000, dice, HEADS // groups)
        for k in range(1, 20):
            p = 10 ** units.log10_grouped(k, len(same), groups, HEADS // groups)
            assert (totals >= k).mean() <= p + 4 * np.sqrt(p / 2000)


COPIES = {
    "as it is": lambda t, groups: t,
    "turned inside": lambda t, groups: inside(t, 4),
    "turned inside, rotated": lambda t, groups: launder.rotate(inside(t, 4), TURN),
}


@pytest.mark.parametrize(
    ("name", "groups"),
    [("as it is", 8), ("turned inside", 8), ("turned inside", 4), ("turned inside, rotated", 4)],
)
def test_attention_that_was_taken_over_is_found_where_hidden_layers_were_not(name, groups):
    a, other = decoder(1, groups), decoder(2, groups)
    child = attention_of(launder.noisy(a, 0.2, 3), other)
    answer = compare(_side(a), _side(COPIES[name](child, groups))).answer
    assert answer["verdict"] in ("common-origin", "identical-after-transform")
    assert answer["p_value"] < 1e-9
    if "rotated" in name:
        assert answer["found_by"] == "attention heads in place"
    if name != "as it is":
        best = max(answer["heads"]["in_place"], key=lambda row: row["in_place"])
        assert best["in_place"] > 2 * best["relabelled_most"]


def test_heads_in_another_order_turned_and_rotated_are_matched():
    a, other = decoder(1), decoder(2)
    child = attention_of(launder.noisy(a, 0.1, 3), other)
    child = launder.rotate(inside(reordered(child, 6), 4), TURN)
    answer = compare(_side(a), _side(child)).answer
    alike = answer["heads"]["matched_alike"]
    assert max(row["heads"] / row["of"] for row in alike) == 1.0
    assert answer["verdict"] in ("common-origin", "inconclusive")
    assert "no common origin" not in answer["summary"]


@pytest.mark.parametrize(("seed", "groups"), [(2, 8), (3, 4), (4, 2)])
def test_independent_heads_accuse_nobody(seed, groups):
    b = inside(reordered(decoder(seed, groups), seed, groups), seed)
    answer = compare(_side(decoder(1, groups)), _side(b)).answer
    assert answer["verdict"] == "no-common-origin"
    assert answer["p_value"] > 1e-3
    (row,) = (row for row in answer["symmetries"] if row["id"] == "heads")
    assert row["status"] == "tested"


def test_heads_that_nobody_counted_are_not_looked_at_and_that_is_said():
    a, b = _side(decoder(1), count=0), _side(decoder(2), count=0)
    answer = compare(a, b).answer
    assert answer["heads"] is None
    (row,) = (row for row in answer["symmetries"] if row["id"] == "heads")
    assert row["status"] == "excluded"


def test_a_number_of_heads_that_does_not_fit_the_matrices_is_ignored():
    tables = decoder(1)
    for count in (5, 7, 64, 10**9):
        assert heads.layers(Arrays(tables).tensors, {WIDTH: count}) == []
    lying = tables | {"model.layers.0.self_attn.k_proj.weight": np.ones((6, WIDTH), np.float32)}
    assert len(heads.layers(Arrays(lying).tensors, {WIDTH: HEADS})) == LAYERS - 1


@pytest.mark.parametrize(
    "config",
    [
        {"model_type": "bloom", "n_head": 8, "hidden_size": 32},
        {"model_type": "mpt", "n_heads": 8, "d_model": 32},
        {"alibi": True, "num_attention_heads": 8, "hidden_size": 32},
        {"position_embedding_type": "alibi", "num_attention_heads": 8, "hidden_size": 32},
        {"text_config": {"use_alibi": 1}, "num_attention_heads": 8, "hidden_size": 32},
        {"num_attention_heads": 8},
        {"num_attention_heads": "8", "hidden_size": 32},
        {"num_attention_heads": True, "hidden_size": 32},
        {
            "text_config": {"num_attention_heads": 8, "hidden_size": 32},
            "vision_config": {"num_attention_heads": 4, "hidden_size": 32},
        },
        [],
        None,
    ],
)
def test_heads_whose_order_means_something_or_that_are_not_counted_are_left_alone(config):
    assert heads.in_config(config) == {}


def test_configurations_say_how_many_heads_there_are():
    assert heads.in_config({"alibi": False, "n_head": 12, "n_embd": 768}) == {768: 12}
    nested = {
        "text_config": {"num_attention_heads": 8, "hidden_size": 32},
        "vision_config": {"num_heads": 4, "embed_dim": 64},
    }
    assert heads.in_config(nested) == {32: 8, 64: 4}
    metadata = {
        "general.architecture": "llama",
        "llama.attention.head_count": "32",
        "llama.embedding_length": "4096",
    }
    assert heads.in_gguf(metadata) == {4096: 32}
    assert heads.in_gguf(metadata | {"llama.attention.max_alibi_bias": "8.0"}) == {}
    assert heads.in_gguf({}) == {}


def test_fused_matrices_are_cut():
    tables = decoder(1, 4)
    found = {k: v for k, v in tables.items() if "self_attn" not in k or "o_proj" in k}
    for layer in range(LAYERS):
        stem = f"model.layers.{layer}.self_attn."
        rows = [tables[f"{stem}{word}_proj.weight"] for word in "qkv"]
        found[stem + "qkv_proj.weight"] = np.concatenate(rows)
    for x, y in zip(_circuits(tables), _circuits(found), strict=True):
        for group in circuits.GROUPS:
            assert np.abs(y[group] - x[group]).max() < 1e-4


def test_heads_that_hold_no_numbers_are_survived():
    broken = decoder(2)
    name = "model.layers.0.self_attn.q_proj.weight"
    broken[name] = np.full_like(broken[name], np.nan)
    answer = compare(_side(decoder(1)), _side(broken)).answer
    assert answer["p_value"] > 1e-3


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=3, deadline=None)
def test_p_of_heads_matched_alike_is_never_below_the_true_rate_under_resampled_nulls(seed):
    dice, found = np.random.default_rng(seed), []
    for _ in range(300):
        alike = 0
        for _layer in range(3):
            sets = []
            for _ in range(2):
                (x,), ux = units.features([dice.normal(size=(8, 24))])
                (y,), uy = units.features([dice.normal(size=(8, 24))])
                s = units.similarity([x], [y])
                forth, back = units.matches(s, ux, uy), units.matches(s.T, uy, ux)
                sets.append(set(units.mutual(forth, back)))
            alike += len(sets[0] & sets[1])
        found.append(alike)
    for count in range(1, 25):
        p = 10 ** Alike("even layers", count, 24, 0).log10_p
        assert np.mean(np.array(found) >= count) <= p + 4 * np.sqrt(p / 300)


def test_the_program_reads_the_number_of_heads_beside_the_weights(tmp_path):
    a, other = decoder(1), decoder(2)
    child = launder.rotate(inside(attention_of(launder.noisy(a, 0.1, 3), other), 4), TURN)
    for name, tables in (("a", a), ("b", child)):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "model.safetensors", tables)
        config = {"num_attention_heads": HEADS, "hidden_size": WIDTH}
        (tmp_path / name / "config.json").write_text(json.dumps(config))
    result = run("weights", "compare", str(tmp_path / "a"), str(tmp_path / "b"), "--format", "json")
    answer = json.loads(result.stdout)
    assert answer["found_by"] == "attention heads in place"
    shown = run("weights", "compare", str(tmp_path / "a"), str(tmp_path / "b")).stdout
    assert "48 of 48 heads in place" in shown
