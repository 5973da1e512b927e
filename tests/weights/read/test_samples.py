"""Small files that the frameworks themselves wrote, and the values that they read back from
them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from aisbom.weights.read.reader import open_checkpoint

SAMPLES = Path(__file__).parents[1] / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(EXPECTED["tensors"]))
def test_every_tensor_as_its_framework_reads_it(name: str) -> None:
    form, tensors = EXPECTED["tensors"][name]
    opened = open_checkpoint(SAMPLES / name)
    try:
        assert opened.format == form
        found = {tensor.name: tensor for tensor in opened.tensors}
        assert {key: [found[key].dtype, list(found[key].shape)] for key in tensors} == {
            key: row[:2] for key, row in tensors.items()
        }
        extra = set(found) - set(tensors)
        assert all(key.startswith("constants.") for key in extra), extra
        for key, (_, _, digest) in tensors.items():
            assert found[key].exact == (digest is not None)
            if digest is not None:
                assert hashlib.sha256(opened.read(key)).hexdigest() == digest, key
                half = found[key].numel // 2
                assert (
                    hashlib.sha256(opened.read(key, 0, half) + opened.read(key, half)).hexdigest()
                    == digest
                ), key
    finally:
        opened.close()


def test_blocks_of_every_quantised_type_have_the_values_of_the_reference() -> None:
    opened = open_checkpoint(SAMPLES / "kquants.gguf")
    for name, digest in EXPECTED["f32"].items():
        rows = [opened.read_f32(name, row, 1) for row in range(3)]
        assert hashlib.sha256(b"".join(rows)).hexdigest() == digest, name
    opened.close()


def test_what_a_gguf_header_says() -> None:
    opened = open_checkpoint(SAMPLES / "kquants.gguf")
    metadata = dict(opened.metadata)
    assert (metadata["general.name"], metadata["general.architecture"]) == ("sample", "llama")
    assert metadata["tokenizer.ggml.tokens"] == "[100 values]"
    with pytest.raises(ValueError, match="not stored as plain values"):
        opened.read("blk.0.Q4_K")
    with pytest.raises(ValueError, match="has 3 rows"):
        opened.read_f32("blk.0.Q4_K", 2, 2)
    opened.close()


def test_tied_weights_and_links_are_said() -> None:
    for name, words in (
        ("state.pt", "tied weights"),
        ("legacy.pth", "tied weights"),
        ("latest.h5", "not followed"),
    ):
        opened = open_checkpoint(SAMPLES / name)
        assert any(words in note for note in opened.notes), name
        opened.close()


def test_external_data_that_is_missing_leaves_names_and_shapes(tmp_path: Path) -> None:
    (tmp_path / "graph.onnx").write_bytes((SAMPLES / "graph.onnx").read_bytes())
    opened = open_checkpoint(tmp_path / "graph.onnx")
    assert any("is not here" in note for note in opened.notes)
    outside = next(tensor for tensor in opened.tensors if tensor.name == "outside")
    assert (outside.shape, outside.exact) == ((4, 500), False)
    opened.close()


def test_external_data_is_looked_for_in_the_folder_only(tmp_path: Path) -> None:
    inside = tmp_path / "model"
    inside.mkdir()
    (tmp_path / "x.data").write_bytes((SAMPLES / "graph.data").read_bytes())
    (inside / "graph.onnx").write_bytes(
        (SAMPLES / "graph.onnx").read_bytes().replace(b"graph.data", b"../x.data\x20")
    )
    opened = open_checkpoint(inside / "graph.onnx")
    assert any("leaves the folder" in note for note in opened.notes)
    opened.close()
    (inside / "graph.data").symlink_to(tmp_path / "x.data")
    (inside / "graph.onnx").write_bytes((SAMPLES / "graph.onnx").read_bytes())
    opened = open_checkpoint(inside / "graph.onnx")
    assert any("not followed" in note for note in opened.notes)
    opened.close()
