"""Model files that run code when they are loaded, in every way that was met, and beside them one
that only holds data.
"""

from __future__ import annotations

import gzip
import io
import json
import pickle
import warnings
import zipfile
from pathlib import Path

from tests.hostile import case
from tests.hostile.archives import member, zipped
from tests.hostile.parsers import write
from tests.weights.builders import field
from tests.weights.unsafe.test_other_formats import CUSTOM, LAMBDA, hdf5, keras
from tests.weights.unsafe.test_pickles import SYSTEM, TRICKS, UNREAD, WAYS

TEXT = b"cos\nsystem\n(S'id'\ntR."
ENDINGS = (
    *("pkl", "pickle", "joblib", "pt", "pth", "ckpt", "dill", "pt2", "sav", "p", "dat", "model"),
    *("PKL", "PT", "Joblib", "th", "pdparams", "t7", "kv", "obj", "params", "npy", "npz", "bin"),
    *("pth.tar", "pt.old", "pkl.1", "ckpt-100", "cache", "state", "txt", "png", "safetensors"),
)
NAMES = (
    "training_args.bin",
    "optimizer.bin",
    "rng_state.pth",
    "checkpoint",
    "vocab",
    "model_final",
)


def named(*names: str) -> tuple[str, ...]:
    return tuple(sorted(names))


@case(runs=named(*(f"e/a.{ending}" for ending in ENDINGS), *(f"e/{name}" for name in NAMES)))
def pickles_under_every_ending(root: Path) -> None:
    for name in (*(f"a.{ending}" for ending in ENDINGS), *NAMES):
        write(root, f"e/{name}", SYSTEM)


@case(runs=named(*(f"e/a.{ending}" for ending in ENDINGS)))
def pickles_of_text_under_every_ending(root: Path) -> None:
    for ending in ENDINGS:
        write(root, f"e/a.{ending}", TEXT)


@case(runs=named(*(f"w/{n}.pkl" for n in range(len(WAYS) + len(TRICKS) + len(UNREAD)))))
def pickles_written_in_every_way(root: Path) -> None:
    every = [*WAYS.values(), *(data for data, _ in TRICKS.values()), *UNREAD.values()]
    for number, data in enumerate(every):
        write(root, f"w/{number}.pkl", data)


@case(runs=named(*(f"c/{n}.pt" for n in range(1, len(SYSTEM)))))
def pickles_that_are_cut(root: Path) -> None:
    """Wherever it ends, it is not said to be harmless."""
    for end in range(1, len(SYSTEM)):
        write(root, f"c/{end}.pt", SYSTEM[:end] + b"\xff")


@case(runs=("o/a.pkl", "o/b.joblib", "o/c.pt"), large=True)
def pickles_of_more_than_is_followed(root: Path) -> None:
    for name in ("a.pkl", "b.joblib", "c.pt"):
        write(root, f"o/{name}", b"\x80\x02" + b"N0" * 2_600_000 + SYSTEM[2:])


@case(
    runs=(
        "z/a.pt",
        "z/b.pt",
        "z/c.pkl.gz",
        "z/d.pkl.zst",
        "z/e.joblib.lz4",
        "z/f.pt",
        "z/g.whatever",
    )
)
def pickles_in_wrappings(root: Path) -> None:
    plain = pickle.dumps({"a": 1}, 2)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("m/data.pkl", plain)
        archive.writestr("m/data.pkl", SYSTEM)
    write(root, "z/a.pt", out.getvalue())
    write(root, "z/b.pt", b"front" * 20 + zipped({"m/data.pkl": SYSTEM}))
    write(root, "z/c.pkl.gz", gzip.compress(SYSTEM))
    write(root, "z/d.pkl.zst", b"\x28\xb5\x2f\xfd" + bytes(40))
    write(root, "z/e.joblib.lz4", b"\x04\x22\x4d\x18" + bytes(40))
    write(root, "z/f.pt", member("storages", plain) + member("pickle", SYSTEM) + bytes(1024))
    write(root, "z/g.whatever", zipped({"m/data.pkl": SYSTEM}))


@case(
    runs=(
        "a.zip!/in/m.pkl",
        "b.tar.gz!/in/m.pkl",
        "c.whl!/p/m.bin",
        "d.nemo!/m.ckpt",
        "e.mar!/m.pt",
    )
)
def pickles_in_archives(root: Path) -> None:
    write(root, "a.zip", zipped({"in/m.pkl": SYSTEM}))
    write(root, "b.tar.gz", gzip.compress(member("in/m.pkl", SYSTEM) + bytes(1024)))
    write(root, "c.whl", zipped({"p/m.bin": SYSTEM, "p-1.dist-info/METADATA": b"Name: p\n"}))
    write(root, "d.nemo", member("./m.ckpt", SYSTEM) + bytes(1024))
    write(root, "e.mar", zipped({"m.pt": SYSTEM}))


@case(
    runs=(
        *(
            "m/a.keras",
            "m/b.keras",
            "m/c.h5",
            "m/saved_model.pb",
            "m/d.onnx",
            "m/e.onnx",
            "m/f.gguf",
        ),
        *("m/chat_template.jinja", "n/chat_template.json", "n/tokenizer_config.json"),
        *("o/model_index.json", "o/config.json"),
    )
)
def layers_operators_and_templates(root: Path) -> None:
    write(root, "m/a.keras", keras(LAMBDA))
    write(root, "m/b.keras", keras(CUSTOM))
    write(root, "m/c.h5", hdf5(LAMBDA))
    write(root, "m/saved_model.pb", b"\x0a\x10\x12\x06PyFunc" + bytes(8))
    graph = field(7, field(1, field(4, b"Run")))
    write(root, "m/d.onnx", field(8, field(1, b"evil.ops")) + graph)
    outside = field(13, field(1, b"location") + field(2, b"../../etc/passwd"))
    tensor = field(5, b"\x08\x01\x10\x01" + outside + b"\x70\x01" + field(8, b"w"))
    write(root, "m/e.onnx", field(7, tensor))
    evil = "{{ ''.__class__.__mro__ }}"
    key, text = b"tokenizer.chat_template", evil.encode()
    head = b"GGUF\x03\0\0\0" + bytes(8) + (1).to_bytes(8, "little")
    value = b"\x08\0\0\0" + len(text).to_bytes(8, "little") + text
    write(root, "m/f.gguf", head + len(key).to_bytes(8, "little") + key + value)
    write(root, "m/chat_template.jinja", evil)
    write(root, "n/chat_template.json", json.dumps({"chat_template": evil}))
    many = [{"name": "default", "template": evil}]
    write(root, "n/tokenizer_config.json", json.dumps({"chat_template": many}))
    write(root, "o/model_index.json", '{"_class_name": "P", "unet": ["my_file", "Unet"]}')
    write(root, "o/config.json", '{"model_type": "x", "auto_map": {"AutoModel": "m.Model"}}')


@case(runs=("l/load.py", "l/a.ipynb"))
def code_that_trusts_what_it_loads(root: Path) -> None:
    lines = (
        "import torch\ntorch.load('a')\nAutoModel.from_pretrained('o/n', trust_remote_code=True)\n"
    )
    write(root, "l/load.py", lines)
    cell = {"cell_type": "code", "source": lines, "metadata": {}, "outputs": []}
    write(root, "l/a.ipynb", json.dumps({"cells": [cell], "nbformat": 4, "metadata": {}}))
