from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from aisbom.collect.models.weight_data import SiblingFiles
from aisbom.collect.models.weights import COLLECTOR
from aisbom.model import Gap, Observation
from aisbom.source.tree import Tree
from tests.conftest import MakeTree, collect
from tests.program import run
from tests.weights.builders import openvino

SAMPLES = Path(__file__).parents[2] / "weights" / "samples"
TEXT, VALUES = openvino()
GRAPH, DATA = (SAMPLES / "graph.onnx").read_bytes(), (SAMPLES / "graph.data").read_bytes()
POINTER = (
    f"version https://git-lfs.github.com/spec/v1\noid sha256:{'c' * 64}\nsize 5000000000\n".encode()
)
MODELS = [
    ({"m.xml": TEXT, "m.bin": VALUES}, "m.bin", "openvino"),
    ({"graph.onnx": GRAPH, "graph.data": DATA}, "graph.data", "onnx"),
]


def held(rows):
    return [row for row in rows if isinstance(row, Observation) and row.kind == "weight-data"]


@pytest.mark.parametrize(("files", "data", "form"), MODELS)
def test_values_beside_a_description_are_a_sighting_of_their_own(
    make_tree: MakeTree, files, data, form
) -> None:
    rows = collect(make_tree(files), COLLECTOR)
    (found,) = held(rows)
    assert (found.name, found.evidence.at.path, found.fact("format")) == (data, data, form)
    assert (found.fact("values-of"), found.fact("size")) == (
        next(iter(files)),
        str(len(files[data])),
    )
    assert not [row for row in rows if isinstance(row, Gap)]


@pytest.mark.parametrize(("files", "data", "form"), MODELS)
def test_a_pointer_in_their_place_is_said(make_tree: MakeTree, files, data, form) -> None:
    rows = collect(make_tree({**files, data: POINTER}), COLLECTOR)
    (found,) = held(rows)
    assert (found.fact("lfs"), found.fact("hash"), found.fact("size")) == (
        "yes",
        f"sha256:{'c' * 64}",
        "5000000000",
    )
    assert [row.reason for row in rows if isinstance(row, Gap) and row.at.path == data] == [
        "only a pointer is here: weights not examined"
    ]
    described = next(row for row in rows if isinstance(row, Observation) and row.kind == "weights")
    assert described.fact("parameters")


@pytest.mark.parametrize(("files", "data", "form"), MODELS)
def test_values_that_are_cut_off_are_still_a_file_of_the_model(
    make_tree: MakeTree, files, data, form
) -> None:
    rows = collect(make_tree({**files, data: files[data][:-1]}), COLLECTOR)
    assert [row.fact("size") for row in held(rows)] == [str(len(files[data]) - 1)]
    assert ["truncated" in row.reason for row in rows if isinstance(row, Gap)] == [True]


@pytest.mark.parametrize(
    "files",
    [
        {"m.xml": TEXT},
        {"m.xml": b"<project><data/></project>", "m.bin": VALUES},
        {"firmware.bin": VALUES},
        {"graph.onnx": GRAPH, "other.data": DATA},
    ],
)
def test_files_that_no_description_names_are_none(make_tree: MakeTree, files) -> None:
    assert held(collect(make_tree(files), COLLECTOR)) == []


def test_one_that_leaves_the_tree_is_not_there(make_tree: MakeTree) -> None:
    tree = Tree(make_tree({"a/m.xml": TEXT}))
    file = tree.get("a/m.xml")
    assert file is not None
    asked = SiblingFiles(file)
    assert asked.sibling("../../m.bin") is None
    assert list(asked.rows("weights", "openvino")) == []


@pytest.mark.parametrize(("files", "data", "form"), MODELS)
def test_generate_digests_them_and_shows_them_as_parts_of_the_model(
    make_tree: MakeTree, files, data, form
) -> None:
    root = make_tree({f"net/{name}": content for name, content in files.items()})
    done = run("generate", str(root), "-o", "-")
    assert done.returncode == 0, done.stderr
    models = [
        c for c in json.loads(done.stdout)["components"] if c["type"] == "machine-learning-model"
    ]
    assert len(models) == 1
    parts = {part["name"]: part for part in models[0]["components"]}
    assert set(parts) == set(files)
    for name, content in files.items():
        assert {row["content"] for row in parts[name]["hashes"]} == {
            hashlib.sha256(content).hexdigest()
        }
    properties = {row["name"]: row["value"] for row in models[0]["properties"]}
    assert properties["aisbom:size:bytes"] == str(sum(map(len, files.values())))
    assert int(properties["aisbom:tensor:parameters"]) > 0


def test_two_descriptions_may_share_their_values(make_tree: MakeTree) -> None:
    root = make_tree(
        {
            "net/README.md": b"---\npipeline_tag: x\n---\n# Net\n",
            "net/a.onnx": GRAPH,
            "net/b.onnx": GRAPH,
            "net/graph.data": DATA,
        }
    )
    done = run("generate", str(root), "-o", "-")
    (model,) = [
        c for c in json.loads(done.stdout)["components"] if c["type"] == "machine-learning-model"
    ]
    assert sorted(part["name"] for part in model["components"]) == [
        "a.onnx",
        "b.onnx",
        "graph.data",
    ]
    sizes = {row["name"]: row["value"] for row in model["properties"]}["aisbom:size:bytes"]
    assert sizes == str(2 * len(GRAPH) + len(DATA))
