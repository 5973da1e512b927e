from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.weights import compiled, counting, forms, histogram, identity, regenerable
from aisbom.weights.loops import NUMPY, SHIFT
from aisbom.weights.read import values
from aisbom.weights.shared import find_shared
from tests.weights.arrays import Arrays


def _key(table, **more):
    checkpoint = Arrays({"t": table}, **more)
    return identity.keys(checkpoint, checkpoint.tensors[0])


def _table(seed=1, shape=(64, 48)):
    return np.random.default_rng(seed).standard_t(6, size=shape).astype(np.float32)


def test_a_cast_up_and_a_dimension_of_one_change_nothing():
    coarse = (_table().view(np.uint32) & 0xFFFF0000).view(np.float32)
    plain = _key(coarse)
    assert (
        _key(coarse, bf16=True).id
        == plain.id
        == _key(coarse.reshape(64, 1, 48)).id
        == _key(coarse.astype(np.float64)).id
    )
    half = _table().astype(np.float16)
    assert _key(half).id == _key(half.astype(np.float32)).id


def test_what_each_key_withstands():
    table = _table()
    key, dice = _key(table), np.random.default_rng(2)
    assert _key(np.ascontiguousarray(table.T)).id == key.id_t
    for wide in (_table(3, (300, 129)), _table(3, (70, 600)).astype(np.float16)):
        turned = np.ascontiguousarray(wide.T)
        assert (_key(turned).id, _key(turned).id_t) == (_key(wide).id_t, _key(wide).id)
    assert _key(table.reshape(32, 96)).flat == key.flat != _key(table[::-1]).flat
    mixed = dice.permutation(table.ravel()).reshape(table.shape)
    assert _key(mixed).multiset == key.multiset
    assert _key(mixed).flat != key.flat
    flipped = table * dice.choice([-1, 1], size=(64, 1)).astype(np.float32)
    assert _key(flipped).magnitudes == key.magnitudes
    assert _key(flipped).multiset != key.multiset
    assert _key(table.astype(np.float16)).multiset == key.cast_f16
    rounded = (values.bf16(table.view(np.uint32)).astype(np.uint32) << 16).view(np.float32)
    assert _key(rounded).multiset == key.cast_bf16


def test_memory_follows_the_matrix_and_not_how_it_is_shaped():
    tall = _table(1, (1 << 20, 2))
    tracemalloc.start()
    found = _key(tall)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.id_t == _key(np.ascontiguousarray(tall.T)).id
    assert peak < 6 * tall.nbytes


def test_the_low_half_of_values_that_need_32_bits_counts():
    table = _table()
    other = table.copy()
    other.view(np.uint32)[0, 0] ^= 1
    assert _key(other).multiset != _key(table).multiset


@pytest.mark.parametrize("form", [{}, {"bf16": True}])
def test_a_fused_matrix_is_its_parts(form):
    dice = np.random.default_rng(5)
    parts = {
        f"layers.{n}.attn.{w}_proj.weight": _table(dice.integers(1 << 30))
        for n in range(3)
        for w in "qkvo"
    }
    joined = {
        f"layers.{n}.qkv.weight": np.concatenate(
            [parts[f"layers.{n}.attn.{w}_proj.weight"] for w in "qkv"]
        )
        for n in range(3)
    }
    split, whole = (identity.every(Arrays(t, **form))[0] for t in (parts, joined))
    for a, b in ((split, whole), (whole, split)):
        found = find_shared(a, b)
        assert {m.how for m in found.matches} == {"fused"}
        assert found.log10_p < -9
        assert (found.share, found.share_of_a) == ((1, 0.75) if a is split else (0.75, 1))
    strangers = {
        name.replace("qkv", "x"): _table(dice.integers(1 << 30), (192, 48)) for name in joined
    }
    assert not find_shared(split, identity.every(Arrays(strangers, **form))[0]).matches
    one_off = {name: t.copy() for name, t in joined.items()}
    for table in one_off.values():
        table.view(np.uint32)[0, 0] ^= 1 << 20
    assert not find_shared(split, identity.every(Arrays(one_off, **form))[0]).matches


def test_stacked_experts_are_their_slices():
    slices = {f"experts.{n}.w1.weight": _table(n) for n in range(8)}
    stacked = {
        "experts.w1": np.stack([slices[f"experts.{n}.w1.weight"] for n in (3, 1, 0, 2, 7, 6, 5, 4)])
    }
    found = find_shared(identity.every(Arrays(slices))[0], identity.every(Arrays(stacked))[0])
    assert [(m.how, found.share, found.share_of_a) for m in found.matches] == [("fused", 1, 1)]


def _spread(found, bits=16):
    """A place for every code."""
    every = np.zeros(1 << bits, np.int64)
    every.reshape(-1, histogram.ROW)[found.rows] = found.counts
    return every


@given(
    st.lists(
        st.sampled_from(
            [0.0, -0.0, 1.5, 6.1e-5, 5.96e-8, 1e-40, 65520.0, 3.4e38, float("inf"), 0.1, -0.3]
        ),
        min_size=1,
    )
)
def test_rounding_a_histogram_is_rounding_every_value(values_of):
    table = np.array(values_of, np.float32)
    counted = counting.CountedBits()
    counted.add(table.view(np.uint32))
    found = counted.done()
    for label, codes in (("bf16", values.bf16(table.view(np.uint32))), ("f16", values.f16(table))):
        assert (_spread(found.cast(label)) == np.bincount(codes, minlength=1 << 16)).all()


_CODES = {
    "any": lambda dice: dice.integers(0, 1 << 32, 200_000),
    "weights": lambda dice: (dice.standard_t(6, 200_000) * 0.05).astype(np.float32).view(np.uint32),
    "small": lambda dice: (dice.standard_t(6, 200_000) * 1e-7).astype(np.float32).view(np.uint32),
    "large": lambda dice: (dice.normal(size=200_000) * 7e4).astype(np.float32).view(np.uint32),
    "exact": lambda dice: dice.integers(0, 1 << 20, 200_000) << SHIFT,
    "in the middle": lambda dice: dice.integers(0, 1 << 20, 200_000) << SHIFT | 1 << 15,
    "one": lambda dice: np.array([0x3F800001]),
}


@pytest.mark.parametrize("name", _CODES)
@pytest.mark.parametrize("loops", [NUMPY, compiled.compile_loops() or NUMPY])
def test_histograms_say_what_every_value_does(name, loops):
    bits = _CODES[name](np.random.default_rng(1)).astype(np.uint32)
    counted = counting.CountedBits(loops)
    counted.add(bits)
    found = counted.done()
    assert (_spread(found.codes, 20) == np.bincount(bits >> SHIFT, minlength=1 << 20)).all()
    signless = (bits & 0x7FFFFFFF) >> SHIFT
    assert (_spread(found.drop_signs(), 20) == np.bincount(signless, minlength=1 << 20)).all()
    halves = np.bincount(bits >> 16)
    assert sorted(found.count_upper_halves()[found.count_upper_halves() > 0]) == sorted(
        halves[halves > 0]
    )
    # What is not a number stays none, with the bits of it that are counted.
    kept = bits.copy()
    odd = np.isnan(bits.view(np.float32))
    kept[odd] = bits[odd] >> SHIFT << SHIFT | ((bits[odd] & (1 << SHIFT) - 1) != 0)
    for label, codes in (("bf16", values.bf16(kept)), ("f16", values.f16(kept.view(np.float32)))):
        rounded = found.cast(label, loops)
        assert (_spread(rounded) == np.bincount(codes, minlength=1 << 16)).all()
        again = histogram.of_codes(label, rounded)
        assert (_spread(again.drop_signs()) == np.bincount(codes & 0x7FFF, minlength=1 << 16)).all()
        for to in ("bf16", "f16"):
            wide = histogram.widen(label)[codes]
            twice = values.bf16(wide) if to == "bf16" else values.f16(wide.view(np.float32))
            assert (_spread(again.cast(to, loops)) == np.bincount(twice, minlength=1 << 16)).all()


def test_keys_of_counts_tell_every_difference_and_no_other():
    dice = np.random.default_rng(1)
    places = np.zeros(1 << 20, np.uint32)
    places[dice.integers(0, places.size, 3000)] = dice.integers(1, 200, 3000)
    plain = identity.digest("f32", histogram.Counts.of(places), 7)
    assert identity.digest("f32", histogram.Counts.of(places.astype(np.uint64)), 7) == plain
    seen = {plain}
    at = int(np.flatnonzero(places)[5])
    for change in (1, 2**8, 2**16, 2**31):
        other = places.copy()
        other[at] += change
        seen.add(identity.digest("f32", histogram.Counts.of(other), 7))
    for moved in (at + 1, at ^ histogram.ROW, (at + 10 * histogram.ROW) % places.size):
        other = places.copy()
        other[at], other[moved] = other[moved], other[at] + other[moved] + 1
        seen.add(identity.digest("f32", histogram.Counts.of(other), 7))
    wide = places.astype(np.uint64)
    wide[at] += 2**32
    seen.add(identity.digest("f32", histogram.Counts.of(wide), 7))
    seen.add(identity.digest("f32", histogram.Counts.of(places), 8))
    seen.add(identity.digest("f16", histogram.Counts.of(places), 7))
    assert len(seen) == 11


@given(st.integers(0, 2**32 - 1), st.integers(1, 5000))
@settings(max_examples=15, deadline=None)
def test_blocks_do_not_show(seed, block):
    table = _table(seed, (40, 60))
    whole, before = _key(table), forms.BLOCK
    forms.BLOCK = block
    try:
        assert _key(table) == whole
    finally:
        forms.BLOCK = before


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (_table(shape=(20, 40)), "fewer than 2,048"),
        (np.eye(64, dtype=np.float32), "distinct"),
        (np.ones((64, 64), np.float32), "distinct"),
        (np.arange(4096, dtype=np.int64), "index"),
        (
            np.where(
                np.random.default_rng(1).random((64, 64)) < 0.02, _table(shape=(64, 64)), 0
            ).astype(np.float32),
            "bits of information",
        ),
    ],
)
def test_the_guard(table, words):
    assert words in _key(table).why_not


def _mel(rows, n):
    peaks = 700 * (10 ** (np.linspace(100, 2500, rows + 2) / 2595) - 1)
    at = np.linspace(0, 8000, n)
    up = (at - peaks[:-2, None]) / (peaks[1:-1] - peaks[:-2])[:, None]
    down = (peaks[2:, None] - at) / (peaks[2:] - peaks[1:-1])[:, None]
    return np.maximum(0, np.minimum(up, down)).astype(np.float32)


_WAVES = np.arange(128)[:, None] / 10000 ** (np.arange(0, 64, 2) / 64)
_SINES = np.concatenate([np.sin(_WAVES), np.cos(_WAVES)], axis=1)
_BASIS = (
    np.vstack(
        [f(2 * np.pi * np.outer(np.arange(129), np.arange(256)) / 256) for f in (np.cos, np.sin)]
    )
    * np.hanning(257)[:256]
)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (_SINES, "sine and cosine"),
        (_SINES * 0.0007, "sine and cosine"),
        (_SINES.astype(np.float16) * np.float16(22), "sine and cosine"),
        (_BASIS, "Fourier"),
        (_BASIS[:, None, :] * 0.7, "Fourier"),
        (_mel(64, 257), "filter bank"),
        (_mel(64, 257).T, "filter bank"),
        (10000.0 ** -(np.arange(4096) / 4096), "geometric"),
        (np.hanning(4096), "window"),
        (np.linspace(0, 1, 4096), "equal steps"),
        (np.random.default_rng(1).uniform(-(64**-0.5), 64**-0.5, (128, 64)), "untrained"),
        (np.random.default_rng(1).normal(0, 0.02, (256, 64)), "untrained"),
    ],
)
def test_tables_that_anybody_can_write_down_are_no_evidence(table, words):
    stored = np.ascontiguousarray(table.astype(np.float32))
    assert _key(stored).why_not
    assert words in regenerable.explain(
        stored.reshape(stored.shape[0], -1) if stored.ndim > 1 else stored
    )


# The deviation comes to .08 to .82: at those of an untrained layer, .02 and 1, so few values of so
# heavy a tail may look normal.
@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.5))
@settings(max_examples=25, deadline=None)
def test_trained_values_are_evidence(seed, scale):
    dice = np.random.default_rng(seed)
    assert (
        regenerable.explain(
            dice.standard_t(5, size=(64, 48)) * scale + dice.normal(size=48) * scale
        )
        == ""
    )


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1.0, 1e3])
def test_trained_values_are_evidence_at_any_scale(scale):
    dice = np.random.default_rng(11)
    table = dice.standard_t(5, size=(64, 48)) * scale * (1 + dice.random(48))
    table[3, 7] = 400 * scale  # one value far off is no reason to take the others for noise
    assert regenerable.explain(table) == ""


def test_values_that_are_no_numbers_have_keys_too():
    table = _table()
    table[0, :3] = [np.nan, np.inf, -np.inf]
    assert _key(table).id == _key(table.copy()).id
    assert _key(np.zeros((0, 4), np.float32)).why_not
