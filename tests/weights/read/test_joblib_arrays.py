from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import pickle
import sys
import types
import zlib
from pathlib import Path

import numpy as np
import pytest

from aisbom.collect.models.weights import COLLECTOR, compression
from aisbom.model import Gap, Observation
from aisbom.weights.read.reader import open_checkpoint
from aisbom.weights.read.source import Memory
from aisbom.weights.unsafe import examine
from tests.conftest import MakeTree, collect

SAMPLE = (Path(__file__).parents[1] / "samples" / "arrays.joblib").read_bytes()
TABLE = (np.random.default_rng(1).standard_t(6, (24, 16)) * 0.05).astype(np.float32)


class Evil:
    def __reduce__(self):
        return os.system, ("touch never-made",)


def dumped(held, monkeypatch, aligned=True, **changed):
    """What joblib writes of a dict of arrays, by the layout of its files: values behind the opcodes
    that describe them.
    """
    module = types.ModuleType("joblib.numpy_pickle")
    wrapper = type("NumpyArrayWrapper", (), {"__module__": "joblib.numpy_pickle"})
    module.NumpyArrayWrapper = wrapper
    monkeypatch.setitem(sys.modules, "joblib", types.ModuleType("joblib"))
    monkeypatch.setitem(sys.modules, "joblib.numpy_pickle", module)
    out = io.BytesIO()

    class Pickler(pickle._Pickler):
        def save(self, item, save_persistent_id=True):
            if not isinstance(item, np.ndarray):
                return super().save(item, save_persistent_id)
            stand_in = wrapper()
            stand_in.__dict__ = {
                "subclass": np.ndarray,
                "shape": item.shape,
                "order": "C",
                "dtype": item.dtype,
                "allow_mmap": True,
            }
            if aligned:
                stand_in.__dict__["numpy_array_alignment_bytes"] = 16
            stand_in.__dict__ |= changed
            super().save(stand_in, save_persistent_id)
            if item.dtype.hasobject:
                pickle.dump(item, out, protocol=5)
                return None
            if aligned:
                padding = 16 - (out.tell() + 1) % 16
                out.write(bytes([padding]) + b"\xff" * padding)
            out.write(item.tobytes())
            return None

    # No protocol with frames: joblib writes past them.
    Pickler(out, 3).dump(held)
    return out.getvalue()


@pytest.mark.parametrize("aligned", [True, False])
def test_values_between_the_opcodes_are_found(tmp_path, monkeypatch, aligned):
    (tmp_path / "m.joblib").write_bytes(
        dumped({"w": TABLE, "b": TABLE[0], "k": "word"}, monkeypatch, aligned)
    )
    opened = open_checkpoint(tmp_path / "m.joblib")
    assert [(t.name, t.dtype, t.shape, t.exact) for t in opened.tensors] == [
        ("b", "F32", (16,), True),
        ("w", "F32", (24, 16), True),
    ]
    assert (opened.read("w"), opened.read("b")) == (TABLE.tobytes(), TABLE[0].tobytes())
    assert opened.notes == ("a pickle of NumPy arrays: listed from its opcodes, never unpickled",)
    opened.close()


def test_a_call_inside_an_array_of_objects_is_found_and_never_run(
    make_tree: MakeTree, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    data = dumped({"w": TABLE, "x": np.array([Evil()], object)}, monkeypatch)
    rows = collect(make_tree({"m.joblib": data}), COLLECTOR)
    assert [row.fact("tensors") for row in rows if isinstance(row, Observation)] == ["2"]
    found = examine(Memory(data), "m.joblib")
    assert [h.what for h in found.hazards] == [f"calls {os.system.__module__}.system"]
    assert not (tmp_path / "never-made").exists()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"shape": (2**40, 16)}, "promised|exhausted"),
        ({"shape": (2**62, 2**62)}, "more bytes than a file has"),
        ({"shape": (-1,)}, "without a sound shape"),
        ({"shape": "x"}, "without a sound shape"),
        ({"dtype": "f4"}, "without a sound type"),
        ({"shape": (23, 16)}, "pickle"),
    ],
)
def test_a_lying_wrapper_is_said(tmp_path, monkeypatch, changed, reason):
    (tmp_path / "m.joblib").write_bytes(dumped({"w": TABLE}, monkeypatch, **changed))
    with pytest.raises(ValueError, match=reason):
        open_checkpoint(tmp_path / "m.joblib")


def test_one_that_ends_early_is_said(tmp_path):
    for end in (len(SAMPLE) // 4, len(SAMPLE) // 2, len(SAMPLE) - 1):
        (tmp_path / "m.joblib").write_bytes(SAMPLE[:end])
        with pytest.raises(ValueError, match="pickle"):
            open_checkpoint(tmp_path / "m.joblib")


def test_a_joblib_file_in_a_tree_is_a_sighting_of_weights(make_tree: MakeTree):
    rows = collect(
        make_tree(
            {"model.joblib": SAMPLE, "encoder.joblib": pickle.dumps({"classes": ["a", "b"]})}
        ),
        COLLECTOR,
    )
    (found,) = [row for row in rows if isinstance(row, Observation)]
    assert (found.name, found.fact("tensors"), found.fact("examined")) == (
        "model.joblib",
        "6",
        "header",
    )


@pytest.mark.parametrize(
    ("pack", "word"),
    [
        (zlib.compress, "zlib"),
        (gzip.compress, "gzip"),
        (bz2.compress, "bzip2"),
        (lzma.compress, "xz"),
        (lambda data: lzma.compress(data, lzma.FORMAT_ALONE), "lzma"),
        (lambda data: b"\x04\x22\x4d\x18" + data, "lz4"),
        (lambda data: b"ZF0x20              " + zlib.compress(data), "zlib"),
    ],
)
@pytest.mark.parametrize("name", ["m.joblib", "m.joblib.z", "m.pkl"])
def test_compressed_ones_are_a_gap_with_the_reason(make_tree: MakeTree, pack, word, name):
    rows = collect(make_tree({name: pack(SAMPLE)}), COLLECTOR)
    gaps = [row.reason for row in rows if isinstance(row, Gap)]
    assert gaps == [f"compressed with {word}: its arrays are not listed"]


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("value", [{"a": 1}, [], "x", 5, None, ("x",)])
def test_no_plain_pickle_is_taken_for_a_compressed_one(protocol, value):
    assert compression(pickle.dumps(value, protocol)) == ""
