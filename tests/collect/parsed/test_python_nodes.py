from __future__ import annotations

from typing import Any

import pytest

from aisbom.collect.parsed import python_nodes
from aisbom.source.tree import Tree
from tests.conftest import MakeTree


def read(make_tree: MakeTree, text: str) -> Any:
    file = Tree(make_tree({"a.py": text})).get("a.py")
    assert file is not None
    return python_nodes.settings(file, "test")


def test_tables_of_each_style(make_tree: MakeTree) -> None:
    found = read(
        make_tree,
        "model = dict(type='A', depth=2, net=dict(type=B, sizes=[1, 2]), f=g())\n"
        "lazy = L(pkg.ViT)(dim=8, inner=LazyCall(Net)())\n"
        "plain = {'k': {'v': True}, 1: 2}\n"
        "_C.MODEL = CN()\n_C.MODEL.BACKBONE.NAME = 'x'\n_C.MODEL.DEPTH = 3\n",
    ).value
    assert found["model"] == {
        "type": "A",
        "depth": 2,
        "net": {"type": "B", "sizes": [1, 2]},
        "f": None,
    }
    assert found["lazy"] == {"_target_": "pkg.ViT", "dim": 8, "inner": {"_target_": "Net"}}
    assert found["plain"] == {"k": {"v": True}}
    assert found["MODEL"] == {"BACKBONE": {"NAME": "x"}, "DEPTH": 3}


def test_every_value_knows_its_line(make_tree: MakeTree) -> None:
    document = read(
        make_tree, "\nmodel = dict(\n    type='A',\n    net=dict(\n        type='B'))\n"
    )
    assert document.root.get("model", "type").line == 3
    assert document.root.get("model", "net", "type").line == 5


@pytest.mark.parametrize("text", ["x = (", "x = '\\ud800", "\0"])
def test_what_is_no_python_raises(make_tree: MakeTree, text: str) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        read(make_tree, text)


def test_it_is_bounded(make_tree: MakeTree) -> None:
    deep = "x = " + "dict(a=" * 60 + "1" + ")" * 60
    assert read(make_tree, deep).value["x"]["a"]["a"]
    wide = f"x = [{', '.join(['1'] * 30_000)}]"
    assert len(read(make_tree, wide).value["x"]) == 2000
