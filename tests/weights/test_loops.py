"""The compiled loops and those of numpy say the same, to the bit, of whatever values."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.weights import compiled, counting, forms, histogram, identity
from aisbom.weights.loops import BINS, LOW, NUMPY, SHIFT, widen_halves
from tests.weights.arrays import Arrays

FAST = compiled.compile_loops()
BOTH = [NUMPY, pytest.param(FAST, marks=pytest.mark.skipif(FAST is None, reason="needs numba"))]

# Zeros, subnormals of f32 and of f16, the ends of f16, infinite ones, and what is not a number.
_ODD = [
    *(0x00000000, 0x80000000, 0x00000001, 0x007FFFFF, 0x33000000, 0x33800000, 0x387FC000),
    *(0x38800000, 0x387FE000, 0x477FE000, 0x47800000, 0x477FF000, 0x7F800000, 0xFF800000),
    *(0x7FC00000, 0x7F802000, 0x7F800001, 0xFFFFFFFF, 0x7F810000, 0x3F800000, 0x3F801000),
]
_codes = st.one_of(
    st.sampled_from(_ODD),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**16 - 1).map(lambda code: code << 16),
    st.integers(0, 2**16 - 1).map(lambda code: int(widen_halves()[code])),
)
_blocks = st.lists(_codes, max_size=70).map(lambda codes: np.array(codes, np.uint32))


@pytest.mark.parametrize("loops", BOTH)
@given(bits=_blocks)
@settings(max_examples=200, deadline=None)
def test_codes_are_counted_and_summed(loops, bits):
    bits.setflags(write=False)
    upper, exact = np.zeros(BINS, np.uint32), np.zeros(BINS, np.uint32)
    sums = [int(n) for n in loops.count_bits(bits, upper, exact)]
    assert (upper == np.bincount(bits >> SHIFT, minlength=BINS)).all()
    assert (exact == np.bincount(bits[bits & LOW == 0] >> SHIFT, minlength=BINS)).all()
    first = second = 0
    for code in bits.tolist():
        z = code ^ code >> 16
        z = z * 0x85EBCA6B % 2**32
        z ^= z >> 13
        z = z * 0xC2B2AE35 % 2**32
        z ^= z >> 16
        first += z
        z = z * 0x9E3779B1 % 2**32
        second += z ^ z >> 15
    assert sums == [first, second % 2**32]
    codes, counts = (bits >> 16).astype(np.uint16), np.zeros(1 << 16, np.uint32)
    loops.count_codes(codes, counts)
    assert (counts == np.bincount(codes, minlength=1 << 16)).all()
    often = np.arange(codes.size, dtype=np.uint32)
    loops.add_counts(codes, often, counts)
    assert (counts == np.bincount(codes, often + 1.0, 1 << 16)).all()


@pytest.mark.parametrize("loops", BOTH)
@given(bits=_blocks)
@settings(max_examples=300, deadline=None)
def test_a_value_is_narrowed_only_without_loss(loops, bits):
    for label, wide in (
        ("bf16", np.arange(1 << 16, dtype=np.uint32) << 16),
        ("f16", widen_halves()),
    ):
        found = loops.narrow(label, bits)
        assert (found is None) == (not np.isin(bits, wide).all())
        if found is not None:
            assert (wide[found] == bits).all()


@pytest.mark.parametrize("loops", BOTH)
def test_every_half_is_its_own(loops):
    every = np.arange(1 << 16, dtype=np.uint16)
    assert (loops.narrow_f16(widen_halves()) == every).all()
    numbers = ~np.isnan(every.view(np.float16))
    assert (
        widen_halves()[numbers]
        == every.view(np.float16).astype(np.float32).view(np.uint32)[numbers]
    ).all()


def _tables():
    dice = np.random.default_rng(1)
    for count in (2048, 2049, 40_001, 300_000):
        table = (dice.standard_t(6, count) * 0.05).astype(np.float32)
        yield table
        yield table.astype(np.float16)
        yield table.astype(np.float16).astype(np.float32)
        yield (table.view(np.uint32) & 0xFFFF0000).view(np.float32)
        yield dice.integers(0, 1 << 16, count).astype(np.uint16).view(np.float16)
        yield dice.integers(0, 1 << 32, count).astype(np.uint32).view(np.float32)
        yield dice.integers(-128, 127, count).astype(np.int8)
        yield table.astype(np.float64)
        odd = table.copy()
        odd[: len(_ODD)] = np.array(_ODD, np.uint32).view(np.float32)
        yield odd
        late = (table.view(np.uint32) & 0xFFFF0000).view(np.float32)
        late[-1] = 0.1
        yield late
    yield np.zeros((0, 3), np.float32)
    yield np.ascontiguousarray((dice.normal(size=(70, 130))).astype(np.float32).T)


@pytest.mark.skipif(FAST is None, reason="needs numba")
def test_keys_are_the_same_with_and_without_compiling():
    checkpoint = Arrays({f"t{n}": table for n, table in enumerate(_tables())})
    for info in checkpoint.tensors:
        assert identity.keys(checkpoint, info, loops=FAST) == identity.keys(checkpoint, info)


def test_keys_of_these_values_are_those_of_every_run():
    """Other keys are another form: what a sketch of today's can answer, and one of before."""
    codes = np.arange(4096, dtype=np.uint32) * np.uint32(2654435761) & np.uint32(0xBFFFFFFF)
    table = codes.view(np.float32).reshape(64, 64)
    checkpoint = Arrays({"t": table, "h": table.astype(np.float16)})
    found = {k.name: dataclasses.asdict(k) for k in identity.every(checkpoint)[0]}
    for form, names in _FIRST_IN.items():
        for key in names:
            assert {name: row[key] for name, row in found.items()} == _KEYS[key], (form, key)


_FIRST_IN = {
    2: ("total",),
    3: ("id", "id_t", "flat"),
    identity.FORM: ("multiset", "magnitudes", "cast_bf16", "cast_f16"),
}
_KEYS = {
    "total": {"t": "00000802ae5e6b589043e74c", "h": "0000045867a050d26a225608"},
    "id": {"t": "5b3ed1ba1eae377fbe55b4f4", "h": "e16fe501e291a9d41e147806"},
    "id_t": {"t": "3924f80709ca5e91c7e1a5fd", "h": "fad6f8038bd97166cea455cd"},
    "flat": {"t": "1e0f910f7b072918c484e41a", "h": "c58f16112beecb15b654c3cb"},
    "multiset": {"t": "2f3c0c168300fed64cde0528", "h": "fc3bf21e62369bb430f308e9"},
    "magnitudes": {"t": "b3be6af0b2cf6324d516e55c", "h": "79d1adfce0b45d6c1a33cae0"},
    "cast_bf16": {"t": "202c16892666d34d4cc84f38", "h": "c9858abb5f13eb83057963c3"},
    "cast_f16": {"t": "fc3bf21e62369bb430f308e9", "h": "fc3bf21e62369bb430f308e9"},
}


@pytest.mark.parametrize("most", [10, 5000])
def test_a_place_that_is_full_is_emptied(most, monkeypatch):
    monkeypatch.setattr(counting, "_MOST", most)
    monkeypatch.setattr(forms, "BLOCK", 1000)
    table = (np.arange(6000) % 37).astype(np.float32) + np.float32(0.1)
    checkpoint = Arrays({"t": table, "h": table.astype(np.float16)})
    found = [identity.keys(checkpoint, info) for info in checkpoint.tensors]
    monkeypatch.undo()
    assert found == [identity.keys(checkpoint, info) for info in checkpoint.tensors]


def test_a_histogram_of_codes_is_that_of_their_values():
    codes = np.random.default_rng(1).integers(0, 1 << 16, 20_000).astype(np.uint16)
    for label, wide in (
        ("bf16", np.arange(1 << 16, dtype=np.uint32) << 16),
        ("f16", widen_halves()),
    ):
        halves, bits = counting.CountedCodes(), counting.CountedBits()
        halves.add(codes)
        bits.add(wide[codes])
        a, b = histogram.of_codes(label, halves.done()), bits.done()
        assert a.total == b.total
        for form in ("bf16", "f16"):
            assert [x.tolist() for x in a.cast(form)] == [x.tolist() for x in b.cast(form)]


def test_little_is_not_compiled_for():
    assert compiled.choose(compiled.WORTH - 1) is NUMPY
    assert compiled.choose(compiled.WORTH) is (FAST or NUMPY)


def test_without_numba_numpy_counts():
    program = (
        "import sys; sys.modules['numba'] = None\n"
        "from aisbom.weights import compiled, loops\n"
        "assert compiled.choose(1 << 40) is loops.NUMPY"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
