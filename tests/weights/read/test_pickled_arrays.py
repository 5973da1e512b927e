from __future__ import annotations

import pickle
import struct

import numpy as np
import pytest

from aisbom.weights import identity
from aisbom.weights.read.reader import open_checkpoint
from tests.weights.arrays import Arrays

TABLE = (np.random.default_rng(1).standard_t(6, (64, 48)) * 0.05).astype(np.float32)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_arrays_are_listed_and_their_values_are_those_of_the_array(tmp_path, protocol):
    held = {
        "w": TABLE,
        "layers": [TABLE.T, {"b": TABLE[0].astype(np.float64)}],
        "names": ["a"],
        "n": np.arange(5),
        "text": np.array(["x"], object),
    }
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(held, protocol=protocol))
    opened = open_checkpoint(tmp_path / "m.pkl")
    found = {t.name: (t.dtype, t.shape, t.exact) for t in opened.tensors}
    assert found == {
        "w": ("F32", (64, 48), True),
        "layers.0": ("F32", (48, 64), True),
        "layers.1.b": ("F64", (48,), True),
        "n": ("I64", (5,), True),
        "text": ("OTHER", (1,), False),
    }
    keys = {k.name: k for k in identity.every(opened)[0]}
    (plain,), _ = identity.every(Arrays({"t": TABLE}))
    assert keys["w"].id == plain.id
    assert keys["layers.0"].id == plain.id_t
    assert any("never unpickled" in note for note in opened.notes)


def test_arrays_beside_calls_are_listed(tmp_path):
    class Bad:
        def __reduce__(self):
            return (__import__("os").system, ("touch /tmp/ran",))

    (tmp_path / "m.pkl").write_bytes(pickle.dumps({"w": TABLE, "x": Bad()}))
    opened = open_checkpoint(tmp_path / "m.pkl")
    assert [t.name for t in opened.tensors] == ["w"]


def test_a_lying_shape_is_said(tmp_path):
    data = pickle.dumps({"w": TABLE}, protocol=2)
    assert data.count(b"K@K0\x86") == 1
    (tmp_path / "m.pkl").write_bytes(data.replace(b"K@K0\x86", b"K@K1\x86"))
    with pytest.raises(ValueError, match="which its shape does not"):
        open_checkpoint(tmp_path / "m.pkl")
    huge = data.replace(b"K@K0\x86", b"J" + struct.pack("<i", 2**31 - 1) + b"K0\x86")
    (tmp_path / "m.pkl").write_bytes(huge)
    with pytest.raises(ValueError, match="which its shape does not"):
        open_checkpoint(tmp_path / "m.pkl")
