"""One call that gives what `aisbom generate` writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import aisbom
from aisbom.config import load
from tests.conftest import MakeTree
from tests.program import run

FIXTURES = sorted((Path(__file__).parents[1] / "fixtures").glob("*/input"))[:6]


def test_many_trees_in_one_process_give_the_bytes_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for tree in FIXTURES:
        options = aisbom.Options(declared=load(tree).declared)
        output = tmp_path / f"{tree.parent.name}.json"
        run(
            "generate",
            tree,
            "-o",
            output,
            "-q",
            "--home",
            "KR",
            SOURCE_DATE_EPOCH=os.environ["SOURCE_DATE_EPOCH"],
        )
        made = aisbom.scan_document(tree, options, home=("KR",))
        assert made.complete
        assert made.data == output.read_bytes()


def test_an_empty_folder_has_no_document(make_tree: MakeTree) -> None:
    root = make_tree({"x/y.bin": b"\0"})
    (root / "x" / "y.bin").unlink()
    assert aisbom.scan_document(root).data == b""
