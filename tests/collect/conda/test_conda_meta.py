from __future__ import annotations

import json

import pytest

from aisbom.collect.conda.conda_meta import COLLECTOR
from aisbom.model import Gap, Observation, Relation
from tests.conftest import MakeTree, collect
from tests.program import every_component, run

RECORD = {
    "name": "zlib",
    "version": "1.3.1",
    "build": "hb9d3cd8_2",
    "channel": "https://conda.anaconda.org/t/secret-token/conda-forge/linux-64",
    "subdir": "linux-64",
    "license": "Zlib",
    "sha256": "a" * 64,
    "url": "https://conda.anaconda.org/t/secret-token/conda-forge/linux-64/zlib-1.3.1.conda",
    "depends": ["__glibc >=2.17", "libzlib 1.3.1 hb9d3cd8_2"],
}
PATH = "env/conda-meta/zlib-1.3.1-hb9d3cd8_2.json"


def test_an_installed_package(make_tree: MakeTree) -> None:
    rows = collect(make_tree({PATH: json.dumps(RECORD, indent=1)}), COLLECTOR)
    (found,) = (row for row in rows if isinstance(row, Observation))
    (edge,) = (row for row in rows if isinstance(row, Relation))
    assert found.purl.startswith("pkg:conda/zlib@1.3.1?build=hb9d3cd8_2")
    assert (found.fact("license"), found.evidence.at.line) == ("Zlib", 2)
    assert edge.target == "pkg:conda/libzlib"
    assert "secret-token" not in repr(rows)


def test_its_licence_is_a_claim(make_tree: MakeTree) -> None:
    root = make_tree({PATH: json.dumps(RECORD), "env/conda-meta/history": "==> x <==\n"})
    document = json.loads(run("generate", root, "-q", "-o", "-").stdout)
    (part,) = (c for c in every_component(document) if c["name"] == "zlib")
    assert {row["license"]["id"] for row in part["licenses"]} == {"Zlib"}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"name": 1}', '{"name": "x", "version": null}', "\0", "[" * 100_000]
)
def test_what_is_no_record_is_a_gap(make_tree: MakeTree, text: str) -> None:
    rows = collect(make_tree({PATH: text}), COLLECTOR)
    assert rows
    assert all(isinstance(row, Gap) for row in rows)


def test_other_files_are_none(make_tree: MakeTree) -> None:
    assert collect(make_tree({"meta/zlib.json": json.dumps(RECORD)}), COLLECTOR) == ()
