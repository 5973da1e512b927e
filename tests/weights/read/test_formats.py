"""What readers make of formats that are put together by hand, and of folders."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path

import pytest

from aisbom.weights.read.reader import open_checkpoint
from tests.weights.builders import gguf, openvino, paddle, tflite
from tests.weights.read.test_safetensors import entry, written

SAMPLES = Path(__file__).parents[1] / "samples"


def test_constants_of_openvino(tmp_path: Path) -> None:
    text, values = openvino()
    (tmp_path / "m.xml").write_bytes(text)
    alone = open_checkpoint(tmp_path / "m.xml")
    assert [tensor.exact for tensor in alone.tensors] == [False] * 3
    assert "not here" in alone.notes[0]
    alone.close()
    (tmp_path / "m.bin").write_bytes(values)
    opened = open_checkpoint(tmp_path)
    assert [(t.name, t.dtype, t.shape) for t in opened.tensors] == [
        ("again", "F32", (4,)),
        ("half", "F16", ()),
        ("w", "F32", (2, 2)),
    ]
    assert (opened.read("w"), opened.read("half")) == (values[:16], values[16:])
    assert [file.name for file in opened.files] == ["m.xml", "m.bin"]
    opened.close()
    (tmp_path / "m.bin").write_bytes(values[:-1])
    with pytest.raises(ValueError, match="truncated"):
        open_checkpoint(tmp_path / "m.xml")


def test_parameters_of_paddle(tmp_path: Path) -> None:
    program, stored = paddle()
    (tmp_path / "m.pdiparams").write_bytes(stored)
    alone = open_checkpoint(tmp_path / "m.pdiparams")
    assert [(t.name, t.shape) for t in alone.tensors] == [
        ("parameter#00000", (1, 3)),
        ("parameter#00001", (2,)),
    ]
    alone.close()
    (tmp_path / "m.pdmodel").write_bytes(program)
    for path in (tmp_path / "m.pdiparams", tmp_path / "m.pdmodel", tmp_path):
        opened = open_checkpoint(path)
        assert [(t.name, t.dtype, t.shape, t.exact) for t in opened.tensors] == [
            ("a", "F32", (1, 3), True),
            ("z", "F32", (2,), True),
        ]
        assert opened.read("z") == struct.pack("<2f", 4, 5)
        opened.close()
    (tmp_path / "m.pdiparams").write_bytes(stored[: len(stored) // 2])
    with pytest.raises(ValueError, match="truncated"):
        open_checkpoint(tmp_path / "m.pdiparams")


def test_constants_of_tflite(tmp_path: Path) -> None:
    (tmp_path / "m.tflite").write_bytes(tflite())
    opened = open_checkpoint(tmp_path / "m.tflite")
    assert [(t.name, t.dtype, t.shape) for t in opened.tensors] == [
        ("shape", "I32", (2,)),
        ("w", "F32", (2, 2)),
    ]
    assert (opened.read("w"), opened.read("shape")) == (
        struct.pack("<4f", 1, 2, 3, 4),
        struct.pack("<2i", 7, 8),
    )
    opened.close()


def shards(folder: Path) -> None:
    for number, name in ((1, "b"), (2, "a")):
        data = written({name: entry("U8", [2], 0, 2)}, 0) + bytes([number, number])
        (folder / f"model-{number:05}-of-00002.safetensors").write_bytes(data)


def test_shards_are_one_checkpoint_whatever_they_are_called(tmp_path: Path) -> None:
    shards(tmp_path)
    table = {
        "weight_map": {
            "b": "model-00001-of-00002.safetensors",
            "a": "model-00002-of-00002.safetensors",
        }
    }
    for path in (tmp_path, tmp_path / "model.safetensors.index.json"):
        opened = open_checkpoint(path)
        assert [tensor.name for tensor in opened.tensors] == ["a", "b"]
        assert (opened.read("a"), opened.read("b"), opened.notes) == (b"\2\2", b"\1\1", ())
        opened.close()
        (tmp_path / "model.safetensors.index.json").write_text(json.dumps(table))
    table["weight_map"]["c"] = "model-00002-of-00002.safetensors"
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(table))
    assert "differ in 1 names" in open_checkpoint(tmp_path).notes[0]
    (tmp_path / "model-00001-of-00002.safetensors").unlink()
    assert "1 of 2 shards are not here" in open_checkpoint(tmp_path).notes[0]
    (tmp_path / "model.safetensors.index.json").unlink()
    assert "1 of 2 shards are here" in open_checkpoint(tmp_path).notes[0]


@pytest.mark.parametrize(
    "name",
    [
        "../out.safetensors",
        "/out.safetensors",
        "a/../../out.safetensors",
        "..\\out.safetensors",
        "link.safetensors",
    ],
)
def test_an_index_does_not_lead_out_of_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "out.safetensors").write_bytes(written({"a": entry("U8", [2], 0, 2)}, 2))
    inside = tmp_path / "model"
    inside.mkdir()
    (inside / "link.safetensors").symlink_to(tmp_path / "out.safetensors")
    (inside / "m.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": name}}))
    with pytest.raises(ValueError, match=r"not opened|not followed"):
        open_checkpoint(inside)


def test_two_shards_with_one_name_of_a_tensor_are_refused(tmp_path: Path) -> None:
    shards(tmp_path)
    shutil.copy(
        tmp_path / "model-00001-of-00002.safetensors", tmp_path / "model-00002-of-00002.safetensors"
    )
    with pytest.raises(ValueError, match="same name"):
        open_checkpoint(tmp_path)


def test_a_folder_of_several_models_asks_which(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no weight file"):
        open_checkpoint(tmp_path)
    for name in ("q4.gguf", "q8.gguf"):
        (tmp_path / name).write_bytes(gguf([("a", (8,), 0, 0)], bytes(32)))
    with pytest.raises(ValueError, match="holds 2 checkpoints"):
        open_checkpoint(tmp_path)
    # The same model in a second format is no second checkpoint.
    (tmp_path / "model.safetensors").write_bytes(written({"a": entry("U8", [2], 0, 2)}, 2))
    assert open_checkpoint(tmp_path).format == "safetensors"
    with pytest.raises(ValueError, match="no regular file"):
        open_checkpoint(tmp_path / "none.gguf")


def test_content_decides_before_the_name(tmp_path: Path) -> None:
    for name in ("x.bin", "x.onnx", "x"):
        shutil.copy(SAMPLES / "kquants.gguf", tmp_path / name)
        assert open_checkpoint(tmp_path / name).format == "gguf"
