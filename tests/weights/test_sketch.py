from __future__ import annotations

import base64
import gzip
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.weights import four_bits, identity, recognise, references, sketch
from aisbom.weights.compare import compare
from aisbom.weights.shared import find_shared
from aisbom.weights.side import of_checkpoint
from tests.weights.arrays import Arrays, model


def _sketch(tables=None, label="m"):
    return sketch.write(of_checkpoint(Arrays(tables or model(1)), label), "pkg:generic/m@1", "MIT")


def test_the_same_bytes_every_time_and_read_back():
    data = _sketch()
    assert data == _sketch(dict(reversed(model(1).items())))
    side, whole = sketch.read(data), of_checkpoint(Arrays(model(1)), "m")
    assert sorted(side.keys, key=lambda k: k.name) == list(whole.keys)
    assert [axis.label for axis in side.axes] == [axis.label for axis in whole.axes]
    assert side.digest == whole.digest
    assert sketch.read_labelled(data)[0] == {
        "label": "m",
        "source": "pkg:generic/m@1",
        "licence": "MIT",
        "digest": whole.digest,
    }


def _of_before(data, version):
    """A sketch of version 3 or 4, of which the keys over counts are others than today's, and before
    4 those over bytes, too.
    """
    table = json.loads(gzip.decompress(data))
    for row in table["keys"]:
        digests = base64.b64decode(row[3])
        other = bytes(b ^ 0xFF for b in digests)
        kept = 0 if version < 4 else 36
        row[3] = base64.b64encode(digests[:kept] + other[kept:84] + digests[84:]).decode()
    return sketch.read(gzip.compress(json.dumps(table | {"version": version}).encode()))


def test_a_sketch_of_an_older_form_says_which_values_are_equal_but_not_in_which_order():
    new, old = sketch.read(_sketch()), _of_before(_sketch(), 3)
    assert {key.form for key in old.keys} == {2}
    for a, b in ((new, old), (old, new), (of_checkpoint(Arrays(model(1)), "m"), old)):
        answer = compare(a, b).answer
        assert answer["verdict"] == "identical-after-transform"
        assert set(answer["tensors"]["equal"]) == {"values"}
        assert "order that could not be compared" in answer["summary"]
        assert "reordered" not in answer["summary"]
    # The sums of both are equal: that is worth no more than a sum of 96 bits.
    assert min(match.log10_chance for match in find_shared(new.keys, old.keys).matches) == -28.9
    # Two of the same form are compared in full.
    assert compare(old, _of_before(_sketch(), 3)).answer["verdict"] == "identical"


def test_a_sketch_of_the_last_form_says_which_tensors_are_equal_and_in_which_order():
    old = _of_before(_sketch(), 4)
    assert {key.form for key in old.keys} == {3}
    tables = model(1)
    for changed, how in (
        (tables, "identical"),
        ({name: np.ascontiguousarray(table.T) for name, table in tables.items()}, "layout"),
        ({name: table[::-1] for name, table in tables.items()}, "permutation"),
    ):
        side = of_checkpoint(Arrays(changed), "m", transposed=False)
        for a, b in ((side, old), (old, side)):
            assert set(compare(a, b).answer["tensors"]["equal"]) == {how}
    # Signs and casts are not told, which is said, and clears nobody.
    signs = {name: -table for name, table in tables.items()}
    answer = compare(of_checkpoint(Arrays(signs), "m"), old).answer
    assert not answer["tensors"]["equal"]
    assert any("without their signs could not be compared" in note for note in answer["notes"])
    assert answer["verdict"] not in ("no-common-origin", "identical")


def test_public_tables_are_no_evidence_beside_a_sketch_of_an_older_form():
    new = sketch.read(_sketch())
    common = frozenset(key.content for key in new.keys)
    for version in (3, 4):
        assert not find_shared(new.keys, _of_before(_sketch(), version).keys, common).matches


def test_four_bits_keep_what_tells_units_apart():
    data = np.random.default_rng(1).normal(size=(64, 96)).astype(np.float32)
    data[5] = 1.0
    data[6, 0] = np.nan
    back = four_bits.decode(four_bits.encode(data), 64, 96)
    assert np.isnan(back[[5, 6]]).all()
    good = [i for i in range(64) if i not in (5, 6)]
    assert min(np.corrcoef(data[i], back[i])[0, 1] for i in good) > 0.97


def test_a_model_of_many_layers_stays_below_a_megabyte():
    """96 layers of 64 sampled units and two thousand tensors: the size does not follow the width,
    so this is what 100 B takes.
    """
    tables = {}
    dice = np.random.default_rng(1)
    for layer in range(96):
        for name in ("gate_proj", "up_proj"):
            tables[f"model.layers.{layer}.mlp.{name}.weight"] = dice.standard_t(
                6, size=(64, 200)
            ).astype(np.float32)
        tables[f"model.layers.{layer}.mlp.down_proj.weight"] = dice.standard_t(
            6, size=(200, 64)
        ).astype(np.float32)
        for at in range(18):
            tables[f"model.layers.{layer}.x{at}.weight"] = dice.normal(size=8).astype(np.float32)
    data = _sketch(tables)
    assert len(data) <= sketch.MAX_BYTES
    assert len(sketch.read(data).axes) == 96


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1f\x8b",
        b"PK\x03\x04",
        gzip.compress(b"[]", mtime=0),
        gzip.compress(b'{"format": 1}', mtime=0),
        gzip.compress(b"[" * 100_000, mtime=0),
    ],
)
def test_what_is_no_sketch(data):
    with pytest.raises(ValueError, match=r"sketch|Expecting"):
        sketch.read(data)


def test_a_bomb_is_cut():
    with pytest.raises(ValueError, match=r".+"):
        sketch.read(gzip.compress(b'{"a": "' + b" " * 100_000_000, mtime=0))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damage_is_said(data):
    """Any value of the object replaced by any other: read, or one ValueError."""
    table = json.loads(gzip.decompress(_SMALL))
    key = data.draw(st.sampled_from(sorted(table)))
    wrong = st.recursive(
        st.none() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
        lambda s: st.lists(s, max_size=3),
        max_leaves=5,
    )
    table[key] = data.draw(wrong | st.dictionaries(st.text(max_size=3), wrong, max_size=2))
    try:
        sketch.read(gzip.compress(json.dumps(table).encode()))
    except ValueError as error:
        assert "\n" not in str(error)


_SMALL = _sketch(model(1, layers=1, width=16, units=16))


@pytest.fixture
def empty(monkeypatch, tmp_path):
    monkeypatch.setattr(references, "SHIPPED", tmp_path / "none")
    monkeypatch.setenv("AISBOM_REFERENCES", str(tmp_path / "kept"))
    return tmp_path


def _found(tables):
    """The references that a checkpoint of these tables shares enough values with."""
    known, _ = references.load()
    checkpoint = Arrays(tables)
    keys, census = identity.every(checkpoint)[0], recognise.counts(checkpoint.tensors)
    rows = [
        (r, recognise.equal(r.side.keys, keys, census, references.common(known))) for r in known
    ]
    return [(r.name, e) for r, e in rows if e is not None]


def test_a_known_model_is_named_inside_another_under_any_name(empty):
    references.add(_sketch(), "m")
    known, notes = references.load()
    assert (notes, [r.name for r in known]) == ([], ["m"])
    inside = {f"a.{at}": v for at, v in enumerate(model(1).values())} | {
        f"b.{k}": v for k, v in model(2).items()
    }
    ((name, found),) = _found(inside)
    assert (name, found.there, found.hows, known[0].licence) == ("m", 1.0, ("identical",), "MIT")
    assert found.here == pytest.approx(0.5)
    assert _found(model(3)) == []


def test_a_buffer_that_strangers_share_is_common(empty):
    public = np.random.default_rng(9).standard_t(5, size=(48, 48)).astype(np.float32)
    references.add(_sketch(model(1) | {"buffer": public}, "m1"), "m1")
    references.add(_sketch(model(2) | {"buffer": public}, "m2"), "m2")
    known, _ = references.load()
    assert len(references.common(known)) == 1
    assert _found(model(3, layers=1) | {"buffer": public}) == []


@pytest.mark.parametrize("name", ["", "../x", ".x", "a/b", "x" * 200])
def test_a_reference_has_a_plain_name(empty, name):
    with pytest.raises(ValueError, match="plain file name"):
        references.add(_sketch(), name)


def test_a_broken_reference_is_said_and_passed_over(empty):
    references.add(_sketch(), "m")
    (empty / "kept" / "bad.sketch").write_bytes(b"no")
    known, notes = references.load()
    assert len(known) == 1
    assert notes and "bad.sketch" in notes[0]


def _reference(tables, name):
    side = of_checkpoint(Arrays(tables), name)
    return references.Reference(name, "", "", side.digest, False, side)


def test_relatives_are_no_sign_that_a_tensor_is_public(monkeypatch):
    """A base and its children share much; each is held against the family once, not against all."""
    base = model(1)
    family = []
    for child in range(30):
        own = model(100 + child)
        mlp = {k: v for k, v in own.items() if "gate_proj" in k}
        family.append(_reference({**base, **mlp}, f"child {child}"))
    calls = []
    monkeypatch.setattr(references, "find_shared", lambda *_: calls.append(1))
    assert references.common(family) == frozenset()
    assert not calls


def test_a_buffer_that_strangers_share_is_public():
    buffer = {"buffer.weight": model(9)["model.embed_tokens.weight"][:70]}
    known = [_reference({**model(seed), **buffer}, str(seed)) for seed in (1, 2)]
    known.append(_reference(model(1), "relative"))
    (only,) = references.common(known)
    assert only == next(k.content for k in known[0].side.keys if k.name == "buffer.weight")
