from __future__ import annotations

from aisbom.collect.reuse import COLLECTOR
from aisbom.model import Observation
from tests.collect.rows import gaps
from tests.conftest import MakeTree, collect

TOML = """version = 1

[[annotations]]
path = ["assets/**", "data/*.json"]
SPDX-FileCopyrightText = "2024 Foo Labs"
SPDX-License-Identifier = "CC-BY-4.0"
"""

DEP5 = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: assets/* images/*
Copyright: 2023 Foo Labs
License: CC0-1.0
"""


def found(make_tree: MakeTree, name: str, text: str) -> set[tuple[str, int, tuple[str, ...], tuple[str, ...]]]:
    rows = collect(make_tree({name: text}), COLLECTOR)
    return {(r.name, r.evidence.at.line, r.all("copyright-holder"), r.all("spdx")) for r in rows if isinstance(r, Observation)}


def test_a_file_beside_the_file(make_tree: MakeTree) -> None:
    text = "SPDX-FileCopyrightText: 2024 Foo Labs\n\nSPDX-License-Identifier: Apache-2.0\n"
    assert found(make_tree, "m/model.bin.license", text) == {("model.bin", 1, ("Foo Labs",), ("Apache-2.0",))}


def test_reuse_toml(make_tree: MakeTree) -> None:
    assert found(make_tree, "REUSE.toml", TOML) == {
        ("assets/**", 4, ("Foo Labs",), ("CC-BY-4.0",)),
        ("data/*.json", 4, ("Foo Labs",), ("CC-BY-4.0",)),
    }


def test_dep5(make_tree: MakeTree) -> None:
    assert found(make_tree, ".reuse/dep5", DEP5) == {(name, 3, ("Foo Labs",), ("CC0-1.0",)) for name in ("assets/*", "images/*")}


def test_what_is_not_reuse_is_a_gap_or_silent(make_tree: MakeTree) -> None:
    assert gaps(collect(make_tree({"REUSE.toml": "annotations = [1]\n"}), COLLECTOR)) == ["REUSE.toml: annotations must be tables"]
    assert len(gaps(collect(make_tree({"a/REUSE.toml": "= [\n"}), COLLECTOR))) == 2
    assert found(make_tree, "x.license", "nothing here\n") == set()
