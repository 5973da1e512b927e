"""Headers that lie: nothing but ValueError may come out, whatever is done to a sound file, and a
lie never costs memory.
"""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aisbom.weights.read.reader import open_checkpoint, open_source
from aisbom.weights.read.source import Memory
from tests.weights.builders import gguf, openvino, paddle, tflite
from tests.weights.read.test_safetensors import entry, written

SAMPLES = Path(__file__).parents[1] / "samples"
SOUND = {
    "m.safetensors": written(
        {"a": entry("F32", [2, 2], 0, 16), "b": entry("BF16", [3], 16, 22)}, 22
    ),
    **{
        name: (SAMPLES / name).read_bytes()
        for name in (
            *(
                "state.pt",
                "legacy.pth",
                "module.pt",
                "scripted.jit",
                "plain.npz",
                "packed.npz",
                "one.npy",
                "earliest.h5",
                "latest.h5",
            ),
            *("stored.keras", "packed.keras", "graph.onnx", "kquants.gguf", "arrays.joblib"),
        )
    },
    "m.tflite": tflite(),
    "m.xml": openvino()[0],
    "m.pdmodel": paddle()[0],
    "m.pdiparams": paddle()[1],
}


def use(name: str, data: bytes) -> None:
    """Open and read everything, as a comparison would."""
    opened = open_source(
        Memory(data), name, lambda other: Memory(SOUND[other]) if other in SOUND else None
    )
    for tensor in opened.tensors:
        if tensor.exact and tensor.numel <= 10_000:
            try:
                opened.read(tensor.name)
            except ValueError:
                continue
    opened.close()


@pytest.mark.parametrize("name", sorted(SOUND))
def test_the_sound_ones_are_read(name: str) -> None:
    use(name, SOUND[name])


@pytest.mark.parametrize("name", sorted(SOUND))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_mutated_headers_give_a_value_error_or_a_checkpoint(name: str, data: st.DataObject) -> None:
    content = bytearray(SOUND[name])
    # Most of a header is at the start or, for zips, at the end.
    for _ in range(data.draw(st.integers(1, 6))):
        near = data.draw(st.sampled_from([64, 512, 4096, len(content)]))
        at = data.draw(st.integers(0, min(near, len(content)) - 1))
        at = at if data.draw(st.booleans()) else len(content) - 1 - at
        kind = data.draw(st.sampled_from(["byte", "word", "cut", "insert", "huge"]))
        if kind == "byte":
            content[at] = data.draw(st.integers(0, 255))
        elif kind == "word":
            content[at : at + 4] = data.draw(st.binary(min_size=4, max_size=4))
        elif kind == "huge":
            content[at : at + 8] = b"\xff" * data.draw(st.integers(1, 8))
        elif kind == "insert":
            content[at:at] = data.draw(st.binary(min_size=1, max_size=9))
        else:
            del content[at : at + data.draw(st.integers(1, 100))]
        if not content:
            break
    try:
        use(name, bytes(content))
    except ValueError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("name", sorted(SOUND))
def test_every_truncation_gives_a_value_error_or_a_checkpoint(name: str) -> None:
    data = SOUND[name]
    for end in {*range(0, min(len(data), 300)), *range(0, len(data), 97)}:
        try:
            use(name, data[:end])
        except ValueError:
            continue


@given(st.binary(max_size=300), st.sampled_from(sorted(SOUND)))
def test_any_bytes_under_any_name(data: bytes, name: str) -> None:
    for start in (
        b"",
        b"GGUF\3\0\0\0",
        b"PK\3\4",
        b"\x89HDF\r\n\x1a\n",
        b"\x93NUMPY\1\0",
        b"\x80\x02",
        b"\x20\0\0\0TFL3",
        b"\x08\x07",
    ):
        try:
            use(name, start + data)
        except ValueError:
            continue


def refused(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        use(name, data)


def test_a_gguf_that_lies() -> None:
    huge = 2**62
    refused("m.gguf", b"GGUF" + struct.pack("<IQQ", 3, huge, 0), "more than the file can hold")
    refused("m.gguf", b"GGUF" + struct.pack("<IQQ", 3, 0, huge), "more than the file can hold")
    refused("m.gguf", b"GGUF" + struct.pack("<IQQ", 9, 0, 0), "version 9")
    refused("m.gguf", b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "big-endian")
    refused("m.gguf", gguf([("a", (2**40, 2**30), 0, 0)]), "no possible shape")
    refused("m.gguf", gguf([("a", (2**40,), 0, 0)]), "truncated")
    refused("m.gguf", gguf([("a", (8,), 0, 0), ("b", (8,), 0, 0)], bytes(64)), "overlaps")
    refused("m.gguf", gguf([("a", (8,), 0, 0), ("a", (8,), 0, 32)], bytes(64)), "same name")
    refused("m.gguf", gguf([("a", (8,), 99, 0)], bytes(64)), "unknown type")
    refused("m.gguf", gguf([("a", (8,), 12, 0)], bytes(64)), "do not fill blocks")
    refused("m.gguf", gguf([("a", (), 12, 0)], bytes(64)), "do not fill blocks")
    refused("m.gguf", gguf([("a", (8,), 0, 4)], bytes(64)), "off the alignment")


@pytest.mark.parametrize("version", [1, 2, 3])
def test_every_version_of_gguf_is_read(version: int) -> None:
    values = struct.pack("<6f", *range(6))
    opened = open_source(
        Memory(gguf([("a", (3, 2), 0, 0)], values, version)), "m.gguf", lambda _: None
    )
    assert (opened.tensors[0].shape, opened.read("a", 4, 1)) == ((2, 3), values[16:20])


def test_zip_bombs_and_double_members() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m/data.pkl", bytes(200_000_000))
    tracemalloc.start()
    refused("m.pt", packed.getvalue(), "200,000,000 bytes, where")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("m/data.pkl", b"\x80\x02N.")
        archive.writestr("m/data.pkl", b"\x80\x02).")
    refused("m.pt", packed.getvalue(), "two members of one name")


@pytest.mark.parametrize(
    ("pickled", "reason"),
    [
        (b"\x80\x02" + b"(" * 100_000, "exhausted|STOP"),
        (b"\x80\x02]" + b"2" * 100 + b"a" * 100 + b".", "^$"),
        (b"\x80\x04\x8d" + b"\xff" * 8, "a value of more than"),
        (b"\x80\x04\x95" + b"\xff" * 8 + b"N.", "^$"),
    ],
)
def test_pickles_made_to_exhaust(pickled: bytes, reason: str) -> None:
    if reason == "^$":
        use(
            "m.pkl", pickled
        )  # a list that holds itself; a frame whose length is of no use to a walk
    else:
        refused("m.pkl", pickled, reason)


def test_a_pickle_that_doubles_itself_costs_nothing() -> None:
    """Each round makes a pair of the last pair: 2**60 items if anyone unfolded them."""
    refused("m.pt", b"\x80\x02", "exhausted|STOP")
    use("m.pt", b"\x80\x02)" + b"2\x86" * 60 + b".")
    use("m.pt", b"\x80\x02}" + b"N)" + b"2\x86" * 60 + b"s.")


def test_a_list_that_is_copied_over_and_over_is_refused() -> None:
    items = b"\x80\x02](" + b"K\x01" * 100_000 + b"eq\x00"
    refused(
        "m.pt",
        items + b"c__builtin__\nset\nq\x01" + b"h\x01h\x00\x85R" * 100 + b".",
        "over and over",
    )


@pytest.mark.parametrize("suffix", ["safetensors", "gguf"])
def test_a_sparse_checkpoint_of_200_gb_is_inspected_in_constant_memory(
    tmp_path: Path, suffix: str
) -> None:
    size = 200_000_000_000
    path = tmp_path / f"m.{suffix}"
    side = 50_000
    count = size // (side * side * 2)
    if suffix == "safetensors":
        table = {
            f"layers.{n}.w": entry(
                "F16", [side, side], n * side * side * 2, (n + 1) * side * side * 2
            )
            for n in range(count)
        }
        head = written(table, 0)
    else:
        head = gguf([(f"blk.{n}.w", (side, side), 1, n * side * side * 2) for n in range(count)])
    path.write_bytes(head)
    try:
        with path.open("r+b") as stream:
            stream.truncate(len(head) + count * side * side * 2)
    except OSError:
        pytest.skip("this file system has no sparse files")
    tracemalloc.start()
    opened = open_checkpoint(path)
    assert sum(tensor.numel for tensor in opened.tensors) == count * side * side
    assert opened.read(opened.tensors[-1].name, side * side - 4) == bytes(8)
    assert tracemalloc.get_traced_memory()[1] < 3_000_000
    tracemalloc.stop()
    opened.close()


def test_not_a_number_is_a_value_like_any_other() -> None:
    nan = struct.pack("<2f", float("nan"), float("inf"))
    opened = open_source(
        Memory(written({"a": entry("F32", [2], 0, 8)}, 0) + nan), "m.safetensors", lambda _: None
    )
    assert opened.read("a") == nan


def test_entities_in_a_description_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE net [<!ENTITY a "aaaa">]><net name="&a;"/>'
    refused("m.xml", bomb, "entities")
