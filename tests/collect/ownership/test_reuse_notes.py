from __future__ import annotations

from aisbom.collect.ownership.reuse_notes import COLLECTOR
from aisbom.model import Observation
from tests.conftest import MakeTree, collect

DEP5 = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: assets/* images/*
Copyright: 2023 Foo Labs
License: CC0-1.0
"""


def found(
    make_tree: MakeTree, name: str, text: str
) -> set[tuple[str, int, tuple[str, ...], tuple[str, ...]]]:
    rows = collect(make_tree({name: text}), COLLECTOR)
    return {
        (r.name, r.evidence.at.line, r.all("copyright-holder"), r.all("spdx"))
        for r in rows
        if isinstance(r, Observation)
    }


def test_a_file_beside_the_file(make_tree: MakeTree) -> None:
    text = "SPDX-FileCopyrightText: 2024 Foo Labs\n\nSPDX-License-Identifier: Apache-2.0\n"
    assert found(make_tree, "m/model.bin.license", text) == {
        ("model.bin", 1, ("Foo Labs",), ("Apache-2.0",))
    }


def test_dep5(make_tree: MakeTree) -> None:
    assert found(make_tree, ".reuse/dep5", DEP5) == {
        (name, 3, ("Foo Labs",), ("CC0-1.0",)) for name in ("assets/*", "images/*")
    }


def test_what_says_nothing_is_silent(make_tree: MakeTree) -> None:
    assert found(make_tree, "x.license", "nothing here\n") == set()
    assert found(make_tree, ".reuse/dep5", "\0\0: \n Files\n\n") == set()
