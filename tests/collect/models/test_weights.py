from __future__ import annotations

import io
import json
import pickle
import zipfile
from pathlib import Path

import pytest

from aisbom.collect.models.weights import COLLECTOR
from aisbom.model import Gap, Observation, Row
from tests.conftest import MakeTree, collect
from tests.weights.read.test_safetensors import entry, written

SOUND = written(
    {"model.layers.0.w": entry("BF16", [4, 2], 0, 16), "visual.w": entry("F32", [1], 16, 20)}, 20
)
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'c' * 64}\nsize 5000000000\n"


def split(rows: tuple[Row, ...]) -> tuple[list[Observation], list[Gap]]:
    return [row for row in rows if isinstance(row, Observation) and row.kind == "weights"], [
        row for row in rows if isinstance(row, Gap)
    ]


def test_a_safetensors_header(make_tree: MakeTree) -> None:
    (found,), _ = split(collect(make_tree({"m/model.safetensors": SOUND}), COLLECTOR))
    assert (found.kind, found.name, found.evidence.technique) == (
        "weights",
        "model.safetensors",
        "binary-analysis",
    )
    assert (found.fact("tensors"), found.fact("parameters"), found.fact("size")) == (
        "2",
        "9",
        str(len(SOUND)),
    )
    assert (found.all("dtype"), found.all("prefix")) == (("BF16", "F32"), ("model", "visual"))
    assert len(found.fact("tensor-digest")) == 64


def test_the_order_of_tensors_does_not_change_the_digest(make_tree: MakeTree) -> None:
    other = written(
        {"visual.w": entry("F32", [1], 0, 4), "model.layers.0.w": entry("BF16", [4, 2], 4, 20)}, 20
    )
    third = written(
        {"visual.w": entry("F32", [1], 0, 4), "model.layers.0.w": entry("BF16", [2, 4], 4, 20)}, 20
    )
    found, _ = split(
        collect(
            make_tree({"a.safetensors": SOUND, "b.safetensors": other, "c.safetensors": third}),
            COLLECTOR,
        )
    )
    digests = [row.fact("tensor-digest") for row in found]
    assert digests[0] == digests[1] != digests[2]


def test_a_lying_file_is_a_gap_and_still_seen(make_tree: MakeTree) -> None:
    found, gaps = split(collect(make_tree({"m.safetensors": SOUND[:-1]}), COLLECTOR))
    assert (found[0].evidence.confidence, found[0].fact("tensors")) == ("low", "")
    assert "truncated" in gaps[0].reason


@pytest.mark.parametrize(
    "name",
    [
        "m.safetensors",
        "m.gguf",
        "m.onnx",
        "m.pt",
        "pytorch_model-00001-of-00002.bin",
        "m.h5",
        "m.pdiparams",
    ],
)
def test_pointers_are_recognised_for_every_format(make_tree: MakeTree, name: str) -> None:
    found, gaps = split(collect(make_tree({name: POINTER}), COLLECTOR))
    assert (found[0].fact("lfs"), found[0].fact("hash"), found[0].fact("size")) == (
        "yes",
        f"sha256:{'c' * 64}",
        "5000000000",
    )
    assert gaps[0].reason == "only a pointer is here: weights not examined"


@pytest.mark.parametrize(
    ("name", "start", "reason"),
    [
        ("m.gguf", b"GGUF\3\0\0\0", "truncated"),
        ("m.gguf", b"no magic", "begins like this"),
        ("m.pt", b"PK\x03\x04..", "no sound zip"),
        ("m.pth", b"\x80\x02\x8a", "pickle"),
        ("pytorch_model.bin", b"\x80\x02\x8a", "pickle"),
        ("m.tflite", b"\x20\0\0\0TFL3", "promised"),
        ("m.h5", b"\x89HDF\r\n\x1a\n", "promised"),
        ("m.ckpt", b"\0\1\2", "pickle"),
        ("m.keras", b"PK\x05\x06" + bytes(18), "no checkpoint"),
        ("m.onnx", b"\x08\x07", "no graph"),
    ],
)
def test_broken_files_of_every_format_are_seen_and_said_to_be_broken(
    make_tree: MakeTree, name: str, start: bytes, reason: str
) -> None:
    found, gaps = split(collect(make_tree({name: start}), COLLECTOR))
    assert (found[0].evidence.confidence, found[0].fact("size"), found[0].fact("parameters")) == (
        "low",
        str(len(start)),
        "",
    )
    assert [reason in gap.reason for gap in gaps] == [True], gaps


SAMPLES = Path(__file__).parents[2] / "weights" / "samples"


@pytest.mark.parametrize(
    ("name", "form", "tensors"),
    [
        ("state.pt", "pytorch", "10"),
        ("legacy.pth", "pytorch-legacy", "10"),
        ("scripted.jit", "torchscript", "9"),
        ("kquants.gguf", "gguf", "11"),
        ("stored.keras", "keras", "9"),
        ("packed.keras", "keras", "9"),
        ("latest.h5", "hdf5", "9"),
    ],
)
def test_formats_give_the_same_facts_on_disk_and_in_an_archive(
    make_tree: MakeTree, name: str, form: str, tensors: str
) -> None:
    data = (SAMPLES / name).read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"pkg/{name}", data)
    found, gaps = split(collect(make_tree({name: data, "x.whl": packed.getvalue()}), COLLECTOR))
    assert gaps == []
    assert len(found) == 2
    assert found[0].facts == found[1].facts
    assert (found[0].fact("format"), found[0].fact("examined")) == (form, "header")
    counted = int(found[0].fact("tensors"))
    assert counted - int(tensors) in (0, 1)  # a script may have constants too
    assert found[0].fact("parameters").isdigit()


def test_external_data_is_found_beside_and_missed_when_gone(make_tree: MakeTree) -> None:
    files = {name: (SAMPLES / name).read_bytes() for name in ("graph.onnx", "graph.data")}
    _, gaps = split(collect(make_tree(files), COLLECTOR))
    assert gaps == []
    root = make_tree(files)
    (root / "graph.data").unlink()
    _, gaps = split(collect(root, COLLECTOR))
    assert ["is not here" in gap.reason for gap in gaps] == [True]


@pytest.mark.parametrize(
    "content",
    [
        pickle.dumps({"a": [1, 2]}),
        pickle.dumps({"x"}, 0),
        b"cats\ndogs\n",
        b"<xml/>",
        b"PK\x03\x04",
    ],
)
@pytest.mark.parametrize("name", ["data.pkl", "layout.xml"])
def test_harmless_files_with_shared_endings_say_nothing(
    make_tree: MakeTree, name: str, content: bytes
) -> None:
    assert collect(make_tree({name: content}), COLLECTOR) == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("site-packages/easy-install.pth", "import sys; exec('x')\n"),
        ("README.pt", "Olá\n" * 200),
        ("data.bin", "x"),
        ("x.json", "{}"),
        ("tokenizer.bin", "x"),
    ],
)
def test_other_files_say_nothing(make_tree: MakeTree, name: str, content: str) -> None:
    assert collect(make_tree({name: content}), COLLECTOR) == ()


def test_empty_files_and_broken_pointers_are_gaps(make_tree: MakeTree) -> None:
    found, gaps = split(collect(make_tree({"a.onnx": "", "b.onnx": POINTER[:60]}), COLLECTOR))
    assert not found
    assert ["empty" in gaps[0].reason, "pointer" in gaps[1].reason] == [True, True]


def test_an_index_and_a_missing_shard(make_tree: MakeTree) -> None:
    table = {
        "metadata": {"total_size": 20.0},
        "weight_map": {"a.w": "m-1.safetensors", "b.w": "m-2.safetensors"},
    }
    found, gaps = split(
        collect(
            make_tree({"m.safetensors.index.json": json.dumps(table), "m-1.safetensors": SOUND}),
            COLLECTOR,
        )
    )
    index = next(row for row in found if row.fact("format") == "safetensors-index")
    assert (index.fact("total-size"), index.all("shard"), index.all("prefix")) == (
        "20",
        ("m-1.safetensors", "m-2.safetensors"),
        ("a", "b"),
    )
    assert [gap.reason for gap in gaps] == [
        "1 of 2 shards named here are not in the tree, the first is m-2.safetensors"
    ]


@pytest.mark.parametrize(
    "content", ["[]", "{}", '{"weight_map": {"a": 3}}', "[" * 100_000, '{"weight_map": []}']
)
def test_a_broken_index_is_a_gap(make_tree: MakeTree, content: str) -> None:
    found, gaps = split(collect(make_tree({"m.safetensors.index.json": content}), COLLECTOR))
    assert not found
    assert len(gaps) == 1


@pytest.mark.parametrize(
    ("names", "seen"),
    [
        (["layer1/kernel", "layer1/bias"], True),
        (["W1", "b1"], True),
        ([f"arr_{number}" for number in range(6)], True),
        (["mel_80", "mel_128"], False),
        (["x_train", "y_train"], False),
        (["arr_0"], False),
    ],
)
def test_arrays_are_weights_only_where_their_names_are_those_of_a_network(
    make_tree: MakeTree, names: list[str], seen: bool
) -> None:
    np = pytest.importorskip("numpy")
    packed = io.BytesIO()
    np.savez(packed, **{name: np.zeros((2, 2), np.float32) for name in names})
    found, gaps = split(collect(make_tree({"a.npz": packed.getvalue()}), COLLECTOR))
    assert ([row.fact("format") for row in found], gaps) == (["npz"] if seen else [], [])


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ({"tensor": [1, 226, 64]}, "yes"),
        ({"mean": [1024], "var": [1024]}, "yes"),
        ({"voice": [64], "style": [64], "pitch": [64]}, ""),
        ({f"lin{n}.model.1.weight": [1, 64, 1, 1] for n in range(5)}, "yes"),
        ({"audio_embeds": [100, 1, 64]}, "yes"),
        ({"embed": [64, 64]}, ""),
        ({"weight": [64, 64]}, ""),
        ({"weights": [64], "biases": []}, "yes"),
        ({"weight": [64, 64], "bias": [64]}, ""),
        ({"proj.w": [64, 64]}, ""),
        ({"tensor": [8_000, 8_000]}, ""),
    ],
)
def test_a_latent_or_a_table_of_statistics_is_called_so(
    make_tree: MakeTree, shapes: dict[str, list[int]], said: str
) -> None:
    held, at = {}, 0
    for name, shape in shapes.items():
        size = 1
        for number in shape:
            size *= number
        held[name] = entry("U8", shape, at, at + size)
        at += size
    found, _ = split(collect(make_tree({"a.safetensors": written(held, at)}), COLLECTOR))
    assert [row.fact("unlayered") for row in found if row.kind == "weights"] == [said]


@pytest.mark.parametrize(
    ("held", "said"),
    [({"mean": -5.5, "step": 3}, "yes"), (["x" * 9_000], "yes"), (["x" * 2_000_000], "")],
)
def test_a_small_file_of_numbers_is_no_network(
    make_tree: MakeTree, held: object, said: str
) -> None:
    """What has no tensor and is too small for any holds a mean, a step or a name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("own/data.pkl", pickle.dumps(held, 2))
        archive.writestr("own/version", "3\n")
    found, _ = split(collect(make_tree({"own.pt": packed.getvalue()}), COLLECTOR))
    assert [row.fact("unlayered") for row in found] == [said]
